"""What several annotators, and reviews, make of the statements that a training reads."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from sikap.errors import InputError
from sikap_training.statements import LabelledStatement, load_statements

from .small_run import write_lines

NOW = "2026-03-01T09:00:00+00:00"


def row(text: str, stance: list[str], sentiment: str, annotator: str = "", **more: object) -> dict:
    return {"text": text, "stance": stance, "sentiment": sentiment, "annotator": annotator, **more}


def review(text: str, stance: list[str], sentiment: str, annotator: str = "ani", **more: object) -> dict:
    return row(text, stance, sentiment, annotator, reviewed=NOW, **more)


def skip(text: str, annotator: str) -> dict:
    return {"text": text, "skipped": True, "annotator": annotator, "reviewed": NOW}


def loaded(tmp_path: Path, *files: list[dict]) -> list[LabelledStatement]:
    names = [write_lines(tmp_path / f"{number}.jsonl", rows) for number, rows in enumerate(files)]
    return load_statements(names)


def seen(statements: list[LabelledStatement]) -> list[tuple[str, list[str], str, str]]:
    return [(s.text, list(s.stance), s.sentiment, s.annotator) for s in statements]


def test_agreement_is_kept_once_and_disagreement_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    rows = [
        review("satu", ["support"], "positive", "ani", id="s1"),
        review("dua", [], "neutral", "ani", id="s2"),
        review("tiga", [], "neutral", "ani", id="s3"),
        skip("empat", "ani"),
        review(" satu ", ["support"], "positive", "budi", id="s1"),
        review("dua", [], "negative", "budi", id="s2"),
        skip("tiga", "budi"),
        review("empat", ["condolence"], "negative", "budi", id="s4"),
    ]
    with caplog.at_level(logging.INFO, "sikap_training"):
        found = loaded(tmp_path, rows)
    assert seen(found) == [
        ("satu", ["support"], "positive", "ani+budi"),
        ("tiga", [], "neutral", "ani"),
        ("empat", ["condolence"], "negative", "budi"),
    ]
    assert "left out because annotators disagree on them: 1 (s2); `sikap agreement` lists them" in caplog.text


def test_the_last_decision_counts_and_a_third_reading_settles(tmp_path: Path):
    rows = [
        review("satu", ["support"], "positive"),
        review("satu", [], "neutral"),
        review("dua", [], "neutral", "ani"),
        review("dua", [], "negative", "budi"),
        review("dua", ["condemnation"], "negative", "adjudicated"),
    ]
    assert seen(loaded(tmp_path, rows)) == [
        ("satu", [], "neutral", "ani"),
        ("dua", ["condemnation"], "negative", "adjudicated"),
    ]


def test_a_review_relabels_the_statement_where_it_stands(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    own = [
        row("satu", [], "neutral", "writer", id="a", group="g", register="news"),
        row("dua", [], "neutral", "writer", id="b", group="g"),
        row("tiga", [], "neutral", "writer", id="c", group="h"),
    ]
    reviewed = [
        review("satu", ["support"], "positive", id="a"),
        review("dua", [], "neutral", id="b"),
        review("baru", [], "neutral", id="n"),
        review("tiga", [], "positive", "ani"),
        review("tiga", [], "negative", "budi"),
    ]
    with caplog.at_level(logging.INFO, "sikap_training"):
        found = loaded(tmp_path, own, reviewed)
    assert seen(found) == [
        ("satu", ["support"], "positive", "ani"),
        ("dua", [], "neutral", "ani"),
        ("baru", [], "neutral", "ani"),
    ]
    first = found[0]
    assert (first.id, first.group, first.register, first.source) == ("a", "0.jsonl:g", "news", "0.jsonl")
    assert "take another label from a review: 1" in caplog.text
    assert "annotators disagree on them: 1 (c)" in caplog.text
    assert sorted(seen(loaded(tmp_path, reviewed, own))) == sorted(seen(found))  # whichever file comes first


def test_two_annotators_in_one_table_without_a_review(tmp_path: Path):
    rows = [
        row("satu", [], "neutral", "ani"),
        row("satu", [], "neutral", "budi"),
        row("dua", [], "neutral", "ani"),
        row("dua", ["support"], "neutral", "budi"),
        row("tiga", [], "neutral"),
        row("tiga", [], "negative"),
    ]
    found = loaded(tmp_path, rows)
    # Rows that only repeat a text, without annotators, stay: `sikap check-data` reports them.
    assert [s.text for s in found] == ["satu", "tiga", "tiga"]
    assert found[0].annotator == "ani+budi"


@pytest.mark.parametrize(
    "rows",
    [[skip("satu", "ani")], [review("satu", [], "neutral", "ani"), review("satu", [], "positive", "budi")]],
)
def test_nothing_to_learn_from_is_an_error(tmp_path: Path, rows: list[dict]):
    with pytest.raises(InputError, match=r"0\.jsonl: holds no statement with labels that are agreed on"):
        loaded(tmp_path, rows)


def test_the_order_of_statements_stays(tmp_path: Path):
    rows = [row(text, [], "neutral") for text in ("c", "a", "c", "b", "a")]
    assert [s.text for s in loaded(tmp_path, rows)] == ["c", "a", "c", "b", "a"]
