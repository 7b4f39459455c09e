"""A real `sikap serve`, in a process of its own, with the tiny bundle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .client import Server, serving


@pytest.fixture(scope="package")
def server(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that leave it as it is; when it stops, it has complained of nothing."""
    with serving(tiny_bundle, tmp_path_factory.mktemp("serving"), "--timeout", 2) as running:
        yield running
    assert running.ended == (0, "")
