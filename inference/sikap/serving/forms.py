"""Read what a form of a page sends."""

from __future__ import annotations

from urllib.parse import parse_qs

from sikap.serving.limits import Refused

MOST_FIELDS = 8


def form_fields(body: bytes) -> dict[str, list[str]]:
    """Return the values of each field. Raises Refused for a body that is no form of these pages."""
    try:
        return parse_qs(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Refused(422, "The form could not be read; send it from the page of this server.") from None
