"""Write scored rows as Parquet."""

from __future__ import annotations

from typing import Any, BinaryIO

import pyarrow
import pyarrow.parquet

from sikap.errors import InputError
from sikap.labels import SENTIMENTS, STANCES
from sikap.prediction import Prediction
from sikap.writing.columns import NESTED, added_names, nested_values

GROUP_ROWS = 8192
_TYPES: dict[str, pyarrow.DataType] = {
    "stance": pyarrow.list_(pyarrow.string()),
    "sentiment": pyarrow.string(),
    "stance_probabilities": pyarrow.struct([(name, pyarrow.float64()) for name in STANCES]),
    "sentiment_probabilities": pyarrow.struct([(name, pyarrow.float64()) for name in SENTIMENTS]),
    "uncertain": pyarrow.bool_(),
    "truncated": pyarrow.bool_(),
}


class ParquetWriter:
    """Write rows in groups; the types of the input's columns are those of the first group."""

    def __init__(self, stream: BinaryIO) -> None:
        """Write to a binary stream."""
        self._stream = stream
        self._waiting: list[dict[str, Any]] = []
        self._names: dict[str, str] = {}
        self._schema: pyarrow.Schema | None = None
        self._file: pyarrow.parquet.ParquetWriter | None = None

    def write(self, row: dict[str, Any], prediction: Prediction) -> None:
        """Take one row."""
        if not self._names:
            self._names = added_names(NESTED, row)
        values = nested_values(prediction)
        self._waiting.append({**row, **{self._names[name]: values[name] for name in NESTED}})
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
        try:
            if self._schema is None:
                self._schema = self._first_schema()
            table = pyarrow.Table.from_pylist(self._waiting, schema=self._schema)
        except (pyarrow.ArrowException, TypeError, OverflowError) as error:
            reason = str(error).splitlines()[0]
            raise InputError(
                f"a column changes its type between rows ({reason}) and Parquet holds one; write JSON Lines."
            ) from None
        if self._file is None:
            self._file = pyarrow.parquet.ParquetWriter(self._stream, self._schema, compression="zstd")
        self._file.write_table(table)
        self._waiting = []

    def _first_schema(self) -> pyarrow.Schema:
        added = {self._names[name]: kind for name, kind in _TYPES.items()} if self._names else _TYPES
        columns = dict.fromkeys(name for row in self._waiting for name in row if name not in added)
        fields = []
        for name in columns:
            kind = pyarrow.infer_type([row.get(name) for row in self._waiting])
            fields.append((name, pyarrow.string() if pyarrow.types.is_null(kind) else kind))
        return pyarrow.schema([*fields, *added.items()])
