"""The commands that look at the store: `sikap runs` and `sikap promote`."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from sikap.characters import visible
from sikap.errors import InputError
from sikap_training.console import open_console

if TYPE_CHECKING:
    from sikap_training.promotion import Comparison
    from sikap_training.runs import RunRow
    from sikap_training.statements import LabelledStatement

SHORT = 8


class RunsFormat(StrEnum):
    """How runs are printed."""

    table = "table"
    json = "json"


def runs(
    limit: Annotated[int, typer.Option(min=1, help="How many runs to show, newest first.")] = 20,
    form: Annotated[RunsFormat, typer.Option("--format", help="How to print them.")] = RunsFormat.table,
) -> None:
    """Print the runs of the store beside each other, newest first.

    The figures are stance / sentiment macro-F1 in points; JSON has all parts, digests and times in UTC.

    Example:  sikap runs --limit 5
    """
    from sikap_training import tracking
    from sikap_training.runs import list_runs, to_resume

    tracking.connect(create=False)
    with tracking.plain():
        rows = list_runs(limit)
    if form is RunsFormat.json:
        typer.echo(json.dumps([row.to_dict() for row in rows], indent=1, ensure_ascii=False))
        return
    if not rows:
        typer.echo("no runs yet; `sikap train` makes one.")
        return
    open_console().print(_table(rows))
    for row in to_resume(rows):
        output = visible(row.output or "")
        typer.echo(f"run {row.run_id[:SHORT]} was {row.status}: its command with --resume goes on in {output}")


def _table(rows: list[RunRow]) -> Table:
    from sikap_training.runs import TEST

    extras = [part for row in rows for part in row.metrics if part != TEST]
    parts = [TEST, *([max(dict.fromkeys(extras), key=extras.count)] if extras else [])]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("run", "name", "started (UTC)", "status", "data"):
        table.add_column(column, no_wrap=True, max_width=16)
    table.add_column("seeds", justify="right")
    for part in parts:
        table.add_column(part.replace("_", " "), justify="right", min_width=9, max_width=11, overflow="fold")
    table.add_column("behaviour", justify="right", no_wrap=True)
    table.add_column("version", no_wrap=True)
    for row in rows:
        scores = [row.metrics.get(part, {}) for part in parts]
        table.add_row(
            row.run_id[:SHORT],
            visible(row.name),
            row.started[:16].replace("T", " "),
            row.status,
            (row.data_digest or "")[:SHORT],
            "" if row.seeds is None else str(row.seeds),
            *(
                " / ".join(f"{100 * s[k]:.1f}" for k in ("stance_macro_f1", "sentiment_macro_f1") if k in s)
                for s in scores
            ),
            "{passed}/{cases}".format(**row.behaviour) if row.behaviour else "",
            "" if row.version is None else f"{row.version}{' champion' if row.champion else ''}",
        )
    return table


def promote(
    version: Annotated[int, typer.Argument(min=1, help="The number of a version of `sikap`; see `sikap runs`.")],
    on: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Labelled statements to compare on, which neither version was trained on; may be repeated."
            " The test part of the project's own statements if not given.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Promote the version though it is worse; its tags say so, with the date.")
    ] = False,
) -> None:
    """Make a version the champion, if it is not worse than the one that is.

    Both are scored anew on the same statements and on the behaviour suite. The version is refused when
    the 95 % interval of the difference (paired bootstrap) of a figure lies wholly below 0, or when it
    loses half a point or more of the mean macro-F1 or of the share of the suite's cases that pass.
    The first champion must be surely better than the list of keywords.

    Exit status: 0 it is the champion; 1 it was refused; 2 it could not be compared.

    Example:  sikap promote 3
    """
    from sikap_training import registry, tracking
    from sikap_training.promotion import compare
    from sikap_training.promotion import promote as decide

    statements = _statements(on)
    tracking.connect(create=False)
    with tracking.plain():
        candidate, champion = registry.find_version(version), registry.champion()
        if champion is not None and int(champion.version) == version:
            typer.echo(f"version {version} is the champion already.")
            return
        comparison = compare(candidate, champion, statements)
        open_console().print(_compared(comparison))
        promoted = decide(comparison, statements, force=force)
    failed = "; ".join(criterion.reason() for criterion in comparison.failed)
    if not promoted:
        typer.echo(f"sikap: version {version} was not promoted: {failed}; --force promotes it all the same.", err=True)
        raise typer.Exit(1)
    typer.echo(f"version {version} is the champion{f', forced: {failed}' if failed else ''}: models:/sikap@champion")


def _statements(files: list[Path] | None) -> list[LabelledStatement]:
    from sikap_training.split import part_of
    from sikap_training.statements import load_statements, own_or

    if files:
        return load_statements(files)
    try:
        own = own_or(None)
    except InputError as error:
        raise InputError(
            "the project's statements are part of the repository, not of the installed package; name labelled"
            " statements with --on."
        ) from error
    return [statement for statement in load_statements(own) if part_of(statement.group) == "test"]


def _compared(comparison: Comparison) -> Table:
    from sikap_training.baselines import KeywordBaseline

    beside = f"champion: {comparison.champion.version}" if comparison.champion else KeywordBaseline.name
    table = Table(
        title=f"version {comparison.candidate.version}, {comparison.statements} statements", title_justify="left"
    )
    table.add_column("")
    for column in (beside, f"version {comparison.candidate.version}", "difference (95 % interval)"):
        table.add_column(column, justify="right")
    table.add_column("")
    for criterion in comparison.criteria:
        d = criterion.difference
        table.add_row(
            criterion.name,
            f"{100 * d.first:.1f}",
            f"{100 * d.second:.1f}",
            f"{100 * d.value:+.1f} ({100 * d.low:+.1f} to {100 * d.high:+.1f})",
            "passes" if criterion.met else "fails",
        )
    return table
