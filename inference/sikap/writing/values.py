"""Make values fit what a format can hold."""

from __future__ import annotations

import json
import math
import re
from typing import Any

_HALF = re.compile("[\ud800-\udfff]")


def sound(value: Any) -> Any:
    """Return a value in which each half of a surrogate pair, which UTF-8 cannot hold, is U+FFFD."""
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value)
    if isinstance(value, dict):
        return {sound(key): sound(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(sound, value))
    return value


def finite(value: Any) -> Any:
    """Return a value in which each number that JSON cannot hold, NaN and the infinities, is None."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [finite(inner) for inner in value]
    return value


def weight(row: dict[str, Any]) -> int:
    """Return about how many characters a row holds."""
    return sum(len(value) for value in row.values() if isinstance(value, str | bytes | list | dict))


def json_bytes(value: Any) -> bytes:
    """Return valid JSON whatever a value holds: NaN as null, half a surrogate pair as its escape."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=str)
    except ValueError:
        text = json.dumps(finite(value), ensure_ascii=False, default=str)
    return text.encode("utf-8", "backslashreplace")
