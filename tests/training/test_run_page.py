"""The page that a training logs: what it says, hostile statements, accessibility in headless Chromium."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.inference.report.hostile import PARTS

import sikap
from sikap_training.breakdown import MOST_VALUES, breakdowns, wilson
from sikap_training.evaluation import evaluate
from sikap_training.metrics import Labels
from sikap_training.run_page import run_page
from sikap_training.statements import load_statements

from . import small_run
from .page_check import SCREENS, browser, check_page, needs_chromium
from .small_run import SmallRun

__all__ = ["browser"]
trained = small_run.trained


@pytest.fixture(scope="module")
def logged(trained: SmallRun) -> Path:
    """The page among the artifacts of the training's run."""
    pages = list((trained.folder / "mlruns" / "artifacts").glob("**/run.html"))
    assert len(pages) == 1
    return pages[0]


def test_the_page_says_what_the_bundle_records(trained: SmallRun, logged: Path):
    page, manifest = logged.read_text(encoding="utf-8"), trained.manifest
    assert f"<dd>{manifest['run_id']}</dd>" in page
    for name, part in manifest["metrics"].items():
        assert f"{name}: {part['statements']} statements</h2>" in page
        figure = part["model"]["stance_macro_f1"]
        assert f"{100 * figure['value']:.1f} ({100 * figure['low']:.1f} to {100 * figure['high']:.1f})" in page
    assert f'<td class="number">{manifest["behaviour"]["passed"]}</td>' in page
    for register, row in manifest["metrics"]["test part"]["by_register"].items():
        assert f'<th scope="row">{register}</th><td class="number">{row["statements"]}</td>' in page
    assert page.count("<img ") == page.count(' alt="') == 2 + 2 * 3  # a curve a seed, three pictures a part
    assert "seed 1: loss and validation macro-F1 by epoch" in page
    assert "<script" not in page


def test_statements_are_broken_down_by_field(trained: SmallRun):
    figures = trained.manifest["metrics"]["test part"]
    rows = [s for s in load_statements([trained.data]) if s.text]
    assert set(figures["by_register"]) <= {s.register for s in rows}
    assert sum(row["statements"] for row in figures["by_register"].values()) == figures["statements"]
    assert sum(row["statements"] for row in figures["by_event"].values()) == figures["statements"]
    assert figures["by_source"] == {}  # one file
    card = (trained.bundle / "README.md").read_text(encoding="utf-8")
    assert "| register | statements | all stances right, % | sentiment right, % |" in card


def test_shares_and_their_intervals():
    truth = Labels(np.zeros((4, 3), dtype=bool), np.array([1, 1, 1, 1]))
    predicted = Labels(np.array([[1, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]], dtype=bool), np.array([1, 1, 0, 1]))
    statement = load_statements([small_run.OWN])[0]
    rows = [replace(statement, register=name) for name in ("news", "news", "speech", "speech")]
    found = breakdowns(rows, truth, predicted)["by_register"]
    assert {name: (row["statements"], row["stance_right"], row["sentiment_right"]) for name, row in found.items()} == {
        "news": (2, 0.5, 1.0),
        "speech": (2, 1.0, 0.5),
    }
    many = [replace(statement, event=f"free text {number}") for number in range(200)]
    truth, predicted = (Labels(np.zeros((200, 3), dtype=bool), np.ones(200, dtype=int)) for _ in range(2))
    assert len(breakdowns(many, truth, predicted)["by_event"]) == MOST_VALUES
    assert wilson(np.array([True] * 8 + [False] * 2)) == pytest.approx([0.490, 0.943], abs=0.001)  # by the formula


@pytest.fixture(scope="module")
def hostile(trained: SmallRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of statements and a file name that try to be markup."""
    manifest = json.loads(json.dumps(trained.manifest))
    manifest["data"][0]["name"] = "<img src=x onerror=alert(1)> \u202e"
    own = load_statements([trained.data])[: len(PARTS)]
    rows = [
        replace(s, text=f"{part} {s.text}", stance=("condolence",), register=part)
        for s, part in zip(own, PARTS, strict=True)
    ]
    page = run_page(manifest, {"<b>": evaluate(sikap.load(trained.bundle), rows)}, {"<b>": rows}, {})
    file = tmp_path_factory.mktemp("hostile") / "run.html"
    file.write_text(page, encoding="utf-8")
    assert "<img src=x" not in page
    assert "<script" not in page
    return file


@needs_chromium
@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["logged", "hostile"])
def test_axe_finds_nothing_and_nothing_is_fetched(browser, request, name: str, scheme: str, screen: str):
    check_page(browser, request.getfixturevalue(name), scheme, screen)
