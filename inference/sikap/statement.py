"""Hold what is known of one statement that was found in an article."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from sikap.prediction import Prediction

if TYPE_CHECKING:
    from sikap.extraction.found import FoundStatement, Kind


@dataclass(frozen=True, slots=True)
class Statement(Prediction):
    """Hold the labels of a statement, its place in the article and who makes it.

    `text` is exactly `article[start:end]`, in characters. `speaker` is the fullest form of the
    name in the article, without title, and None when the article names nobody;
    `speaker_mention` is what stands for the speaker here ("ia", "Menlu itu"). `role` is the
    title, `cue` the word that reports ("mengatakan").
    """

    start: int
    end: int
    kind: Kind
    speaker: str | None
    speaker_mention: str | None
    speaker_mention_start: int | None
    speaker_mention_end: int | None
    role: str | None
    cue: str | None

    @classmethod
    def joined(cls, found: FoundStatement, prediction: Prediction) -> Statement:
        """Join what was found in the article with what the model says about it."""
        scores = {field.name: getattr(prediction, field.name) for field in fields(Prediction)}
        return cls(**scores, **{name: getattr(found, name) for name in _PLACE})

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON has them, probabilities rounded to six decimals."""
        return {"text": self.text, **self.scores(), **{name: getattr(self, name) for name in _PLACE}}


_PLACE = tuple(field.name for field in fields(Statement) if field not in fields(Prediction))
