"""From an article to statements, in Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sikap
from sikap.extraction.found import FoundStatement

from .articles import ARTICLE, STATEMENT

EXAMPLE = Path(__file__).parents[2] / "examples" / "kapal-bantuan.txt"


def test_every_statement_of_an_article(model):
    statements = sikap.analyze(ARTICLE, model=model)
    assert [(statement.kind, statement.speaker) for statement in statements] == [
        ("indirect", "Alma Quispe"),
        ("direct", "Alma Quispe"),
    ]
    for statement in statements:
        assert isinstance(statement, sikap.Statement)
        assert isinstance(statement, sikap.Prediction)
        assert statement.text == ARTICLE[statement.start : statement.end]
        assert list(statement.to_dict()) == STATEMENT
        alone = model.predict(statement.text)
        assert (statement.stance, statement.sentiment) == (alone.stance, alone.sentiment)
        assert statement.stance_probabilities == pytest.approx(alone.stance_probabilities, abs=1e-4)
        assert statement.sentiment_probabilities == pytest.approx(alone.sentiment_probabilities, abs=1e-4)


def test_a_statement_is_frozen_and_keeps_the_order_of_its_fields(model):
    statement = sikap.analyze(ARTICLE, model=model)[0]
    with pytest.raises(AttributeError):
        statement.speaker = "lain"
    assert json.loads(json.dumps(statement.to_dict()))["stance"] == list(statement.stance)


def test_several_articles_give_a_list_each(model):
    lists = sikap.analyze([ARTICLE, "", "Hujan turun.", ARTICLE], model=model)
    assert [len(statements) for statements in lists] == [2, 0, 0, 2]
    assert lists[0] == lists[3] == sikap.analyze(ARTICLE, model=model)
    assert sikap.analyze([], model=model) == []


def test_what_is_no_article_is_refused(model):
    for wrong in (b"byte", None, 7):
        with pytest.raises(TypeError, match="must be a string"):
            sikap.analyze([ARTICLE, wrong], model=model)


def test_the_built_in_model_is_the_default():
    statements = sikap.analyze(ARTICLE)
    assert [statement.stance for statement in statements] == [("condemnation",), ("condolence",)]


def test_overlapping_statements_are_each_scored(model, monkeypatch):
    def both(article: str) -> list[FoundStatement]:
        inner = article.index("sabotase"), article.index(" jembatan")
        return [
            FoundStatement(start, end, article[start:end], "direct", *[None] * 6) for start, end in ((0, 82), inner)
        ]

    monkeypatch.setattr("sikap.analysis.extract", both)
    outer, inner = sikap.analyze(ARTICLE, model=model)
    assert inner.text == "sabotase"
    assert inner.text in outer.text


def test_the_example_shows_every_stance_and_kind():
    statements = sikap.analyze(EXAMPLE.read_text(encoding="utf-8"))
    assert {statement.kind for statement in statements} == {"direct", "indirect", "mixed"}
    assert {stance for statement in statements for stance in statement.stance or ("none",)} == {*sikap.STANCES, "none"}
    assert any(len(statement.stance) > 1 for statement in statements)
    assert {"Astrid Hellevik", "Organisasi Kerja Sama Islam", "Larasati Wiryawan"} <= {
        statement.speaker for statement in statements
    }
