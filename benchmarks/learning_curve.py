"""Measure whether more labelled statements still pay: train on growing shares of the training part.

Usage: python benchmarks/learning_curve.py [FILE ...] [--shares 25 50 75 100] [--seeds 5] [--evaluate-on FILE ...]
           [--base-model NAME] [--output results.json] [--plot curve.png]

Without files, the project's own statements. Validation and test part stay as they are. A share is made of whole
groups; each seed draws its own order of groups, in which a smaller share is the beginning of a larger one, so that
the spread holds both the draw and the training. Finished points are kept in --folder and read back when the same
command runs again, also with other shares or more seeds; a training that was cut short goes on from its last epoch.
Labels are those of the calibrated decision, before the weights become int8.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from sikap.decision import Decision
from sikap.errors import InputError, SikapError
from sikap_training.calibration import fit_decision
from sikap_training.encoders import encoder_folder, load_tokenizer
from sikap_training.metrics import Labels, headline
from sikap_training.plots import COLOURS
from sikap_training.split import Split, split
from sikap_training.statements import LabelledStatement, digest, labels_of, load_statements, own_or
from sikap_training.tuning import TrainSettings, encode, load_best, max_length_of, score_dataset, train_seed

TEST = "test part"
FIGURES = {"stance_macro_f1": "stance", "sentiment_macro_f1": "sentiment"}
Parts = dict[str, list[LabelledStatement]]
Found = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Point:
    """Hold what training on a share with one seed came to: macro-F1 by part and figure, from 0 to 1."""

    share: int
    seed: int
    statements: int
    groups: int
    figures: Found


def share_of(statements: Sequence[LabelledStatement], share: int, seed: int) -> list[LabelledStatement]:
    """Return whole groups that hold at least `share` per cent of the statements, in the order of the statements.

    With one seed, a smaller share is part of every larger one.
    """
    by_group: dict[str, int] = {}
    for statement in statements:
        by_group[statement.group] = by_group.get(statement.group, 0) + 1
    kept, held = set(), 0
    for group in sorted(by_group, key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).digest()):
        if 100 * held >= share * len(statements):
            break
        kept.add(group)
        held += by_group[group]
    return [statement for statement in statements if statement.group in kept]


def measured(parts: Split, extra: Parts, encoder: Path, settings: TrainSettings, seed: int, folder: Path) -> Found:
    """Train with one seed in `folder`, which is gone afterwards; return the headline figures by part."""
    result = train_seed(parts, encoder, settings, seed, folder, resume=True, quiet=True)
    validation = result.logits["validation"]
    decision = fit_decision(validation[:, :3], validation[:, 3:], labels_of(parts.validation))
    figures = {TEST: _figures(decision, result.logits["test"], parts.test)}
    if extra:
        network, tokenizer = load_best(result, encoder, settings), load_tokenizer(encoder)
        length = max_length_of(network.encoder.config, settings.max_length)
        for name, statements in extra.items():
            logits = score_dataset(network, encode(statements, tokenizer, length), tokenizer)
            figures[name] = _figures(decision, logits, statements)
    return figures


def _figures(
    decision: Decision, logits: NDArray[np.float64], statements: Sequence[LabelledStatement]
) -> dict[str, float]:
    decided = decision(logits[:, :3], logits[:, 3:])
    predicted = Labels(decided.stance, decided.sentiment_probabilities.argmax(axis=1))
    found = headline(labels_of(statements), predicted)
    return {name: found[name] for name in FIGURES}


class Curve:
    """Measure points, each once."""

    def __init__(self, parts: Split, extra: Parts, encoder: Path, settings: TrainSettings, folder: Path) -> None:
        """Take what all points have in common; `folder` keeps them."""
        self._parts, self._extra, self._encoder, self._settings = parts, extra, encoder, settings
        self._folder = folder
        files = sorted(file for file in encoder.iterdir() if file.is_file())
        self._common = {
            "encoder": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
            "settings": {**asdict(settings), "seeds": None, "first_seed": None},
            "validation": digest(parts.validation),
            "test": digest(parts.test),
            "extra": {name: digest(statements) for name, statements in extra.items()},
        }

    def point(self, share: int, seed: int) -> Point:
        """Return a point, read back if it was measured before on the same statements, encoder and settings."""
        chosen = share_of(self._parts.train, share, seed)
        inputs = {**self._common, "train": digest(chosen), "seed": seed}
        key = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:16]
        file, training = self._folder / f"{key}.json", self._folder / key
        if not file.is_file():
            self._folder.mkdir(parents=True, exist_ok=True)
            parts = replace(self._parts, train=chosen)
            found = measured(parts, self._extra, self._encoder, self._settings, seed, training)
            fresh = file.with_suffix(".new")
            fresh.write_text(json.dumps(found), encoding="utf-8")
            fresh.replace(file)
        shutil.rmtree(training, ignore_errors=True)
        figures = json.loads(file.read_text(encoding="utf-8"))
        return Point(share, seed, len(chosen), len({statement.group for statement in chosen}), figures)


def spread(values: Sequence[float], sign: str = "") -> str:
    """Return mean and standard deviation in points of a hundred."""
    mean = f"{100 * np.mean(values):{sign}.1f}"
    return mean if len(values) < 2 else f"{mean} ± {100 * np.std(values, ddof=1):.1f}"


def _values(points: Sequence[Point], share: int, part: str, figure: str) -> list[float]:
    return [point.figures[part][figure] for point in points if point.share == share]


def show(points: Sequence[Point], console: Console) -> None:
    """Print macro-F1 by share as mean and standard deviation over the seeds, and what the last step brought."""
    shares = sorted({point.share for point in points})
    parts = list(points[0].figures)
    columns = [(part, figure) for part in parts for figure in FIGURES]
    table = Table(title="macro-F1 by share of the training part", title_justify="left")
    table.add_column("share")
    table.add_column("statements", justify="right")
    for part, figure in columns:
        table.add_column(f"{part}\n{FIGURES[figure]}", justify="right")
    for share in shares:
        size = np.mean([point.statements for point in points if point.share == share])
        cells = [spread(_values(points, share, part, figure)) for part, figure in columns]
        table.add_row(f"{share} %", f"{size:.0f}", *cells)
    if len(shares) > 1:
        steps = []
        for part, figure in columns:
            before, after = (_values(points, share, part, figure) for share in shares[-2:])
            steps.append(spread([b - a for a, b in zip(before, after, strict=True)], "+"))
        table.add_section()
        table.add_row(f"{shares[-2]} to {shares[-1]} %", "", *steps)
    console.print(table)


def plot(points: Sequence[Point], file: Path) -> None:
    """Draw macro-F1 against the number of training statements, bars of one standard deviation."""
    figure = Figure(figsize=(9, 3.8), layout="constrained")
    shares = sorted({point.share for point in points})
    sizes = [np.mean([point.statements for point in points if point.share == share]) for share in shares]
    for axis, (key, title) in zip(figure.subplots(1, 2, sharey=True), FIGURES.items(), strict=True):
        for number, part in enumerate(points[0].figures):
            values = [100 * np.array(_values(points, share, part, key)) for share in shares]
            axis.errorbar(
                sizes,
                [found.mean() for found in values],
                yerr=[found.std(ddof=1) if len(found) > 1 else 0.0 for found in values],
                marker="osD^vP"[number % 6],
                linestyle=("-", "--", ":")[number % 3],
                color=COLOURS[number % len(COLOURS)],
                capsize=3,
                label=part,
            )
        axis.set(title=title, xlabel="statements trained on", xlim=(0, None))
        axis.grid(axis="y", color="#e2dfd7")
        axis.legend(frameon=False)
        axis.set_ylabel("macro-F1")
    figure.savefig(file, dpi=120)


def main() -> int:
    """Measure the curve that the command line asks for; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--base-model", help="a folder or a hub name; the project's compact encoder if not given")
    parser.add_argument("--shares", type=int, nargs="+", default=[25, 50, 75, 100], help="in per cent")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=float, default=TrainSettings.epochs, help="at most")
    parser.add_argument("--evaluate-on", type=Path, action="append", default=[], help="may be given several times")
    parser.add_argument("--folder", type=Path, default=Path("runs/learning-curve"), help="keeps finished points")
    parser.add_argument("--output", type=Path, help="a JSON file for all figures")
    parser.add_argument("--plot", type=Path, help="a PNG file")
    given = parser.parse_args()
    try:
        if not all(1 <= share <= 100 for share in given.shares) or given.seeds < 1:
            raise InputError("--shares must be from 1 to 100 and --seeds at least 1.")
        names = [file.name for file in given.evaluate_on]
        if len(set(names)) < len(names) or TEST in names:
            raise InputError("--evaluate-on: two files have the same name; rename one.")
        parts = split(load_statements(own_or(given.files)))
        extra = {file.name: load_statements([file]) for file in given.evaluate_on}
        settings = TrainSettings(epochs=given.epochs)
        curve = Curve(parts, extra, encoder_folder(given.base_model), settings, given.folder)
        points = []
        for seed in range(given.seeds):
            for share in sorted(set(given.shares)):
                points.append(curve.point(share, seed))
                _report(points[-1])
        if given.output:
            given.output.write_text(json.dumps([asdict(point) for point in points], indent=1) + "\n", encoding="utf-8")
        if given.plot:
            plot(points, given.plot)
    except (SikapError, OSError) as error:
        sys.stderr.write(f"learning_curve.py: {error}\n")
        return 2
    show(points, Console(width=140))
    return 0


def _report(point: Point) -> None:
    shown = "; ".join(
        f"{part}: " + ", ".join(f"{title} {100 * found[key]:.1f}" for key, title in FIGURES.items())
        for part, found in point.figures.items()
    )
    sys.stderr.write(f"{point.share} %, seed {point.seed}: {point.statements} statements; {shown}\n")


if __name__ == "__main__":
    sys.exit(main())
