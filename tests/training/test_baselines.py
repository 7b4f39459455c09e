"""The baselines, on sentences that leave no doubt."""

from __future__ import annotations

import numpy as np
import pytest

from sikap.labels import SENTIMENTS, STANCES
from sikap_training.baselines import KeywordBaseline, TfidfBaseline
from sikap_training.split import Split
from sikap_training.statements import LabelledStatement

CLEAR = [
    ("Kami mengutuk keras serangan itu.", {"condemnation"}, "negative"),
    ("Pemerintah mengecam kejahatan tersebut.", {"condemnation"}, "negative"),
    ("Kami menyambut baik dan mendukung kesepakatan itu.", {"support"}, "positive"),
    ("Belasungkawa kami untuk keluarga korban.", {"condolence"}, "negative"),
    ("Kami mengecam serangan itu dan turut berduka.", {"condemnation", "condolence"}, "negative"),
    ("Pertemuan akan berlangsung pada hari Senin.", set(), "neutral"),
]
TEXTS = [text for text, _, _ in CLEAR]


def test_keywords_find_what_is_said_outright() -> None:
    found = KeywordBaseline().predict(TEXTS)
    for (text, stance, sentiment), row, place in zip(CLEAR, found.stance, found.sentiment, strict=True):
        assert {name for name, present in zip(STANCES, row, strict=True) if present} == stance, text
        assert SENTIMENTS[place] == sentiment, text
    assert KeywordBaseline().predict([]).stance.shape == (0, 3)


def test_tfidf_learns_and_repeats_itself(parts: Split, statements: list[LabelledStatement]) -> None:
    baseline = TfidfBaseline(statements)
    found = baseline.predict(TEXTS)
    wanted = np.array([[name in stance for name in STANCES] for _, stance, _ in CLEAR])
    assert (found.stance == wanted).mean() >= 0.85
    assert found.stance[0, 1]
    assert found.stance[3, 2]
    again = TfidfBaseline(statements).predict(TEXTS)
    np.testing.assert_array_equal(found.stance, again.stance)
    np.testing.assert_array_equal(found.sentiment, again.sentiment)


@pytest.mark.filterwarnings("ignore:Label")
def test_tfidf_on_a_handful_of_statements_with_one_sentiment() -> None:
    few = [LabelledStatement(str(i), text, (), "neutral", str(i)) for i, text in enumerate(["Satu dua", "Tiga empat"])]
    found = TfidfBaseline(few).predict(TEXTS)
    assert not found.stance.any()
    assert set(found.sentiment) == {SENTIMENTS.index("neutral")}
