"""Fine-tuning: from an IndoBERT folder to a bundle, resuming, repeating, on two processes."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import DataCollatorWithPadding

import sikap
from sikap.decision import Decision
from sikap.errors import InputError
from sikap_training.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from sikap_training.encoders import load_encoder, load_tokenizer
from sikap_training.export import export_bundle, round_weights
from sikap_training.network import StanceNetwork
from sikap_training.seeds import measured_on, spread
from sikap_training.split import Split
from sikap_training.trainer import SteadyTrainer
from sikap_training.tuning import (
    LABELS,
    TrainSettings,
    encode,
    load_best,
    max_length_of,
    train_seed,
    training_arguments,
)

from .conftest import BERT_NAME, HERE, LITE_NAME, SAMPLE, run_python

SETTINGS = TrainSettings(epochs=3, batch_size=16, max_length=48, learning_rate=1e-3)
TEXTS = ["Kami mengutuk keras serangan itu.", "Terima kasih!", "Kami berduka bersama rakyat Meridia. " * 6]


def torch_logits(network: torch.nn.Module, tokenizer, texts: list[str], length: int) -> np.ndarray:
    rows = []
    for text in texts:
        ids = torch.tensor([tokenizer(text, truncation=True, max_length=length)["input_ids"]])
        with torch.no_grad():
            output = network.eval()(ids, torch.ones_like(ids))
        rows.append(torch.cat([output["stance_logits"], output["sentiment_logits"]], dim=1).numpy()[0])
    return np.array(rows)


@pytest.mark.parametrize("name", [BERT_NAME, LITE_NAME])
def test_hub_encoder_becomes_a_bundle_that_scores_as_torch_does(downloaded, parts: Split, tmp_path, name) -> None:
    encoder = Path(downloaded[name]["folder"])
    losses: list[float] = []

    def on_epoch(epoch: int, numbers: dict[str, float]) -> None:
        losses.extend([numbers["loss"]] if "loss" in numbers else [])

    result = train_seed(parts, encoder, SETTINGS, 0, tmp_path / "seed", resume=False, quiet=True, on_epoch=on_epoch)
    assert losses[-1] < losses[0]
    network, tokenizer = load_best(result, encoder, SETTINGS), load_tokenizer(encoder)
    length = max_length_of(network.encoder.config, SETTINGS.max_length)
    for part in ("validation", "test"):  # the logits belong to the statements, row by row
        texts = [statement.text for statement in parts.parts[part]]
        np.testing.assert_allclose(result.logits[part], torch_logits(network, tokenizer, texts, length), atol=1e-4)
    assert measured_on(parts.test, [result], encoder, SETTINGS) == [pytest.approx(result.figures["test"])]

    record = {"run_id": "none", "encoder": {"name": name, "parameters": 1}, "data_digest": "0" * 64, "data": []}
    checkpoint = Checkpoint(network, tokenizer.backend_tokenizer, length, Decision(), record)
    save_checkpoint(checkpoint, tmp_path / "checkpoint")
    manifest = export_bundle(load_checkpoint(tmp_path / "checkpoint"), tmp_path / "bundle")
    assert manifest["fused_nodes"]["Attention"] > 0
    model = sikap.load(tmp_path / "bundle")
    short = [text for text in TEXTS if len(tokenizer(text)["input_ids"]) <= length]
    round_weights(network)  # what a bundle can store; the rest of the way to it must cost nothing
    np.testing.assert_allclose(model.logits(short)[0], torch_logits(network, tokenizer, short, length), atol=1e-3)
    assert model.predict(TEXTS)[0].sentiment in sikap.SENTIMENTS


class KilledError(Exception):
    pass


def trained(parts: Split, encoder: Path, folder: Path, *, resume: bool = False, seed: int = 0, kill_at: int = 0):
    """Train with one seed; return the result and the epochs that were trained in this call."""
    epochs: list[int] = []

    def on_epoch(epoch: int, numbers: dict[str, float]) -> None:
        if "loss" in numbers:
            epochs.append(epoch)
            if epoch == kill_at:
                raise KilledError

    result = train_seed(parts, encoder, SETTINGS, seed, folder, resume=resume, quiet=True, on_epoch=on_epoch)
    return result, epochs


def test_killed_run_goes_on_and_a_finished_one_is_read_back(parts: Split, bert_folder, tmp_path, capsys) -> None:
    whole, epochs = trained(parts, bert_folder, tmp_path / "whole")
    assert epochs == [1, 2, 3]
    again, _ = trained(parts, bert_folder, tmp_path / "again")
    other, _ = trained(parts, bert_folder, tmp_path / "other", seed=1)
    for part in ("validation", "test"):
        np.testing.assert_array_equal(whole.logits[part], again.logits[part])
        assert not np.allclose(whole.logits[part], other.logits[part], atol=1e-3)
    assert whole.figures == again.figures

    with pytest.raises(KilledError):
        trained(parts, bert_folder, tmp_path / "killed", kill_at=3)
    torn = tmp_path / "killed" / "checkpoint-999"  # the kill came in the middle of writing this one
    torn.mkdir()
    (torn / "model.safetensors").write_bytes(b"half")
    resumed, epochs = trained(parts, bert_folder, tmp_path / "killed", resume=True)
    assert epochs == [3]
    measured = [(row["epoch"], row["eval_macro_f1"]) for row in resumed.history if "eval_macro_f1" in row]
    assert measured == [
        (row["epoch"], pytest.approx(row["eval_macro_f1"])) for row in whole.history if "eval_macro_f1" in row
    ]
    assert [epoch for epoch, _ in measured] == [1, 2, 3]
    for part in ("validation", "test"):
        np.testing.assert_allclose(resumed.logits[part], whole.logits[part], atol=1e-5)
    read, epochs = trained(parts, bert_folder, tmp_path / "killed", resume=True)
    assert epochs == []
    assert (read.figures, read.history) == (resumed.figures, resumed.history)
    np.testing.assert_array_equal(read.logits["test"], resumed.logits["test"])
    assert not list((tmp_path / "killed").glob("checkpoint-*"))
    assert capsys.readouterr().out == ""  # quiet is quiet

    with pytest.raises(InputError, match="other data or settings"):
        train_seed(
            Split(parts.train[1:], parts.validation, parts.test), bert_folder, SETTINGS, 0, tmp_path / "killed",
            resume=True, quiet=True,
        )  # fmt: skip


def test_two_processes_train_together_and_agree(parts: Split, bert_folder: Path, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    done = run_python(
        "-m", "torch.distributed.run", "--nproc-per-node", "2", "--master-addr", "127.0.0.1",
        "--master-port", str(port),
        str(HERE / "torchrun_train.py"), str(SAMPLE), str(bert_folder), str(tmp_path / "seed"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert sorted(line["rank"] for line in lines) == ["0", "1"]
    assert {line["world"] for line in lines} == {"2"}
    assert lines[0]["logits"] == lines[1]["logits"]
    assert (tmp_path / "seed" / "result.json").is_file()
    epochs = list(zip(*(line["read"] for line in lines), strict=True))
    assert len(epochs) == 3
    for one, other in epochs:  # each epoch goes over every statement, shared out between the two
        assert len(set(one) | set(other)) == len(parts.train)
        assert abs(len(one) - len(other)) <= 8


def test_spread_over_seeds() -> None:
    results = [{"f1": 0.4}, {"f1": 0.6}]
    assert spread(results)["f1"] == {"mean": 0.5, "deviation": pytest.approx(0.1414, abs=1e-4)}
    assert spread(results[:1])["f1"]["deviation"] == 0.0


@pytest.mark.parametrize(
    "wrong", [{"adversarial": -1.0}, {"seeds": 0}, {"batch_size": 0}, {"epochs": 0.0}, {"max_length": 4}]
)
def test_settings_that_no_run_can_follow(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match="must be"):
        TrainSettings(**wrong)


def test_an_adversarial_step_adds_the_gradient_at_the_moved_embeddings(parts: Split, bert_folder, tmp_path) -> None:
    length = 0.5
    tokenizer = load_tokenizer(bert_folder)
    rows = encode(parts.train[:8], tokenizer, 48)
    collate = DataCollatorWithPadding(tokenizer)
    network = StanceNetwork(load_encoder(bert_folder))
    for layer in network.modules():
        if isinstance(layer, torch.nn.Dropout):
            layer.p = 0.0
    arguments = training_arguments(tmp_path, replace(SETTINGS, batch_size=8), 1e-3, 0, labels=LABELS, quiet=True)
    arguments.bf16 = False
    trainer = SteadyTrainer(
        adversarial=length, model=network, args=arguments, data_collator=collate, train_dataset=rows, eval_dataset=rows
    )
    batch = collate([{k: v for k, v in row.items() if k != "length"} for row in rows])
    words = network.encoder.get_input_embeddings().weight
    start = words.detach().clone()

    def gradient_at(embeddings: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            words.copy_(embeddings)
        network.zero_grad()
        network.train()(**batch)["loss"].backward()
        return words.grad.clone()

    plain = gradient_at(start)
    moved = gradient_at(start + length * plain / plain.norm())
    with torch.no_grad():
        words.copy_(start)
    network.zero_grad()
    trainer.current_gradient_accumulation_steps = 1
    trainer.training_step(network, dict(batch))
    torch.testing.assert_close(words.grad, plain + moved, atol=1e-5, rtol=1e-3)
    assert float((moved - plain).norm()) > 0.01 * float(plain.norm())
    torch.testing.assert_close(words.detach(), start, atol=1e-6, rtol=0)
