"""Cut an article into paragraphs and sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from sikap.extraction.quotes import Quote
from sikap.extraction.words import words

_LINE = re.compile(r"[^\n]+")
_STOP = re.compile(
    r"[.!?…](?:"
    r"[.!?…]*[\"”“’'»)\]]*(?=\s|$)"  # the usual end
    r"|(?<=[^\W_A-Z].|[)\]].)(?=[\"“]?[A-Z][a-z])"  # no space after it
    r"|(?<=[^\W_].|[)\]].)[\"”](?=[A-Z][a-z]))"
)
_NEXT = re.compile(r"\s*([\"“”„«‘'(\[–—-]*)\s*(\S?)(\w*)")
_INITIALS = re.compile(r"(?:[A-Z]\.)*[A-Z]")
_CREDIT = 50  # characters of the initials behind an article
_LAST_WORD = re.compile(r"[\w.’'-]+$")
_ABBREVIATIONS = words(
    """h.e dr drs dra ir prof no nos a.n u.p rp s.h m.h m.a m.sc ph.d jl jln tgl hlm st mr mrs ms sdr bpk kh hj tn ny
    pt cv jend kol letkol letjen mayjen brigjen brig laksma gen lt col sgt capt maj vs ed u.s u.n a.s d.c jr sr al
    ca cf hon rev sen rep gov adm cmdr dept univ vol art ps kel kec kab prov ap akp kombes s.e s.t s.ip m.si m.m
    sp s.sos m.ag s.ag s.pd m.pd lc yth ttd a.l i.e e.g d.h sh mh"""
)
_OPENERS = words(
    """namun hal ia dia mereka menurut sementara dalam pada selain sebelumnya kemudian ini itu adapun saat ketika
    setelah kini untuk dengan jelang menjelang di karena jika"""
)


class Sentence(NamedTuple):
    """Hold the place of a sentence, its quotes and the number of its paragraph."""

    start: int
    end: int
    paragraph: int
    quotes: tuple[Quote, ...]


def find_paragraphs(text: str) -> list[tuple[int, int]]:
    """Return the places of the paragraphs; lines that were wrapped in mid-sentence are one paragraph."""
    lines = []
    for match in _LINE.finditer(text):
        line = match[0]
        stripped = line.strip()
        if stripped:
            start = match.start() + line.index(stripped[0])
            lines.append((start, start + len(stripped)))
    paragraphs: list[tuple[int, int]] = []
    for start, end in lines:
        if paragraphs and _continues(text, paragraphs[-1][1], start):
            paragraphs[-1] = (paragraphs[-1][0], end)
        else:
            paragraphs.append((start, end))
    return paragraphs


def _continues(text: str, end: int, start: int) -> bool:
    """Tell whether a line goes on with the sentence of the line before it."""
    if text.count("\n", end, start) > 1 or not text[start].islower() or not text[start].isascii():
        return False
    return text[end - 1].isalnum() or text[end - 1] in ",-–—()"


def find_sentences(text: str, paragraphs: Sequence[tuple[int, int]], quotes: Sequence[Quote]) -> list[Sentence]:
    """Return the sentences of all paragraphs; none ends inside a quote, which may run over paragraphs."""
    sentences: list[Sentence] = []
    position = 0  # of the first quote that may still lie ahead
    begun: int | None = None  # where a sentence begins that a quote carries over paragraphs
    for number, (start, end) in enumerate(paragraphs):
        first = start if begun is None else begun
        begun = None
        for match in _STOP.finditer(text, start, end):
            stop = match.end()
            while position < len(quotes) and quotes[position].outer_end < stop:
                position += 1
            if position < len(quotes) and quotes[position].outer_start < stop < quotes[position].outer_end:
                stop = quotes[position].outer_start
                if stop <= match.start():
                    continue  # inside the quote
            if stop == end or _ends_sentence(text, match.start(), stop, end):
                first = _close(sentences, text, first, stop, number)
        while position < len(quotes) and quotes[position].outer_end < end:
            position += 1
        if position < len(quotes) and quotes[position].outer_start < end < quotes[position].outer_end:
            begun = first
        elif first < end:
            _close(sentences, text, first, end, number)
    return _with_quotes(sentences, quotes)


def _close(sentences: list[Sentence], text: str, first: int, stop: int, number: int) -> int:
    while first < stop and text[first].isspace():
        first += 1
    if first < stop:
        sentences.append(Sentence(first, stop, number, ()))
    return stop


def _ends_sentence(text: str, dot: int, stop: int, end: int) -> bool:
    """Tell whether a stop ends a sentence, by what stands behind and before it."""
    following = _NEXT.match(text, stop, end)
    if following is None or not following[2]:
        return True
    marks, letter, rest = following.groups()
    if marks == "(" and text[end - 1] == ")" and end - stop < _CREDIT:
        return True  # initials of whoever wrote it
    if letter.isalnum() or marks or letter in "•*=":
        small = letter.islower() and letter.isascii() and (letter + rest).isascii()
        plain = text[dot] != "." or stop - dot > 1
        return not small and (plain or not _is_abbreviated(text, dot, letter, rest))
    return letter not in ",;:)"


def _is_abbreviated(text: str, dot: int, letter: str, rest: str) -> bool:
    """Tell whether a full stop belongs to an abbreviation or to initials."""
    before = _LAST_WORD.search(text, max(0, dot - 24), dot)
    if before is None:
        return False
    word = before[0].strip(".").lower()
    if word in _ABBREVIATIONS:
        return word != "no" or letter.isdigit()
    return _INITIALS.fullmatch(before[0]) is not None and (letter + rest).lower() not in _OPENERS


def _with_quotes(sentences: list[Sentence], quotes: Sequence[Quote]) -> list[Sentence]:
    position = 0
    result = []
    for sentence in sentences:
        while position < len(quotes) and quotes[position].outer_end <= sentence.start:
            position += 1
        own = []
        while position < len(quotes) and quotes[position].outer_start < sentence.end:
            own.append(quotes[position])
            position += 1
        result.append(sentence._replace(quotes=tuple(own)))
    return result
