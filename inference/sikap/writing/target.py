"""Write to a file that appears whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sikap.errors import OutputError


@contextmanager
def open_target(target: str) -> Iterator[BinaryIO]:
    """Open standard output for "-", else a temporary file beside the target, moved into place at the end.

    When the block raises, the temporary file is removed and what stood at the target stays. A
    device or a named pipe is written to directly. Raises OutputError when the target cannot be
    written.
    """
    if target == "-":
        with _standard_output() as stream:
            yield stream
        return
    path = Path(target)
    with _reported(str(path)):
        if path.is_dir():
            raise OutputError(f"{path}: is a folder; pass a file to write to.")
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                yield stream
            return
        path = Path(os.path.realpath(path))  # so that a link stays a link
        if not path.parent.is_dir():
            raise OutputError(f"{target}: there is no folder {path.parent}; make it first, or name another file.")
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
            os.chmod(name, file_mode())
            os.replace(name, path)
        finally:
            Path(name).unlink(missing_ok=True)


def silence_stdout() -> None:
    """Send what still waits for a standard output that takes no more to nowhere, instead of failing at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    if sys.stdout is None:
        raise OutputError("standard output is closed; name a file with --output.")
    try:
        with _reported("standard output"):
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
    except OutputError:
        silence_stdout()
        raise


@contextmanager
def _reported(name: str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(
            f"{name}: cannot be written ({error.strerror or error}); name another file with --output."
        ) from None


def file_mode() -> int:
    """Return the permissions of a new file of this process."""
    mask = os.umask(0o022)
    os.umask(mask)
    return 0o666 & ~mask
