"""Tell which names a server answers to, so that no web site can point its own name at this machine."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

LOCAL = "localhost"


class Hosts:
    """Hold the names that a server answers to: IP addresses, which cannot be rebound, "localhost" and given names."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        """Take names without ports."""
        self._names = {LOCAL, *(name.lower().rstrip(".") for name in names)}

    def __contains__(self, header: str) -> bool:
        """Tell whether the value of a Host header, with or without a port, names this server."""
        try:
            parts = urlsplit(f"//{header}")
            name, _ = (parts.hostname or "").rstrip("."), parts.port
        except ValueError:
            return False
        return parts.netloc == header and "@" not in header and (name in self._names or _is_address(name))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
