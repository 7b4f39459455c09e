"""Measure how far annotators agree, and list where they do not."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.metrics import cohen_kappa_score

from sikap.labels import SENTIMENTS, STANCES
from sikap.reading.labelled import ADJUDICATED
from sikap.reviewing.candidates import UNNAMED, Candidate, Labels, read_candidates

TONE = "sentiment"


@dataclass(frozen=True)
class LabelAgreement:
    """Hold how far two annotators agree on one label over n statements.

    `counts` is a matrix of (first, second): (no, yes) for a stance, SENTIMENTS for the sentiment. `kappa` is
    Cohen's (1960), and None where both gave one and the same answer throughout, which leaves it undefined.
    """

    label: str
    counts: tuple[tuple[int, ...], ...]
    kappa: float | None

    @property
    def same(self) -> int:
        """Return how many statements both label alike."""
        return sum(row[number] for number, row in enumerate(self.counts))


@dataclass(frozen=True)
class PairAgreement:
    """Hold how far two annotators agree on the statements that both labelled."""

    first: str
    second: str
    statements: int
    labels: tuple[LabelAgreement, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON has them."""
        labels = {
            item.label: {"kappa": item.kappa, "same": item.same, "counts": [list(row) for row in item.counts]}
            for item in self.labels
        }
        return {"annotators": [self.first, self.second], "statements": self.statements, "labels": labels}


@dataclass(frozen=True)
class Disagreement:
    """Hold a statement that annotators label differently, and what settles it, if anything does."""

    candidate: Candidate
    given: dict[str, Labels]
    settled: Labels | None

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON has them."""
        return {
            **{name: self.candidate.kept[name] for name in ("id",) if name in self.candidate.kept},
            "text": self.candidate.text,
            "annotations": [{"annotator": name, **_fields(labels)} for name, labels in self.given.items()],
            "settled": None if self.settled is None else _fields(self.settled),
        }


def read_annotations(files: Sequence[str]) -> list[Candidate]:
    """Read every annotator's labels from files, one candidate a text. Raises InputError for what cannot be read."""
    found: dict[str, Candidate] = {}
    for file in files:
        for candidate in read_candidates(file):
            first = found.setdefault(candidate.key, candidate)
            first.given.update(candidate.given)
    return list(found.values())


def agreements(candidates: Sequence[Candidate]) -> list[PairAgreement]:
    """Return the agreement of each two annotators with a statement in common, those with most of them first."""
    by_annotator: dict[str, dict[str, Labels]] = {}
    for candidate in candidates:
        for annotator, labels in _whole(candidate).items():
            by_annotator.setdefault(annotator, {})[candidate.key] = labels
    pairs = []
    for (first, ours), (second, theirs) in itertools.combinations(by_annotator.items(), 2):
        common = [(labels, theirs[key]) for key, labels in ours.items() if key in theirs]
        if common:
            pairs.append(_pair(first, second, common))
    return sorted(pairs, key=lambda pair: -pair.statements)


def disagreements(candidates: Sequence[Candidate]) -> list[Disagreement]:
    """Return the statements that annotators label differently, in the order of the files."""
    found = []
    for candidate in candidates:
        given = _whole(candidate)
        if len(set(given.values())) > 1:
            found.append(Disagreement(candidate, given, candidate.given.get(ADJUDICATED)))
    return found


def _whole(candidate: Candidate) -> dict[str, Labels]:
    """Return the labels of named annotators who gave both stance and sentiment; what settles is nobody's own."""
    return {
        annotator: labels
        for annotator, labels in candidate.given.items()
        if annotator not in (ADJUDICATED, UNNAMED) and None not in labels
    }


def _pair(first: str, second: str, common: Sequence[tuple[Labels, Labels]]) -> PairAgreement:
    labels = [
        _agreement(name, [[name in (labels.stance or ()) for labels in pair] for pair in common], (False, True))
        for name in STANCES
    ]
    labels.append(_agreement(TONE, [[labels.sentiment for labels in pair] for pair in common], SENTIMENTS))
    return PairAgreement(first, second, len(common), tuple(labels))


def _agreement(label: str, answers: Sequence[Sequence[Any]], possible: Sequence[Any]) -> LabelAgreement:
    places = np.array([[possible.index(answer) for answer in pair] for pair in answers])
    counts = np.zeros((len(possible), len(possible)), dtype=int)
    np.add.at(counts, (places[:, 0], places[:, 1]), 1)
    one_answer = len(np.unique(places)) == 1
    kappa = math.nan if one_answer else float(cohen_kappa_score(places[:, 0], places[:, 1]))
    rows = tuple(tuple(int(number) for number in row) for row in counts)
    return LabelAgreement(label, rows, None if math.isnan(kappa) else kappa)


def _fields(labels: Labels) -> dict[str, Any]:
    return {"stance": list(labels.stance or ()), "sentiment": labels.sentiment}
