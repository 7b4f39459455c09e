"""Average the weights of several seeds into one network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file

from sikap.errors import InputError
from sikap_training.checkpoint import load_checkpoint
from sikap_training.encoders import load_encoder, load_tokenizer
from sikap_training.metrics import headline
from sikap_training.network import StanceNetwork
from sikap_training.seed_result import BEST, SeedResult
from sikap_training.split import Split
from sikap_training.statements import labels_of
from sikap_training.tuning import (
    TrainSettings,
    encode,
    labels_from_logits,
    load_best,
    max_length_of,
    score_dataset,
)


def average_network(seeds: Sequence[SeedResult], encoder: Path, settings: TrainSettings) -> StanceNetwork:
    """Return the network whose weights are the mean of the seeds' (Wortsman et al. 2022, "Model soups").

    The seeds start from the same weights and differ in the order of statements and in dropout, so
    that their mean is a network of the same kind, usually a better one.
    """
    states = [load_file(result.folder / BEST) for result in seeds]
    network = StanceNetwork(load_encoder(encoder), settings.dropout)
    network.load_state_dict({name: torch.stack([s[name] for s in states]).mean(dim=0) for name in states[0]})
    return network.eval()


@dataclass(frozen=True)
class Mix:
    """Name a checkpoint that takes part in the mean of the weights, and its share from 0 to 1."""

    checkpoint: Path
    share: float

    def __post_init__(self) -> None:
        """Refuse a share that leaves nothing of one side."""
        if not 0.0 < self.share < 1.0:
            raise InputError(f"the share of {self.checkpoint} in the mean must lie between 0 and 1, not {self.share}.")


def weights_of(mix: Mix, encoder: Path) -> dict[str, torch.Tensor]:
    """Return the weights of a mix's checkpoint. Raises InputError when there is none, or it is of another encoder."""
    weights = load_checkpoint(mix.checkpoint).network.state_dict()
    wanted = StanceNetwork(load_encoder(encoder)).state_dict()
    if {name: tensor.shape for name, tensor in wanted.items()} != {name: t.shape for name, t in weights.items()}:
        raise InputError(f"{mix.checkpoint}: is of another encoder; only weights of the same encoder have a mean.")
    return weights


def mixed_network(seeds: Sequence[SeedResult], encoder: Path, settings: TrainSettings, mix: Mix) -> StanceNetwork:
    """Return the mean of the seeds' weights and a checkpoint's of the same encoder, by the checkpoint's share.

    What a fine-tuning on other data does better comes along in part, as in Wortsman et al. 2022, "Robust
    fine-tuning of zero-shot models". Raises InputError for a checkpoint of another encoder.
    """
    other = weights_of(mix, encoder)
    network = average_network(seeds, encoder, settings)
    own = network.state_dict()
    network.load_state_dict({name: (1 - mix.share) * own[name] + mix.share * other[name] for name in own})
    return network.eval()


def choose_network(
    seeds: Sequence[SeedResult], split: Split, encoder: Path, settings: TrainSettings, mix: Mix | None = None
) -> tuple[StanceNetwork, SeedResult, str]:
    """Return what does best on the validation part, its result and its name: one seed, or the mean of all.

    With `mix`, return the mean of all seeds and its checkpoint, without a choice.
    """
    best = max(seeds, key=lambda result: result.validation_score)
    if mix is not None:
        network = mixed_network(seeds, encoder, settings, mix)
        name = f"the mean of the weights of {len(seeds)} seeds and, with a share of {mix.share:g}, of another training"
        return network, _measured(network, split, encoder, settings, best.folder.parent), name
    if len(seeds) > 1:
        network = average_network(seeds, encoder, settings)
        mean = _measured(network, split, encoder, settings, best.folder.parent)
        if mean.validation_score >= best.validation_score:
            return network, mean, f"the mean of the weights of {len(seeds)} seeds"
    return load_best(best, encoder, settings), best, f"seed {best.seed}"


def _measured(network: StanceNetwork, split: Split, encoder: Path, settings: TrainSettings, folder: Path) -> SeedResult:
    tokenizer = load_tokenizer(encoder)
    length = max_length_of(network.encoder.config, settings.max_length)
    logits, figures = {}, {}
    for name in ("validation", "test"):
        part = split.parts[name]
        logits[name] = score_dataset(network, encode(part, tokenizer, length), tokenizer)
        figures[name] = headline(labels_of(part), labels_from_logits(logits[name]))
    return SeedResult(-1, folder, figures, logits)
