"""Print tables that stay whole in a file or a pipe."""

from __future__ import annotations

from rich.console import Console

PIPE_WIDTH = 160


def open_console(*, stderr: bool = False) -> Console:
    """Return a console that does not wrap lines at 80 columns when it writes to a file or a pipe."""
    console = Console(stderr=stderr)
    return console if console.is_terminal else Console(stderr=stderr, width=PIPE_WIDTH)
