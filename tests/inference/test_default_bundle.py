"""The bundle that ships: whole, of a sane size, right on plain statements, quick to start."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

import sikap

ROOT = Path(__file__).parents[2]
PLAIN = [
    ("Kami mengutuk keras serangan bom di pasar itu.", {"condemnation"}, "negative"),
    ("Pemerintah Peru menyambut baik perjanjian damai tersebut.", {"support"}, "positive"),
    ("Kami menyampaikan belasungkawa yang mendalam kepada keluarga para korban.", {"condolence"}, "negative"),
    ("Para menteri akan bertemu lagi di Jenewa pekan depan, kata juru bicara itu.", set(), "neutral"),
    ("Kami sangat khawatir melihat meningkatnya ketegangan di perbatasan.", set(), "negative"),
    (
        "Kami mengutuk serangan itu dan menyampaikan belasungkawa kepada keluarga korban.",
        {"condemnation", "condolence"},
        "negative",
    ),
    ("Ia membantah negaranya memasok senjata kepada kelompok itu.", set(), "neutral"),
]


@pytest.fixture(scope="module")
def model() -> sikap.Model:
    return sikap.load()


@pytest.mark.parametrize(("text", "stance", "sentiment"), PLAIN)
def test_plain_statements_get_their_labels(model: sikap.Model, text: str, stance: set[str], sentiment: str) -> None:
    prediction = model.predict(text)
    assert (set(prediction.stance), prediction.sentiment) == (stance, sentiment)


def test_names_do_not_decide(model: sikap.Model) -> None:
    countries = ("Indonesia", "Israel", "Rusia", "Amerika Serikat", "Palestina", "Peru", "Korea Utara")
    found = {model.predict(f"{name} mengecam penculikan para relawan tersebut.").stance for name in countries}
    assert found == {("condemnation",)}


def test_the_outputs_in_the_readme_are_true(model: sikap.Model) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = json.loads(next(line for line in readme.splitlines() if line.strip().startswith('{"text"')))
    found = model.predict(shown["text"]).to_dict()
    for head in ("stance_probabilities", "sentiment_probabilities"):
        assert found.pop(head) == pytest.approx(shown.pop(head), abs=1e-4)
    assert found == shown
    welcome, probability = re.search(r'predict\("([^"]+)"\)\n.*\n\s+\(.*, ([\d.]+), False\)', readme).groups()
    assert model.predict(welcome).stance_probabilities["support"] == pytest.approx(float(probability), abs=1e-3)


def test_the_readme_s_results_are_the_bundle_s(model: sikap.Model) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"\*\*the built-in model\*\* \| ([\d.]+) .*?\| ([\d.]+) .*?\| ([\d.]+) ", readme)
    recorded = []
    for part in ("dev.jsonl", "test part"):
        figures = model.manifest["metrics"][part]["model"]
        recorded.append(
            tuple(
                f"{100 * figures[name]['value']:.1f}"
                for name in ("stance_macro_f1", "sentiment_macro_f1", "exact_match")
            )
        )
    assert rows == recorded


def test_the_bundle_beats_both_baselines_on_real_statements(model: sikap.Model) -> None:
    part = model.manifest["metrics"]["dev.jsonl"]
    stance = {name: figures["stance_macro_f1"]["value"] for name, figures in part["baselines"].items()}
    assert len(stance) >= 2
    assert part["model"]["stance_macro_f1"]["value"] > max(stance.values())


def test_a_first_answer_comes_quickly() -> None:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "sikap", "score", "Kami berduka.", "--format", "jsonl"],
            capture_output=True,
            text=True,
            check=True,
        )
        times.append(time.perf_counter() - start)
    assert json.loads(done.stdout)["stance"] == ["condolence"]
    assert min(times) < 1.5
