"""Keep a long output in parts beside its target, so that a run cut short can be continued."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sikap.errors import InputError, OutputError
from sikap.writing.target import file_mode

FOLDER = ".{name}.sikap-parts"
"""A folder beside the target that holds what is done of it."""
ROWS = "rows"
JOURNAL = "journal"
WHOLE = "whole"
LONGEST_NAME = 200
"""Bytes of a target's name that its folder repeats; a longer name is replaced by its digest."""
Identity = dict[str, str]
"""What must be the same for a run to be continued: the name of each thing, and its value."""


class Interrupted(KeyboardInterrupt):
    """An interrupt of a run that can be continued; its text says how."""


@dataclass(frozen=True)
class Mark:
    """Say what was complete at one moment: bytes of output, and the state of whoever wrote them."""

    size: int
    state: dict[str, Any]


class Parts:
    """Hold the output of a run so far, complete up to its last mark."""

    def __init__(self, folder: Path, rows: BinaryIO, journal: BinaryIO, last: Mark | None) -> None:
        """Take the open files of a folder, cut at their last mark."""
        self.rows, self.last = rows, last
        self._folder, self._journal = folder, journal

    def mark(self, state: dict[str, Any]) -> None:
        """Record that everything written so far is complete, on the disk before this returns."""
        self.rows.flush()
        os.fsync(self.rows.fileno())
        mark = Mark(self.rows.tell(), state)
        _append(self._journal, {"size": mark.size, "state": mark.state})
        self.last = mark

    def place(self, target: Path, assemble: Callable[[BinaryIO, BinaryIO], None] | None) -> None:
        """Move the output to its target; `assemble` first makes it of the parts, unless they are it already."""
        self.rows.flush()
        whole = self._folder / ROWS
        if assemble is not None:
            self.rows.seek(0)
            whole = self._folder / WHOLE
            with _opened(whole) as stream:
                stream.truncate()
                assemble(self.rows, stream)
        os.chmod(whole, file_mode())
        os.replace(whole, target)

    def remove(self) -> None:
        """Remove the folder and what it holds."""
        for name in (ROWS, WHOLE, JOURNAL):
            (self._folder / name).unlink(missing_ok=True)
        with suppress(OSError):  # something of somebody else's lies in it
            self._folder.rmdir()


@contextmanager
def open_parts(
    target: str,
    identity: Identity,
    *,
    resume: bool,
    assemble: Callable[[BinaryIO, BinaryIO], None] | None = None,
) -> Iterator[Parts]:
    """Open the parts of an output, and move it into place when the block ends without an error.

    With `resume`, `last` of what is yielded is the last mark of an earlier run of the same
    `identity`, if there is one; else what an earlier run left is discarded. When the block raises,
    the parts are kept if any is complete, except for an input that cannot be scored as it is.
    Raises OutputError when the identity is another, when another process writes the same output
    and when the disk takes no more, and Interrupted for an interrupt after the first mark.
    """
    path = Path(os.path.realpath(target))
    if not path.parent.is_dir():
        raise OutputError(f"{target}: there is no folder {path.parent}; make it first, or name another file.")
    parts: Parts | None = None
    try:
        with _folder_of(path, target) as (folder, journal), _opened(folder / ROWS) as rows:
            parts = Parts(folder, rows, journal, None)
            parts.last = _start(rows, journal, target, identity, resume=resume)
            try:
                yield parts
                parts.place(path, assemble)
            except BaseException as error:
                if parts.last is None or _is_of_the_input(error):
                    parts.remove()
                raise
            parts.remove()
    except KeyboardInterrupt:
        if parts is None or parts.last is None:
            raise
        raise Interrupted(
            f"interrupted; nothing was written to {target} yet, what is done is kept:"
            " to go on from there, give the same command with --resume."
        ) from None
    except OSError as error:
        raise OutputError(_unwritten(target, error, kept=parts is not None and parts.last is not None)) from None


def _is_of_the_input(error: BaseException) -> bool:
    """Tell whether an input is wrong in itself, rather than out of reach for a moment."""
    return isinstance(error, InputError) and not isinstance(error.__context__, OSError)


def _unwritten(target: str, error: OSError, *, kept: bool) -> str:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    advice = "free some space" if full else "see to that"
    advice += ", then give the same command with --resume" if kept else " or name another file with --output"
    return f"{target}: cannot be written ({error.strerror or error}); {advice}."


@contextmanager
def _folder_of(path: Path, target: str) -> Iterator[tuple[Path, BinaryIO]]:
    """Make the folder of a target's parts, and hold its journal locked until the block ends."""
    raw = os.fsencode(path.name)
    name = path.name if len(raw) <= LONGEST_NAME else hashlib.sha256(raw).hexdigest()
    folder = path.parent / FOLDER.format(name=name)
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink():
        raise OutputError(f"{folder}: is a link, where parts of the output would go; remove it.")
    with _opened(folder / JOURNAL) as journal:
        if not _lock(journal) or not os.path.exists(folder / JOURNAL):
            raise OutputError(f"{target}: another sikap is writing it; wait for that, or name another file.")
        yield folder, journal


def _lock(stream: BinaryIO) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows, which lets nobody remove a file that is open
        return True
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _opened(path: Path) -> BinaryIO:
    """Open a file for reading and writing, made when missing; never through a link."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "r+b")


def _start(rows: BinaryIO, journal: BinaryIO, target: str, identity: Identity, *, resume: bool) -> Mark | None:
    """Cut both files at the last mark that an earlier run reached, or at nothing."""
    last = None
    if resume:
        lines = _whole_lines(journal)
        if lines and (changed := _changed(lines[0][0], identity)):
            raise OutputError(
                f"{target}: cannot be resumed, since {changed} changed after the run began;"
                " leave --resume out to start afresh."
            )
        written = rows.seek(0, os.SEEK_END)
        fitting = [(line, end) for line, end in lines[1:] if line["size"] <= written]
        if fitting:
            line, end = fitting[-1]
            last = Mark(line["size"], line["state"])
            journal.truncate(end)
    if last is None:
        journal.truncate(0)
        journal.seek(0)
        _append(journal, identity)
    rows.truncate(last.size if last else 0)
    journal.seek(0, os.SEEK_END)
    rows.seek(0, os.SEEK_END)
    return last


def _whole_lines(journal: BinaryIO) -> list[tuple[dict[str, Any], int]]:
    """Return the entries of a journal and where each ends, up to the first that was cut off."""
    lines: list[tuple[dict[str, Any], int]] = []
    end = 0
    journal.seek(0)
    for raw in journal:
        end += len(raw)
        try:
            entry = json.loads(raw)
        except ValueError:
            break
        if not raw.endswith(b"\n") or not isinstance(entry, dict) or (lines and not _is_mark(entry)):
            break
        lines.append((entry, end))
    return lines


def _is_mark(entry: dict[str, Any]) -> bool:
    size = entry.get("size")
    return isinstance(size, int) and size >= 0 and isinstance(entry.get("state"), dict)


def _changed(before: Identity, now: Identity) -> str:
    names = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    return " and ".join(names)


def _append(journal: BinaryIO, entry: dict[str, Any]) -> None:
    journal.write(json.dumps(entry).encode() + b"\n")
    journal.flush()
    os.fsync(journal.fileno())
