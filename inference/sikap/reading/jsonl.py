"""Read JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sikap.errors import InputError


def rows(lines: Iterator[str], name: str) -> Iterator[dict[str, Any]]:
    """Yield the object on each line; lines of white space alone are passed over.

    Raises InputError that names the line for broken JSON and for anything but an object.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line.rstrip())
        except json.JSONDecodeError as error:
            raise InputError(
                f"{name}, line {number}, column {error.colno}: broken JSON ({error.msg}); mend the line."
            ) from None
        except (RecursionError, ValueError) as error:
            raise InputError(f"{name}, line {number}: JSON that cannot be read ({error}); mend the line.") from None
        if not isinstance(value, dict):
            raise InputError(f'{name}, line {number}: must be a JSON object such as {{"text": "..."}}.')
        yield value
