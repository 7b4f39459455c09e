"""Write scored rows in any of the output formats."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Literal, Protocol, get_args

from sikap.errors import InputError, OutputError
from sikap.prediction import Prediction
from sikap.reading.delimited import Formulas, guarded, kept
from sikap.writing.columns import FLAT, NESTED, added_names, flat_values, nested_values
from sikap.writing.target import open_target
from sikap.writing.values import json_bytes, sound

OutputFormat = Literal["table", "json", "jsonl", "csv", "tsv", "parquet"]
Row = dict[str, Any]


class Writer(Protocol):
    """Take scored rows one by one."""

    def write(self, number: int, row: Row, prediction: Prediction) -> None:
        """Write one input row, counted from 1, and what was predicted for it."""

    def close(self) -> None:
        """Finish the output."""


def format_of(target: str | None, form: str | None) -> OutputFormat:
    """Return the output format: the one asked for, else that of the suffix, else a table.

    Raises OutputError for a suffix that names no format.
    """
    if form is not None:
        return form  # type: ignore[return-value]
    if target is None:
        return "table"
    if target == "-":
        return "jsonl"
    suffix = Path(target).suffix.lower().removeprefix(".")
    if suffix == "txt":
        return "table"
    if suffix not in get_args(OutputFormat) or suffix == "table":
        raise OutputError(
            f"{target}: cannot tell the format from its name; use .json, .jsonl, .csv, .tsv, .parquet or --format."
        )
    return suffix  # type: ignore[return-value]


@contextmanager
def open_output(
    target: str,
    form: OutputFormat,
    text_column: str,
    columns: list[str],
    schema: Any = None,
    formulas: Formulas = "guard",
) -> Iterator[Writer]:
    """Open an output; what is written appears at `target` when the block ends without an error.

    `columns` are the input's, for the header of an output without rows; `schema` is the Arrow
    schema of a Parquet input, whose types a Parquet output keeps; `formulas` says how CSV and TSV
    hold cells that a spreadsheet takes for a formula.
    """
    if form == "parquet":
        from sikap.reading.parquet import require_pyarrow

        require_pyarrow(target)
    with open_target(target) as stream:
        if form == "parquet":
            from sikap.writing.parquet import open_writer

            with open_writer(stream, columns, schema) as parquet_writer:
                yield parquet_writer
            return
        writer = _writer(stream, form, text_column, columns, formulas)
        yield writer
        writer.close()


def _writer(stream: BinaryIO, form: OutputFormat, text_column: str, columns: list[str], formulas: Formulas) -> Writer:
    if form == "table":
        from sikap.writing.table import TableWriter

        return TableWriter(stream, text_column)
    return text_writer(stream, form, columns, formulas)


def text_writer(
    stream: BinaryIO, form: OutputFormat, columns: list[str], formulas: Formulas = "guard"
) -> JsonWriter | DelimitedWriter:
    """Return a writer of JSON, JSON Lines, CSV or TSV."""
    if form in ("csv", "tsv"):
        return DelimitedWriter(stream, "," if form == "csv" else "\t", columns, formulas)
    return JsonWriter(stream, lines=form == "jsonl")


class JsonWriter:
    """Write rows as JSON Lines, or as one JSON array."""

    def __init__(self, stream: BinaryIO, *, lines: bool) -> None:
        """Write to a binary stream."""
        self._stream, self._lines, self._count = stream, lines, 0

    def write(self, number: int, row: Row, prediction: Prediction) -> None:
        """Write one object."""
        names = added_names(NESTED, row)
        values = nested_values(prediction)
        text = json_bytes({**row, **{names[name]: values[name] for name in NESTED}})
        before = b"" if self._lines else b"[\n " if self._count == 0 else b",\n "
        self._stream.write(before + text + (b"\n" if self._lines else b""))
        self._count += 1

    def state(self) -> dict[str, Any]:
        """Return what another writer needs to go on."""
        return {"count": self._count}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where `state` was returned."""
        self._count = state["count"]

    def close(self) -> None:
        """Close the array."""
        if not self._lines:
            self._stream.write(b"\n]\n" if self._count else b"[]\n")


class DelimitedWriter:
    """Write rows as CSV or TSV with a header, formula signs guarded by an apostrophe unless told otherwise."""

    def __init__(self, stream: BinaryIO, delimiter: str, columns: list[str], formulas: Formulas = "guard") -> None:
        """Write UTF-8 to a binary stream.

        `columns` make the header when there are no rows; `formulas` "keep" leaves cells as they are.
        """
        self._clean = kept if formulas == "keep" else guarded
        self._rows = csv.writer(_Utf8(stream), delimiter=delimiter)
        self._columns, self._first = columns, 0

    def write(self, number: int, row: Row, prediction: Prediction) -> None:
        """Write one row; a JSONL input must have the same keys on every line, in any order."""
        if not self._first:
            self._columns, self._first = list(row), number
            self._write_header()
        if odd := sorted(set(row) ^ set(self._columns)):
            raise InputError(
                f"row {number} differs from row {self._first} in its columns ({odd[0]!r}) and a CSV holds one set;"
                " write JSON Lines with --format jsonl."
            )
        values = flat_values(prediction)
        cells = (self._clean(cell(row[column])) for column in self._columns)
        self._rows.writerow([*cells, *(values[name] for name in FLAT)])

    def state(self) -> dict[str, Any]:
        """Return what another writer needs to go on."""
        return {"first": self._first, "columns": self._columns}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where `state` was returned."""
        self._first, self._columns = state["first"], state["columns"]

    def close(self) -> None:
        """Write the header if there were no rows."""
        if not self._first:
            self._write_header()

    def _write_header(self) -> None:
        added = added_names(FLAT, self._columns).values()
        self._rows.writerow([self._clean(name) for name in (*self._columns, *added)])


class _Utf8:
    """Take lines that end in CRLF, for which a writer quotes both signs, and write them to a stream with LF."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        self._stream.write(sound(text.removesuffix("\r\n")).encode("utf-8") + b"\n")


def cell(value: object) -> str:
    """Return a value as one cell of text; lists and objects as JSON."""
    if value is None:
        return ""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
