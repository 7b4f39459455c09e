"""Read Parquet, with the optional pyarrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from sikap.errors import InputError, MissingExtraError

BATCH_ROWS = 2048
BUFFER_BYTES = 2**20
"""Bytes of a column that are read ahead, so that a row group of any size is never held whole."""


def require_pyarrow(what: str) -> None:
    """Raise MissingExtraError unless pyarrow is installed."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(
            f"{what}: Parquet needs pyarrow; install it with `pip install 'sikap[parquet]'`."
        ) from error


def read(stream: BinaryIO, name: str) -> tuple[list[str], Iterator[dict[str, Any]], int, Callable[[], int], Any]:
    """Return columns, rows, number of rows, a count of rows read and the Arrow schema.

    Raises MissingExtraError without pyarrow and InputError for a file that is no Parquet.
    """
    require_pyarrow(name)
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(stream, buffer_size=BUFFER_BYTES, pre_buffer=False)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise InputError(f"{name}: not a Parquet file, or damaged ({_reason(error)}); write it again.") from None
    done = 0

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal done
        try:
            for batch in file.iter_batches(batch_size=BATCH_ROWS):
                for row in batch.to_pylist():
                    done += 1
                    yield row
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            raise InputError(f"{name}, row {done + 1}: cannot be read ({_reason(error)}); write it again.") from None

    schema = file.schema_arrow
    return list(schema.names), rows(), file.metadata.num_rows, lambda: done, schema


def _reason(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
