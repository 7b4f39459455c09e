"""Ask one statement after the other, whatever it is asked with: what is saved, skipped, gone back to and shown."""

from __future__ import annotations

from collections.abc import Sequence

from sikap.reviewing.candidates import Labels
from sikap.reviewing.decisions import Decided, DecisionFile
from sikap.reviewing.order import Ranked


class Session:
    """Hold where a person is: the statement that is asked, and what is shown beside it."""

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
        """One sentence on what was done last."""
        self.revealed: Ranked | None = None
        """The statement whose labels by the model and by others are shown."""
        self.saved = self.skipped = 0
        self._seen = {key for key, decided in done.items() if decided.seen_model}
        self._last = self.queue[self.position - 1] if self.position else None

    @property
    def current(self) -> Ranked | None:
        """Return the statement that is asked, or None after the last."""
        return self.queue[self.position] if self.position < len(self.queue) else None

    @property
    def revealable(self) -> Ranked | None:
        """Return the statement whose labels by the model may be shown: this one if labelled, or else the last saved."""
        current = self.current
        return current if current is not None and self.labels(current) is not None else self._last

    @property
    def left(self) -> int:
        """Return how many statements have no labels yet."""
        return sum(self.labels(item) is None for item in self.queue)

    @property
    def outcome(self) -> str:
        """Return one sentence: what was decided, where it is and how much is left."""
        if not self.queue:
            return "nothing to ask."
        saved = f"{self.saved} saved" + (f", {self.skipped} skipped" if self.skipped else "")
        return f"{saved}; {len(self.queue) - self.left} of {len(self.queue)} labelled in {self.decisions.path}."

    def decided(self, item: Ranked) -> Decided | None:
        """Return what was decided on a statement, if anything was."""
        return self.decisions.decided.get(item.candidate.key)

    def labels(self, item: Ranked) -> Labels | None:
        """Return the labels that were saved for a statement; None if there are none, or it was skipped."""
        decided = self.decided(item)
        return None if decided is None else decided.labels

    def clear(self) -> None:
        """Show nothing beside the statement any more."""
        self.revealed, self.note = None, ""

    def save(self, labels: Labels) -> None:
        """Save labels, sentiment included, for the statement that is asked, and go on. Raises OutputError."""
        self.clear()
        current = self.queue[self.position]
        if labels != self.labels(current):
            self._add(current, labels)
            self.saved += 1
            self.note = f"Saved: {labels}."
        self._last = current
        self.position += 1

    def skip(self) -> None:
        """Go on without labels for the statement that is asked; those that it has stay. Raises OutputError."""
        self.clear()
        current = self.queue[self.position]
        if self.labels(current) is None:
            self._add(current, None)
            self.skipped += 1
            self.note = "Skipped; it comes again, last, when you go on another time."
        self.position += 1

    def back(self) -> None:
        """Ask the statement before."""
        self.clear()
        if self.position == 0:
            self.note = "This is the first statement."
        else:
            self.position -= 1

    def reveal(self) -> None:
        """Show the model's labels of what was decided; a decision that is changed after that says so."""
        self.clear()
        target = self.revealable
        if target is None:
            self.note = "Decide first: the model's labels are shown only after yours are saved."
            return
        self._seen.add(target.candidate.key)
        self.revealed = target

    def _add(self, current: Ranked, labels: Labels | None) -> None:
        key = current.candidate.key
        self.decisions.add(current.candidate, Decided(labels, key in self._seen))
