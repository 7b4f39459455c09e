"""Print explanations for a terminal of 80 columns, or as JSON."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from rich.console import Console
from rich.text import Text

from sikap.characters import UNSEEN
from sikap.explanation import Explanation, WordWeight
from sikap.writing.colours import COLOURS
from sikap.writing.values import json_bytes

WIDTH = 80
LISTED = 5
LONGEST_LISTED = 24
SHOWN = 0.1
"""The weight below which a word is not listed."""
STRONG, CLEAR, FAINT = 0.5, 0.2, 0.1
"""Shares of the weightiest word's weight from which on a word is shown so; a word against the label from CLEAR on."""
LEAST = 1.0
"""The log-odds that count as weighty even where no word has more: without them, noise would be coloured."""
FOR = ((STRONG, "bold reverse"), (CLEAR, "bold"), (FAINT, "underline"))
AGAINST = "dim strike"


def print_explanation(explanation: Explanation, labels: Sequence[str], stream: BinaryIO, *, colours: bool) -> None:
    """Print a statement once for each of these labels, its words coloured by weight, and the weightiest as a list.

    Words for the label are reversed, bold or underlined in its colour, words against it struck through.
    """
    text = io.StringIO()  # rich would answer a closed pipe with an exit status of its own
    console = Console(file=text, width=WIDTH, force_terminal=colours or None, highlight=False)
    prediction = explanation.prediction
    probabilities: dict[str, float | None] = {}
    probabilities.update(prediction.stance_probabilities.items())
    probabilities.update(prediction.sentiment_probabilities.items())
    for label in labels:
        given = label in prediction.stance or label == prediction.sentiment
        unset = " (not set; the likeliest stance)" if label in explanation.labels else " (not set)"
        note = "" if given else unset
        head = Text.assemble((label, f"bold {COLOURS[label]}"), f" {probabilities[label]:.2f}{note}")
        console.print(head)
        console.print(_coloured(explanation, label))
        console.print(_listed(explanation.words[label]), style="dim")
        console.print()
    stream.write(text.getvalue().encode("utf-8", "replace"))


def write_json(explanations: Iterable[Explanation], stream: BinaryIO, *, lines: bool) -> None:
    """Write explanations as JSON Lines, or as one JSON array."""
    if lines:
        for explanation in explanations:
            stream.write(json_bytes(explanation.to_dict()) + b"\n")
    else:
        stream.write(
            b"[\n " + b",\n ".join(json_bytes(explanation.to_dict()) for explanation in explanations) + b"\n]\n"
        )


def _coloured(explanation: Explanation, label: str) -> Text:
    words, text = explanation.words[label], explanation.prediction.text
    largest = max([LEAST, *(abs(word.weight) for word in words)])
    shown, place = Text("  "), 0
    for word in words:
        shown.append(UNSEEN.sub(" ", text[place : word.start]))
        shown.append(UNSEEN.sub(" ", word.text), style=_style(word.weight / largest, COLOURS[label]))
        place = word.end
    shown.append(UNSEEN.sub(" ", text[place:]))
    return shown


def _style(share: float, colour: str) -> str:
    if share <= -CLEAR:
        return AGAINST
    return next((f"{style} {colour}" for least, style in FOR if share >= least), "")


def _listed(words: tuple[WordWeight, ...]) -> Text:
    ranked = [word for word in sorted(words, key=lambda word: -abs(word.weight)) if abs(word.weight) >= SHOWN][:LISTED]
    listed = ", ".join(f"{_short(word.text)} {word.weight:+.1f}" for word in ranked)
    return Text(f"  {listed or 'no single word carries it'}")


def _short(text: str) -> str:
    line = UNSEEN.sub(" ", text)
    return line if len(line) <= LONGEST_LISTED else line[: LONGEST_LISTED - 1] + "…"
