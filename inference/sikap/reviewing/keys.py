"""Say what each key of the terminal does."""

from __future__ import annotations

from dataclasses import dataclass, field

from sikap.labels import STANCES, Sentiment, Stance
from sikap.reviewing.candidates import Labels
from sikap.reviewing.keyboard import END, ENTER
from sikap.reviewing.rules import RULES
from sikap.reviewing.session import Session

STANCE_KEYS: dict[str, Stance] = {"s": "support", "c": "condemnation", "d": "condolence"}
SENTIMENT_KEYS: dict[str, Sentiment] = {"-": "negative", "0": "neutral", "+": "positive", "=": "positive"}
"""= is the key of + without shift on many keyboards."""
KEYS = "Enter saves   n skip   b back   ? rules   m model's labels, after saving   q quit"


@dataclass
class Draft:
    """Hold what is marked and not saved yet."""

    stance: set[Stance] = field(default_factory=set)
    sentiment: Sentiment | None = None

    @classmethod
    def of(cls, labels: Labels | None) -> Draft:
        """Return the marks of labels that were saved before, or none."""
        return cls() if labels is None else cls(set(labels.stance or ()), labels.sentiment)

    @property
    def labels(self) -> Labels:
        """Return the marks as labels."""
        return Labels(tuple(name for name in STANCES if name in self.stance), self.sentiment)


class Keys:
    """Take a person through a session by keys, and hold what is marked and which rule is shown."""

    def __init__(self, session: Session) -> None:
        """Begin where the session is."""
        self.session = session
        self.rule: int | None = None
        """The number of the rule that is shown."""
        self.finished = not session.queue
        self._take()

    def press(self, key: str) -> None:
        """Do what a key stands for. Raises OutputError when a decision cannot be saved."""
        session, position = self.session, self.session.position
        rule, self.rule = self.rule, None
        session.clear()
        if key in ("q", END):
            self.finished = True
        elif key == "?":
            following = 0 if rule is None else rule + 1
            self.rule = following if following < len(RULES) else None
        elif key == "b":
            session.back()
        elif key == "m":
            session.reveal()
        elif session.current is None:
            self.finished = key == ENTER
        else:
            self._mark(key)
        if session.position != position:
            self._take()

    def _mark(self, key: str) -> None:
        if key in STANCE_KEYS:
            self.draft.stance ^= {STANCE_KEYS[key]}
        elif key in SENTIMENT_KEYS:
            self.draft.sentiment = SENTIMENT_KEYS[key]
        elif key == "n":
            self.session.skip()
        elif key != ENTER:
            self.session.note = "That key does nothing here."
        elif self.draft.sentiment is None:
            self.session.note = "Choose a sentiment first: -, 0 or +."
        else:
            self.session.save(self.draft.labels)

    def _take(self) -> None:
        current = self.session.current
        self.draft = Draft.of(None if current is None else self.session.labels(current))
