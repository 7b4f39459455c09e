"""Run `sikap drift`."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

from sikap.cli.options import BatchSize, ModelBundle, Quiet, Threads
from sikap.errors import InputError, OutputError
from sikap.reading.table import LINE_COLUMN, InputFormat
from sikap.writing.target import open_target
from sikap.writing.values import json_bytes
from sikap_training.drift.defaults import ALPHA, LARGEST_SAMPLE, MINIMUM, SAMPLE, THRESHOLDS

PIPE = "-"


def drift(
    reference: Annotated[str, typer.Argument(metavar="REFERENCE", help="Statements as they were; - for a pipe.")],
    current: Annotated[str, typer.Argument(metavar="CURRENT", help="Statements as they are now; - for a pipe.")],
    page: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write a page with plots to this .html file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON instead of a table.")] = False,
    text_column: Annotated[str, typer.Option(help="The column that holds the statements.")] = LINE_COLUMN,
    input_format: Annotated[
        InputFormat | None, typer.Option(help="Input format; from the suffix, or a pipe's first line, if not given.")
    ] = None,
    sample: Annotated[
        int, typer.Option(min=MINIMUM, max=LARGEST_SAMPLE, help="Rows drawn at random from each file, at most.")
    ] = SAMPLE,
    seed: Annotated[int, typer.Option(help="What the draw and the tests depend on.")] = 0,
    alpha: Annotated[
        float,
        typer.Option(min=1e-6, max=0.5, help="Chance, at most, of a significant difference where there is none."),
    ] = ALPHA,
    threshold: Annotated[
        list[str] | None,
        typer.Option(metavar="MEASURE=EFFECT", help="The effect from which a measure drifts. Repeatable."),
    ] = None,
    model: ModelBundle = None,
    threads: Threads = None,
    batch_size: BatchSize = 32,
    quiet: Quiet = False,
) -> None:
    """Tell whether statements have changed since a reference.

    \b
    Examples:
      sikap drift last-year.csv this-week.csv --text-column quote
      sikap drift last-year.csv this-week.csv --output drift.html --threshold vectors=0.8

    \b
    Measures, and the effect from which each drifts if it is significant too:
      support condemnation condolence  share of statements, Cohen's h    0.2
      sentiment                        shares of the three, Cramér's V   0.1
      doubt                            share in doubt, Cohen's h         0.2
      length                           in word pieces, KS distance       0.15
      unknown                          share of word pieces, Cohen's h   0.2
      language                         share not Indonesian, Cohen's h   0.2
      blank                            share without text, Cohen's h     0.2
      vectors                          how well a classifier tells the
                                       files apart, area under ROC       0.7

    Exit status: 0 no drift, 1 drift in a measure, 2 an error.
    """  # noqa: D301 - the backspace sign keeps the lines below it as they are
    if reference == current == PIPE:
        raise InputError("standard input can be only one of the two files; name the other.")
    if page is not None and Path(page).suffix.lower() not in (".html", ".htm"):
        raise OutputError(f"{page}: the page is HTML; name a file that ends in .html.")
    limits = _limits(threshold or [])
    with open_target(page) if page is not None else nullcontext() as stream:
        from sikap.address import bundle_folder
        from sikap.bundle import read_bundle
        from sikap_training.drift.comparison import compare
        from sikap_training.drift.reading import Reader
        from sikap_training.drift.sampling import draw

        bundle = read_bundle(bundle_folder(model))
        samples = [draw(source, text_column, input_format, sample, seed) for source in (reference, current)]
        reader = Reader(bundle, threads=threads, batch_size=batch_size)
        with _progress(sum(len(drawn.drawn) for drawn in samples), quiet) as advance:
            readings = [reader.read(drawn, advance) for drawn in samples]
        comparison = compare(*readings, alpha=alpha, thresholds=limits, seed=seed)
        facts = _facts(bundle.manifest)
        if stream is not None:
            from sikap_training.drift.page import write_page

            write_page(stream, comparison, facts)
    if as_json:
        found = {**comparison.to_dict(), "seed": seed, "model": facts}
        typer.echo(json_bytes(found).decode())
    else:
        from sikap_training.drift.terminal import print_table

        print_table(comparison)
    if comparison.drifted:
        raise typer.Exit(1)


def _limits(given: list[str]) -> dict[str, float]:
    limits = {}
    for text in given:
        name, sign, number = text.partition("=")
        try:
            value = float(number)
        except ValueError:
            value = math.nan
        if not sign or name not in THRESHOLDS or not 0 <= value < math.inf:
            raise InputError(
                f"--threshold {text}: must be a measure ({', '.join(THRESHOLDS)}), =, and a number from 0 up."
            )
        limits[name] = value
    return limits


def _facts(manifest: dict[str, Any]) -> dict[str, str]:
    """Return what the manifest says of where the model comes from; a user's own bundle may say little."""
    given = {"model": manifest.get("name"), "run": manifest.get("run_id"), "data": manifest.get("data_digest")}
    return {name: value for name, value in given.items() if isinstance(value, str)}


@contextmanager
def _progress(total: int, quiet: bool) -> Iterator[Callable[[int], None]]:
    if quiet or not sys.stderr.isatty():
        yield lambda rows: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("read", total=total)
        yield lambda rows: progress.advance(task, rows)
