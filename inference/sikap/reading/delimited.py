"""Read CSV and TSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from typing import Any, Literal

from sikap.errors import InputError

DELIMITERS = ",;\t"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A spreadsheet takes a cell that begins so for a formula (OWASP, CSV Injection); the last four are full width."""
_NUMBER = re.compile(r"[+-][0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
Formulas = Literal["guard", "keep"]
LONGEST_CELL = 2**31 - 1
csv.field_size_limit(LONGEST_CELL)


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe before = + - @ and control signs.

    A number stays a number. A cell with an apostrophe of its own there gets a second one, so that
    `unguarded` gives every cell back as it was.
    """
    if not cell.lstrip("'").startswith(FORMULA_STARTS) or _NUMBER.fullmatch(cell):
        return cell
    return "'" + cell


def unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that `guarded` puts before a formula sign."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA_STARTS) else cell


def kept(cell: str) -> str:
    """Return a cell as it is."""
    return cell


def header_fields(line: str) -> list[str]:
    """Return the fields of a header line, cut at the delimiter that it uses; none if it is no header."""
    try:
        return [unguarded(name) for name in next(csv.reader([line], delimiter=_delimiter(line)), [])]
    except csv.Error:
        return []


def _delimiter(header: str) -> str:
    return max(DELIMITERS, key=lambda sign: (header.count(sign), -DELIMITERS.index(sign)))


def rows(
    lines: Iterator[str], name: str, delimiter: str | None = None, formulas: Formulas = "guard"
) -> tuple[list[str], Iterator[dict[str, Any]]]:
    """Return the columns and the rows of a delimited table with a header.

    `formulas` "guard" takes the apostrophe off that `guarded` puts on, "keep" leaves cells as
    they are. Without `delimiter`, it is the one of comma, semicolon and tab that the header has most of.
    Blank lines are passed over unless there is only one column. Raises InputError, naming the
    row, for a header with a name twice, for a row whose number of fields is not the header's and
    for a quotation mark that is never closed.
    """
    header = next(lines, None)
    if header is None or not header.strip():
        raise InputError(f"{name}: the first line must name the columns and is empty.")
    sign = delimiter or _delimiter(header)

    def all_lines() -> Iterator[str]:
        yield header
        yield from lines

    records = csv.reader(all_lines(), delimiter=sign, strict=True)
    clean = kept if formulas == "keep" else unguarded
    columns = [clean(column) for column in _next_record(records, name, 0) or []]
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if twice:
        raise InputError(f"{name}: the header names column {twice[0]!r} twice; give every column its own name.")
    return columns, _rows(records, columns, name, clean)


def _next_record(records: Any, name: str, row: int) -> list[str] | None:
    try:
        return next(records, None)
    except csv.Error as error:
        where = f"row {row}, line {records.line_num}" if row else "header"
        raise InputError(f"{name}, {where}: not valid CSV ({error}); check its quotation marks.") from None


def _rows(records: Any, columns: list[str], name: str, clean: Callable[[str], str]) -> Iterator[dict[str, Any]]:
    number = 1
    while (record := _next_record(records, name, number)) is not None:
        if not record:  # a blank line: a row of one blank cell, or nothing at all in a wider table
            if len(columns) > 1:
                continue
            record = [""]
        if len(record) != len(columns):
            raise InputError(
                f"{name}, row {number}, line {records.line_num}: has {len(record)} fields and the header has"
                f" {len(columns)}; put fields that hold the delimiter in quotation marks."
            )
        yield dict(zip(columns, map(clean, record), strict=True))
        number += 1
