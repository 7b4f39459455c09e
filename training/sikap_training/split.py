"""Split statements into train, validation and test parts, groups kept whole."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sikap.errors import InputError
from sikap_training.statements import LabelledStatement

VALIDATION_SHARE = 0.12
TEST_SHARE = 0.12


@dataclass(frozen=True)
class Split:
    """Hold the three parts."""

    train: list[LabelledStatement]
    validation: list[LabelledStatement]
    test: list[LabelledStatement]

    @property
    def parts(self) -> dict[str, list[LabelledStatement]]:
        """Return the parts by name."""
        return {"train": self.train, "validation": self.validation, "test": self.test}


def part_of(group: str) -> str:
    """Return the part that a group belongs to, by the digest of its name.

    The part depends on the group alone, so a group stays where it is when statements are added,
    and two runs on overlapping data never test on what the other trained on.
    """
    place = int.from_bytes(hashlib.sha256(group.encode("utf-8", "surrogatepass")).digest()[:8], "big") / 2**64
    if place < TEST_SHARE:
        return "test"
    return "validation" if place < TEST_SHARE + VALIDATION_SHARE else "train"


def split(statements: Sequence[LabelledStatement]) -> Split:
    """Split statements by their groups, about 76 : 12 : 12.

    Raises InputError when a part stays empty.
    """
    parts: dict[str, list[LabelledStatement]] = {"train": [], "validation": [], "test": []}
    for statement in statements:
        parts[part_of(statement.group)].append(statement)
    empty = [name for name, part in parts.items() if not part]
    if empty:
        raise InputError(
            f"the {empty[0]} part of these {len(statements)} statements is empty; give more statements or"
            " smaller groups."
        )
    return Split(**parts)
