"""Run `sikap review`."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sikap.characters import visible
from sikap.cli.options import BatchSize, ModelBundle, Threads
from sikap.errors import InputError
from sikap.reading.labelled import ADJUDICATED
from sikap.reading.table import LINE_COLUMN, InputFormat

if TYPE_CHECKING:
    from sikap.reviewing.session import Session


def review(
    source: Annotated[
        str, typer.Argument(metavar="FILE", help="Statements: a .csv .tsv .jsonl .txt or .parquet file.")
    ],
    annotator: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who labels; the name you are logged in by if not given.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where decisions are added; NAME.review.jsonl beside FILE if not given.",
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="Ask the N most informative statements at most; those decided before count."),
    ] = None,
    ask_all: Annotated[bool, typer.Option("--all", help="Ask also what the model is sure of.")] = False,
    settle: Annotated[
        bool, typer.Option("--settle", help="Ask only what annotators disagree on; the decision settles it.")
    ] = False,
    text_column: Annotated[str, typer.Option(help="The column that holds the statements.")] = LINE_COLUMN,
    input_format: Annotated[
        InputFormat | None, typer.Option(help="Input format; from the suffix if not given.")
    ] = None,
    model: ModelBundle = None,
    threads: Threads = None,
    batch_size: BatchSize = 32,
) -> None:
    """Label statements by hand, the most informative first; every decision is saved at once.

    First come statements on which annotators, or a given label and the model, disagree, then those that the
    model is in doubt about. The model's labels are shown only after yours are saved. The same command goes on
    where you stopped.

    \b
    Examples:
      sikap review quotes.csv --text-column quote --annotator ani --limit 50
      sikap review quotes.review.jsonl --settle
      sikap train --data training/data/statements.jsonl --data quotes.review.jsonl

    \b
    Keys:
      s c d   support, condemnation, condolence: each on or off; none marked is none
      - 0 +   negative, neutral, positive
      Enter   save and go on      n   skip      b   back      q   quit
      ?       the rules of labelling, one after the other
      m       what the model says of the statement that you decided last
    """  # noqa: D301 - the backspace sign keeps the lines below it as they are
    if source == "-":
        raise InputError("keys are read from standard input, so the statements cannot be: name a file.")
    if find_spec("termios") is None:
        raise InputError("`sikap review` needs a Unix terminal; on Windows, run it in WSL.")
    who = _annotator(annotator, settle)
    from sikap import load
    from sikap.reviewing.candidates import read_candidates
    from sikap.reviewing.decisions import DecisionFile, beside
    from sikap.reviewing.order import Reason, ranked
    from sikap.reviewing.session import Session

    candidates = read_candidates(source, text_column, input_format)
    loaded = load(model, threads=threads, batch_size=batch_size)
    decisions = DecisionFile(output or beside(source), who)
    try:
        if decisions.path.samefile(source):  # what was decided in it must not change the order when a review goes on
            for candidate in candidates:
                if candidate.key in decisions.decided:
                    candidate.given.pop(who, None)
        with _busy():
            scored = zip(candidates, loaded.stream(candidate.text for candidate in candidates), strict=True)
            found = ranked(scored, loaded.bundle.decision)
        last = Reason.ANNOTATORS_DIFFER if settle else Reason.SURE if ask_all else Reason.IN_DOUBT
        session = Session([item for item in found if item.reason <= last][:limit], decisions)
        _report(len(candidates) - len(found), "without a letter or digit: left out.")
        try:
            if session.queue:
                _ask(session)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(f"interrupted; {session.outcome}") from None
        typer.echo(f"sikap: {session.outcome}", err=True)
        if not session.left and not ask_all and not settle and (limit is None or len(session.queue) < limit):
            _report(len(found) - len(session.queue), "that the model is sure of: left out; --all asks all.")
    finally:
        decisions.close()


def _annotator(given: str | None, settle: bool) -> str:
    if settle:
        if given not in (None, ADJUDICATED):
            raise InputError(f"--settle writes as {ADJUDICATED!r}; leave out --annotator.")
        return ADJUDICATED
    if given is None:
        try:
            return getpass.getuser()
        except (KeyError, OSError, ImportError):
            raise InputError("there is no login name here; say who labels with --annotator NAME.") from None
    if not given.strip() or visible(given) != given:
        raise InputError("--annotator: must be a name on one line, without spaces around it.")
    if given == ADJUDICATED:
        raise InputError(f"--annotator {ADJUDICATED}: is the name for settled labels; use --settle.")
    return given


def _ask(session: Session) -> None:
    """Show and ask until the person ends it."""
    from sikap.reviewing.keyboard import open_keyboard
    from sikap.reviewing.keys import Keys
    from sikap.reviewing.screen import Screen

    screen, keys = Screen(), Keys(session)
    with open_keyboard() as keyboard:
        screen.draw(keys)
        while not keys.finished:
            keys.press(keyboard.read())
            screen.draw(keys)


@contextmanager
def _busy() -> Iterator[None]:
    """Say on a terminal that the statements are being scored."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status("scoring the statements ..."):
        yield


def _report(count: int, what: str) -> None:
    if count:
        typer.echo(f"sikap: {count} statement{'s' if count > 1 else ''} {what}", err=True)
