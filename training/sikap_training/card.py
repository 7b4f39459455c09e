"""Write the model card of a bundle from what its run recorded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from sikap.labels import SENTIMENTS, STANCES
from sikap_training.breakdown import TITLES


def model_card(manifest: dict[str, Any]) -> str:
    """Return the card as Markdown; what the manifest does not record is left out, never made up."""
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)
    environment.filters["interval"] = interval
    environment.filters["cell"] = cell
    environment.filters["share"] = share
    environment.filters["weakest"] = weakest
    environment.filters["bins"] = bins
    template = environment.from_string(
        files("sikap_training").joinpath("templates/card.md").read_text(encoding="utf-8")
    )
    return template.render(
        bundle=manifest,
        stances=STANCES,
        sentiments=SENTIMENTS,
        titles=TITLES,
        evaluations=manifest.get("metrics", {}),
    )


def interval(figure: dict[str, float]) -> str:
    """Return a figure with its 95 % interval, in points of a hundred."""
    return f"{100 * figure['value']:.1f} ({100 * figure['low']:.1f} to {100 * figure['high']:.1f})"


def share(row: dict[str, Any], head: str) -> str:
    """Return the share of a breakdown's row that is right, with its 95 % interval, in points of a hundred."""
    text = f"{100 * row[f'{head}_right']:.1f}"
    if f"{head}_interval" not in row:
        return text
    low, high = row[f"{head}_interval"]
    return f"{text} ({100 * low:.1f} to {100 * high:.1f})"


def weakest(labels: Sequence[str], figures: dict[str, Any], count: int = 3) -> list[str]:
    """Return the labels of least F1, the least first."""
    return sorted(labels, key=lambda label: float(figures[f"{label}_f1"]["value"]))[:count]


def bins(reliability: dict[str, list[dict[str, float]]]) -> list[list[str]]:
    """Return the rows of a reliability table: a bin's edges, then for each label mean probability, share true, size."""
    lows = sorted({row["low"] for rows in reliability.values() for row in rows})
    table = []
    for low in lows:
        found = [next((row for row in rows if row["low"] == low), None) for rows in reliability.values()]
        cells = [f"{row['mean']:.2f} → {row['true']:.2f} ({row['statements']})" if row else "–" for row in found]
        table.append([f"{low:.1f} to {low + 0.1:.1f}", *cells])
    return table


def cell(text: object) -> str:
    """Return a text from outside as one harmless cell of a Markdown table."""
    one_line = " ".join(str(text).split()).replace("&", "&amp;").replace("<", "&lt;").replace("`", "'")
    return re.sub(r"([\\|\[\]!*_])", r"\\\1", one_line)
