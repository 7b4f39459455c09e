"""Measure whether explanations are faithful: take away the words that they name, and as many others.

Usage: python benchmarks/faithfulness.py [STATEMENTS.jsonl] [--model BUNDLE] [--statements 500] [--output results.json]

For every stance that the model sets: how much its probability falls without the three weightiest words, and without
three words drawn at random (mean of five draws, any words, so also the top ones). Without a file, statements written
for the project; the built-in model has learned from most of them, so give a file of unseen ones too.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

import sikap
from sikap.errors import SikapError
from sikap.explanation import WordWeight, without
from sikap.labels import STANCES
from sikap_training.statements import load_statements, own_or

REMOVED = 3
DRAWS = 5
RESAMPLES = 2000


def drops(model: sikap.Model, text: str, rng: np.random.Generator) -> dict[str, tuple[float, float]]:
    """Return, for each stance set, what its probability loses without the top three words and without random ones.

    Statements of fewer than seven words are passed over: three words are half of them.
    """
    explanation = model.explain(text)
    before = explanation.prediction
    result = {}
    for label in before.stance:
        words = explanation.words[label]
        if len(words) < 2 * REMOVED + 1:
            continue
        draws = [[words[i] for i in rng.choice(len(words), REMOVED, replace=False)] for _ in range(DRAWS)]
        top = sorted(words, key=lambda word: -word.weight)[:REMOVED]
        after = model.predict([_left(text, chosen) for chosen in (top, *draws)])
        lost = [(before.stance_probabilities[label] or 0.0) - (p.stance_probabilities[label] or 0.0) for p in after]
        result[label] = lost[0], float(np.mean(lost[1:]))
    return result


def _left(text: str, words: list[WordWeight]) -> str:
    return without(text, [(word.start, word.end) for word in words])


def figures(pairs: NDArray[np.float64], rng: np.random.Generator) -> dict[str, Any]:
    """Return mean drops with 95 % bootstrap intervals, and how often the top words weigh more than the random ones."""
    means = np.array([pairs[rng.integers(len(pairs), size=len(pairs))].mean(axis=0) for _ in range(RESAMPLES)])
    low, high = np.quantile(means, [0.025, 0.975], axis=0)
    names = ("top", "random")
    rows = {n: {"mean": float(pairs[:, i].mean()), "low": low[i], "high": high[i]} for i, n in enumerate(names)}
    more = np.quantile(means[:, 0] - means[:, 1], [0.025, 0.975])
    rows["difference"] = {"mean": rows["top"]["mean"] - rows["random"]["mean"], "low": more[0], "high": more[1]}
    return {"labels": len(pairs), **rows, "top_above_random": float((pairs[:, 0] > pairs[:, 1]).mean())}


def main() -> int:
    """Measure and print a table; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--model", help="a bundle's folder or an MLflow address; the built-in one if not given")
    parser.add_argument("--statements", type=int, default=500, help="how many to draw from the file")
    parser.add_argument("--output", type=Path, help="a JSON file for all figures")
    given = parser.parse_args()
    try:
        texts = [statement.text for statement in load_statements(own_or([given.file] if given.file else None))]
        model = sikap.load(given.model)
        rng = np.random.default_rng(0)
        chosen = [texts[i] for i in rng.permutation(len(texts))[: given.statements]]
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in STANCES}
        for text in chosen:
            for label, pair in drops(model, text, rng).items():
                found[label].append(pair)
    except SikapError as error:
        sys.stderr.write(f"faithfulness.py: {error}\n")
        return 2
    results = {label: figures(np.array(pairs), rng) for label, pairs in found.items() if pairs}
    if given.output:
        given.output.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    table = Table(title=f"what the probability loses without three words ({len(chosen)} statements)")
    for column in ("", "times set", "three top words", "three random words", "difference", "top above random"):
        table.add_column(column)
    for label, row in results.items():
        shown = ("top", "random", "difference")
        cells = [f"{row[n]['mean']:.2f} ({row[n]['low']:.2f} to {row[n]['high']:.2f})" for n in shown]
        table.add_row(label, str(row["labels"]), *cells, f"{100 * row['top_above_random']:.0f} %")
    Console(width=130).print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
