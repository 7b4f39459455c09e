"""What holds for any text, any file and any option: nothing raises, nothing is lost, nothing is changed."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sikap
from sikap.cli.main import main
from sikap.reading.delimited import FORMULA_STARTS, guarded, unguarded
from sikap.windows import is_readable

from .helpers import FLAT, NESTED, SENTIMENTS, STANCES, decoded, encoded

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
many = settings(max_examples=300, deadline=None)

ANY = st.text(max_size=60)
HALVES = st.text(st.characters(categories=["Cs", "L", "Zs"]), max_size=10)
_PIECES = 'Kami mengutuk mendukung \u201c \u201d " kata Menteri Retno, . bahwa ia'
WORDS = st.lists(st.sampled_from([*_PIECES.split(), "\n"]), max_size=40)
TEXTS = st.one_of(ANY, HALVES, WORDS.map(" ".join), st.sampled_from(["=1+1", "'", "\x00", "\r", '"', "kami " * 200]))
WHOLE = st.one_of(ANY, WORDS.map(" ".join), st.sampled_from([*FORMULA_STARTS, "'=1", "''", "-5", "'-5", ",;\t\"'"]))
"""Texts that UTF-8 can hold."""
NAMES = st.lists(
    st.one_of(st.sampled_from([*FLAT, *NESTED, "id", "=a", "sikap_stance"]), st.text(min_size=1, max_size=8)),
    max_size=4,
    unique=True,
).filter(lambda names: "text" not in names)


@st.composite
def tables(draw):
    """Rows of text under the same columns, "text" among them in any place."""
    names = draw(NAMES)
    names.insert(draw(st.integers(0, len(names))), "text")
    count = draw(st.integers(1, 12))
    return [{name: draw(WHOLE) for name in names} for _ in range(count)]


@pytest.fixture
def loaded(model, monkeypatch):
    """Open the model once, not for each example."""
    monkeypatch.setattr("sikap.load", lambda *arguments, **options: model)


def run(*arguments: object) -> tuple[int, str]:
    """Run a command line in this process; return its status and what it said."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        status = main(list(map(str, arguments)))
    return status, said.getvalue()


@few
@given(st.lists(TEXTS, max_size=8))
def test_any_text_is_scored_and_comes_back(model, texts):
    predictions = model.predict(texts)
    assert [prediction.text for prediction in predictions] == texts
    for prediction in predictions:
        assert prediction.scored == is_readable(prediction.text)
        assert list(prediction.stance) == [name for name in STANCES if name in prediction.stance]
        if prediction.scored:
            assert prediction.sentiment in SENTIMENTS
            assert all(0 <= p <= 1 for p in prediction.stance_probabilities.values())
            assert sum(prediction.sentiment_probabilities.values()) == pytest.approx(1)
        else:
            assert set(prediction.to_dict()["stance_probabilities"].values()) == {None}


@few
@given(st.one_of(TEXTS, st.lists(TEXTS, max_size=6).map("\n\n".join)))
def test_statements_lie_where_they_say(model, article):
    statements = sikap.analyze(article, model=model)
    for statement in statements:
        assert 0 <= statement.start < statement.end <= len(article)
        assert statement.text == article[statement.start : statement.end]
        found = statement.to_dict()
        assert set(found) >= {"kind", "speaker", "role", "cue", "stance"}
    assert [s.start for s in statements] == sorted(s.start for s in statements)


@pytest.mark.parametrize("target", ["csv", "tsv", "jsonl", "json", "parquet"])
@pytest.mark.parametrize("source", ["csv", "tsv", "jsonl", "parquet"])
@settings(few, max_examples=8)
@given(rows=tables(), formulas=st.sampled_from(["guard", "keep"]))
def test_every_column_comes_out_in_order_and_equal(tiny_bundle, loaded, source, target, rows, formulas):
    with TemporaryDirectory() as name:
        folder = Path(name)
        given_file, middle, end = folder / f"a.{source}", folder / f"b.{target}", folder / "c.jsonl"
        content = encoded(rows, "jsonl")
        start = folder / "start.jsonl"
        start.write_bytes(content)
        options = ["--model", tiny_bundle, "--threads", 1, "--quiet", "--csv-formulas", formulas]
        plain = rows
        if source in ("csv", "tsv"):  # as sikap itself writes it, with columns of its own
            assert run("score", "--input", start, "--output", given_file, *options) == (0, "")
            assert run("score", "--input", given_file, "--output", folder / "d.jsonl", *options) == (0, "")
            plain = decoded((folder / "d.jsonl").read_bytes(), "jsonl")
            assert [{key: row[key] for key in rows[0]} for row in plain] == rows
        else:
            given_file.write_bytes(encoded(rows, source))
        assert run("score", "--input", given_file, "--output", middle, *options) == (0, "")
        if target == "json":
            found = decoded(middle.read_bytes(), "json")
        else:
            assert run("score", "--input", middle, "--output", end, *options) == (0, "")
            found = decoded(end.read_bytes(), "jsonl")
        assert [{key: row[key] for key in rows[0]} for row in found] == rows
        assert list(found[0])[: len(rows[0])] == list(rows[0])
        assert len(found) == len(plain)


@settings(few, max_examples=8)
@given(
    st.lists(WORDS.map(" ".join), min_size=1, max_size=12),
    st.integers(1, 40),
    st.integers(1, 3),
    st.sampled_from([[], ["--quiet"]]),
)
def test_options_of_computing_lose_no_row_and_change_no_label(tiny_bundle, model, texts, size, threads, quiet):
    with TemporaryDirectory() as name:
        source, out = Path(name) / "a.jsonl", Path(name) / "b.jsonl"
        source.write_bytes(encoded([{"text": text} for text in texts], "jsonl"))
        options = ["--model", tiny_bundle, "--batch-size", size, "--threads", threads, *quiet]
        assert run("score", "--input", source, "--output", out, *options)[0] == 0
        rows = decoded(out.read_bytes(), "jsonl")
    wanted = [prediction.to_dict() for prediction in model.predict(texts)]
    assert [(row["text"], row["stance"], row["sentiment"]) for row in rows] == [
        (row["text"], row["stance"], row["sentiment"]) for row in wanted
    ]


@settings(few, max_examples=120)
@given(st.sampled_from(["csv", "tsv", "jsonl", "txt", "parquet"]), st.binary(min_size=1, max_size=300))
def test_any_bytes_are_read_or_refused_in_one_line(tiny_bundle, loaded, form, content):
    with TemporaryDirectory() as name:
        source, out = Path(name) / f"a.{form}", Path(name) / "b.jsonl"
        source.write_bytes(content)
        status, said = run("score", "--input", source, "--output", out, "--model", tiny_bundle, "--quiet")
        assert (status, said.count("\n")) in ((0, 0), (2, 1))
        assert out.exists() == (status == 0)
        assert {path.name for path in Path(name).iterdir()} <= {source.name, out.name}


@many
@given(st.one_of(WHOLE, st.text("'=+-@\t\r\n05e.a\uff1d", max_size=8)))
def test_no_spreadsheet_computes_a_guarded_cell_and_it_comes_back(cell):
    found = guarded(cell)
    assert unguarded(found) == cell
    assert not found.startswith(FORMULA_STARTS) or re.fullmatch(r"[+-][0-9.eE+-]+", found)
    if re.fullmatch(r"[+-][0-9.eE+-]+", found):
        float(found)
    # the rule that the documentation gives to readers in other programs
    assert re.sub(r"\A'(?='*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])", "", found) == cell
