"""Read articles from files, folders and a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from sikap.characters import visible
from sikap.errors import InputError
from sikap.reading.lines import decoded_lines

LONGEST_ARTICLE = 64 * 2**20
"""Characters in one article at most, so that a file given by mistake cannot take all memory."""
PIPE = "-"
PIPE_NAME = "standard input"


class Article(NamedTuple):
    """Hold the name that an article goes by and its text, unchanged but for a byte order mark."""

    name: str
    text: str

    @property
    def blank(self) -> bool:
        """Tell whether the article holds nothing that can be seen."""
        return not visible(self.text)


class Source(NamedTuple):
    """Name an article that is still to be read; `from_folder` when its folder was named, not the article."""

    path: str
    from_folder: bool

    def read(self) -> Article:
        """Read the article as UTF-8.

        Raises InputError when it cannot be read, is longer than 64 MiB, or is blank and was named
        itself; a blank one in a folder is an article without statements.
        """
        article = _piped() if self.path == PIPE else _from_file(self.path)
        if article.blank and not self.from_folder:
            raise InputError(f"{article.name}: is empty; it must hold an article.")
        return article


def find_articles(names: Sequence[str]) -> list[Source]:
    """Return the articles that `names` name, each once: files, "-", and the .txt files in a folder, by name.

    Raises InputError for a path that does not exist and for a folder without a .txt file.
    """
    found: dict[str, Source] = {}
    for name in names:
        if name == PIPE:
            sources = [Source(PIPE, from_folder=False)]
        elif os.path.isdir(name):
            sources = [Source(file, from_folder=True) for file in _files_in(Path(name))]
        else:
            sources = [Source(_existing(name), from_folder=False)]
        for source in sources:
            found.setdefault(source.path, source)
    return list(found.values())


def _files_in(folder: Path) -> list[str]:
    try:
        found = sorted(
            str(file)
            for file in folder.iterdir()
            if file.suffix.lower() == ".txt" and not file.name.startswith(".") and file.is_file()
        )
    except OSError as error:
        raise InputError(_unopened(str(folder), error)) from None
    if not found:
        raise InputError(f"{folder}: holds no .txt file; name a folder of articles, one a .txt file.")
    return found


def _existing(name: str) -> str:
    try:
        Path(name).stat()
    except (OSError, ValueError) as error:
        raise InputError(_unopened(name, error)) from None
    return str(Path(name))


def _piped() -> Article:
    if sys.stdin is None:
        raise InputError("standard input is closed; pipe an article into it or name a file.")
    return Article(PIPE_NAME, _text(sys.stdin.buffer, PIPE_NAME))


def _from_file(path: str) -> Article:
    try:
        with Path(path).open("rb") as stream:
            return Article(path, _text(stream, path))
    except OSError as error:
        raise InputError(_unopened(path, error)) from None


def _unopened(name: str, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{name}: no such file; check the path."
    return f"{name}: cannot be opened ({getattr(error, 'strerror', None) or error}); check the path."


def _text(stream: BinaryIO, name: str) -> str:
    parts: list[str] = []
    length = 0
    for line in decoded_lines(stream, name):
        parts.append(line)
        length += len(line)
        if length > LONGEST_ARTICLE:
            raise InputError(f"{name}: longer than 64 MiB; name a file that holds one article.")
    return "".join(parts)
