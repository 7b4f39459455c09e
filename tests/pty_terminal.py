"""Drive `sikap review` in a process of its own on a terminal of its own."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

TIMEOUT = 60.0
CLEAR = "\x1b[H\x1b[2J"
_STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A process whose keyboard and screen a test holds."""

    def __init__(self, *arguments: object, cwd: Path) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        self.settings = termios.tcgetattr(slave)
        self._slave = slave
        command = [sys.executable, "-m", "sikap", *map(str, arguments)]
        environment = {**os.environ, "TERM": "xterm-256color"}
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, cwd=cwd, env=environment, start_new_session=True
        )
        self.output = ""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)
        os.close(self._slave)

    @property
    def screen(self) -> str:
        """What stands on the screen now, without styles."""
        return _STYLE.sub("", self.output.rsplit(CLEAR, 1)[-1])

    def wait(self, *texts: str) -> str:
        """Read until all texts stand on the screen, or fail; return the screen."""
        end = time.monotonic() + TIMEOUT
        while not all(text in self.screen for text in texts):
            if time.monotonic() > end or not self._read(1.0):
                raise AssertionError(f"{texts} did not appear; the screen holds:\n{self.screen}")
        return self.screen

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=TIMEOUT)

    def end(self) -> int:
        """Wait until the process ends by itself, reading what it says; return its status."""
        end = time.monotonic() + TIMEOUT
        while self.process.poll() is None and time.monotonic() < end:
            self._read(0.05)
        self._read(0.2)
        return self.process.wait(timeout=1)

    def restored(self) -> bool:
        """Tell whether the terminal echoes and waits for lines again, as it did before."""
        return termios.tcgetattr(self._slave)[:4] == self.settings[:4]

    def _read(self, seconds: float) -> bool:
        """Read what there is; False when the process ended without more."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        if ready:
            self.output += os.read(self.master, 65536).decode("utf-8", "replace")
        return bool(ready) or self.process.poll() is None
