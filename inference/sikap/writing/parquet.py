"""Write scored rows as Parquet."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import pyarrow
import pyarrow.parquet

from sikap.errors import InputError
from sikap.prediction import Prediction
from sikap.writing.arrow import ADDED_TYPES
from sikap.writing.columns import NESTED, added_names, nested_values
from sikap.writing.values import sound

GROUP_ROWS = 8192


@contextmanager
def open_writer(stream: BinaryIO, schema: pyarrow.Schema | None = None) -> Iterator[ParquetWriter]:
    """Open a writer that finishes the file when the block ends without an error, and else leaves it unfinished."""
    sink = _Sink(stream)
    try:
        writer = ParquetWriter(sink, schema)
        yield writer
        writer.close()
    finally:
        sink.let_go()


class _Sink(io.RawIOBase):
    """A stream that takes bytes for another until let go: pyarrow writes a footer even after an error."""

    def __init__(self, stream: BinaryIO) -> None:
        self._target: BinaryIO | None = stream

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if self._target is not None:
            self._target.write(data)
        return memoryview(data).nbytes

    def let_go(self) -> None:
        self._target = None


class ParquetWriter:
    """Write rows in groups; columns and their types are the input's own, or else those of the first group."""

    def __init__(self, stream: io.RawIOBase, schema: pyarrow.Schema | None = None) -> None:
        """Write to a binary stream; `schema` is that of the input, if it is Parquet too."""
        self._stream, self._input_schema = stream, schema
        self._waiting: list[tuple[dict[str, Any], dict[str, Any]]] = []
        self._count = 0
        self._names: dict[str, str] = {}
        self._schema: pyarrow.Schema | None = None
        self._file: pyarrow.parquet.ParquetWriter | None = None

    def write(self, row: dict[str, Any], prediction: Prediction) -> None:
        """Take one row."""
        self._count += 1
        self._waiting.append((sound(row), nested_values(prediction)))
        if len(self._waiting) >= GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        """Write what waits and the footer."""
        self._flush()
        if self._file is not None:
            self._file.close()

    def _flush(self) -> None:
        if not self._waiting and self._file is not None:
            return
        start = self._count - len(self._waiting) + 1
        try:
            if self._schema is None:
                self._schema = self._first_schema()
            table = pyarrow.Table.from_pylist(self._merged(start, self._schema), schema=self._schema)
        except (pyarrow.ArrowException, TypeError, OverflowError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise InputError(
                f"rows {start} to {self._count}: a column changes its type ({reason}) and Parquet holds one;"
                " write JSON Lines with --format jsonl."
            ) from None
        if self._file is None:
            self._file = pyarrow.parquet.ParquetWriter(self._stream, self._schema, compression="zstd")
        self._file.write_table(table)
        self._waiting = []

    def _merged(self, start: int, schema: pyarrow.Schema) -> list[dict[str, Any]]:
        allowed = set(schema.names) - set(self._names.values())
        for number, (row, _) in enumerate(self._waiting, start):
            if odd := sorted(set(row) - allowed):
                raise InputError(
                    f"row {number}: has a column {odd[0]!r} that the first {GROUP_ROWS} rows lack, and Parquet holds"
                    " one set of columns; write JSON Lines with --format jsonl."
                )
        return [{**row, **{self._names[name]: values[name] for name in NESTED}} for row, values in self._waiting]

    def _first_schema(self) -> pyarrow.Schema:
        rows = [row for row, _ in self._waiting]
        columns = dict.fromkeys(name for row in rows for name in row)
        self._names = added_names(NESTED, columns)
        given = self._input_schema
        types = {name: given.field(name).type for name in columns if given is not None}
        fields = []
        for name in columns:
            kind = types.get(name) or pyarrow.infer_type([row.get(name) for row in rows])
            fields.append((name, pyarrow.string() if pyarrow.types.is_null(kind) else kind))
        return pyarrow.schema([*fields, *((self._names[name], kind) for name, kind in ADDED_TYPES.items())])
