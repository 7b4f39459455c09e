"""Print scored rows as a coloured table."""

from __future__ import annotations

import io
import sys
from typing import Any, BinaryIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sikap.characters import UNSEEN
from sikap.labels import NONE
from sikap.prediction import Prediction
from sikap.writing.colours import STYLES

ROWS_AT_ONCE = 200
PLAIN_WIDTH = 110
LONGEST_SHOWN = 400


def printable(text: str) -> str:
    """Return a text on one line, without signs that could steer a terminal, shortened when very long."""
    line = UNSEEN.sub(" ", text[: LONGEST_SHOWN * 2]).strip()
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"


class TableWriter:
    """Print rows in blocks of 200, so that a file of any size takes constant memory."""

    def __init__(self, stream: BinaryIO, text_column: str) -> None:
        """Print to a binary stream; colours and full width are for a terminal alone."""
        on_terminal = sys.stdout is not None and stream is sys.stdout.buffer and sys.stdout.isatty()
        self._stream, self._text = stream, io.StringIO()
        self._console = Console(
            file=self._text, force_terminal=on_terminal or None, width=None if on_terminal else PLAIN_WIDTH
        )
        self._column = Text(printable(text_column))
        self._waiting: list[tuple[int, str, Prediction]] = []
        self._headed = False

    def write(self, number: int, row: dict[str, Any], prediction: Prediction) -> None:
        """Take one row."""
        self._waiting.append((number, prediction.text, prediction))
        if len(self._waiting) >= ROWS_AT_ONCE:
            self._flush()

    def close(self) -> None:
        """Print what waits."""
        self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        table = Table(box=SIMPLE_HEAD, show_header=not self._headed, pad_edge=False, expand=True)
        self._headed = True
        table.add_column("", justify="right", style="dim", width=len(str(self._waiting[-1][0])))
        table.add_column(self._column, ratio=1, overflow="fold")
        table.add_column("stance", width=19)
        table.add_column("sentiment", width=13)
        table.add_column("", width=9)
        for number, text, prediction in self._waiting:
            table.add_row(
                str(number), Text(printable(text)), _stance(prediction), _sentiment(prediction), _mark(prediction)
            )
        self._console.print(table)
        self._stream.write(self._text.getvalue().encode("utf-8", "replace"))
        self._text.seek(0)
        self._text.truncate()
        self._waiting = []


def _stance(prediction: Prediction) -> Text:
    if not prediction.scored:
        return Text("")
    lines = [
        Text(f"{name} {prediction.stance_probabilities[name]:.2f}", style=STYLES[name]) for name in prediction.stance
    ]
    return Text("\n").join(lines) if lines else Text(NONE, style=STYLES[NONE])


def _sentiment(prediction: Prediction) -> Text:
    if prediction.sentiment is None:
        return Text("")
    probability = prediction.sentiment_probabilities[prediction.sentiment]
    return Text(f"{prediction.sentiment} {probability:.2f}", style=STYLES[prediction.sentiment])


def _mark(prediction: Prediction) -> Text:
    if not prediction.scored:
        return Text("(empty)", style="yellow")
    marks = [name for name, given in (("uncertain", prediction.uncertain), ("long", prediction.truncated)) if given]
    return Text("\n".join(marks), style="yellow")
