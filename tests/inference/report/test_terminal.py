"""The table for the terminal: its width, its colours, and that content cannot steer the terminal."""

from __future__ import annotations

import io
import re

import pytest

from sikap.analysis import AnalyzedArticle
from sikap.report.terminal import TerminalWriter

from .build import bridge, statement
from .hostile import hostile


def printed(*articles: AnalyzedArticle) -> str:
    stream = io.BytesIO()
    writer = TerminalWriter(stream)
    for article in articles:
        writer.write(article)
    writer.close()
    return stream.getvalue().decode()


@pytest.fixture(autouse=True)
def _plain(monkeypatch):
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "200")


def words(text: str) -> str:
    return " ".join(text.split())


def test_it_fits_80_columns():
    long = "Tidakbolehadaspasi" * 20
    article = AnalyzedArticle(long, long, [statement(long, long, ("condemnation",), speaker=long, role=long)])
    for line in printed(bridge(), hostile(), article).splitlines():
        assert len(line) <= 80, line


def test_it_says_who_said_what():
    text = words(printed(bridge()))
    assert text.startswith("jembatan.txt")
    assert "Alma Quispe, Menteri Luar Negeri" in text
    assert "condemnation 0.93 negative 0.90" in text
    assert "support 0.93 positive 0.90" in text
    assert "uncertain" in text
    assert "Alma Quispe · 1 2 ·" in text
    assert "juru bicara Bolivia 1 · · 1" in text
    assert "articles" not in text


def test_several_articles_share_a_table_of_speakers():
    text = words(printed(bridge("a.txt"), AnalyzedArticle("b.txt", "Hujan.", []), bridge("c.txt")))
    assert "b.txt No statements found. c.txt" in text
    assert text.count("speaker support condemnation condolence none articles") == 1
    assert "Alma Quispe · 2 4 · 2" in text


def test_no_statements_is_an_answer():
    assert words(printed(AnalyzedArticle("b.txt", "Hujan.", []))) == "b.txt No statements found."


def test_content_cannot_steer_the_terminal():
    text = "Kata \x1b[2J\x1b]0;judul\x07 merah \u202egnarep tutup."
    article = AnalyzedArticle("\x1b[31ma\u202e.txt", text, [statement(text, text, speaker="\x1b[1mDia", role="[red]x")])
    shown = printed(article)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", shown)
    assert "[red]x" in shown


def test_colours_only_where_they_are_wanted(monkeypatch):
    assert "\x1b" not in printed(bridge())
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in printed(bridge())
