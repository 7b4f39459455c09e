"""Run `sikap agreement`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from sikap.characters import visible
from sikap.errors import InputError
from sikap.labels import SENTIMENTS
from sikap_training.console import open_console

if TYPE_CHECKING:
    from sikap_training.agreement import Disagreement, LabelAgreement, PairAgreement


def agreement(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Statements with labels by several annotators.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Show how far annotators agree, by Cohen's kappa for each label, and where they do not.

    \b
    Examples:
      sikap agreement quotes.review.jsonl
      sikap agreement ani.review.jsonl budi.review.jsonl --json
    """  # noqa: D301 - the backspace sign keeps the lines below it as they are
    from sikap_training.agreement import agreements, disagreements, read_annotations

    candidates = read_annotations(files)
    pairs, differing = agreements(candidates), disagreements(candidates)
    if not pairs:
        raise InputError(
            f"{', '.join(files)}: no statement was labelled by two annotators; let a second person review the file."
        )
    if as_json:
        report = {
            "pairs": [pair.to_dict() for pair in pairs],
            "disagreements": [item.to_dict() for item in differing],
        }
        typer.echo(json.dumps(report, ensure_ascii=False, indent=1))
        return
    console = open_console()
    for pair in pairs:
        console.print(_pair(pair))
    console.print(
        f"{len(differing)} statements with a disagreement, {sum(d.settled is None for d in differing)} unsettled"
    )
    for item in differing:
        console.print(_disagreement(item))


def _pair(pair: PairAgreement) -> Table:
    first, second = escape(visible(pair.first)), escape(visible(pair.second))
    table = Table(title=f"{first} and {second}: {pair.statements} statements", title_justify="left")
    table.add_column("label")
    for column in ("kappa", "the same", "both yes", f"{first} alone", f"{second} alone", "both no"):
        table.add_column(column, justify="right")
    for item in pair.labels:
        kappa = "-" if item.kappa is None else f"{item.kappa:.3f}"
        split: list[str] = []
        if len(item.counts) == 2:
            (neither, theirs), (ours, both) = item.counts
            split = [str(number) for number in (both, ours, theirs, neither)]
        else:
            table.caption = _differences(item)
        table.add_row(item.label, kappa, f"{item.same} of {pair.statements}", *split)
    return table


def _differences(item: LabelAgreement) -> str:
    """Say how often which sentiments stand against each other, the first annotator's first."""
    counts = {
        (SENTIMENTS[i], SENTIMENTS[j]): number
        for i, row in enumerate(item.counts)
        for j, number in enumerate(row)
        if i != j and number
    }
    return ", ".join(f"{ours} against {theirs} {number}" for (ours, theirs), number in counts.items())


def _disagreement(item: Disagreement) -> str:
    said = "; ".join(f"{visible(annotator)}: {labels}" for annotator, labels in item.given.items())
    settled = f"; settled: {item.settled}" if item.settled is not None else ""
    name = f"{visible(str(item.candidate.kept['id']))}: " if "id" in item.candidate.kept else ""
    return escape(f"{name}{visible(item.candidate.text)}\n  {said}{settled}")
