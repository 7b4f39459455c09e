"""Read bytes as UTF-8 lines, and say where they are not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from sikap.errors import InputError

LONGEST_LINE = 64 * 2**20
"""Bytes in one line at most, so that a file without line ends cannot take all memory."""


def decoded_lines(stream: BinaryIO, name: str) -> Iterator[str]:
    """Yield the lines of a UTF-8 stream with their line ends, a byte order mark left out.

    Raises InputError that names the line and byte of what is not UTF-8, for a line of more than
    64 MiB and for a stream that fails.
    """
    number = 0
    while raw := _next_line(stream, name):
        number += 1
        if len(raw) > LONGEST_LINE:
            raise InputError(f"{name}, line {number}: longer than 64 MiB; split the file into lines.")
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(
                f"{name}, line {number}: not UTF-8 (byte 0x{raw[error.start]:02x} at position {error.start + 1});"
                " save the file as UTF-8."
            ) from None


def _next_line(stream: BinaryIO, name: str) -> bytes:
    try:
        return stream.readline(LONGEST_LINE + 1)
    except OSError as error:
        raise InputError(f"{name}: cannot be read ({error.strerror or error}); pass a file of statements.") from None


def without_line_end(line: str) -> str:
    """Return a line without its closing LF or CRLF."""
    return line[:-1].removesuffix("\r") if line.endswith("\n") else line
