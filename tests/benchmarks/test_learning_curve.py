"""The learning curve on a few of the project's statements and a tiny encoder."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from .scripts import load_script

pytest.importorskip("torch")
pytest.importorskip("sklearn")

ROOT = Path(__file__).parents[2]
OWN = ROOT / "training" / "data" / "statements.jsonl"
SCRIPT = ROOT / "benchmarks" / "learning_curve.py"


@pytest.fixture(scope="module")
def learning_curve() -> ModuleType:
    return load_script("learning_curve")


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def curve(learning_curve: ModuleType, folder: Path, tiny_encoder: Path, monkeypatch: pytest.MonkeyPatch):
    """Run the benchmark's command line in this process: a process of its own takes seconds to load torch."""
    monkeypatch.chdir(folder)

    def run(*arguments: object) -> Done:
        common = [SCRIPT, "some.jsonl", "--base-model", tiny_encoder, "--epochs", 1, *arguments]
        monkeypatch.setattr(sys, "argv", [str(argument) for argument in common])
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            status = learning_curve.main()
        return Done(status, out.getvalue(), err.getvalue())

    return run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("curve")
    lines = OWN.read_text(encoding="utf-8").splitlines()
    (folder / "some.jsonl").write_text("\n".join(lines[::20]) + "\n", encoding="utf-8")
    (folder / "berita.jsonl").write_text("\n".join(lines[1:400:10]) + "\n", encoding="utf-8")
    return folder


@pytest.mark.timeout(600)
def test_table_figures_and_plot_and_points_that_are_read_back(curve, folder: Path):
    measured = ["--seeds", 2, "--shares", 50, 100, "--evaluate-on", "berita.jsonl"]
    done = curve(*measured, "--output", "figures.json", "--plot", "curve.png")
    assert done.returncode == 0, done.stderr
    points = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    assert [(point["share"], point["seed"]) for point in points] == [(50, 0), (100, 0), (50, 1), (100, 1)]
    half, whole = points[:2]
    assert 0.5 <= half["statements"] / whole["statements"] < 0.6
    assert list(whole["figures"]) == ["test part", "berita.jsonl"]
    assert (folder / "curve.png").read_bytes().startswith(b"\x89PNG")
    values = [point["figures"]["berita.jsonl"]["sentiment_macro_f1"] for point in points if point["share"] == 100]
    assert f"{50 * sum(values):.1f} ± " in next(line for line in done.stdout.splitlines() if " 100 % " in line[:9])
    assert "50 to 100 %" in done.stdout
    kept = folder / "runs" / "learning-curve"
    assert len(list(kept.iterdir())) == 4, "a file a point, and no weights"

    one = json.dumps({part: dict.fromkeys(found, 0.123) for part, found in whole["figures"].items()})
    for file in kept.iterdir():
        file.write_text(one, encoding="utf-8")  # only a point that is not measured anew can show it
    again = curve(*measured, "--output", "again.json")
    assert again.returncode == 0, again.stderr
    figures = [point["figures"] for point in json.loads((folder / "again.json").read_text(encoding="utf-8"))]
    assert figures == [json.loads(one)] * 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--shares", "0"], "--shares must be from 1 to 100"),
        (["--evaluate-on", "berita.jsonl", "--evaluate-on", "x/berita.jsonl"], "rename one"),
        (["--evaluate-on", "nowhere.jsonl"], "nowhere.jsonl: no such file"),
    ],
)
def test_wrong_use_is_one_sentence(curve, arguments: list[str], said: str):
    done = curve(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_shares_are_nested_whole_groups_and_depend_on_the_seed(learning_curve: ModuleType):
    from sikap_training.statements import load_statements

    statements = load_statements([OWN])
    shares = {share: learning_curve.share_of(statements, share, 0) for share in (1, 25, 50, 75, 100)}
    for small, large in ((1, 25), (25, 50), (50, 75), (75, 100)):
        assert {s.id for s in shares[small]} < {s.id for s in shares[large]}
    assert shares[100] == statements
    inside = {s.group for s in shares[25]}
    assert [s for s in statements if s.group in inside] == shares[25]
    assert 0.25 <= len(shares[25]) / len(statements) < 0.26
    assert shares[25] != learning_curve.share_of(statements, 25, 1)
