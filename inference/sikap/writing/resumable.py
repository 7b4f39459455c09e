"""Write scored rows to a file that a later run can go on with."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, NamedTuple, Protocol

from sikap.reading.delimited import Formulas
from sikap.writing.output import OutputFormat, Writer, open_output, text_writer
from sikap.writing.parts import Identity, open_parts


class ResumableWriter(Writer, Protocol):
    """Take scored rows, and say what another writer needs to go on after them."""

    def state(self) -> dict[str, Any] | None:
        """Write what waits and return what another writer needs to go on; None when it is too early."""

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where `state` was returned."""


class Output(NamedTuple):
    """Hold an open output: its writer, what an earlier run had noted down, and how to note down."""

    writer: Writer
    noted: dict[str, Any] | None
    note: Callable[[dict[str, Any]], None]


def unresumable(source: str | None, target: str | None, form: OutputFormat) -> str | None:
    """Say why an output cannot be continued by a later run; None when it can."""
    if source is None or (os.path.exists(source) and not os.path.isfile(source)) or source == "-":
        return "the input is not a file"
    if target in (None, "-") or (os.path.exists(target) and not os.path.isfile(target)):
        return "the output is not a file"
    return "a table is made for reading, not in parts" if form == "table" else None


@contextmanager
def open_plain(
    target: str, form: OutputFormat, text_column: str, columns: list[str], schema: Any, formulas: Formulas
) -> Iterator[Output]:
    """Open an output that no later run goes on with."""
    with open_output(target, form, text_column, columns, schema, formulas) as writer:
        yield Output(writer, None, lambda noted: None)


@contextmanager
def open_resumable(
    target: str,
    form: OutputFormat,
    columns: list[str],
    schema: Any,
    formulas: Formulas,
    identity: Identity,
    *,
    resume: bool,
) -> Iterator[Output]:
    """Open an output that a later run of the same `identity` can go on with; see `open_parts`."""
    join: Callable[[BinaryIO, BinaryIO], None] | None = None
    if form == "parquet":
        from sikap.reading.parquet import require_pyarrow

        require_pyarrow(target)
        from sikap.writing.parquet import assemble

        join = assemble
    with open_parts(target, identity, resume=resume, assemble=join) as parts:
        writer: ResumableWriter
        if form == "parquet":
            from sikap.writing.parquet import open_part_writer

            writer = open_part_writer(parts.rows, columns, schema)
        else:
            writer = text_writer(parts.rows, form, columns, formulas)
        noted = None
        if parts.last is not None:
            noted = parts.last.state["noted"]
            writer.restore(parts.last.state["writer"])

        def note(what: dict[str, Any]) -> None:
            if (state := writer.state()) is not None:
                parts.mark({"noted": what, "writer": state})

        yield Output(writer, noted, note)
        writer.close()
