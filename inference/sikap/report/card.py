"""Read a bundle's model card, for the page's footer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_HEADING = re.compile(r"(#+)\s+(.*)")
_STRONG_OR_CODE = re.compile(r"\*\*(.+?)\*\*|`([^`]+)`")


class Heading(NamedTuple):
    """Hold a heading and its level, 1 the highest."""

    level: int
    text: str
    kind: str = "heading"


class Prose(NamedTuple):
    """Hold a paragraph on one line."""

    text: str
    kind: str = "prose"


class Grid(NamedTuple):
    """Hold a table; the cells of an empty head row are all ""."""

    head: list[str]
    rows: list[list[str]]
    kind: str = "grid"


def card_blocks(card: str) -> Iterator[Heading | Prose | Grid]:
    """Yield the headings, paragraphs and tables of a model card in Markdown, its front matter left out.

    Marks of strength and code are taken away; what is no heading or table is prose.
    """
    body = re.sub(r"\A---\n.*?\n---\n", "", card, flags=re.DOTALL)
    block: list[str] = []
    for line in [*body.splitlines(), ""]:
        heading = _HEADING.fullmatch(line.strip())
        ends = not line.strip() or heading or (block and line.startswith("|") != block[-1].startswith("|"))
        if ends and block:
            yield _block(block)
            block = []
        if heading:
            yield Heading(len(heading[1]), _plain(heading[2]))
        elif line.strip():
            block.append(line)


def _block(lines: list[str]) -> Prose | Grid:
    if not lines[0].startswith("|"):
        return Prose(_plain(" ".join(line.strip() for line in lines)))
    cells = [[_plain(cell) for cell in line.strip().strip("|").split("|")] for line in lines if not _is_rule(line)]
    return Grid(cells[0], cells[1:])


def _is_rule(line: str) -> bool:
    return "-" in line and not line.strip("|-: ")


def _plain(text: str) -> str:
    return _STRONG_OR_CODE.sub(lambda match: match[1] or match[2], text).strip()
