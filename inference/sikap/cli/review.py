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
from sikap.cli.serve import LOCAL, check_extra
from sikap.errors import InputError
from sikap.reading.labelled import ADJUDICATED
from sikap.reading.table import LINE_COLUMN, InputFormat

if TYPE_CHECKING:
    from sikap.bundle import Bundle
    from sikap.reviewing.session import Session

PORT = 8000


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
    browser: Annotated[
        bool, typer.Option("--browser", help="Ask on a page that is served to this machine alone, not in the terminal.")
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="The port to serve the page on, 8000 if not given; 0 takes a free one."),
    ] = None,
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
    where you stopped, in the terminal or with --browser on a page, which Ctrl-C stops.

    \b
    Examples:
      sikap review quotes.csv --text-column quote --annotator ani --limit 50
      sikap review quotes.csv --text-column quote --annotator ani --browser
      sikap review quotes.review.jsonl --settle
      sikap train --data training/data/statements.jsonl --data quotes.review.jsonl

    \b
    Keys (on the page the letters and signs with Alt, in Firefox with Alt and Shift):
      s c d   support, condemnation, condolence: each on or off; none marked is none
      - 0 +   negative, neutral, positive
      Enter   save and go on      n   skip      b   back      q   quit
      ?       the rules of labelling, one after the other
      m       what the model says of the statement that you decided last
    """  # noqa: D301 - the backspace sign keeps the lines below it as they are
    _check(source, browser, port)
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
        _say(_statements(len(candidates) - len(found), "without a letter or digit: left out."))
        sure = 0 if settle or len(session.queue) == limit else len(found) - len(session.queue)
        left_out = _statements(sure, "that the model is sure of: left out; --all asks all.")
        try:
            if browser and session.queue:
                _serve(session, loaded.bundle, PORT if port is None else port, left_out)
            elif session.queue:
                _ask(session)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(f"interrupted; {session.outcome}") from None
        _say(session.outcome)
        if not session.left:
            _say(left_out)
    finally:
        decisions.close()


def _check(source: str, browser: bool, port: int | None) -> None:
    if source == "-":
        raise InputError("the statements must be there when the review goes on, so they cannot be piped: name a file.")
    if find_spec("termios") is None:
        raise InputError("`sikap review` needs a Unix terminal; on Windows, run it in WSL.")
    if browser:
        check_extra("sikap review --browser")
    elif port is not None:
        raise InputError("--port: is that of the page; give it with --browser.")


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


def _serve(session: Session, bundle: Bundle, port: int, left_out: str) -> None:
    """Serve the page until it is told to stop."""
    from sikap.serving.review import create_review
    from sikap.serving.run import run

    def ready(address: str) -> None:
        _say(f"serving on {address} (Ctrl-C stops)")

    run(create_review(session, bundle, left_out), LOCAL[0], port, ready=ready, options="--port")


@contextmanager
def _busy() -> Iterator[None]:
    """Say on a terminal that the statements are being scored."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status("scoring the statements ..."):
        yield


def _statements(count: int, what: str) -> str:
    """Return how many statements something is true of; nothing if of none."""
    return f"{count} statement{'s' if count > 1 else ''} {what}" if count else ""


def _say(sentence: str) -> None:
    if sentence:
        typer.echo(f"sikap: {sentence}", err=True)
