"""What is asked first."""

from __future__ import annotations

from pathlib import Path

import pytest

from sikap.decision import Decision
from sikap.labels import SENTIMENTS, STANCES
from sikap.prediction import Prediction
from sikap.reviewing.candidates import Candidate, Labels, read_candidates
from sikap.reviewing.order import Reason, closeness, contradiction, ranked

from ..helpers import encoded

DECISION = Decision(thresholds=(0.9, 0.5, 0.2), bands=((0.8, 0.95), (0.4, 0.6), (0.1, 0.3)), sentiment_minimum=0.6)


def predicted(text: str, stance: tuple[float, float, float], sentiment: tuple[float, float, float]) -> Prediction:
    """Return what a model says that gives these probabilities."""
    limits = list(zip(STANCES, stance, DECISION.thresholds, DECISION.bands, strict=True))
    return Prediction(
        text=text,
        stance=tuple(name for name, p, threshold, _ in limits if p >= threshold),
        sentiment=SENTIMENTS[sentiment.index(max(sentiment))],
        stance_probabilities=dict(zip(STANCES, stance, strict=True)),
        sentiment_probabilities=dict(zip(SENTIMENTS, sentiment, strict=True)),
        uncertain=any(low < p < high for _, p, _, (low, high) in limits) or max(sentiment) < 0.6,
        truncated=False,
    )


SURE = ((0.0, 0.0, 0.0), (0.0, 1.0, 0.0))
NOTHING = Labels((), "neutral")


def test_disagreement_comes_first_then_doubt_then_the_rest():
    scored = [
        (Candidate("sure"), predicted("sure", *SURE)),
        (Candidate("less sure"), predicted("less sure", (0.3, 0.0, 0.0), (0.0, 1.0, 0.0))),
        (Candidate("doubt"), predicted("doubt", (0.0, 0.42, 0.0), (0.0, 1.0, 0.0))),
        (Candidate("nearest"), predicted("nearest", (0.0, 0.0, 0.21), (0.0, 1.0, 0.0))),
        (Candidate("even"), predicted("even", (0.0, 0.0, 0.0), (0.4, 0.5, 0.1))),
        (Candidate("agreed", {"ani": NOTHING}), predicted("agreed", *SURE)),
        (Candidate("weak", {"ani": Labels(("support",), "neutral")}), predicted("weak", (0.7, 0, 0), (0, 1, 0))),
        (Candidate("strong", {"ani": Labels((), "positive")}), predicted("strong", *SURE)),
        (Candidate("two", {"ani": NOTHING, "budi": Labels((), "positive")}), predicted("two", *SURE)),
        (Candidate("..."), Prediction.unscored("...")),
    ]
    found = ranked(scored, DECISION)
    assert [(item.candidate.text, item.reason) for item in found] == [
        ("two", Reason.ANNOTATORS_DIFFER),
        ("strong", Reason.MODEL_DIFFERS),
        ("weak", Reason.MODEL_DIFFERS),
        ("nearest", Reason.IN_DOUBT),
        ("even", Reason.IN_DOUBT),
        ("doubt", Reason.IN_DOUBT),
        ("less sure", Reason.SURE),
        ("sure", Reason.SURE),
        ("agreed", Reason.SURE),
    ]


def test_what_is_settled_is_judged_by_what_settles_it():
    given = {"ani": NOTHING, "budi": Labels((), "positive"), "adjudicated": NOTHING}
    assert ranked([(Candidate("x", given), predicted("x", *SURE))], DECISION)[0].reason is Reason.SURE
    given["adjudicated"] = Labels(("support",), None)
    (item,) = ranked([(Candidate("x", given), predicted("x", *SURE))], DECISION)
    assert item.reason is Reason.MODEL_DIFFERS


@pytest.mark.parametrize(
    ("stance", "sentiment", "expected"),
    [
        ((0.9, 0.0, 0.0), (0.0, 1.0, 0.0), 1.0),  # on the threshold
        ((0.45, 0.0, 0.0), (0.0, 1.0, 0.0), 0.5),  # half way below it
        ((0.95, 0.0, 0.0), (0.0, 1.0, 0.0), 0.5),  # half way above it
        ((0.0, 0.0, 0.0), (0.5, 0.5, 0.0), 1.0),
        ((0.0, 0.0, 0.0), (0.2, 0.7, 0.1), 0.5),
        (*SURE, 0.0),
    ],
)
def test_closeness_is_measured_from_each_threshold(stance, sentiment, expected):
    assert closeness(predicted("x", stance, sentiment), DECISION) == pytest.approx(expected)


def test_contradiction_is_the_probability_against_a_label():
    prediction = predicted("x", (0.95, 0.3, 0.0), (0.2, 0.1, 0.7))
    assert contradiction(Candidate("x", {"a": Labels(("support",), "positive")}), prediction) == 0
    assert contradiction(Candidate("x", {"a": Labels((), "positive")}), prediction) == pytest.approx(0.95)
    both = {"a": Labels(("support", "condemnation"), "positive")}
    assert contradiction(Candidate("x", both), prediction) == pytest.approx(0.7)
    assert contradiction(Candidate("x", {"a": Labels(None, "neutral")}), prediction) == pytest.approx(0.9)
    assert contradiction(Candidate("x"), prediction) == 0


def test_labels_are_read_as_people_write_them(tmp_path: Path):
    rows = [
        {"text": "satu", "stance": "condemnation+condolence", "sentiment": "Negative", "annotator": ""},
        {"text": "dua", "stance": "", "sentiment": "neutral", "annotator": "ani"},
        {"text": "tiga", "stance": "none", "sentiment": "", "annotator": ""},
        {"text": "empat", "stance": "", "sentiment": "", "annotator": ""},
        {"text": " dua ", "stance": "support", "sentiment": "neutral", "annotator": "budi"},
    ]
    file = tmp_path / "a.csv"
    file.write_bytes(encoded(rows, "csv"))
    found = {candidate.text: candidate.given for candidate in read_candidates(str(file))}
    assert found == {
        "satu": {"the file": Labels(("condemnation", "condolence"), "negative")},
        "dua": {"ani": Labels((), "neutral"), "budi": Labels(("support",), "neutral")},
        "tiga": {"the file": Labels((), None)},
        "empat": {},
    }


def test_several_annotations_in_one_row(tmp_path: Path):
    row = {
        "text": "satu",
        "stance": [],
        "sentiment": "neutral",
        "annotator": "ani",
        "annotations": [
            {"annotator": "ani", "stance": [], "sentiment": "neutral"},
            {"annotator": "budi", "stance": ["support"], "sentiment": "positive"},
        ],
    }
    file = tmp_path / "a.jsonl"
    file.write_bytes(encoded([row, {"text": "satu", "skipped": True, "annotator": "cici"}], "jsonl"))
    (candidate,) = read_candidates(str(file))
    assert list(candidate.given) == ["ani", "budi"]
    assert candidate.several
