"""Ask one statement after the other: what each key does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sikap.labels import STANCES, Sentiment, Stance
from sikap.reviewing.candidates import Labels
from sikap.reviewing.decisions import Decided, DecisionFile
from sikap.reviewing.keyboard import END, ENTER
from sikap.reviewing.order import Ranked
from sikap.reviewing.rules import RULES

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
    def of(cls, decided: Decided | None) -> Draft:
        """Return the marks of an earlier decision, or none."""
        if decided is None or decided.labels is None:
            return cls()
        return cls(set(decided.labels.stance or ()), decided.labels.sentiment)

    @property
    def labels(self) -> Labels:
        """Return the marks as labels."""
        return Labels(tuple(name for name in STANCES if name in self.stance), self.sentiment)


class Session:
    """Hold where a person is: the statement, what is marked on it, what is shown beside it."""

    def __init__(self, ranked: Sequence[Ranked], decisions: DecisionFile) -> None:
        """Begin at the first statement without a decision; those skipped before come last."""
        done = decisions.decided
        place = {key: number for number, key in enumerate(done)}
        labelled = [item for item in ranked if item.candidate.key in done and done[item.candidate.key].labels]
        self.queue = sorted(labelled, key=lambda item: place[item.candidate.key])
        self.position = len(self.queue)
        self.queue += [item for item in ranked if item.candidate.key not in done]
        self.queue += [item for item in ranked if item.candidate.key in done and not done[item.candidate.key].labels]
        self.decisions = decisions
        self.note = ""
        self.rule: int | None = None
        """The number of the rule that is shown."""
        self.revealed: Ranked | None = None
        """The statement whose labels by the model and by others are shown."""
        self.finished = not self.queue
        self.saved = self.skipped = 0
        self._seen = {key for key, decided in done.items() if decided.seen_model}
        self._last = self.queue[self.position - 1] if self.position else None
        self._take()

    @property
    def current(self) -> Ranked | None:
        """Return the statement that is asked, or None after the last."""
        return self.queue[self.position] if self.position < len(self.queue) else None

    @property
    def left(self) -> int:
        """Return how many statements have no labels yet."""
        return sum(self._decided(item) is None for item in self.queue)

    @property
    def outcome(self) -> str:
        """Return one sentence: what was decided, where it is and how much is left."""
        if not self.queue:
            return "nothing to ask."
        saved = f"{self.saved} saved" + (f", {self.skipped} skipped" if self.skipped else "")
        return f"{saved}; {len(self.queue) - self.left} of {len(self.queue)} labelled in {self.decisions.path}."

    def press(self, key: str) -> None:
        """Do what a key stands for. Raises OutputError when a decision cannot be saved."""
        rule, self.rule, self.revealed, self.note = self.rule, None, None, ""
        if key in ("q", END):
            self.finished = True
        elif key == "?":
            following = 0 if rule is None else rule + 1
            self.rule = following if following < len(RULES) else None
        elif key == "b":
            self._back()
        elif key == "m":
            self._reveal()
        elif self.current is None:
            self.finished = key == ENTER
        else:
            self._mark(self.current, key)

    def _mark(self, current: Ranked, key: str) -> None:
        if key in STANCE_KEYS:
            self.draft.stance ^= {STANCE_KEYS[key]}
        elif key in SENTIMENT_KEYS:
            self.draft.sentiment = SENTIMENT_KEYS[key]
        elif key == ENTER:
            self._save(current)
        elif key == "n":
            self._skip(current)
        else:
            self.note = "That key does nothing here."

    def _save(self, current: Ranked) -> None:
        labels = self.draft.labels
        if labels.sentiment is None:
            self.note = "Choose a sentiment first: -, 0 or +."
            return
        if labels != self._decided(current):
            self._add(current, labels)
            self.saved += 1
            self.note = f"Saved: {labels}."
        self._last = current
        self._go(1)

    def _skip(self, current: Ranked) -> None:
        if self._decided(current) is None:
            self._add(current, None)
            self.skipped += 1
            self.note = "Skipped; it comes again, last, when you go on another time."
        self._go(1)

    def _add(self, current: Ranked, labels: Labels | None) -> None:
        key = current.candidate.key
        self.decisions.add(current.candidate, Decided(labels, key in self._seen))

    def _back(self) -> None:
        if self.position == 0:
            self.note = "This is the first statement."
        else:
            self._go(-1)

    def _reveal(self) -> None:
        current = self.current
        target = current if current is not None and self._decided(current) is not None else self._last
        if target is None:
            self.note = "Decide first: the model's labels are shown only after yours are saved."
            return
        self._seen.add(target.candidate.key)
        self.revealed = target

    def _go(self, step: int) -> None:
        self.position += step
        self._take()

    def _take(self) -> None:
        current = self.current
        self.draft = Draft.of(None if current is None else self.decisions.decided.get(current.candidate.key))

    def _decided(self, item: Ranked) -> Labels | None:
        decided = self.decisions.decided.get(item.candidate.key)
        return None if decided is None else decided.labels
