"""Make one statement of what several annotators, or reviewers, said of the same text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sikap.reading.labelled import ADJUDICATED, text_key

if TYPE_CHECKING:
    from sikap_training.statements import LabelledStatement


@dataclass(frozen=True)
class Merged:
    """Hold statements to learn from, and those left out because annotators disagree on them."""

    statements: list[LabelledStatement]
    unsettled: list[LabelledStatement]
    """One for each text that is left out, as it first stands in the files."""
    relabelled: int
    """Statements whose label a review changed."""


def merge(rows: Iterable[tuple[LabelledStatement, bool]]) -> Merged:
    """Merge the rows of the same text; the second of a pair tells that `sikap review` wrote the row.

    Labels of named annotators count once each, the last one given. Where all agree, one statement is kept, where
    they do not, none, unless one is by "adjudicated", which settles it. A review outranks the labels that the
    text has elsewhere: these statements keep their place and group and take the reviewed label. Rows that only
    repeat a text, with no or the same annotator, stay as they are.
    """
    by_text: dict[str, list[tuple[int, LabelledStatement, bool]]] = {}
    for place, (statement, reviewed) in enumerate(rows):
        by_text.setdefault(text_key(statement.text), []).append((place, statement, reviewed))
    kept: list[tuple[int, LabelledStatement]] = []
    unsettled: list[LabelledStatement] = []
    relabelled = 0
    for same in by_text.values():
        reviews = [statement for _, statement, reviewed in same if reviewed]
        others = [(place, statement) for place, statement, reviewed in same if not reviewed]
        several = len({statement.annotator for _, statement in others} - {""}) > 1
        if not reviews and not several:
            kept += others
            continue
        agreed = _agreed(reviews or [statement for _, statement in others])
        if agreed is None:
            unsettled.append(same[0][1])
            continue
        if reviews:
            relabelled += sum(_labels(statement) != _labels(agreed) for _, statement in others)
        stay = others if others and not several else [same[0][:2]]
        kept += [(place, _labelled_as(agreed, statement)) for place, statement in stay]
    return Merged([statement for _, statement in sorted(kept, key=lambda row: row[0])], unsettled, relabelled)


def _agreed(statements: list[LabelledStatement]) -> LabelledStatement | None:
    """Return one that carries what the annotators agree on or what settles it; None if they disagree."""
    last = {statement.annotator: statement for statement in statements}
    if ADJUDICATED in last:
        return last[ADJUDICATED]
    if len({_labels(statement) for statement in last.values()}) > 1:
        return None
    return replace(statements[-1], annotator="+".join(filter(None, last)))


def _labelled_as(label: LabelledStatement, statement: LabelledStatement) -> LabelledStatement:
    return replace(statement, stance=label.stance, sentiment=label.sentiment, annotator=label.annotator)


def _labels(statement: LabelledStatement) -> tuple[object, object]:
    return statement.stance, statement.sentiment
