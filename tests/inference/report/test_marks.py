"""Paragraphs, and the pieces of statements in them."""

from __future__ import annotations

import random

import pytest

from sikap.report.marks import Close, Open, marked, paragraphs
from sikap.statement import Statement

from .build import prediction

TEXT = "Satu dua tiga.\n\nEmpat lima enam.\nTujuh delapan."


def at(text: str, start: int, end: int) -> Statement:
    scores = vars(prediction(text[start:end]))
    return Statement(**scores, start=start, end=end, kind="direct", **dict.fromkeys(PLACE))


PLACE = ("speaker", "speaker_mention", "speaker_mention_start", "speaker_mention_end", "role", "cue")


def spelled(text: str, spans: list[tuple[int, int]]) -> list[str]:
    """Return the paragraphs with [n ... n] around the pieces of statement n."""
    statements = [at(text, start, end) for start, end in spans]
    result = []
    for tokens in marked(text, list(paragraphs(text)), statements):
        said = ""
        for token in tokens:
            if isinstance(token, Open):
                said += f"[{token.statement}" + "'" * token.part + " "
            elif isinstance(token, Close):
                said += f" {token.piece.statement}]"
            else:
                said += token
        result.append(said)
    return result


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\n\t\n", []),
        ("Satu.", ["Satu."]),
        ("  Satu.  \r\n\r\n Dua. \r\n", ["Satu.", "Dua."]),
        ("Satu.\nDua.\nTiga.", ["Satu.", "Dua.", "Tiga."]),
        ("Baris satu\nbaris dua.\n\nBaris tiga\nbaris empat.", ["Baris satu\nbaris dua.", "Baris tiga\nbaris empat."]),
        ("Panjang " * 20 + "\nDua.\n\nTiga.", [("Panjang " * 20).strip(), "Dua.", "Tiga."]),
    ],
)
def test_paragraphs(text, expected):
    assert [text[place.start : place.end] for place in paragraphs(text)] == expected


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], ["Satu dua tiga.", "Empat lima enam.\nTujuh delapan."]),
        ([(0, 4)], ["[0 Satu 0] dua tiga.", "Empat lima enam.\nTujuh delapan."]),
        ([(0, 14), (5, 8)], ["[0 Satu [1 dua 1] tiga. 0]", "Empat lima enam.\nTujuh delapan."]),
        ([(5, 8), (5, 14)], ["Satu [1 [0 dua 0] tiga. 1]", "Empat lima enam.\nTujuh delapan."]),
        ([(0, 8), (5, 14)], ["[0 Satu [1 dua 1] 0][1'  tiga. 1]", "Empat lima enam.\nTujuh delapan."]),
        ([(9, 21)], ["Satu dua [0 tiga. 0]", "[0' Empat 0] lima enam.\nTujuh delapan."]),
        ([(0, 4), (0, 4)], ["[0 [1 Satu 1] 0] dua tiga.", "Empat lima enam.\nTujuh delapan."]),
        ([(0, 4), (4, 8)], ["[0 Satu 0][1  dua 1] tiga.", "Empat lima enam.\nTujuh delapan."]),
    ],
)
def test_pieces(spans, expected):
    assert spelled(TEXT, spans) == expected


def test_any_spans_nest_and_keep_the_text():
    chance = random.Random(0)
    text = " ".join(f"kata{number}" for number in range(30)).replace(" kata15", "\n\nkata15")
    for _ in range(300):
        spans = [tuple(sorted(chance.sample(range(len(text)), 2))) for _ in range(chance.randrange(8))]
        statements = [at(text, *span) for span in spans]
        for place, tokens in zip(paragraphs(text), marked(text, list(paragraphs(text)), statements), strict=True):
            assert "".join(token for token in tokens if isinstance(token, str)) == text[place.start : place.end]
            nested = []
            for token in tokens:
                if isinstance(token, Open):
                    nested.append(token)
                elif isinstance(token, Close):
                    assert nested.pop() == token.piece
            assert nested == []
