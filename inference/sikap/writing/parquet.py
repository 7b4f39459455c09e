"""Write scored rows as Parquet."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import pyarrow
import pyarrow.ipc
import pyarrow.parquet

from sikap.errors import InputError
from sikap.prediction import Prediction
from sikap.writing.arrow import ADDED_TYPES
from sikap.writing.columns import NESTED, added_names, nested_values
from sikap.writing.values import sound, weight

GROUP_ROWS = 8192
GROUP_WEIGHT = 2**24
"""Characters that wait at most; a group of long rows holds fewer than GROUP_ROWS."""
GROUP_BYTES = 2**26


@contextmanager
def open_writer(stream: BinaryIO, columns: list[str], schema: pyarrow.Schema | None = None) -> Iterator[ParquetWriter]:
    """Open a writer that finishes the file when the block ends without an error, and else leaves it unfinished."""
    sink = _Sink(stream)
    try:
        groups = _Groups(sink)
        writer = ParquetWriter(groups.write, columns, schema)
        yield writer
        writer.close()
        groups.close()
    finally:
        sink.let_go()


def open_part_writer(stream: BinaryIO, columns: list[str], schema: pyarrow.Schema | None = None) -> ParquetWriter:
    """Return a writer of Arrow streams, one after another, which `assemble` makes a Parquet file of."""

    def write(table: pyarrow.Table) -> None:
        sink = pyarrow.BufferOutputStream()
        with pyarrow.ipc.new_stream(sink, table.schema, options=pyarrow.ipc.IpcWriteOptions(compression="zstd")) as out:
            out.write_table(table)
        stream.write(sink.getvalue())

    return ParquetWriter(write, columns, schema)


def assemble(parts: BinaryIO, stream: BinaryIO) -> None:
    """Write the Arrow streams in `parts` as one Parquet file; how the rows are grouped depends on the parts alone."""
    sink = _Sink(stream)
    groups = _Groups(sink)
    waiting: list[pyarrow.Table] = []
    rows = size = 0
    end = parts.seek(0, io.SEEK_END)
    parts.seek(0)
    try:
        while parts.tell() < end:
            table = pyarrow.ipc.open_stream(pyarrow.PythonFile(_Unclosed(parts), "r")).read_all()
            if waiting and (rows + len(table) > GROUP_ROWS or size + table.nbytes > GROUP_BYTES):
                groups.write(pyarrow.concat_tables(waiting).combine_chunks())
                waiting, rows, size = [], 0, 0
            waiting.append(table)
            rows, size = rows + len(table), size + table.nbytes
        groups.write(pyarrow.concat_tables(waiting).combine_chunks())
        groups.close()
    finally:
        sink.let_go()


class _Unclosed(io.RawIOBase):
    """Another stream to read from, left open."""

    def __init__(self, stream: BinaryIO) -> None:
        self._source = stream

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._source.read(size)


class _Groups:
    """Write tables as the row groups of one Parquet file."""

    def __init__(self, stream: io.RawIOBase) -> None:
        self._stream = stream
        self._file: pyarrow.parquet.ParquetWriter | None = None

    def write(self, table: pyarrow.Table) -> None:
        if self._file is None:
            self._file = pyarrow.parquet.ParquetWriter(self._stream, table.schema, compression="zstd")
        self._file.write_table(table)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


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

    def __init__(
        self, put: Callable[[pyarrow.Table], None], columns: list[str], schema: pyarrow.Schema | None = None
    ) -> None:
        """Hand each group to `put`; `schema` is that of the input, if it is Parquet too.

        `columns` are those of an output without rows.
        """
        self._put, self._columns, self._input_schema = put, columns, schema
        self._waiting: list[tuple[int, dict[str, Any], dict[str, Any]]] = []
        self._weight = 0
        self._names: dict[str, str] = {}
        self._schema: pyarrow.Schema | None = None

    def write(self, number: int, row: dict[str, Any], prediction: Prediction) -> None:
        """Take one row."""
        self._waiting.append((number, sound(row), nested_values(prediction)))
        self._weight += weight(row)
        if len(self._waiting) >= GROUP_ROWS or self._weight >= GROUP_WEIGHT:
            self._flush()

    def close(self) -> None:
        """Write what waits."""
        if self._waiting or self._schema is None:
            self._flush()

    def state(self) -> dict[str, Any] | None:
        """Write what waits and return what another writer needs to go on; None before the first group is full."""
        if self._schema is None:
            return None
        self.close()
        schema = base64.b64encode(self._schema.serialize()).decode()
        return {"names": self._names, "schema": schema}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where `state` was returned."""
        self._names = state["names"]
        self._schema = pyarrow.ipc.read_schema(pyarrow.py_buffer(base64.b64decode(state["schema"])))

    def _flush(self) -> None:
        try:
            if self._schema is None:
                self._schema = self._first_schema()
            table = pyarrow.Table.from_pylist(self._merged(self._schema), schema=self._schema)
        except (pyarrow.ArrowException, TypeError, OverflowError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            first, last = self._waiting[0][0], self._waiting[-1][0]
            raise InputError(
                f"rows {first} to {last}: a column changes its type ({reason}) and Parquet holds one;"
                " write JSON Lines with --format jsonl."
            ) from None
        self._put(table)
        self._waiting, self._weight = [], 0

    def _merged(self, schema: pyarrow.Schema) -> list[dict[str, Any]]:
        allowed = set(schema.names) - set(self._names.values())
        for number, row, _ in self._waiting:
            if odd := sorted(set(row) - allowed):
                raise InputError(
                    f"row {number}: has a column {odd[0]!r} that the first {GROUP_ROWS} rows lack, and Parquet holds"
                    " one set of columns; write JSON Lines with --format jsonl."
                )
        return [{**row, **{self._names[name]: values[name] for name in NESTED}} for _, row, values in self._waiting]

    def _first_schema(self) -> pyarrow.Schema:
        rows = [row for _, row, _ in self._waiting]
        columns = dict.fromkeys(name for row in rows for name in row) or dict.fromkeys(self._columns)
        self._names = added_names(NESTED, columns)
        given = self._input_schema
        types = {name: given.field(name).type for name in columns if given is not None}
        fields = []
        for name in columns:
            kind = types.get(name) or pyarrow.infer_type([row.get(name) for row in rows])
            fields.append((name, pyarrow.string() if pyarrow.types.is_null(kind) else kind))
        return pyarrow.schema([*fields, *((self._names[name], kind) for name, kind in ADDED_TYPES.items())])
