"""Pair the quotation marks of an article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sikap.extraction.cues import BARE_CUES

_DOUBLE = '"“”„‟«»〝〞＂'
_SINGLE = "'‘’‚‹›"
_MARK = re.compile(f"``|''|[{_DOUBLE}{_SINGLE}]")
_OPENING_GLYPHS = "“„«‘‚‹"
_BEFORE_OPENING = " \n([{—–-/"
_AFTER_CLOSING = " \n.,;:!?)]}—–-/"
_SENTENCE_END = ".!?…:"
_CUES = "|".join(sorted(BARE_CUES))
_ATTRIBUTION = re.compile(rf",\s(?:{_CUES})(?:nya)?\b")
_CUE_AHEAD = re.compile(rf"[\s,]*(?:(?:{_CUES})(?:nya)?|demikian|menurut\w*|begitu)\b")
_FRINGE = " \n,;" + _DOUBLE + _SINGLE + "`"


class Quote(NamedTuple):
    """Hold what stands between two marks: `start` and `end` without, `outer_*` with the marks."""

    outer_start: int
    start: int
    end: int
    outer_end: int
    single: bool
    closed: bool


class _Mark(NamedTuple):
    start: int
    end: int
    single: bool
    shape: int  # 1 opens, -1 closes, 0 either
    sure: bool  # an attribution follows: it closes whatever its spacing
    starts_sentence: bool  # a sentence ends before it and one may begin behind it


def find_quotes(text: str, paragraphs: Sequence[tuple[int, int]]) -> list[Quote]:
    """Return the outermost quotes of a text in order; none overlaps another."""
    quotes: list[Quote] = []
    marks = [_marks(text, start, end) for start, end in paragraphs]
    carried: _Mark | None = None
    for index, (start, end) in enumerate(paragraphs):
        pairing = _Pairing(text, start, end, carried)
        quotes += pairing.run(marks[index])
        carried = None
        if pairing.opened is not None:
            following = marks[index + 1] if index + 1 < len(marks) else []
            if _closes_later(text, following, paragraphs[index + 1][0] if following else 0):
                carried = pairing.opened
            else:
                attribution = _ATTRIBUTION.search(text, pairing.opened.end, end)
                stop = attribution.start() if attribution else end
                quotes += _quote(text, pairing.opened, stop, stop, closed=False)
    return quotes


def _closes_later(text: str, marks: list[_Mark], start: int) -> bool:
    """Tell whether a paragraph closes a quote that an earlier one opened without reopening it."""
    doubles = [mark for mark in marks[:8] if not mark.single]
    if not doubles or doubles[0].shape == 1 or not text[start : doubles[0].start].strip():
        return False
    return doubles[0].shape == -1


def _marks(text: str, start: int, end: int) -> list[_Mark]:
    found = []
    for match in _MARK.finditer(text, start, end):
        left, right = match.span()
        glyph = match[0]
        single = glyph in _SINGLE
        before = text[left - 1] if left > start else " "
        after = text[right] if right < end else " "
        if single and before.isalnum() and after.isalnum():
            continue  # an apostrophe
        outward_before = before in _BEFORE_OPENING or (before in _DOUBLE and _opens(text, left - 1, start))
        outward_after = after in _AFTER_CLOSING or (after in _DOUBLE and _closes(text, right, end))
        shape = int(outward_before) - int(outward_after)
        if single and (shape == 0 or (shape == 1 and not after.isalnum())):
            continue
        stop = text[max(start, left - 2) : left].rstrip()[-1:]
        sure = not single and stop in tuple(",.!?…") and _CUE_AHEAD.match(text, right, end) is not None
        capital = text[right : right + 2].lstrip()[:1].isupper()
        found.append(_Mark(left, right, single, -1 if sure else shape, sure, capital and stop in tuple(".!?…")))
    return found


def _opens(text: str, position: int, start: int) -> bool:
    before = text[position - 1] if position > start else " "
    return before in _BEFORE_OPENING


def _closes(text: str, position: int, end: int) -> bool:
    after = text[position + 1] if position + 1 < end else " "
    return after in _AFTER_CLOSING


def _quote(text: str, opening: _Mark, close_start: int, close_end: int, *, closed: bool) -> Iterable[Quote]:
    start, end = opening.end, close_start
    while start < end and text[start] in _FRINGE:
        start += 1
    while end > start and text[end - 1] in _FRINGE:
        end -= 1
    if start < end:
        yield Quote(opening.start, start, end, close_end, opening.single, closed)


class _Pairing:
    """Pair the marks of one paragraph from left to right."""

    def __init__(self, text: str, start: int, end: int, opened: _Mark | None) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.opened = opened
        self.nested = 0
        self.free_from = start
        self.quotes: list[Quote] = []

    def run(self, marks: list[_Mark]) -> list[Quote]:
        for index, mark in enumerate(marks):
            following = marks[index + 1] if index + 1 < len(marks) else None
            if mark.starts_sentence and not self.nested and following is not None and following.sure:
                mark = mark._replace(shape=1)  # noqa: PLW2901 - what closes next opens here
            if self.opened is None:
                self._outside(mark, following)
            elif mark.single == self.opened.single:
                self._inside(mark, following)
            elif self.opened.single and mark.shape == 1:
                self.opened = mark  # the single mark before was not a quote's
        if self.opened is not None and self.opened.single:
            self.opened = None
        return self.quotes

    def _outside(self, mark: _Mark, following: _Mark | None) -> None:
        if mark.shape >= 0:
            self.opened, self.nested = mark, 0
        elif not mark.single:
            before = self.text[mark.start - 1] if mark.start > self.start else " "
            twin = following is not None and following.shape == -1 and following.single == mark.single
            if before in _SENTENCE_END and twin:
                self.opened, self.nested = mark, 0
            else:
                self._restore_opening(mark)

    def _inside(self, mark: _Mark, following: _Mark | None) -> None:
        assert self.opened is not None
        if mark.shape == 1:
            before = self.text[max(self.opened.end, mark.start - 3) : mark.start].rstrip()[-1:]
            if not mark.starts_sentence and (mark.single or (before and before not in _SENTENCE_END)):
                self.nested += 1
            else:
                self._close_without_mark(mark)
        elif self.nested and mark.shape == -1 and not mark.sure:
            self.nested -= 1
        else:
            self.quotes += _quote(self.text, self.opened, mark.start, mark.end, closed=True)
            self.opened, self.free_from = None, mark.end

    def _close_without_mark(self, mark: _Mark) -> None:
        """End a quote whose closing mark is missing where an attribution follows it, or drop the lone mark."""
        assert self.opened is not None
        attribution = _ATTRIBUTION.search(self.text, self.opened.end, mark.start)
        if attribution is not None:
            end = attribution.start()
            self.quotes += _quote(self.text, self.opened, end, end, closed=False)
        self.opened, self.nested, self.free_from = mark, 0, mark.start

    def _restore_opening(self, mark: _Mark) -> None:
        """Take the sentence before a closing mark as quoted when an attribution follows it."""
        if not mark.sure:
            return
        before = self.text[self.free_from : mark.start]
        cut = max(before.rfind(stop) for stop in (". ", "! ", "? "))
        start = self.free_from + (cut + 2 if cut >= 0 else 0)
        opening = _Mark(start, start, False, 1, False, False)
        self.quotes += _quote(self.text, opening, mark.start, mark.end, closed=True)
        self.free_from = mark.end
