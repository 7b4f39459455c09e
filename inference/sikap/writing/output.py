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
from sikap.writing.values import finite, sound

OutputFormat = Literal["table", "json", "jsonl", "csv", "tsv", "parquet"]
Row = dict[str, Any]


class Writer(Protocol):
    """Take scored rows one by one."""

    def write(self, row: Row, prediction: Prediction) -> None:
        """Write one input row and what was predicted for it."""

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
    target: str, form: OutputFormat, text_column: str, schema: Any = None, formulas: Formulas = "guard"
) -> Iterator[Writer]:
    """Open an output; what is written appears at `target` when the block ends without an error.

    `schema` is the Arrow schema of a Parquet input, whose types a Parquet output keeps;
    `formulas` says how CSV and TSV hold cells that a spreadsheet takes for a formula.
    """
    if form == "parquet":
        from sikap.reading.parquet import require_pyarrow

        require_pyarrow(target)
    with open_target(target) as stream:
        if form == "parquet":
            from sikap.writing.parquet import open_writer

            with open_writer(stream, schema) as parquet_writer:
                yield parquet_writer
            return
        writer = _writer(stream, form, text_column, formulas)
        yield writer
        writer.close()


def _writer(stream: BinaryIO, form: OutputFormat, text_column: str, formulas: Formulas) -> Writer:
    if form == "table":
        from sikap.writing.table import TableWriter

        return TableWriter(stream, text_column)
    return text_writer(stream, form, formulas)


def text_writer(stream: BinaryIO, form: OutputFormat, formulas: Formulas = "guard") -> JsonWriter | DelimitedWriter:
    """Return a writer of JSON, JSON Lines, CSV or TSV."""
    if form in ("csv", "tsv"):
        return DelimitedWriter(stream, "," if form == "csv" else "\t", formulas)
    return JsonWriter(stream, lines=form == "jsonl")


class JsonWriter:
    """Write rows as JSON Lines, or as one JSON array."""

    def __init__(self, stream: BinaryIO, *, lines: bool) -> None:
        """Write to a binary stream."""
        self._stream, self._lines, self._count = stream, lines, 0

    def write(self, row: Row, prediction: Prediction) -> None:
        """Write one object."""
        names = added_names(NESTED, row)
        values = nested_values(prediction)
        text = _json({**row, **{names[name]: values[name] for name in NESTED}})
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


def _json(value: Row) -> bytes:
    """Return valid JSON whatever the input held: NaN as null, half a surrogate pair as its escape."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=str)
    except ValueError:
        text = json.dumps(finite(value), ensure_ascii=False, default=str)
    return text.encode("utf-8", "backslashreplace")


class DelimitedWriter:
    """Write rows as CSV or TSV with a header, formula signs guarded by an apostrophe unless told otherwise."""

    def __init__(self, stream: BinaryIO, delimiter: str, formulas: Formulas = "guard") -> None:
        """Write UTF-8 to a binary stream; `formulas` "keep" leaves cells as they are."""
        self._clean = kept if formulas == "keep" else guarded
        self._rows = csv.writer(_Utf8(stream), delimiter=delimiter)
        self._columns: list[str] = []
        self._count = 0

    def write(self, row: Row, prediction: Prediction) -> None:
        """Write one row; a JSONL input must have the same keys on every line, in any order."""
        self._count += 1
        if self._count == 1:
            self._columns = list(row)
            self._rows.writerow([self._clean(name) for name in (*row, *added_names(FLAT, row).values())])
        if odd := sorted(set(row) ^ set(self._columns)):
            raise InputError(
                f"row {self._count} differs from row 1 in its columns ({odd[0]!r}) and a CSV holds one set;"
                " write JSON Lines with --format jsonl."
            )
        values = flat_values(prediction)
        cells = (self._clean(cell(row[column])) for column in self._columns)
        self._rows.writerow([*cells, *(values[name] for name in FLAT)])

    def state(self) -> dict[str, Any]:
        """Return what another writer needs to go on."""
        return {"count": self._count, "columns": self._columns}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where `state` was returned."""
        self._count, self._columns = state["count"], state["columns"]

    def close(self) -> None:
        """Finish; there is nothing left to write."""


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
