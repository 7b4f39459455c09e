"""Measure how often `sikap drift` alarms: on files that are alike, and on files that differ in a known way.

Usage: python benchmarks/drift.py [STATEMENTS.jsonl] [--model BUNDLE] [--seeds 100] [--output results.json]

The statements are read once with the model; then each case draws a reference and a current file from them, anew for
every seed. Without a file, the project's own statements. English comes from the sentences of the project's own
documents.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from sikap.address import bundle_folder
from sikap.bundle import read_bundle
from sikap.errors import SikapError
from sikap_training.drift.comparison import compare
from sikap_training.drift.defaults import ALPHA, MINIMUM
from sikap_training.drift.reading import Reader, Reading
from sikap_training.drift.sampling import Row, Sample
from sikap_training.statements import LabelledStatement, load_statements, own_or

SIZE = 500
"""Statements in a file, where a case does not say otherwise."""
ROOT = Path(__file__).parents[1]
Rows = NDArray[np.int64]
Draw = Callable[[np.random.Generator], tuple[Rows, Rows]]


class Case(NamedTuple):
    """Hold a name and what draws the rows of both files."""

    name: str
    draw: Draw


def english() -> list[str]:
    """Return the sentences of the project's documents that have eight words or more and no markup."""
    files = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("training/data/**/*.md")])
    text = "\n\n".join(file.read_text(encoding="utf-8") for file in files)
    plain = [block.replace("\n", " ") for block in text.split("\n\n") if not re.search(r"^\s*[|#`-]", block, re.M)]
    sentences = [sentence for block in plain for sentence in re.split(r"(?<=[.!?])\s+", block)]
    return [sentence for sentence in dict.fromkeys(sentences) if len(sentence.split()) >= 8]


def taken(reading: Reading, rows: Rows) -> Reading:
    """Return a reading of some of its rows."""
    arrays = {field.name: getattr(reading, field.name) for field in fields(reading)}
    chosen = {name: values[rows] for name, values in arrays.items() if isinstance(values, np.ndarray)}
    return replace(reading, rows=len(rows), scored=[reading.scored[row] for row in rows], **chosen)


def cases(statements: list[LabelledStatement], foreign: Rows) -> Iterator[Case]:
    """Yield every case; `foreign` are the rows of English, all others those of the statements."""
    own = np.arange(len(statements))
    groups = np.array([statement.group for statement in statements])
    registers = np.array([statement.register for statement in statements])
    events = np.array([statement.event for statement in statements])
    sorrow = np.flatnonzero(["condolence" in statement.stance for statement in statements])

    def alike(size: int) -> Draw:
        def draw(rng: np.random.Generator) -> tuple[Rows, Rows]:
            rows = rng.permutation(own)
            return rows[:size], rows[size : 2 * size]

        return draw

    def other_events(rng: np.random.Generator) -> tuple[Rows, Rows]:
        names = rng.permutation(np.unique(groups))
        first = np.isin(groups, names[: len(names) // 2])
        return _some(np.flatnonzero(first), SIZE, rng), _some(np.flatnonzero(~first), SIZE, rng)

    def mixed(pool: Rows, share: float) -> Draw:
        def draw(rng: np.random.Generator) -> tuple[Rows, Rows]:
            added = _some(pool, round(share * SIZE), rng)
            rest = rng.permutation(np.setdiff1d(own, added))
            return rest[:SIZE], np.concatenate([added, rest[SIZE : 2 * SIZE - len(added)]])

        return draw

    def between(one: Rows, other: Rows) -> Draw:
        return lambda rng: (_some(one, SIZE, rng), _some(other, SIZE, rng))

    for size in (MINIMUM, 200, SIZE, 2000):
        yield Case(f"alike, {size} rows each", alike(size))
    yield Case("alike, but other events", other_events)
    for event, _ in Counter(events.tolist()).most_common(3):
        yield Case(f"one kind of event: {event}", between(own[events != event], own[events == event]))
    for share in (0.1, 0.2, 0.5, 1.0):
        yield Case(f"{share:.0%} replaced by condolences", mixed(sorrow, share))
    for share in (0.02, 0.05, 0.1):
        yield Case(f"{share:.0%} replaced by English", mixed(foreign, share))
    yield Case("English alone", between(own, foreign))
    news = own[registers == "news"]
    for register in ("post", "communique", "spokesperson", "speech"):
        yield Case(f"news, then {register}", between(news, own[registers == register]))


def _some(pool: Rows, most: int, rng: np.random.Generator) -> Rows:
    return rng.permutation(pool)[:most]


def main() -> int:
    """Measure and print a table; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--model", help="a bundle's folder or an MLflow address; the built-in one if not given")
    parser.add_argument("--seeds", type=int, default=100, help="draws of each case")
    parser.add_argument("--output", type=Path, help="a JSON file for all figures")
    given = parser.parse_args()
    try:
        statements = load_statements(own_or([given.file] if given.file else None))
        texts = [statement.text for statement in statements] + english()
        drawn = [Row(number, text) for number, text in enumerate(texts, 1)]
        reading = Reader(read_bundle(bundle_folder(given.model))).read(Sample("statements", len(drawn), drawn))
    except SikapError as error:
        sys.stderr.write(f"drift.py: {error}\n")
        return 2
    results = {}
    table = Table(title=f"{given.seeds} draws of each case, alpha {ALPHA}, {len(texts) - len(statements)} English")
    for column in (
        "",
        "alarms",
        "significant",
        "significant at 0.05",
        "area",
        "measures that alarm in half of the draws",
    ):
        table.add_column(column)
    for case in cases(statements, np.arange(len(statements), len(texts))):
        if min(map(len, case.draw(np.random.default_rng(0)))) < MINIMUM:
            continue  # the file has too few statements of this kind
        alarms, areas, least = Counter[str](), [], []
        for seed in range(given.seeds):
            files = (taken(reading, rows) for rows in case.draw(np.random.default_rng(seed)))
            found = compare(*files, seed=seed)
            alarms.update(measure.name for measure in found.drifted)
            alarms["any"] += bool(found.drifted)
            areas.append(found.separated.tested.effect)
            least.append(min(measure.adjusted for measure in found.measures))
        figures = {
            "alarms": {name: count / given.seeds for name, count in alarms.items()},
            "significant": float(np.mean(np.array(least) < ALPHA)),
            "significant at 0.05": float(np.mean(np.array(least) < 0.05)),
            "area": float(np.mean(areas)),
        }
        results[case.name] = figures
        often = [name for name, count in alarms.items() if count >= given.seeds / 2 and name != "any"]
        rates = (figures["alarms"].get("any", 0.0), figures["significant"], figures["significant at 0.05"])
        table.add_row(case.name, *(f"{rate:.0%}" for rate in rates), f"{figures['area']:.2f}", ", ".join(often))
    if given.output:
        given.output.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    Console(width=170).print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
