"""Print how far two annotators agree: on the project's statements, or on a folder of annotated articles.

Usage: python benchmarks/agreement.py [statements.jsonl | folder of articles]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sklearn.metrics import cohen_kappa_score

from sikap import SENTIMENTS, STANCES

STATEMENTS = Path(__file__).parents[1] / "training" / "data" / "statements.jsonl"
OVERLAP = 0.8
"""Intersection over union from which two spans are the same statement."""
Labels = tuple[Sequence[str], str]


def print_kappas(pairs: list[tuple[Labels, Labels]]) -> None:
    """Print Cohen's kappa for each label over pairs of (stance, sentiment)."""
    for name in STANCES:
        first, second = ([name in pair[i][0] for pair in pairs] for i in (0, 1))
        print(f"{name:13} kappa {cohen_kappa_score(first, second):.3f}")
    first, second = ([SENTIMENTS.index(pair[i][1]) for pair in pairs] for i in (0, 1))
    print(f"{'sentiment':13} kappa {cohen_kappa_score(first, second):.3f}")


def of_statements(file: Path) -> None:
    """Print how many statements were labelled twice, and kappa for each label."""
    with file.open(encoding="utf-8") as lines:
        rows = [json.loads(line).get("annotations", []) for line in lines]
    twice = [[(given["stance"], given["sentiment"]) for given in row[:2]] for row in rows if len(row) >= 2]
    print(f"{len(twice)} of {len(rows)} statements were labelled twice")
    print_kappas([(first, second) for first, second in twice])


def of_articles(folder: Path) -> None:
    """Print agreement on spans, kinds and speakers, and kappa for each label over the spans both have."""
    found, matched, exact = [0, 0], [], 0
    for file in sorted(folder.glob("*.json")):
        annotations = json.loads(file.read_text(encoding="utf-8")).get("annotations", [])
        if len(annotations) < 2:
            continue
        ours, theirs = (annotation["statements"] for annotation in annotations[:2])
        found = [found[0] + len(ours), found[1] + len(theirs)]
        exact += len({tuple(s[:2]) for s in ours} & {tuple(s[:2]) for s in theirs})
        left = list(theirs)
        for statement in ours:
            same = max(left, key=lambda other: overlap(statement, other), default=None)
            if same is not None and overlap(statement, same) >= OVERLAP:
                left.remove(same)
                matched.append((statement, same))
    print(f"{found[0]} and {found[1]} statements; F1 exact {2 * exact / sum(found):.3f},", end=" ")
    print(f"by overlap {2 * len(matched) / sum(found):.3f}")
    for name, column in {"kind": 2, "speaker": 3}.items():
        print(f"{name:13} the same in {sum(a[column] == b[column] for a, b in matched) / len(matched):.3f}")
    print_kappas([((a[4], a[5]), (b[4], b[5])) for a, b in matched])


def overlap(first: Sequence[Any], second: Sequence[Any]) -> float:
    """Return intersection over union of two spans that begin with start and end."""
    shared = min(first[1], second[1]) - max(first[0], second[0])
    return max(0, shared) / (max(first[1], second[1]) - min(first[0], second[0]))


if __name__ == "__main__":
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else STATEMENTS
    of_articles(place) if place.is_dir() else of_statements(place)
