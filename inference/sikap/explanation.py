"""Say which words of a statement carried its labels, by leaving each out and scoring again."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sikap.errors import InputError
from sikap.labels import SENTIMENTS, STANCES
from sikap.prediction import Prediction

if TYPE_CHECKING:
    from sikap.model import Model

LONGEST = 10_000
"""Characters of the longest text that is explained: what is scored grows with the square of the length."""
MOST_PARTS = 200
"""Parts that are left out one by one at most; a text of more words is cut into parts of several neighbours."""
MOST_CHARACTERS = 300_000
"""Characters scored at most for one explanation, so that a text of many windows takes fewer, larger parts."""
SMALLEST = 1e-9
_LETTERS = r"(?:[^\W_][\u0300-\u036f]*)+"
_WORD = re.compile(rf"{_LETTERS}(?:[-'’.]{_LETTERS})*")


@dataclass(frozen=True, slots=True)
class WordWeight:
    """Hold a word of a statement, its place in characters and its weight for a label.

    `text` is exactly `statement[start:end]`. `weight` is what the label's log-odds (natural
    logarithm, of calibrated probabilities) lose when the word is left out: positive for a word
    that speaks for the label, negative for one that speaks against it. Within a statement this ranks
    words as the drop in probability does; unlike that, it does not vanish where the probability is near 1.
    """

    text: str
    start: int
    end: int
    weight: float

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON has them, the weight rounded to four decimals."""
        return {"text": self.text, "start": self.start, "end": self.end, "weight": round(self.weight, 4)}


@dataclass(frozen=True)
class Explanation:
    """Hold a prediction and, for each stance and the predicted sentiment, the weight of every word in text order."""

    prediction: Prediction
    words: dict[str, tuple[WordWeight, ...]]

    @property
    def labels(self) -> tuple[str, ...]:
        """Return what to explain first: the stances that are set, else the likeliest one, then the sentiment."""
        probabilities = self.prediction.stance_probabilities
        likeliest = max(STANCES, key=lambda name: probabilities[name] or 0.0)
        return (*(self.prediction.stance or (likeliest,)), *(name for name in self.words if name in SENTIMENTS))

    def only(self, kinds: Collection[str]) -> Explanation:
        """Return the explanation of some labels alone: names of stances, and "sentiment" for the predicted one."""
        kept = {
            name: words for name, words in self.words.items() if (name if name in STANCES else "sentiment") in kinds
        }
        return replace(self, words=kept)

    def top(self, label: str, count: int = 3) -> tuple[WordWeight, ...]:
        """Return the words that speak most for a label, the strongest first; fewer when fewer speak for it.

        Raises KeyError for a label that was not explained.
        """
        ranked = sorted(self.words[label], key=lambda word: -word.weight)
        return tuple(word for word in ranked[:count] if word.weight > 0)

    def to_dict(self) -> dict[str, Any]:
        """Return the prediction's fields as JSON has them, and `explanation`: label to words in text order."""
        words = {label: [word.to_dict() for word in weighed] for label, weighed in self.words.items()}
        return {**self.prediction.to_dict(), "explanation": words}


def explain(model: Model, text: str) -> Explanation:
    """Leave each word out in turn, score what is left, and return what every label lost by it.

    Erasure, Li et al. 2016, "Understanding Neural Networks through Representation Erasure". Words go one by
    one, so what two words do together, as a negation and its verb, is not measured. A text of more than 200
    words or 1,500 characters may be cut into parts of neighbouring words, at most 200 and at most 300,000
    characters to score; each part has one weight. Raises InputError for a text without a letter or digit and
    for one of more than 10,000 characters, TypeError when it is not a string.
    """
    if len(text) > LONGEST:
        raise InputError(
            f"the text has {len(text):,} characters and at most {LONGEST:,} are explained;"
            " pass one statement, as `sikap analyze` finds them in an article."
        )
    prediction = model.predict(text)
    if not prediction.scored:
        raise InputError("the statement holds no letter or digit, so there is nothing to explain; pass a text.")
    spans = word_spans(text)
    odds = _log_odds(model, [text, *(without(text, [span]) for span in spans)])
    lost = odds[0] - odds[1:]
    columns: dict[str, int] = {name: index for index, name in enumerate((*STANCES, *SENTIMENTS))}
    words: dict[str, tuple[WordWeight, ...]] = {
        label: tuple(
            WordWeight(text[start:end], start, end, float(weight))
            for (start, end), weight in zip(spans, lost[:, columns[label]], strict=True)
        )
        for label in (*STANCES, prediction.sentiment or "")
    }
    return Explanation(prediction, words)


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return where the words of a text start and end, neighbours joined where a text is too long for single words."""
    found = [match.span() for match in _WORD.finditer(text)]
    parts = max(1, min(MOST_PARTS, MOST_CHARACTERS // max(1, len(text))))
    size = -(-len(found) // parts)
    return [(part[0][0], part[-1][1]) for part in (found[i : i + size] for i in range(0, len(found), size or 1))]


def without(text: str, words: list[tuple[int, int]]) -> str:
    """Return a text without the words at these places, in any order."""
    for start, end in sorted(words, reverse=True):
        text = text[:start] + " " + text[end:]
    return text


def _log_odds(model: Model, texts: list[str]) -> NDArray[np.float64]:
    logits, _ = model.logits(texts)
    decided = model.bundle.decision(logits[:, : len(STANCES)], logits[:, len(STANCES) :])
    p = np.concatenate([decided.stance_probabilities, decided.sentiment_probabilities], axis=1)
    p = np.clip(p, SMALLEST, 1 - SMALLEST)
    odds: NDArray[np.float64] = np.log(p) - np.log1p(-p)
    return odds
