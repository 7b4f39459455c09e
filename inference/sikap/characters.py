"""Name the characters that are neither read nor shown."""

from __future__ import annotations

import re

UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
"""Control characters, which can steer a terminal, characters without width, halves of a pair."""


def visible(text: str) -> str:
    """Return a text on one line, with single spaces and nothing in it that could steer a terminal."""
    return " ".join(UNSEEN.sub(" ", text).split())
