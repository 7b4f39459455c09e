"""Give an institution one spelling, the fullest that the article has: "Kedubes" is "Kedutaan Besar"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sikap.extraction.found import FoundStatement

_SHORT = {
    "kedubes": "kedutaan besar",
    "kbri": "kedutaan besar republik indonesia",
    "kjri": "konsulat jenderal republik indonesia",
    "kemlu": "kementerian luar negeri",
    "kemenlu": "kementerian luar negeri",
    "deplu": "departemen luar negeri",
    "kemhan": "kementerian pertahanan",
    "kemenhan": "kementerian pertahanan",
    "kemenkes": "kementerian kesehatan",
    "kemenkeu": "kementerian keuangan",
    "kemendag": "kementerian perdagangan",
    "kemendagri": "kementerian dalam negeri",
    "ri": "republik indonesia",
    "as": "amerika serikat",
}
_INSTITUTION = re.compile(
    r"(?:ke(?:dutaan|menterian|dubes|bri|m(?:en)?lu|m(?:en)?han|men\w+)|kbri|kjri|konsulat|dep\w+)\b", re.I
)
_CHANNEL = re.compile(
    r" (?:di|lewat|melalui) (?:Facebook|Twitter|X|Instagram|Telegram|YouTube|Weibo|situs\w*|laman\w*)$"
)
_PLACED = "di "


def one_spelling(found: Sequence[FoundStatement]) -> list[FoundStatement]:
    """Return the statements with every ministry and embassy spelled as it is most fully."""
    fullest: dict[str, str] = {}
    for statement in found:
        name = _without_channel(statement.speaker)
        if name is not None:
            key = _key(name)
            if len(name) > len(fullest.get(key, "")):
                fullest[key] = name
    placed = {key: [other for other in fullest if other.startswith(f"{key} {_PLACED}")] for key in fullest}
    chosen = {key: fullest[longer[0]] if len(longer) == 1 else fullest[key] for key, longer in placed.items()}
    result = []
    for statement in found:
        name = _without_channel(statement.speaker)
        result.append(statement if name is None else replace(statement, speaker=chosen[_key(name)]))
    return result


def _without_channel(speaker: str | None) -> str | None:
    """Return an institution's name without where it was heard, None for other speakers."""
    if speaker is None or not _INSTITUTION.match(speaker):
        return None
    return _CHANNEL.sub("", speaker)


def _key(name: str) -> str:
    return " ".join(_SHORT.get(word, word) for word in name.lower().split())
