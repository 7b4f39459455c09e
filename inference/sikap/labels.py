"""Name the labels, in the order in which every array and every output holds them."""

from __future__ import annotations

from typing import Literal

Stance = Literal["support", "condemnation", "condolence"]
Sentiment = Literal["negative", "neutral", "positive"]

STANCES: tuple[Stance, ...] = ("support", "condemnation", "condolence")
SENTIMENTS: tuple[Sentiment, ...] = ("negative", "neutral", "positive")
NONE = "none"
"""How an empty set of stances is printed."""
