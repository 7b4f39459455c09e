"""Measure a model by kind of statement: what makes it hard, register, event, source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from sikap_training.metrics import Labels
from sikap_training.statements import LabelledStatement

FIELDS: dict[str, Callable[[LabelledStatement], tuple[str, ...]]] = {
    "phenomenon": lambda statement: statement.phenomena,
    "register": lambda statement: (statement.register,),
    "event": lambda statement: (statement.event,),
    "source": lambda statement: (statement.source,),
}
MOST_VALUES = 60
"""Values of a field that are told apart: the most frequent, since a field of one's own file may hold free text."""
TITLES = {
    "phenomenon": "what makes it hard",
    "register": "register",
    "event": "kind of event",
    "source": "file",
}


def breakdowns(statements: Sequence[LabelledStatement], truth: Labels, predicted: Labels) -> dict[str, Any]:
    """Return, as `by_FIELD`, how many statements each value of a field has and which share of them is right.

    Shares have 95 % intervals (Wilson). A statement may have several phenomena. Of each field the MOST_VALUES most
    frequent values are given; a field that says nothing, or the same of every statement, is left empty.
    """
    right = {
        "stance": (truth.stance == predicted.stance).all(axis=1),
        "sentiment": truth.sentiment == predicted.sentiment,
    }
    return {f"by_{field}": _by_value([values(s) for s in statements], right) for field, values in FIELDS.items()}


def _by_value(given: list[tuple[str, ...]], right: dict[str, NDArray[np.bool_]]) -> dict[str, Any]:
    counted = Counter(value for row in given for value in row if value)
    values = sorted(value for value, _ in counted.most_common(MOST_VALUES))
    result: dict[str, Any] = {}
    for value in values:
        rows = np.array([value in row for row in given])
        if len(values) == 1 and rows.all():
            return {}
        shares = {f"{head}_right": float(true[rows].mean()) for head, true in right.items()}
        intervals = {f"{head}_interval": wilson(true[rows]) for head, true in right.items()}
        result[value] = {"statements": int(rows.sum()), **shares, **intervals}
    return result


def wilson(true: NDArray[np.bool_]) -> list[float]:
    """Return the lower and upper end of Wilson's 95 % interval of a share (Wilson 1927)."""
    found = binomtest(int(true.sum()), len(true)).proportion_ci(method="wilson")
    return [float(found.low), float(found.high)]
