"""Print how well statements and their speakers are found.

Usage: python benchmarks/extraction.py PATH [PATH ...]

A path is a folder of annotated articles (JSON) or a file in PFSA-ID's CoNLL format. Of PFSA-ID
only direct statements are compared, without their marks and a closing comma; its speaker is the
PERSON or PERSONCOREF that follows the statement, in the longest form of the same passage, and
only statements that have one are compared for it, ranks apart.
PFSA-ID labels the statements of public figures alone: the second line for it leaves out found
quotes whose sentence carries no label of a speaker or cue at all.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sikap.extraction import extract

OVERLAP = 0.8
REACH = 8000  # characters within which PFSA-ID's longest form of a name is looked for
PASSAGE = 400  # sentences of PFSA-ID read as one article: the file does not say where one ends
MARKS = "\"“”‘’'«», "


class Span(NamedTuple):
    """Hold one statement, annotated or found."""

    start: int
    end: int
    kind: str
    speaker: str | None
    linked: bool = True  # to a speaker that can be compared


class Score:
    """Count what was expected, what was found, and what of it agrees."""

    def __init__(self, *, loose: bool = False) -> None:
        """Begin with nothing; `loose` lets a name with its rank equal the name without."""
        self.loose = loose
        self.expected = self.found = self.exact = self.overlapping = self.speakers = self.right_speakers = 0

    def add(self, expected: Sequence[Span], found: Sequence[Span]) -> None:
        """Count one article."""
        self.expected += len(expected)
        self.found += len(found)
        places = {(span.start, span.end) for span in expected}
        self.exact += sum((span.start, span.end) in places for span in found)
        for gold, match in pairs(expected, found):
            self.overlapping += 1
            if gold.linked:
                self.speakers += 1
                self.right_speakers += same_speaker(gold.speaker, match.speaker, loose=self.loose)

    def lines(self, title: str) -> Iterator[str]:
        """Yield the figures as text."""
        yield f"{title}: {self.expected} statements, {self.found} found"
        for name, right in (("exact", self.exact), ("overlap", self.overlapping)):
            precision, recall = right / max(1, self.found), right / max(1, self.expected)
            f1 = 2 * right / max(1, self.found + self.expected)
            yield f"  {name:8} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}"
        yield f"  speaker accuracy {self.right_speakers / max(1, self.speakers):.3f} of {self.speakers} matched"


def pairs(expected: Sequence[Span], found: Sequence[Span]) -> Iterator[tuple[Span, Span]]:
    """Yield pairs that overlap by at least OVERLAP, the closest first, each span once."""
    candidates = []
    for i, gold in enumerate(expected):
        for j, span in enumerate(found):
            shared = min(gold.end, span.end) - max(gold.start, span.start)
            union = max(gold.end, span.end) - min(gold.start, span.start)
            if shared > 0 and shared / union >= OVERLAP:
                candidates.append((shared / union, i, j))
    taken_gold: set[int] = set()
    taken_found: set[int] = set()
    for _, i, j in sorted(candidates, reverse=True):
        if i not in taken_gold and j not in taken_found:
            taken_gold.add(i)
            taken_found.add(j)
            yield expected[i], found[j]


def same_speaker(first: str | None, second: str | None, *, loose: bool = False) -> bool:
    """Tell whether two speakers are the same, letter case and spaces apart."""
    one, other = ((name or "").casefold().split() for name in (first, second))
    return one == other or (loose and bool(other) and one[-len(other) :] == other)


def find(text: str) -> list[Span]:
    """Return what the extraction finds."""
    return [Span(found.start, found.end, found.kind, found.speaker) for found in extract(text)]


def articles(folder: Path) -> Iterator[tuple[str, list[Span]]]:
    """Yield the text and the statements of annotated articles."""
    for file in sorted(folder.glob("*.json")):
        article = json.loads(file.read_text(encoding="utf-8"))
        yield (
            article["text"],
            [Span(item["start"], item["end"], item["kind"], item["speaker"]) for item in article["statements"]],
        )


def measure_articles(folder: Path) -> list[str]:
    """Return the figures for a folder of annotated articles, over all kinds and for each."""
    whole = Score()
    kinds = {kind: Score() for kind in ("direct", "indirect", "mixed")}
    for text, expected in articles(folder):
        found = find(text)
        whole.add(expected, found)
        for kind, score in kinds.items():
            score.add([s for s in expected if s.kind == kind], [s for s in found if s.kind == kind])
    lines = list(whole.lines(f"{folder}, all kinds"))
    for kind, score in kinds.items():
        lines += score.lines(f"{folder}, {kind}")
    return lines


class Labelled(NamedTuple):
    """Hold a stretch of text that PFSA-ID labels."""

    start: int
    end: int
    label: str
    sentence: int


def passages(file: Path) -> Iterator[tuple[str, list[Labelled], list[tuple[int, int]]]]:
    """Yield the text of passages, their labelled stretches and the places of their sentences."""
    sentences: list[list[tuple[str, str]]] = [[]]
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            word, _, tag = line.rstrip("\n").partition("\t")
            if word:
                sentences[-1].append((word, tag or "O"))
            elif sentences[-1]:
                sentences.append([])
    start = 0
    while start < len(sentences):
        end = min(len(sentences), start + PASSAGE)
        while end < len(sentences) and any(tag.startswith(("I-", "L-")) for _, tag in sentences[end][:1]):
            end += 1
        yield lay_out(sentences[start:end])
        start = end


def lay_out(sentences: Sequence[Sequence[tuple[str, str]]]) -> tuple[str, list[Labelled], list[tuple[int, int]]]:
    """Join the words of sentences with the spaces that print has, and keep the places of the labels."""
    closing = closing_marks([word for sentence in sentences for word, _ in sentence])
    text = ""
    labelled: list[Labelled] = []
    places = []
    glue = False
    begun = index = 0
    for number, sentence in enumerate(sentences):
        sentence_start = len(text)
        for word, tag in sentence:
            closes = closing.get(index)
            tight = glue or closes is True or word in {",", ".", ")", "?", "!", ";", ":", "/", "-", "%"}
            text += "" if tight or not text else " "
            place = len(text)
            text += word
            glue = closes is False or word in {"(", "/", "-"}
            index += 1
            position, _, label = tag.partition("-")
            if position in {"B", "U"}:
                begun = place
            if position in {"L", "U"}:
                labelled.append(Labelled(begun, len(text), label, number))
        places.append((sentence_start, len(text)))
    return text, labelled, places


def closing_marks(words: Sequence[str]) -> dict[int, bool]:
    """Tell of each quotation mark whether it closes: Kompas opens and closes with the same one.

    One behind a stop or comma and before a small letter closes; of two marks in a row one opens
    and one closes.
    """
    closing: dict[int, bool] = {}
    behind = False
    for index in range(len(words) - 1, -1, -1):
        if words[index] not in {"”", "“", '"'}:
            continue
        before, after = (words[i] if 0 <= i < len(words) else "" for i in (index - 1, index + 1))
        behind = (before in {",", ".", "?", "!"} and after[:1].islower()) or not behind
        closing[index] = behind
    return closing


def measure_pfsa(file: Path) -> list[str]:
    """Return the figures for direct statements in PFSA-ID's format."""
    strict, scoped = Score(loose=True), Score(loose=True)
    for text, labelled, places in passages(file):
        expected = [statement(text, item, labelled) for item in labelled if item.label == "STATEMENT"]
        found = [span for span in find(text) if span.kind == "direct"]
        strict.add(expected, found)
        speaking = {item.sentence for item in labelled if item.label in {"PERSON", "PERSONCOREF", "CUE", "CUECOREF"}}
        bounds = [places[number] for number in sorted(speaking)]
        scoped.add(expected, [span for span in found if _in_scope(span, expected, bounds)])
    return [*strict.lines(f"{file}, direct"), *scoped.lines(f"{file}, direct, labelled speakers only")]


def _in_scope(span: Span, expected: Sequence[Span], bounds: Sequence[tuple[int, int]]) -> bool:
    if any(span.start < gold.end and gold.start < span.end for gold in expected):
        return True
    return any(start < span.end + 2 and span.start < end for start, end in bounds)


def statement(text: str, item: Labelled, labelled: Sequence[Labelled]) -> Span:
    """Return a labelled statement without marks and closing comma, with its speaker's fullest form."""
    start, end = item.start, item.end
    while start < end and text[start] in MARKS:
        start += 1
    while end > start and text[end - 1] in MARKS:
        end -= 1
    speaker = speaker_of(item, text, labelled)
    return Span(start, end, "direct", speaker, speaker is not None)


def speaker_of(item: Labelled, text: str, labelled: Sequence[Labelled]) -> str | None:
    """Return the person linked to a statement, in the longest form within reach; None where only "ia" is."""
    last = max(other.sentence for other in labelled if other.start <= item.end)
    near = [
        other
        for other in labelled
        if other.label in {"PERSON", "PERSONCOREF"} and last - 1 <= other.sentence <= last and other.start >= item.end
    ]
    if not near:
        return None
    words = set(text[near[0].start : near[0].end].split())
    forms = [
        text[other.start : other.end]
        for other in labelled
        if other.label == "PERSON" and abs(other.start - item.start) < REACH
    ]
    return max((form for form in forms if words <= set(form.split())), key=len, default=None)


def main(paths: Sequence[str]) -> None:
    """Print the figures for every path."""
    for path in map(Path, paths):
        print("\n".join(measure_articles(path) if path.is_dir() else measure_pfsa(path)))


if __name__ == "__main__":
    main(sys.argv[1:])
