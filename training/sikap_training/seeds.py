"""Measure what the seeds of a training came to, and how far they differ."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sikap_training.encoders import load_tokenizer
from sikap_training.metrics import headline
from sikap_training.seed_result import SeedResult
from sikap_training.statements import LabelledStatement, labels_of
from sikap_training.tuning import (
    TrainSettings,
    encode,
    labels_from_logits,
    load_best,
    max_length_of,
    score_dataset,
)


def measured_on(
    statements: Sequence[LabelledStatement], results: Sequence[SeedResult], encoder: Path, settings: TrainSettings
) -> list[dict[str, float]]:
    """Return the figures of each seed's best epoch, before calibration, on statements that it was not trained on."""
    tokenizer = load_tokenizer(encoder)
    found = []
    for result in results:
        network = load_best(result, encoder, settings)
        part = encode(list(statements), tokenizer, max_length_of(network.encoder.config, settings.max_length))
        logits = score_dataset(network, part, tokenizer)
        found.append(headline(labels_of(statements), labels_from_logits(logits)))
    return found


def spread(figures: Sequence[dict[str, float]]) -> dict[str, dict[str, float]]:
    """Return mean and standard deviation of each figure over the seeds."""
    table = {name: [one[name] for one in figures] for name in figures[0]}
    return {
        name: {"mean": float(np.mean(values)), "deviation": float(np.std(values, ddof=1)) if len(values) > 1 else 0.0}
        for name, values in table.items()
    }
