"""Fixtures that run the command line in this process."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import sikap
from sikap.cli.main import main

from .helpers import tree


class Ran(NamedTuple):
    """What a command line gave."""

    status: int
    stdout: bytes
    stderr: str


@pytest.fixture(scope="session")
def model(tiny_bundle: Path) -> sikap.Model:
    return sikap.load(tiny_bundle, threads=1)


@pytest.fixture
def score(
    tiny_bundle: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Ran]:
    """Run `sikap score` with the tiny bundle; `stdin` is what a pipe would bring."""

    def run(*arguments: object, stdin: bytes | None = None, model: object = tiny_bundle) -> Ran:
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsysbinary.readouterr()
        status = main(["score", *map(str, arguments), "--model", str(model), "--threads", "1"])
        out, err = capsysbinary.readouterr()
        return Ran(status, out, err.decode())

    return run


@pytest.fixture
def refused(score: Callable[..., Ran], tmp_path: Path) -> Callable[..., str]:
    """Run `sikap score`, check that it refuses cleanly, and return its one sentence.

    Cleanly: status 2, one line on stderr, nothing on stdout, no file made, changed or left over.
    """

    def run(*arguments: object, **options: object) -> str:
        before = tree(tmp_path)
        ran = score(*arguments, **options)
        assert ran.status == 2
        assert ran.stdout == b""
        assert ran.stderr.count("\n") == 1, ran.stderr
        assert ran.stderr.startswith("sikap: ")
        assert "Traceback" not in ran.stderr
        assert tree(tmp_path) == before
        return ran.stderr.strip()

    return run
