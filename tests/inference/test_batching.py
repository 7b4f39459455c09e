"""How token ids are put together, and that a statement gets the same answer in any company."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import sikap
from sikap.prediction import Prediction
from sikap.session import batches

STATEMENTS = Path(__file__).parents[2] / "training" / "data" / "statements.jsonl"
COUNT = 1000
CLOSE = 0.005


@pytest.mark.parametrize("budget", [1, 64, 500, 10_000])
def test_batches_hold_every_sequence_once_within_the_budget(budget: int) -> None:
    lengths = np.random.default_rng(0).integers(1, 200, 777)
    found = list(batches(lengths, budget))
    assert sorted(np.concatenate(found).tolist()) == list(range(777))
    for rows in found:
        assert len(rows) == 1 or len(rows) * lengths[rows].max() <= budget
    ends = [(lengths[rows].min(), lengths[rows].max()) for rows in found]
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(ends))


def test_one_long_sequence_does_not_pad_the_others() -> None:
    lengths = np.array([10] * 100 + [190])
    assert sum(len(rows) * lengths[rows].max() for rows in batches(lengths, 2048)) == lengths.sum()


@pytest.fixture(scope="module")
def texts() -> list[str]:
    with STATEMENTS.open(encoding="utf-8") as lines:
        own = [json.loads(line)["text"] for line in lines]
    return [*random.Random(0).sample(own, COUNT - 1), " ".join(own[:60])]


def assert_same(one: Sequence[Prediction], two: Sequence[Prediction]) -> None:
    assert [p.text for p in one] == [p.text for p in two]
    assert [(p.stance, p.sentiment) for p in one] == [(p.stance, p.sentiment) for p in two]

    def table(found: Sequence[Prediction]) -> np.ndarray:
        return np.array([[*p.stance_probabilities.values(), *p.sentiment_probabilities.values()] for p in found])

    assert np.abs(table(one) - table(two)).max() <= CLOSE


def test_a_thousand_statements_get_the_same_answer_in_any_company(texts: list[str]) -> None:
    model = sikap.load(threads=1)
    alone = [model.predict(text) for text in texts]
    assert_same(alone, model.predict(texts))
    assert_same(alone, sikap.load(threads=2, batch_size=256).predict(texts))
    order = random.Random(1).sample(range(COUNT), COUNT)
    shuffled = dict(zip(order, model.predict([texts[i] for i in order]), strict=True))
    assert_same(alone, [shuffled[i] for i in range(COUNT)])


def test_a_text_of_many_windows_is_scored_in_blocks(monkeypatch: pytest.MonkeyPatch, texts: list[str]) -> None:
    model, long = sikap.load(threads=1), " ".join(texts[:120])
    held: list[int] = []
    run = model._session.logits

    def watched(sequences: Sequence[list[int]], batch_size: int) -> np.ndarray:
        held.append(len(sequences))
        return run(sequences, batch_size)

    whole = model.predict(["Kami mengutuk.", long, "Kami berduka."])
    monkeypatch.setattr(model._session, "logits", watched)
    monkeypatch.setattr("sikap.model.HELD_WINDOWS", 8)
    assert_same(whole, model.predict(["Kami mengutuk.", long, "Kami berduka."]))
    assert len(held) > 3
    assert max(held) <= 8


def test_a_block_ends_early_when_its_statements_are_long(monkeypatch: pytest.MonkeyPatch, texts: list[str]) -> None:
    monkeypatch.setattr("sikap.model.BLOCK_CHARACTERS", 300)
    taken: list[str] = []

    def source():
        for text in texts[:40]:
            taken.append(text)
            yield text

    stream = sikap.load(threads=1).stream(source())
    next(stream)
    assert sum(map(len, taken[:-1])) < 300
