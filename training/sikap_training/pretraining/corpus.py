"""Read, clean and deduplicate the text that an encoder is pretrained on."""

from __future__ import annotations

import gzip
import html
import random
import re
import zlib
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
from datasketch import MinHash, MinHashLSH

from sikap.errors import InputError
from sikap.language import is_indonesian

_TAG = re.compile(r"<[^<>]{1,200}>")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ufeff]")
_SPACE = re.compile(r"\s+")
_LETTERS = re.compile(r"[^\W\d_]")

MINIMUM_WORDS = 6
"""Shorter documents are menu entries and captions more often than sentences."""


def text_files(sources: Iterable[Path]) -> list[Path]:
    """List the plain and gzip text files that files and folders name, sorted, each once.

    Raises InputError when a source does not exist or a folder holds no such file.
    """
    found: dict[Path, None] = {}
    for source in sources:
        if source.is_file():
            found[source] = None
        elif source.is_dir():
            inside = sorted(p for p in source.rglob("*") if p.name.endswith((".txt", ".txt.gz")))
            if not inside:
                raise InputError(f"{source}: no .txt or .txt.gz file in this folder; pass files of plain text.")
            found.update(dict.fromkeys(inside))
        else:
            raise InputError(f"{source}: no such file or folder; pass plain or gzip text, one document a line.")
    return list(found)


def read_documents(file: Path) -> Iterator[str]:
    """Stream the documents of a plain or gzip file, one a line. Raises InputError for a damaged file."""
    opener = gzip.open if file.suffix == ".gz" else open
    try:
        with opener(file, "rt", encoding="utf-8", errors="replace") as lines:
            yield from lines
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{file}: cannot be read ({error}); pass plain or gzip text.") from error


def clean(document: str) -> str | None:
    """Return a document without markup, addresses and control characters; None if it is no prose."""
    text = _CONTROL.sub(" ", _ADDRESS.sub(" ", _TAG.sub(" ", html.unescape(document))))
    text = _SPACE.sub(" ", text).strip()
    if len(text.split()) < MINIMUM_WORDS:
        return None
    head = text[:2000]
    if len(_LETTERS.findall(head)) < 0.6 * len(head) or not is_indonesian(head):
        return None
    return text


class NearDuplicates:
    """Remember documents by MinHash and recognise near-duplicates of what was seen.

    Broder 1997, "On the resemblance and containment of documents": Jaccard similarity of word
    5-grams, estimated from 64 permutations, at least 0.8.
    """

    def __init__(self) -> None:
        """Start with nothing seen."""
        self._index = MinHashLSH(threshold=0.8, num_perm=64)
        self._template = MinHash(num_perm=64, hashfunc=lambda value: value)
        self._count = 0

    def seen(self, document: str) -> bool:
        """Tell whether a near-duplicate came before; remember the document if not."""
        words = re.findall(r"\w+", document.lower())[:2000]
        shingles = {zlib.crc32(" ".join(words[i : i + 5]).encode()) for i in range(max(1, len(words) - 4))}
        signature = self._template.copy()
        signature.update_batch(np.fromiter(shingles, dtype=np.uint64))
        if self._index.query(signature):
            return True
        self._index.insert(self._count, signature)
        self._count += 1
        return False


def sampled_share(file: Path, shares: dict[str, float]) -> float:
    """Return how often to take a file's documents on average: by the first pattern it matches, else once."""
    return next((share for pattern, share in shares.items() if fnmatch(file.name, pattern)), 1.0)


def documents(sources: Iterable[Path], shares: dict[str, float], seed: int = 0) -> Iterator[tuple[str, str]]:
    """Stream (file name, cleaned document) without near-duplicates, files thinned or repeated by `shares`."""
    duplicates = NearDuplicates()
    chance = random.Random(seed)
    for file in text_files(sources):
        share = sampled_share(file, shares)
        for line in read_documents(file):
            copies = int(share + chance.random())
            if copies == 0:
                continue
            text = clean(line)
            if text is not None and not duplicates.seen(text):
                yield from [(file.name, text)] * copies
