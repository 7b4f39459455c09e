"""Run `sikap join-texts`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from sikap.writing.target import open_target


def join_texts(
    labels: Annotated[
        Path, typer.Argument(metavar="LABELS", help="A table of labels, such as training/data/news.tsv.")
    ],
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER...", help="Folders that hold the texts' files.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The JSONL file of labelled statements to write.")],
    without: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Statements to measure on: documents in which one of them stands are left out; may be repeated.",
        ),
    ] = None,
) -> None:
    """Join labels to texts that cannot be given away, from your own copies of the files that hold them.

    Example:  sikap join-texts training/data/news.tsv corpus/ --output news.jsonl --without dev.jsonl
    """
    from sikap_training.pointed import join
    from sikap_training.statements import load_statements

    rows = list(join(labels, folders, load_statements(without) if without else ()))
    with open_target(str(output)) as stream:
        for row in rows:
            stream.write((json.dumps(row, ensure_ascii=False) + "\n").encode())
    typer.echo(f"{output}: {len(rows)} labelled statements")
