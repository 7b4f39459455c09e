"""Print what was found in articles as a coloured table of at most 80 columns."""

from __future__ import annotations

import io
import sys
from typing import BinaryIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sikap.analysis import AnalyzedArticle
from sikap.characters import visible
from sikap.report.tally import COLUMNS, NOBODY, Census, Speaker
from sikap.statement import Statement
from sikap.writing.colours import STYLES
from sikap.writing.table import printable

WIDTH = 80


class TerminalWriter:
    """Print each article's statements, and at the end a table of speakers and stances."""

    def __init__(self, stream: BinaryIO) -> None:
        """Print to a binary stream; colours are for a terminal alone, unless FORCE_COLOR is set."""
        on_terminal = sys.stdout is not None and stream is sys.stdout.buffer and sys.stdout.isatty()
        self._stream, self._text = stream, io.StringIO()
        self._console = Console(file=self._text, force_terminal=on_terminal or None, width=WIDTH)
        self._census = Census()

    def write(self, article: AnalyzedArticle) -> None:
        """Print one article's statements."""
        self._console.print(Text(visible(article.name), style="bold"), overflow="fold")
        if article.statements:
            self._console.print(_statements(article.statements))
        else:
            self._console.print(Text("No statements found.\n", style="dim"))
        self._census.add(article)
        self._flush()

    def close(self) -> None:
        """Print the table of speakers."""
        if speakers := self._census.speakers():
            self._console.print(_speakers(speakers, self._census.articles > 1))
        self._flush()

    def _flush(self) -> None:
        self._stream.write(self._text.getvalue().encode("utf-8", "replace"))
        self._text.seek(0)
        self._text.truncate()


def _statements(statements: list[Statement]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, expand=True, leading=1)
    table.add_column("", justify="right", style="dim", width=len(str(len(statements))))
    table.add_column("statement", ratio=1, overflow="fold")
    table.add_column("stance", width=17)
    table.add_column("sentiment", width=13)
    for number, statement in enumerate(statements, 1):
        table.add_row(str(number), _said(statement), _stance(statement), _tone(statement))
    return table


def _said(statement: Statement) -> Text:
    named = statement.speaker is not None
    who = Text.assemble((printable(statement.speaker or NOBODY), "bold" if named else "dim italic"))
    if statement.role:
        who.append(f", {printable(statement.role)}", style="dim")
    return Text.assemble(who, "\n", printable(statement.text))


def _stance(statement: Statement) -> Text:
    if not statement.stance:
        return Text(statement.stance_text, style=STYLES[statement.stance_text or "neutral"])
    lines = [
        Text(f"{name} {statement.stance_probabilities[name]:.2f}", style=STYLES[name]) for name in statement.stance
    ]
    return Text("\n").join(lines)


def _tone(statement: Statement) -> Text:
    lines = []
    if statement.sentiment is not None:
        probability = statement.sentiment_probabilities[statement.sentiment]
        lines.append(Text(f"{statement.sentiment} {probability:.2f}", style=STYLES[statement.sentiment]))
    marks = (("uncertain", statement.uncertain), ("long", statement.truncated))
    lines += [Text(name, style="yellow") for name, given in marks if given]
    return Text("\n").join(lines)


def _speakers(speakers: list[Speaker], several: bool) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("speaker", ratio=1, overflow="fold")
    for name in COLUMNS:
        table.add_column(name, justify="right", style=STYLES[name])
    if several:
        table.add_column("articles", justify="right")
    for speaker in speakers:
        label = Text(printable(speaker.label), style="dim italic" if speaker.name is None else "bold")
        counts = [str(count) if count else "·" for count in speaker.tally.stances.values()]
        table.add_row(label, *counts, *([str(len(speaker.articles))] if several else []))
    return table
