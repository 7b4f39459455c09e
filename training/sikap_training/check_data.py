"""Check files of labelled statements: duplicates, leaks between parts, label counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from sikap.labels import NONE, SENTIMENTS
from sikap_training.split import part_of
from sikap_training.statements import LabelledStatement

SIMILAR = 0.8
"""Cosine of character 3- to 5-grams from which two statements count as near-duplicates."""
BLOCK = 512
"""Statements that are compared with all others at once."""


@dataclass
class DataReport:
    """Hold what a check found: counts for people, problems that must be mended."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    words: tuple[int, int, int] = (0, 0, 0)
    """Fewest, median and most words in a statement."""
    problems: list[str] = field(default_factory=list)


def check_statements(statements: Sequence[LabelledStatement]) -> DataReport:
    """Check statements that have passed the schema.

    A problem is an id used twice, a text that stands twice (case, punctuation and spaces
    aside), or two near-duplicates in different parts of the split.
    """
    report = DataReport()
    lengths = [len(statement.text.split()) for statement in statements]
    report.words = (min(lengths), int(np.median(lengths)), max(lengths))
    report.counts = {
        "stance": Counter("+".join(s.stance) or NONE for s in statements),
        "sentiment": Counter({name: sum(s.sentiment == name for s in statements) for name in SENTIMENTS}),
        "part": Counter(part_of(s.group) for s in statements),
        "register": Counter(s.register for s in statements if s.register),
        "event": Counter(s.event for s in statements if s.event),
        "phenomenon": Counter(kind for s in statements for kind in s.phenomena),
    }
    ids = Counter(s.id for s in statements)
    report.problems += [f"id {name} stands {count} times" for name, count in ids.items() if count > 1]
    seen: dict[str, str] = {}
    for statement in statements:
        key = re.sub(r"\W+", " ", statement.text.lower()).strip()
        if key in seen:
            report.problems.append(f"{statement.id} repeats the text of {seen[key]}")
        seen.setdefault(key, statement.id)
    report.problems += list(_near_duplicates(statements))
    return report


def _near_duplicates(statements: Sequence[LabelledStatement]) -> Iterator[str]:
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=1, sublinear_tf=True)
    matrix: csr_matrix = vectorizer.fit_transform([s.text for s in statements])
    parts = np.array([part_of(s.group) for s in statements])
    for start in range(0, len(statements), BLOCK):
        similar = (matrix[start : start + BLOCK] @ matrix.T).tocoo()
        for row, column, value in zip(similar.row, similar.col, similar.data, strict=True):
            first, second = start + int(row), int(column)
            if value >= SIMILAR and first < second and parts[first] != parts[second]:
                yield (
                    f"{statements[first].id} ({parts[first]}) and {statements[second].id} ({parts[second]})"
                    f" are near-duplicates ({value:.2f})"
                )
