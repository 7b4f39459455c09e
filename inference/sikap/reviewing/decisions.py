"""Keep a person's decisions in a file of lines that only grows."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sikap.errors import InputError, OutputError
from sikap.reading.labelled import REVIEWED, sentiment_of, stance_of, text_key
from sikap.reviewing.candidates import Candidate, Labels
from sikap.writing.values import json_bytes

SUFFIX = ".review.jsonl"


def beside(source: str) -> Path:
    """Return where the decisions on a file go if nothing else is said: beside it, or into it if it holds decisions."""
    path = Path(source)
    return path if path.name.endswith(SUFFIX) else path.with_name(path.stem + SUFFIX)


@dataclass(frozen=True)
class Decided:
    """Hold what one annotator decided on a statement: labels, or None for a skip."""

    labels: Labels | None
    seen_model: bool
    """The model's labels were shown to the person before this decision."""


class DecisionFile:
    """Append one annotator's decisions to a file, each on the disk before the next question is asked."""

    def __init__(self, path: Path, annotator: str) -> None:
        """Make the file if it is not there, and read what this annotator decided before.

        A last line that a kill left unfinished is cut off: it was never confirmed. Raises InputError for
        a file that holds something else than decisions and OutputError for one that cannot be written.
        """
        self.path, self.annotator = path, annotator
        self.decided: dict[str, Decided] = {}
        """This annotator's last decision by the statement's key, in the order of the decisions."""
        if path.is_dir():
            raise OutputError(f"{path}: is a folder; name a file with --output.")
        with _reported(path):
            self._handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
            try:
                with self._alone():
                    self._read()
                _sync_folder(path)
            except BaseException:
                os.close(self._handle)
                raise

    def close(self) -> None:
        """Close the file."""
        os.close(self._handle)

    def add(self, candidate: Candidate, decided: Decided) -> None:
        """Append a decision and wait until the disk has it. Raises OutputError, with nothing half-written."""
        row: dict[str, Any] = {**candidate.kept, "text": candidate.text}
        if decided.labels is None:
            row["skipped"] = True
        else:
            row |= {"stance": list(decided.labels.stance or ()), "sentiment": decided.labels.sentiment}
        row |= {"annotator": self.annotator, REVIEWED: datetime.now(UTC).isoformat(timespec="seconds")}
        if decided.seen_model:
            row["seen_model"] = True
        line = json_bytes(row) + b"\n"
        with _reported(self.path), self._alone():
            size = os.fstat(self._handle).st_size
            try:
                _write_all(self._handle, line)
                os.fsync(self._handle)
            except OSError:
                os.ftruncate(self._handle, size)
                raise
        self._remember(candidate.key, decided)

    def _remember(self, key: str, decided: Decided) -> None:
        self.decided.pop(key, None)
        self.decided[key] = decided

    def _read(self) -> None:
        with open(self._handle, "rb", closefd=False) as stream:
            stream.seek(0)
            data = stream.read()
        *lines, tail = data.split(b"\n")
        for number, line in enumerate(lines, 1):
            if line.strip():
                self._take(line, f"{self.path}, row {number}")
        if not tail:
            return
        if _parsed(tail) is None and (tail.startswith(b"{") or len(lines) > 0):
            os.ftruncate(self._handle, len(data) - len(tail))
        else:  # an editor may have left out the last line's end
            self._take(tail, f"{self.path}, row {len(lines) + 1}")
            _write_all(self._handle, b"\n")
        os.fsync(self._handle)

    def _take(self, line: bytes, where: str) -> None:
        row = _parsed(line)
        if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in ("text", REVIEWED)):
            raise InputError(f"{where}: is no decision that `sikap review` wrote; name another file with --output.")
        if row.get("annotator") != self.annotator:
            return
        labels = None
        if not row.get("skipped"):
            labels = Labels(stance_of(row.get("stance"), where), sentiment_of(row.get("sentiment"), where))
        self._remember(text_key(row["text"]), Decided(labels, bool(row.get("seen_model"))))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other sessions from writing the file meanwhile."""
        fcntl.flock(self._handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._handle, fcntl.LOCK_UN)


def _parsed(line: bytes) -> Any:
    """Return the value of a line, None if it is not whole."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _write_all(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def _sync_folder(path: Path) -> None:
    """Wait until the disk knows of a new file."""
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written ({error.strerror or error}); what was confirmed before is kept:"
            " see to that, or name another file with --output."
        ) from None
