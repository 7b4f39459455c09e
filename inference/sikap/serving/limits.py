"""Hold how much a request may ask for, and the refusal of one that asks for more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """Refuse a request with an HTTP status and one sentence for whoever sent it."""

    def __init__(self, status: int, sentence: str, *, retry_after: int | None = None) -> None:
        """Take the status, the sentence, and the seconds after which asking again makes sense."""
        super().__init__(sentence)
        self.status, self.sentence, self.retry_after = status, sentence, retry_after


@dataclass(frozen=True, slots=True)
class Limits:
    """Hold the limits of a server.

    `body` bytes, `texts` and `characters` (in all its texts together) that one request may have;
    `seconds` in which its body must arrive; `waiting` requests that may be computed or wait for it.
    """

    body: int = 2**21
    texts: int = 1000
    characters: int = 200_000
    seconds: float = 10.0
    waiting: int = 2000

    def check(self, texts: Sequence[str]) -> None:
        """Raise Refused, status 413, for too many texts or too many characters in them."""
        if len(texts) > self.texts:
            raise Refused(
                413, f"text: holds {len(texts):,} texts and may hold {self.texts:,}; send them in several requests."
            )
        if (characters := sum(map(len, texts))) > self.characters:
            raise Refused(
                413,
                f"text: holds {characters:,} characters and may hold {self.characters:,};"
                " send it in several requests or use the command line.",
            )
