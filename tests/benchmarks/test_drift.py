"""The drift benchmark on a few of the project's statements and a tiny model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("onnx")
pytest.importorskip("sklearn")

ROOT = Path(__file__).parents[2]


def test_alike_files_pass_and_english_alarms(tiny_bundle: Path, tmp_path: Path):
    lines = (ROOT / "training" / "data" / "statements.jsonl").read_text(encoding="utf-8").splitlines()
    (tmp_path / "some.jsonl").write_text("\n".join(lines[::18]) + "\n", encoding="utf-8")
    path = os.pathsep.join([str(ROOT / "inference"), str(ROOT / "training")])
    arguments = ["some.jsonl", "--model", str(tiny_bundle), "--seeds", "3", "--output", "figures.json"]
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "drift.py"), *arguments],
        env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert figures["alike, 50 rows each"]["alarms"]["any"] == 0
    assert figures["English alone"]["alarms"]["language"] == 1
    assert "news, then communique" not in figures  # too few of them
    assert "English alone" in done.stdout
