"""Run `sikap analyze`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from sikap.characters import visible
from sikap.cli.options import BatchSize, ModelBundle, Quiet, Target, Threads
from sikap.reading.article import Source, find_articles
from sikap.report.formats import ReportFormat, report_format


def analyze(
    names: Annotated[
        list[str],
        typer.Argument(metavar="ARTICLE...", help="UTF-8 text files, folders of .txt files, or - for a pipe."),
    ],
    target: Target = None,
    form: Annotated[
        ReportFormat | None, typer.Option("--format", help="Output format; from the output's suffix if not given.")
    ] = None,
    model: ModelBundle = None,
    threads: Threads = None,
    batch_size: BatchSize = 32,
    quiet: Quiet = False,
) -> None:
    """Find who said what in articles: every statement, its speaker, stance and sentiment.

    \b
    Examples:
      sikap analyze article.txt
      sikap analyze article.txt --output report.html
      sikap analyze articles/ --output report.html
      cat article.txt | sikap analyze - --format jsonl

    \b
    Formats:
      table  for the terminal
      html   one page to look at: the articles with every statement marked
      json   a list, one object an article: {"article": NAME, "statements": [...]}
      jsonl  one statement a line, with the article's name in "article"
    """  # noqa: D301 - the backspace sign keeps the lines below it as they are
    sources = find_articles(names)
    output_format = report_format(target, form)
    from sikap import load
    from sikap.analysis import AnalyzedArticle, statements_of
    from sikap.language import READ_FOR_LANGUAGE, is_indonesian
    from sikap.report.output import open_report

    loaded = load(model, threads=threads, batch_size=batch_size)
    blank: list[str] = []
    foreign: list[str] = []
    with open_report(target or "-", output_format, loaded.bundle) as writer, _progress(sources, quiet) as waiting:
        for source in waiting:
            article = source.read()
            writer.write(AnalyzedArticle(article.name, article.text, statements_of(article.text, loaded)))
            if article.blank:
                blank.append(article.name)
            elif not is_indonesian(article.text[:READ_FOR_LANGUAGE]):
                foreign.append(article.name)
    if not quiet:
        _warn(blank, "no text: kept, without statements.")
        _warn(foreign, "text that does not read like Indonesian: analysed all the same, do not rely on it.")


def _warn(names: list[str], what: str) -> None:
    if names:
        more = f" and {len(names) - 1} more hold" if len(names) > 1 else " holds"
        typer.echo(f"sikap: {visible(names[0])}{more} {what}", err=True)


@contextmanager
def _progress(sources: list[Source], quiet: bool) -> Iterator[Iterable[Source]]:
    if quiet or not sys.stderr.isatty() or len(sources) == 1:
        yield sources
        return
    from rich.console import Console
    from rich.progress import track

    yield track(sources, description="articles", console=Console(stderr=True), transient=True)
