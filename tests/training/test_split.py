"""Splitting by group."""

from __future__ import annotations

import pytest

from sikap.errors import InputError
from sikap_training.split import part_of, split
from sikap_training.statements import LabelledStatement


def made(groups: int, each: int = 2) -> list[LabelledStatement]:
    return [
        LabelledStatement(f"{group}-{i}", f"Teks {i}", (), "neutral", f"file:{group}")
        for i in range(each)
        for group in range(groups)
    ]


def test_groups_stay_whole_and_stay_where_they_are_when_data_is_added() -> None:
    statements = made(400)
    small, large = split(statements[:600]), split([*made(900), *statements])
    places = {}
    for parts in (small, large):
        for name, part in parts.parts.items():
            for statement in part:
                assert places.setdefault(statement.group, name) == name == part_of(statement.group)
    assert sum(len(part) for part in large.parts.values()) == 2600
    shares = {name: len(part) / 2600 for name, part in large.parts.items()}
    assert shares == {name: pytest.approx(share, abs=0.03) for name, share in
                      {"train": 0.76, "validation": 0.12, "test": 0.12}.items()}  # fmt: skip
    assert [s.id for s in small.train] == [s.id for s in statements[:600] if part_of(s.group) == "train"]


def test_empty_part_is_refused_by_name() -> None:
    one = [statement for statement in made(50) if part_of(statement.group) != "test"]
    with pytest.raises(InputError, match=rf"the test part of these {len(one)} statements is empty; give more"):
        split(one)
