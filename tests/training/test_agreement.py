"""How far annotators agree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sikap_training.agreement import agreements, read_annotations

from .small_run import OWN, sikap_in, write_lines
from .test_merging import review, row, skip

SAID = {
    # support: both yes 20, ani alone 5, budi alone 10, both no 15; observed 0.7, by chance 0.5, so kappa 0.4
    "both": (20, ["support"], ["support"]),
    "ani": (5, ["support"], []),
    "budi": (10, [], ["support"]),
    "none": (15, [], []),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = []
    for name, (number, first, second) in SAID.items():
        for place in range(number):
            text = f"{name} {place}"
            rows += [review(text, first, "neutral", "ani", id=text), review(text, second, "neutral", "budi", id=text)]
    rows += [skip("both 0", "cici"), review("ani 0", [], "neutral", "adjudicated")]
    return write_lines(tmp_path / "x.review.jsonl", rows)


def test_kappa_is_cohens(file: Path, tmp_path: Path):
    done = sikap_in(tmp_path, "agreement", file, "--json")
    assert done.status == 0, done.err
    report = json.loads(done.out)
    (pair,) = report["pairs"]
    assert pair["annotators"] == ["ani", "budi"]
    assert pair["statements"] == 50
    support = pair["labels"]["support"]
    assert support["kappa"] == pytest.approx(0.4)
    assert (support["same"], support["counts"]) == (35, [[15, 10], [5, 20]])
    assert pair["labels"]["condolence"] == {"kappa": None, "same": 50, "counts": [[50, 0], [0, 0]]}
    assert pair["labels"]["sentiment"]["kappa"] is None
    assert len(report["disagreements"]) == 15
    first = report["disagreements"][0]
    assert first["id"] == first["text"] == "ani 0"
    assert first["annotations"] == [
        {"annotator": "ani", "stance": ["support"], "sentiment": "neutral"},
        {"annotator": "budi", "stance": [], "sentiment": "neutral"},
    ]
    assert first["settled"] == {"stance": [], "sentiment": "neutral"}
    assert report["disagreements"][1]["settled"] is None


def test_the_table_and_the_list(file: Path, tmp_path: Path):
    done = sikap_in(tmp_path, "agreement", file)
    assert done.status == 0, done.err
    assert "ani and budi: 50 statements" in done.out
    cells = next(line for line in done.out.splitlines() if "support" in line).replace("│", " ").split()
    assert cells == ["support", "0.400", "35", "of", "50", "20", "5", "10", "15"]
    assert "15 statements with a disagreement, 14 unsettled" in done.out
    assert "ani 0: ani 0\n  ani: support, neutral; budi: none, neutral; settled: none, neutral\n" in done.out


def test_one_file_an_annotator_and_markup_in_a_text(tmp_path: Path):
    ours = write_lines(
        tmp_path / "a.jsonl", [row("[bold]satu[/bold]", [], "neutral", "[i]ani"), row("x", [], "neutral")]
    )
    theirs = write_lines(tmp_path / "b.jsonl", [row("[bold]satu[/bold]", [], "positive", "budi")])
    done = sikap_in(tmp_path, "agreement", ours, theirs)
    assert done.status == 0, done.err
    assert "[i]ani and budi: 1 statements" in done.out
    assert "neutral against positive 1" in done.out
    assert "[bold]satu[/bold]\n  [i]ani: none, neutral; budi: none, positive" in done.out


def test_the_project_s_own_annotations(tmp_path: Path):
    pairs = agreements(read_annotations([str(OWN)]))
    both = [pair for pair in pairs if "second" in (names := {pair.first, pair.second}) and "writer-" in str(names)]
    assert sum(pair.statements for pair in both) == sum(1 for _ in OWN.open(encoding="utf-8"))


def test_one_annotator_alone_is_one_line(tmp_path: Path):
    file = write_lines(tmp_path / "a.jsonl", [row("satu", [], "neutral", "ani"), row("dua", [], "neutral", "budi")])
    done = sikap_in(tmp_path, "agreement", file)
    assert done.status == 2
    assert "no statement was labelled by two annotators" in done.sentence
    assert sikap_in(tmp_path, "agreement", tmp_path / "no.jsonl").status == 2
