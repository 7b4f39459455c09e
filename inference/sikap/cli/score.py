"""Run `sikap score`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from sikap.cli.options import BatchSize, ModelBundle, Quiet, Target, Threads
from sikap.errors import InputError
from sikap.reading import Table, open_table
from sikap.reading.table import LINE_COLUMN, InputFormat
from sikap.writing.output import OutputFormat, format_of, open_output


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
    quiet: Quiet = False,
) -> None:
    """Score statements for stance and sentiment.

    \b
    Examples:
      sikap score "Kami mengutuk keras serangan itu."
      sikap score --input quotes.csv --text-column quote --output scored.parquet
      sikap score --input quotes.csv --uncertain-only --output to-read.csv
      cat quotes.txt | sikap score --input - --format jsonl
    """  # noqa: D301 - the backspace sign keeps the lines below it as they are
    if bool(texts) == (source is not None):
        raise InputError(
            'give either statements or --input FILE; for example: sikap score "Kami mengutuk serangan itu."'
        )
    output_format = format_of(target, form)
    if output_format == "parquet" and target in (None, "-") and sys.stdout.isatty():
        raise InputError("Parquet is binary and cannot be shown on a terminal; name a file with --output.")
    with _rows(texts, source, text_column, input_format) as (table, column):
        from sikap import load
        from sikap.scoring import score_rows

        loaded = load(model, threads=threads, batch_size=batch_size)
        opened = open_output(target or "-", output_format, column, table.columns, table.schema)
        with opened as writer, _progress(table, quiet) as advance:
            summary = score_rows(loaded, table.texts(column), writer, advance, uncertain_only=uncertain_only)
            if summary.rows == 0:
                raise InputError(f"{table.name}: holds no rows; it must hold at least one statement.")
    if not quiet:
        for warning in summary.warnings(uncertain_only=uncertain_only):
            typer.echo(f"sikap: {warning}", err=True)


@contextmanager
def _rows(
    texts: list[str] | None, source: str | None, column: str, form: InputFormat | None
) -> Iterator[tuple[Table, str]]:
    if source is None:
        given = ({LINE_COLUMN: text} for text in texts or [])
        yield Table("the command line", [LINE_COLUMN], given, None, lambda: 0), LINE_COLUMN
        return
    with open_table(source, column, form) as table:
        yield table, column


@contextmanager
def _progress(table: Table, quiet: bool) -> Iterator[Callable[[int], None]]:
    if quiet or not sys.stderr.isatty() or table.name == "the command line":
        yield lambda rows: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.fields[rows]:,} rows"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("score", total=table.size, rows=0)
        yield lambda rows: progress.update(task, completed=table.position(), rows=rows)
