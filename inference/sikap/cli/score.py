"""Run `sikap score`."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sikap.cli.options import BatchSize, ModelBundle, Quiet, Target, Threads
from sikap.errors import InputError, OutputError
from sikap.reading import Table, open_table
from sikap.reading.delimited import Formulas
from sikap.reading.table import LINE_COLUMN, InputFormat
from sikap.writing.output import OutputFormat, format_of
from sikap.writing.resumable import Output, open_plain, open_resumable, unresumable

if TYPE_CHECKING:
    from sikap.model import Model


def score(
    texts: Annotated[list[str] | None, typer.Argument(metavar='"TEKS"', help="Statements to score.")] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--input", "-i", metavar="FILE", help="A .csv .tsv .jsonl .txt or .parquet file, or - for a pipe."
        ),
    ] = None,
    target: Target = None,
    text_column: Annotated[str, typer.Option(help="The column that holds the statements.")] = LINE_COLUMN,
    form: Annotated[
        OutputFormat | None, typer.Option("--format", help="Output format; from the output's suffix if not given.")
    ] = None,
    input_format: Annotated[
        InputFormat | None, typer.Option(help="Input format; from the suffix, or a pipe's first line, if not given.")
    ] = None,
    model: ModelBundle = None,
    threads: Threads = None,
    batch_size: BatchSize = 32,
    uncertain_only: Annotated[
        bool, typer.Option("--uncertain-only", help="Write only the rows to read yourself: those marked uncertain.")
    ] = False,
    formulas: Annotated[
        Formulas,
        typer.Option(
            "--csv-formulas",
            help="Cells of CSV and TSV that a spreadsheet would compute: with an apostrophe before, or as they are.",
        ),
    ] = "guard",
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an output that was cut short, from its last complete part.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Score statements for stance and sentiment.

    \b
    Examples:
      sikap score "Kami mengutuk keras serangan itu."
      sikap score --input quotes.csv --text-column quote --output scored.parquet
      sikap score --input quotes.csv --text-column quote --uncertain-only --output to-read.csv
      cat quotes.txt | sikap score --input - --format jsonl
    """  # noqa: D301 - the backspace sign keeps the lines below it as they are
    if bool(texts) == (source is not None):
        raise InputError(
            'give either statements or --input FILE; for example: sikap score "Kami mengutuk serangan itu."'
        )
    output_format = format_of(target, form)
    if output_format == "parquet" and target in (None, "-") and sys.stdout.isatty():
        raise InputError("Parquet is binary and cannot be shown on a terminal; name a file with --output.")
    plain = unresumable(source, target, output_format)
    if resume and plain:
        raise OutputError(f"--resume goes from a file to a file, and {plain}; leave it out.")
    with _rows(texts, source, text_column, input_format, formulas) as (table, column):
        from sikap import load
        from sikap.scoring import score_rows

        loaded = load(model, threads=threads, batch_size=batch_size)
        columns = table.columns or [column]
        if plain:
            opened = open_plain(target or "-", output_format, column, columns, table.schema, formulas)
        else:
            options = {
                "--format": output_format,
                "--text-column": column,
                "--input-format": input_format,
                "--threads": threads,
                "--batch-size": batch_size,
                "--uncertain-only": uncertain_only,
                "--csv-formulas": formulas,
            }
            identity = _identity(str(source), loaded, options)
            opened = open_resumable(
                str(target), output_format, columns, table.schema, formulas, identity, resume=resume
            )
        with opened as output, _progress(table, output, quiet) as advance:
            summary = score_rows(
                loaded,
                table.texts(column),
                output.writer,
                advance,
                output.note,
                output.noted,
                uncertain_only=uncertain_only,
            )
            if summary.rows == 0:
                raise InputError(f"{table.name}: holds no rows; it must hold at least one statement.")
    if not quiet:
        for warning in summary.warnings(uncertain_only=uncertain_only):
            typer.echo(f"sikap: {warning}", err=True)


@contextmanager
def _rows(
    texts: list[str] | None, source: str | None, column: str, form: InputFormat | None, formulas: Formulas
) -> Iterator[tuple[Table, str]]:
    if source is None:
        given = ({LINE_COLUMN: text} for text in texts or [])
        yield Table("the command line", [LINE_COLUMN], given, None, lambda: 0), LINE_COLUMN
        return
    with open_table(source, column, form, formulas) as table:
        yield table, column


def _identity(source: str, model: Model, options: dict[str, Any]) -> dict[str, str]:
    """Return what an output depends on; a run is continued only where all of it is the same."""
    from importlib.metadata import version

    from sikap import __version__
    from sikap.bundle import MANIFEST, file_digest

    return {
        "the content of the input": file_digest(Path(source)),
        "the model": file_digest(model.bundle.folder / MANIFEST),
        "the version of sikap": __version__,
        "the version of onnxruntime": version("onnxruntime"),
        "the number of cores": str(os.cpu_count()),
        **{name: str(value) for name, value in options.items()},
    }


@contextmanager
def _progress(table: Table, output: Output, quiet: bool) -> Iterator[Callable[[int], None]]:
    if quiet or not sys.stderr.isatty() or table.name == "the command line":
        yield lambda rows: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.fields[rows]:,} rows"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]:,.0f} rows/s"),
        TimeRemainingColumn(),
    )
    before, start = (output.noted or {}).get("rows", 0), time.monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("score", total=table.size, rows=before, rate=0.0)

        def advance(rows: int) -> None:
            rate = (rows - before) / max(time.monotonic() - start, 1e-9)
            progress.update(task, completed=table.position(), rows=rows, rate=rate)

        yield advance
