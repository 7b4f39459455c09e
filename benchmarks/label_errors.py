"""Find labels that a model of the other statements thinks wrong (cleanlab; Northcutt, Jiang and Chuang 2021).

Usage: python benchmarks/label_errors.py [FILE ...] [--folds 5] [--epochs 0] [--output suspects.jsonl]

Without files, the project's own statements. Each statement's probabilities come from a model that was trained on
the other folds alone; statements of one group are in one fold. With --epochs 0 that model is TF-IDF and logistic
regression, otherwise the compact encoder, fine-tuned for so many epochs. Each stance is judged by itself, as is
sentiment. The output has one statement a line, the most suspect first, with the labels that it has and the
probabilities; what is wrong there is for annotators to say.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from sklearn.model_selection import GroupKFold

from sikap.decision import Decision
from sikap.errors import InputError, SikapError
from sikap.labels import SENTIMENTS, STANCES
from sikap.writing.target import open_target
from sikap_training.baselines import TfidfBaseline
from sikap_training.encoders import encoder_folder
from sikap_training.split import Split
from sikap_training.statements import LabelledStatement, load_statements, own_or, sentiment_vector, stance_matrix
from sikap_training.tuning import TrainSettings, train_seed

Floats = NDArray[np.float64]


def out_of_fold(statements: Sequence[LabelledStatement], folds: int, epochs: float) -> Floats:
    """Return probabilities of shape (n, 6), three stances and three sentiments, each from a model of the other folds.

    Raises InputError when there are fewer groups than folds.
    """
    groups = [statement.group for statement in statements]
    if len(set(groups)) < folds:
        raise InputError(f"{len(set(groups))} groups cannot make {folds} folds; give --folds a smaller number.")
    result = np.empty((len(statements), len(STANCES) + len(SENTIMENTS)))
    for train, rest in GroupKFold(folds, shuffle=True, random_state=0).split(statements, groups=groups):
        known, asked = [statements[row] for row in train], [statements[row] for row in rest]
        result[rest] = _fine_tuned(known, asked, epochs) if epochs else _bag_of_words(known, asked)
    return result


def _bag_of_words(known: Sequence[LabelledStatement], asked: Sequence[LabelledStatement]) -> Floats:
    stance, sentiment = TfidfBaseline(known).probabilities([statement.text for statement in asked])
    return np.concatenate([stance, sentiment], axis=1)


def _fine_tuned(known: list[LabelledStatement], asked: list[LabelledStatement], epochs: float) -> Floats:
    settings = TrainSettings(epochs=epochs, patience=100)
    with tempfile.TemporaryDirectory() as name:
        # The validation part chooses the best epoch: a tenth of what is known, so that what is asked has no say.
        order = np.random.default_rng(0).permutation(len(known))
        tenth = {int(row) for row in order[: max(1, len(known) // 10)]}
        parts = [[s for row, s in enumerate(known) if (row in tenth) == inside] for inside in (False, True)]
        found = train_seed(
            Split(parts[0], parts[1], asked), encoder_folder(None), settings, 0, Path(name), resume=False, quiet=True
        )
    decided = Decision()(found.logits["test"][:, :3], found.logits["test"][:, 3:])
    return np.concatenate([decided.stance_probabilities, decided.sentiment_probabilities], axis=1)


def suspects(statements: Sequence[LabelledStatement], probabilities: Floats) -> dict[int, dict[str, float]]:
    """Return, by row, the labels that cleanlab takes for errors and their quality from 0 to 1, the worst row first."""
    found: dict[int, dict[str, float]] = {}
    columns: list[tuple[str, NDArray[np.int64], Floats]] = []
    for index, stance in enumerate(STANCES):
        p = probabilities[:, index]
        columns.append((stance, stance_matrix(statements)[:, index].astype(np.int64), np.stack([1 - p, p], axis=1)))
    columns.append(("sentiment", sentiment_vector(statements).astype(np.int64), probabilities[:, len(STANCES) :]))
    for name, labels, p in columns:
        if len(set(labels.tolist())) < p.shape[1]:
            continue  # a label that nobody has, or everybody, cannot be doubted
        quality = get_label_quality_scores(labels, p)
        for row in find_label_issues(labels, p, return_indices_ranked_by="self_confidence"):
            found.setdefault(int(row), {})[name] = float(quality[row])
    return dict(sorted(found.items(), key=lambda item: min(item[1].values())))


def _rows(
    statements: Sequence[LabelledStatement], probabilities: Floats, found: dict[int, dict[str, float]]
) -> list[dict[str, object]]:
    names = [*STANCES, *SENTIMENTS]
    return [
        {
            "id": statements[row].id,
            "text": statements[row].text,
            "stance": list(statements[row].stance),
            "sentiment": statements[row].sentiment,
            "suspect": {label: round(quality, 4) for label, quality in labels.items()},
            "probabilities": {name: round(float(p), 4) for name, p in zip(names, probabilities[row], strict=True)},
            "source": statements[row].source,
        }
        for row, labels in found.items()
    ]


def main() -> int:
    """Print how many labels are suspect, by file and label, and write them; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--epochs", type=float, default=0.0)
    parser.add_argument("--output", type=Path, help="a JSONL file for the suspect statements")
    given = parser.parse_args()
    try:
        statements = load_statements(own_or(given.files))
        probabilities = out_of_fold(statements, given.folds, given.epochs)
        found = suspects(statements, probabilities)
        if given.output:
            rows = _rows(statements, probabilities, found)
            with open_target(str(given.output)) as stream:
                stream.write("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode())
    except (SikapError, OSError) as error:
        sys.stderr.write(f"label_errors.py: {error}\n")
        return 2
    show(statements, found, Console(width=140))
    return 0


def show(statements: Sequence[LabelledStatement], found: dict[int, dict[str, float]], console: Console) -> None:
    """Print how many labels of each file are suspect."""
    counts = Counter((statements[row].source, label) for row, labels in found.items() for label in labels)
    table = Table("file", "statements", *STANCES, "sentiment")
    for source, size in Counter(statement.source for statement in statements).items():
        table.add_row(source, str(size), *(str(counts[source, label]) for label in (*STANCES, "sentiment")))
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
