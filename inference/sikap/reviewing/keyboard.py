"""Read single keys from a terminal, or from a pipe."""

from __future__ import annotations

import io
import re
import signal
import sys
import termios
import tty
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from sikap.errors import InputError

ENTER, END, OTHER = "enter", "end", "other"
"""Names of keys that are no sign: the Enter key, the end of the input, an arrow or function key."""
CHUNK = 256
_KEY = re.compile(r"\x1b(?:[\[O][0-?]*[ -/]*[@-~]?|.)?|.", re.DOTALL)


class Keyboard:
    """Give one key after the other."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        """Read keys from a binary stream."""
        self._stream = stream
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._waiting: deque[str] = deque()

    def read(self) -> str:
        """Wait for the next key: a sign in small letters, or ENTER, END or OTHER."""
        while not self._waiting:
            try:
                data = self._stream.read1(CHUNK)
            except OSError:  # the terminal is gone
                return END
            if not data:
                return END
            self._waiting.extend(_KEY.findall(self._decode(data)))
        return _name(self._waiting.popleft())


def _name(key: str) -> str:
    if key in ("\r", "\n"):
        return ENTER
    if key == "\x04":
        return END
    return OTHER if key.startswith("\x1b") else key.lower()


@contextmanager
def open_keyboard() -> Iterator[Keyboard]:
    """Take keys from standard input, unechoed and at once where it is a terminal, which is put back at the end.

    Raises InputError when standard input is closed.
    """
    if sys.stdin is None:
        raise InputError("standard input is closed; call `sikap review` from a terminal.")
    stream = sys.stdin.buffer
    if not sys.stdin.isatty():
        yield Keyboard(stream)  # type: ignore[arg-type]
        return
    terminal = stream.fileno()
    before = termios.tcgetattr(terminal)

    def at_once(number: int, frame: FrameType | None) -> None:
        tty.setcbreak(terminal, termios.TCSADRAIN)

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)  # unwinds, so that the terminal is put back

    wanted: dict[int, Callable[[int, FrameType | None], object]] = {
        signal.SIGTERM: leave,
        signal.SIGHUP: leave,
        signal.SIGCONT: at_once,
    }
    handlers = {number: signal.signal(number, handler) for number, handler in wanted.items()}
    try:
        tty.setcbreak(terminal, termios.TCSADRAIN)
        yield Keyboard(stream)  # type: ignore[arg-type]
    finally:
        with suppress(termios.error):  # the terminal is gone
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)
        for number, handler in handlers.items():
            signal.signal(number, handler)
