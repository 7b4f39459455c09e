"""Cut an article into paragraphs, and paragraphs where statements begin and end."""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sikap.statement import Statement

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_LINE_END = re.compile(r"[\n\r]\s*")
WRAPPED_AT = 100
"""Lines longer than this are paragraphs; an article of shorter ones with blank lines between is wrapped by hand."""


class Open(NamedTuple):
    """Begin a piece of a statement: its index, and how many pieces of it come before."""

    statement: int
    part: int


class Close(NamedTuple):
    """End the innermost open piece."""

    piece: Open


Token = str | Open | Close


class Paragraph(NamedTuple):
    """Hold the place of a paragraph, without the white space around it."""

    start: int
    end: int


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Yield the paragraphs of an article: its lines, or what stands between blank lines if it is wrapped by hand."""
    wrapped = _BLANK_LINE.search(text.strip()) and max(map(len, text.splitlines())) <= WRAPPED_AT
    at = 0
    for gap in (_BLANK_LINE if wrapped else _LINE_END).finditer(text):
        yield from _trimmed(text, at, gap.start())
        at = gap.end()
    yield from _trimmed(text, at, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[Paragraph]:
    inner = text[start:end]
    if kept := inner.strip():
        start += len(inner) - len(inner.lstrip())
        yield Paragraph(start, start + len(kept))


def marked(text: str, places: Sequence[Paragraph], statements: Sequence[Statement]) -> Iterator[list[Token]]:
    """Yield each paragraph as text with the pieces of statements in it, nested where statements overlap.

    A statement that runs over paragraphs, or out of one that it overlaps, is cut into pieces.
    """
    waiting = sorted(range(len(statements)), key=lambda index: (statements[index].start, -statements[index].end))
    waiting.reverse()
    running: list[int] = []
    parts: Counter[int] = Counter()
    for start, end in places:
        while waiting and statements[waiting[-1]].start < end:
            running.append(waiting.pop())
        spans = [
            (max(start, statements[index].start), -min(end, statements[index].end), index)
            for index in running
            if statements[index].end > start
        ]
        yield list(_tokens(text, start, end, spans, parts))
        running = [index for index in running if statements[index].end > end]


def _tokens(text: str, at: int, last: int, spans: list[tuple[int, int, int]], parts: Counter[int]) -> Iterator[Token]:
    """Yield tokens for spans (start, -end, index), so ordered that the longer of two that begin together is outside."""
    heapq.heapify(spans)
    nested: list[tuple[int, Open]] = []
    while spans or nested:
        if nested and (not spans or nested[-1][0] <= spans[0][0]):
            end, piece = nested.pop()
            yield text[at:end]
            yield Close(piece)
            at = end
            continue
        start, negative_end, index = heapq.heappop(spans)
        end = -negative_end
        if nested and end > nested[-1][0]:
            heapq.heappush(spans, (nested[-1][0], -end, index))
            end = nested[-1][0]
        yield text[at:start]
        yield (piece := Open(index, parts[index]))
        parts[index] += 1
        nested.append((end, piece))
        at = start
    yield text[at:last]
