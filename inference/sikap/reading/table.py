"""Open any supported input as a table of rows."""

from __future__ import annotations

import io
import itertools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, get_args

from sikap.characters import visible
from sikap.errors import InputError
from sikap.reading import delimited, jsonl, parquet
from sikap.reading.delimited import Formulas
from sikap.reading.lines import decoded_lines, without_line_end

InputFormat = Literal["csv", "tsv", "jsonl", "txt", "parquet"]
Row = dict[str, Any]
LINE_COLUMN = "text"
LONGEST_LISTED = 1000
"""Characters of the columns that an error lists."""
"""The column of a file of plain lines."""


@dataclass(frozen=True)
class Table:
    """Hold a named stream of rows, every row with the same columns unless the input is JSONL."""

    name: str
    columns: list[str] | None
    rows: Iterator[Row]
    size: int | None
    position: Callable[[], int]
    """Bytes (rows for Parquet) of `size` read so far, for a progress bar."""
    schema: Any = None
    """The Arrow schema of a Parquet input."""

    def texts(self, column: str, advice: str = "name one with --text-column") -> Iterator[tuple[Row, str]]:
        """Yield (row, text), the text empty where the cell is null.

        Raises InputError that lists the columns when there is none of that name, and names the
        row when a cell holds something else than text; `advice` ends the sentence.
        """
        if self.columns is not None:
            self._require(column, self.columns, "", advice)
        for number, row in enumerate(self.rows, 1):
            if column not in row:
                self._require(column, list(row), f", row {number}", advice)
            value = row[column]
            if value is None:
                value = ""
            if not isinstance(value, str):
                raise InputError(
                    f"{self.name}, row {number}, column {column}: holds {type(value).__name__}, not text;"
                    f" put quotation marks around it, or {advice}."
                )
            yield row, value

    def _require(self, column: str, columns: list[str], where: str, advice: str) -> None:
        if column not in columns:
            listed = visible(", ".join(columns))[:LONGEST_LISTED] if columns else "none"
            raise InputError(f"{self.name}{where}: no column {column!r}; its columns are {listed}; {advice}.")


@contextmanager
def open_table(
    source: str, text_column: str | None = None, form: InputFormat | None = None, formulas: Formulas = "guard"
) -> Iterator[Table]:
    """Open a file, or standard input for "-", as a table.

    The format is that of the suffix (.csv .tsv .jsonl .txt .parquet), for a pipe that of its
    first line: JSON Lines for "{", a table when `text_column` stands in its header, else plain
    lines. `formulas` says how cells of CSV and TSV are read, see `delimited.rows`. Raises InputError
    for whatever cannot be read.
    """
    if source == "-":
        if sys.stdin is None:
            raise InputError("standard input is closed; pipe statements into it or pass --input FILE.")
        yield _piped(sys.stdin.buffer, text_column, form, formulas)
        return
    path = Path(source)
    form = form or _format_of(path)
    with _opened(path) as stream:
        regular = path.is_file()  # a named pipe has no size
        size = path.stat().st_size if regular else None
        if size == 0:
            raise InputError(f"{path}: the file is empty; it must hold at least one statement.")
        yield _table(stream, str(path), form, size, formulas)


def _format_of(path: Path) -> InputFormat:
    suffix = path.suffix.lower().removeprefix(".")
    suffix = "jsonl" if suffix == "ndjson" else suffix
    if os.path.isdir(path):
        raise InputError(f"{path}: is a folder; pass a file of statements.")
    if suffix not in get_args(InputFormat):
        raise InputError(
            f"{path}: cannot tell the format from its name; use .csv, .tsv, .jsonl, .txt, .parquet or --input-format."
        )
    return suffix  # type: ignore[return-value]


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; check the path.") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder; pass a file of statements.") from None
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path}: cannot be opened ({getattr(error, 'strerror', None) or error}); check the path."
        ) from None
    with stream:
        yield stream


def _table(stream: BinaryIO, name: str, form: InputFormat, size: int | None, formulas: Formulas) -> Table:
    if form == "parquet":
        return Table(name, *parquet.read(stream, name))
    position = stream.tell if stream.seekable() else lambda: 0
    return _text_table(decoded_lines(stream, name), name, form, size, position, formulas)


def _text_table(
    lines: Iterator[str],
    name: str,
    form: InputFormat,
    size: int | None,
    position: Callable[[], int],
    formulas: Formulas,
) -> Table:
    if form == "jsonl":
        return Table(name, None, jsonl.rows(lines, name), size, position)
    if form == "txt":
        rows: Iterator[Row] = ({LINE_COLUMN: without_line_end(line)} for line in lines)
        return Table(name, [LINE_COLUMN], rows, size, position)
    columns, rows = delimited.rows(lines, name, "\t" if form == "tsv" else None, formulas)
    return Table(name, columns, rows, size, position)


def _piped(stream: BinaryIO, text_column: str | None, form: InputFormat | None, formulas: Formulas) -> Table:
    name = "standard input"
    if form == "parquet":
        return _table(io.BytesIO(stream.read()), name, form, None, formulas)
    lines = decoded_lines(stream, name)
    first = next(lines, None)
    if first is None:
        raise InputError(f"{name}: is empty; it must hold at least one statement.")
    if form is None:
        fields = delimited.header_fields(first)
        form = "jsonl" if first.lstrip().startswith("{") else "csv" if (text_column or LINE_COLUMN) in fields else "txt"
    return _text_table(itertools.chain([first], lines), name, form, None, lambda: 0, formulas)
