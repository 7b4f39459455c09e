"""Run `sikap explain`."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated, Literal

import typer

from sikap.cli.options import ModelBundle, Threads


class Label(StrEnum):
    """Name what `--label` takes: a stance, or the sentiment that is predicted."""

    SUPPORT = "support"
    CONDEMNATION = "condemnation"
    CONDOLENCE = "condolence"
    SENTIMENT = "sentiment"


def explain(
    texts: Annotated[list[str], typer.Argument(metavar='"TEKS"...', help="Statements to explain.")],
    form: Annotated[Literal["table", "json", "jsonl"], typer.Option("--format", help="Output format.")] = "table",
    label: Annotated[
        list[Label] | None,
        typer.Option("--label", help="Explain this label, set or not; may be given several times."),
    ] = None,
    model: ModelBundle = None,
    threads: Threads = None,
) -> None:
    """Show which words carried each label: leave each word out and score again.

    A number is what the label's log-odds lose without the word; below zero the word speaks against the label.

    \b
    Examples:
      sikap explain "Kami mengutuk keras serangan itu."
      sikap explain --label support "Kami tidak mendukung usul itu."
      sikap explain --format json "Kami tidak mendukung usul itu."
    """  # noqa: D301 - the backspace sign keeps the lines below it as they are
    from sikap import load
    from sikap.language import is_indonesian
    from sikap.scoring import foreign_rows
    from sikap.writing.explanation import print_explanation, write_json
    from sikap.writing.target import open_target

    loaded = load(model, threads=threads)
    explanations = [loaded.explain(text) for text in texts]
    if label:
        explanations = [explanation.only(label) for explanation in explanations]
    with open_target("-") as stream:
        if form == "table":
            for explanation in explanations:
                shown = tuple(explanation.words) if label else explanation.labels
                print_explanation(explanation, shown, stream, colours=sys.stdout.isatty())
        else:
            write_json(explanations, stream, lines=form == "jsonl")
    for number, text in enumerate(texts, 1):
        if not is_indonesian(text):
            typer.echo(f"sikap: {foreign_rows(1, [number])}", err=True)
