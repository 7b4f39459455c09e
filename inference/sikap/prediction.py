"""Hold what the model says about one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sikap.labels import NONE, SENTIMENTS, STANCES, Sentiment, Stance


@dataclass(frozen=True)
class Prediction:
    """Hold the labels of one statement and their calibrated probabilities in [0, 1].

    `stance` is in the order support, condemnation, condolence, and empty for none. `uncertain`
    tells that a probability lies in the abstention band, `truncated` that the statement was
    longer than the model reads at once and was scored in overlapping windows. A statement
    without a letter or digit is not scored: `sentiment` and every probability are None.
    """

    text: str
    stance: tuple[Stance, ...]
    sentiment: Sentiment | None
    stance_probabilities: dict[Stance, float | None]
    sentiment_probabilities: dict[Sentiment, float | None]
    uncertain: bool
    truncated: bool

    @classmethod
    def unscored(cls, text: str) -> Prediction:
        """Return what is said of a text with nothing to read in it."""
        return cls(text, (), None, dict.fromkeys(STANCES), dict.fromkeys(SENTIMENTS), uncertain=True, truncated=False)

    @property
    def scored(self) -> bool:
        """Tell whether the text held anything to score."""
        return self.sentiment is not None

    @property
    def doubtful(self) -> bool:
        """Tell whether a person should read the statement: it was scored, and the model is in doubt."""
        return self.scored and self.uncertain

    @property
    def stance_text(self) -> str:
        """Return the stances as one string: "none", "support", "condemnation+condolence"; "" if unscored."""
        if not self.scored:
            return ""
        return "+".join(self.stance) or NONE

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON has them, probabilities rounded to six decimals."""
        return {"text": self.text, **self.scores()}

    def scores(self) -> dict[str, Any]:
        """Return the fields of `to_dict` but for the text."""
        return {
            "stance": list(self.stance),
            "sentiment": self.sentiment,
            "stance_probabilities": {name: _rounded(p) for name, p in self.stance_probabilities.items()},
            "sentiment_probabilities": {name: _rounded(p) for name, p in self.sentiment_probabilities.items()},
            "uncertain": self.uncertain,
            "truncated": self.truncated,
        }


def _rounded(probability: float | None) -> float | None:
    return None if probability is None else round(probability, 6)
