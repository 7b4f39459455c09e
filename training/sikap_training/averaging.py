"""Average the weights of several seeds into one network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file

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


def choose_network(
    seeds: Sequence[SeedResult], split: Split, encoder: Path, settings: TrainSettings
) -> tuple[StanceNetwork, SeedResult, str]:
    """Return what does best on the validation part, its result and its name: one seed, or the mean of all."""
    best = max(seeds, key=lambda result: result.validation_score)
    if len(seeds) > 1:
        network = average_network(seeds, encoder, settings)
        tokenizer = load_tokenizer(encoder)
        length = max_length_of(network.encoder.config, settings.max_length)
        logits, figures = {}, {}
        for name in ("validation", "test"):
            part = split.parts[name]
            logits[name] = score_dataset(network, encode(part, tokenizer, length), tokenizer)
            figures[name] = headline(labels_of(part), labels_from_logits(logits[name]))
        mean = SeedResult(-1, best.folder.parent, figures, logits)
        if mean.validation_score >= best.validation_score:
            return network, mean, f"the mean of the weights of {len(seeds)} seeds"
    return load_best(best, encoder, settings), best, f"seed {best.seed}"
