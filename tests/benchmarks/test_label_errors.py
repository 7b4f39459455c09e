"""The search for label errors, on statements of the project some of whose labels are made wrong."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from .scripts import load_script

pytest.importorskip("sklearn")
pytest.importorskip("cleanlab")

ROOT = Path(__file__).parents[2]
OWN = ROOT / "training" / "data" / "statements.jsonl"
SCRIPT = ROOT / "benchmarks" / "label_errors.py"


@pytest.fixture(scope="module")
def label_errors() -> ModuleType:
    return load_script("label_errors")


def run(label_errors: ModuleType, monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), *map(str, arguments)])
    return int(label_errors.main())


def test_wrong_labels_are_found_first(label_errors, tmp_path: Path, monkeypatch, capsys):
    rows = [json.loads(line) for line in OWN.read_text(encoding="utf-8").splitlines()[:900]]
    mourning = [row for row in rows if row["stance"] == ["condolence"] and "duka" in row["text"].lower()]
    wrong = {row["id"] for row in mourning[:8]}
    for row in rows:
        if row["id"] in wrong:
            row |= {"stance": [], "sentiment": "positive"}
    file = tmp_path / "labelled.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert run(label_errors, monkeypatch, file, "--folds", 3, "--output", tmp_path / "suspects.jsonl") == 0
    found = [json.loads(line) for line in (tmp_path / "suspects.jsonl").read_text(encoding="utf-8").splitlines()]
    places = {row["id"]: place for place, row in enumerate(found)}
    assert sum(id_ in places for id_ in wrong) >= 7
    assert np.median([places[id_] for id_ in wrong & set(places)]) < np.median(list(places.values()))
    assert len(found) < len(rows) / 4
    first = next(row for row in found if row["id"] in wrong)
    assert {"condolence", "sentiment"} & set(first["suspect"])
    assert first["stance"] == []
    assert first["probabilities"]["condolence"] > 0.3
    assert "labelled.jsonl" in capsys.readouterr().out


def test_fewer_groups_than_folds_is_one_line(label_errors, tmp_path: Path, monkeypatch, capsys):
    row = {"text": "Kami berduka.", "stance": ["condolence"], "sentiment": "negative"}
    (tmp_path / "one.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert run(label_errors, monkeypatch, tmp_path / "one.jsonl") == 2
    assert capsys.readouterr().err.startswith("label_errors.py: 1 groups cannot make 5 folds")


def test_the_encoder_can_be_what_doubts(label_errors, tiny_encoder: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(label_errors, "encoder_folder", lambda _: tiny_encoder)
    rows = [json.loads(line) for line in OWN.read_text(encoding="utf-8").splitlines()[:60]]
    (tmp_path / "some.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    statements = label_errors.load_statements([tmp_path / "some.jsonl"])
    probabilities = label_errors.out_of_fold(statements, 2, 1)
    assert probabilities.shape == (60, 6)
    np.testing.assert_allclose(probabilities[:, 3:].sum(axis=1), 1.0, atol=1e-6)
