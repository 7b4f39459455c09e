"""Hold a statement as it was found in an article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["direct", "indirect", "mixed"]


@dataclass(frozen=True, slots=True)
class FoundStatement:
    """Hold one statement, its place in the article and who made it.

    `start` and `end` count characters, and `text` is `article[start:end]`. `speaker` is the fullest
    form that the article gives, without a title, or None when the article names nobody.
    `speaker_mention` are the words that stand for the speaker here ("ia", "Menlu itu"), None where
    the speaker is clear from the context alone. `cue` is the reporting word without "-nya".
    """

    start: int
    end: int
    text: str
    kind: Kind
    speaker: str | None
    speaker_mention: str | None
    speaker_mention_start: int | None
    speaker_mention_end: int | None
    role: str | None
    cue: str | None
