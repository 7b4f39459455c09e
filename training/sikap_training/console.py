"""Write to the terminal: tables that stay whole in a file or a pipe, and what a training says of itself."""

from __future__ import annotations

import logging

from rich.console import Console
from rich.logging import RichHandler

PIPE_WIDTH = 160


def open_console(*, stderr: bool = False) -> Console:
    """Return a console that does not wrap lines at 80 columns when it writes to a file or a pipe."""
    console = Console(stderr=stderr)
    return console if console.is_terminal else Console(stderr=stderr, width=PIPE_WIDTH)


def log_to_terminal(quiet: bool) -> None:
    """Print what the training package logs; warnings alone when `quiet`."""
    handler = RichHandler(
        console=open_console(stderr=True), show_path=False, show_level=False, markup=False, log_time_format="[%X]"
    )
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger("sikap_training")
    logger.handlers = [handler]
    logger.setLevel(logging.WARNING if quiet else logging.INFO)
