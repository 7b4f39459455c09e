"""Show a comparison as a table."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sikap.characters import visible
from sikap_training.drift.comparison import TITLES, Comparison
from sikap_training.drift.wording import effect_text, extent, p_text, values_text, verdict

PIPE_WIDTH = 160


def print_table(comparison: Comparison) -> None:
    """Print every measure of both files, and the outcome below it."""
    console = Console()
    console = console if console.is_terminal else Console(width=PIPE_WIDTH)
    for place, read in (("reference", comparison.reference), ("current", comparison.current)):
        console.print(Text(f"{place}: {visible(read.name)} ({extent(read)})"))
    table = Table()
    for column in ("measure", "reference", "current", "effect", "threshold", "p (Holm)", ""):
        table.add_column(column, justify="right" if column in ("threshold", "p (Holm)") else "left")
    for measure in comparison.measures:
        table.add_row(
            TITLES[measure.name],
            values_text(measure.reference, measure.name).replace(", ", "\n"),
            values_text(measure.current, measure.name).replace(", ", "\n"),
            effect_text(measure),
            f"{measure.threshold:g}",
            p_text(measure.adjusted),
            Text("drift", style="bold dark_orange") if measure.drift else "",
        )
    console.print(table)
    console.print(Text(f"{verdict(comparison)}."))
