"""Run `sikap explain`."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from sikap.cli.options import ModelBundle, Threads


def explain(
    texts: Annotated[list[str], typer.Argument(metavar='"TEKS"...', help="Statements to explain.")],
    form: Annotated[Literal["table", "json", "jsonl"], typer.Option("--format", help="Output format.")] = "table",
    model: ModelBundle = None,
    threads: Threads = None,
) -> None:
    """Show which words carried each label: leave each word out and score again.

    A number is what the label's log-odds lose without the word; below zero the word speaks against the label.

    \b
    Examples:
      sikap explain "Kami mengutuk keras serangan itu."
      sikap explain --format json "Kami tidak mendukung usul itu."
    """  # noqa: D301 - the backspace sign keeps the lines below it as they are
    from sikap import load
    from sikap.writing.explanation import print_explanation, write_json

    loaded = load(model, threads=threads)
    explanations = [loaded.explain(text) for text in texts]
    if form == "table":
        for explanation in explanations:
            print_explanation(explanation, sys.stdout, colours=sys.stdout.isatty())
    else:
        write_json(explanations, sys.stdout, lines=form == "jsonl")
