"""The mean of several seeds' weights, and when it is exported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from sikap.decision import Decision
from sikap.errors import InputError
from sikap_training.averaging import Mix, average_network, choose_network, mixed_network
from sikap_training.checkpoint import Checkpoint, save_checkpoint
from sikap_training.encoders import load_encoder, load_tokenizer
from sikap_training.network import StanceNetwork
from sikap_training.seed_result import BEST, SeedResult
from sikap_training.split import Split
from sikap_training.tuning import TrainSettings

from . import small_run
from .small_run import SmallRun, sikap_in

SETTINGS = TrainSettings(max_length=48)
trained = small_run.trained


def two_seeds(encoder: Path, folder: Path, score: float) -> list[SeedResult]:
    """Two results whose weights differ and whose validation figures are as given."""
    results = []
    for seed in (0, 1):
        state = StanceNetwork(load_encoder(encoder)).state_dict()
        state["stance.bias"] = torch.full((3,), 4.0 * seed)
        (folder / f"seed-{seed}").mkdir(parents=True)
        save_file({name: tensor.contiguous() for name, tensor in state.items()}, folder / f"seed-{seed}" / BEST)
        part = {"stance_macro_f1": score, "sentiment_macro_f1": score, "exact_match": score}
        logits = {name: np.zeros((1, 6)) for name in ("validation", "test")}
        results.append(SeedResult(seed, folder / f"seed-{seed}", {"validation": part, "test": part}, logits))
    return results


def test_the_mean_lies_between_the_seeds(bert_folder: Path, tmp_path: Path) -> None:
    results = two_seeds(bert_folder, tmp_path, 0.5)
    network = average_network(results, bert_folder, SETTINGS)
    assert network.state_dict()["stance.bias"].tolist() == [2.0, 2.0, 2.0]
    first = load_file(results[0].folder / BEST)
    assert torch.equal(network.state_dict()["stance.weight"], first["stance.weight"])


def test_heads_start_alike_in_every_seed(bert_folder: Path) -> None:
    torch.manual_seed(1)
    first = StanceNetwork(load_encoder(bert_folder))
    torch.manual_seed(2)
    second = StanceNetwork(load_encoder(bert_folder))
    assert torch.equal(first.stance.weight, second.stance.weight)
    assert not torch.equal(first.stance.weight, first.sentiment.weight)


def test_the_mean_is_taken_only_when_it_does_better(parts: Split, bert_folder: Path, tmp_path: Path) -> None:
    bad = two_seeds(bert_folder, tmp_path / "bad", 0.0)
    _, result, name = choose_network(bad, parts, bert_folder, SETTINGS)
    assert name == "the mean of the weights of 2 seeds"
    assert result.logits["test"].shape == (len(parts.test), 6)

    good = two_seeds(bert_folder, tmp_path / "good", 0.9)
    figures = {**good[1].figures, "validation": dict.fromkeys(good[1].figures["validation"], 0.99)}
    network, result, name = choose_network([good[0], replace(good[1], figures=figures)], parts, bert_folder, SETTINGS)
    assert (name, result.seed) == ("seed 1", 1)
    assert network.state_dict()["stance.bias"].tolist() == [4.0, 4.0, 4.0]


def test_a_single_seed_is_exported_as_it_is(parts: Split, bert_folder: Path, tmp_path: Path) -> None:
    one = two_seeds(bert_folder, tmp_path, 0.1)[:1]
    assert choose_network(one, parts, bert_folder, SETTINGS)[2] == "seed 0"


def checkpoint_with_bias(encoder: Path, folder: Path, bias: float) -> Path:
    network = StanceNetwork(load_encoder(encoder))
    with torch.no_grad():
        network.stance.bias.fill_(bias)
    save_checkpoint(Checkpoint(network, load_tokenizer(encoder).backend_tokenizer, 48, Decision(), {}), folder)
    return folder


def test_another_training_takes_part_by_its_share(parts: Split, bert_folder: Path, tmp_path: Path) -> None:
    seeds = two_seeds(bert_folder, tmp_path, 0.9)  # better than any mean, and yet the mean is what was asked for
    mix = Mix(checkpoint_with_bias(bert_folder, tmp_path / "other", 12.0), 0.25)
    network, result, name = choose_network(seeds, parts, bert_folder, SETTINGS, mix)
    assert network.state_dict()["stance.bias"].tolist() == [4.5, 4.5, 4.5]  # 0.75 x 2 + 0.25 x 12
    assert "2 seeds and, with a share of 0.25, of another training" in name
    assert result.logits["test"].shape == (len(parts.test), 6)


def test_a_checkpoint_that_cannot_take_part_is_refused(bert_folder: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    seeds = two_seeds(bert_folder, tmp_path, 0.9)
    other = checkpoint_with_bias(tiny_encoder, tmp_path / "other", 0.0)
    with pytest.raises(InputError, match="is of another encoder"):
        mixed_network(seeds, bert_folder, SETTINGS, Mix(other, 0.5))
    with pytest.raises(InputError, match="not a checkpoint"):
        mixed_network(seeds, bert_folder, SETTINGS, Mix(tmp_path, 0.5))
    with pytest.raises(InputError, match=r"between 0 and 1, not 1\.0"):
        Mix(other, 1.0)


def test_what_cannot_take_part_is_said_before_anything_is_trained(trained: SmallRun, tmp_path: Path) -> None:
    done = sikap_in(
        tmp_path,
        "train",
        "--data",
        trained.data,
        "--base-model",
        trained.encoder,
        "--mix-with",
        "none",
        "--output",
        "out",
    )
    assert done.status == 2
    assert "none: not a checkpoint of `sikap train`" in done.sentence
    assert not list((tmp_path / "out").glob("seed-*"))
