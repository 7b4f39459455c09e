"""Write a comparison as one page that needs nothing else: no script, no network."""

from __future__ import annotations

from typing import Any, BinaryIO

import numpy as np

from sikap_training.drift.comparison import TITLES, Comparison
from sikap_training.drift.plots import plots
from sikap_training.drift.wording import effect_text, extent, p_text, values_text, verdict
from sikap_training.page import render

LEAST_LIKE = 10
"""Statements of the current file that are shown because they look least like the reference."""


def write_page(stream: BinaryIO, comparison: Comparison, model: dict[str, str]) -> None:
    """Write a comparison as an HTML page; `model` says by name which model read the files."""
    page = render(
        "drift.html",
        comparison=comparison,
        verdict=verdict(comparison),
        titles=TITLES,
        plots=list(plots(comparison)),
        least_like=_least_like(comparison),
        model=model,
        extent=extent,
        values_text=values_text,
        effect_text=effect_text,
        p_text=p_text,
    )
    stream.write(page.encode("utf-8", "replace"))


def _least_like(comparison: Comparison) -> list[Any]:
    """Return the statements that the classifier finds most current, each text once, when the vectors drift."""
    if not any(measure.name == "vectors" for measure in comparison.drifted):
        return []
    order = np.argsort(-comparison.separated.current_scores, kind="stable")
    rows = {comparison.current.scored[index].text: comparison.current.scored[index] for index in order[::-1]}
    return list(rows.values())[::-1][:LEAST_LIKE]
