"""Name the formats that analysed articles are written in."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from sikap.errors import OutputError

ReportFormat = Literal["table", "json", "jsonl", "html"]
_BY_SUFFIX: dict[str, ReportFormat] = {
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".jsonl": "jsonl",
    ".txt": "table",
}


def report_format(target: str | None, form: ReportFormat | None) -> ReportFormat:
    """Return the output format: the one asked for, else that of the suffix, else a table.

    Raises OutputError for a suffix that names no format.
    """
    if form is not None:
        return form
    if target is None:
        return "table"
    if target == "-":
        return "jsonl"
    if (suffix := Path(target).suffix.lower()) not in _BY_SUFFIX:
        raise OutputError(f"{target}: cannot tell the format from its name; use .html, .json, .jsonl or --format.")
    return _BY_SUFFIX[suffix]
