from __future__ import annotations

import json
from pathlib import Path

import pytest

from sikap_training.check_data import check_statements
from sikap_training.split import part_of
from sikap_training.statements import load_statements

from .small_run import OWN, sikap_in, slice_of_own, write_lines

SIZES = {"train": 20, "validation": 6, "test": 6}


def group_in(part: str, file: str) -> str:
    return next(f"g{i}" for i in range(1000) if part_of(f"{file}:g{i}") == part)


@pytest.fixture
def rows() -> list[dict]:
    return slice_of_own("data.jsonl", SIZES)


def test_a_clean_file_passes(tmp_path: Path, rows: list[dict]):
    write_lines(tmp_path / "data.jsonl", rows)
    done = sikap_in(tmp_path, "check-data", "data.jsonl")
    assert (done.status, done.err) == (0, "")
    assert "32 statements in" in done.out
    assert "part: train 20" in done.out
    assert done.out.rstrip().endswith("no problems")
    assert [path.name for path in tmp_path.iterdir()] == ["data.jsonl"]


def test_the_counts_are_those_of_the_file(tmp_path: Path, rows: list[dict]):
    report = check_statements(load_statements([write_lines(tmp_path / "data.jsonl", rows)]))
    assert report.counts["sentiment"]["negative"] == sum(row["sentiment"] == "negative" for row in rows)
    assert report.counts["stance"]["none"] == sum(not row["stance"] for row in rows)
    assert sum(report.counts["part"].values()) == 32
    lengths = sorted(len(row["text"].split()) for row in rows)
    assert (report.words[0], report.words[2]) == (lengths[0], lengths[-1])


def test_a_repeated_text_is_named(tmp_path: Path, rows: list[dict]):
    rows.append({**rows[0], "id": "again", "text": rows[0]["text"].upper().replace(" ", "  ") + "!"})
    write_lines(tmp_path / "data.jsonl", rows)
    done = sikap_in(tmp_path, "check-data", "data.jsonl")
    assert done.status == 2
    assert f"problem: again repeats the text of {rows[0]['id']}" in done.err
    assert done.sentence == "sikap: 1 problem; mend the statements listed above."


def test_an_id_that_stands_twice_is_named(tmp_path: Path, rows: list[dict]):
    rows[3]["id"] = rows[1]["id"]
    write_lines(tmp_path / "data.jsonl", rows)
    done = sikap_in(tmp_path, "check-data", "data.jsonl")
    assert done.status == 2
    assert f"problem: id {rows[1]['id']} stands 2 times" in done.err


def test_near_duplicates_in_two_parts_are_named_and_those_in_one_part_are_not(tmp_path: Path, rows: list[dict]):
    text = "Kami mengutuk keras serangan bersenjata terhadap konvoi bantuan kemanusiaan di wilayah perbatasan itu"
    twin = {"text": text, "stance": ["condemnation"], "sentiment": "negative"}
    changed = {**twin, "text": text + " kemarin"}
    train, test = group_in("train", "data.jsonl"), group_in("test", "data.jsonl")
    write_lines(tmp_path / "data.jsonl", [*rows, {**twin, "id": "n1", "group": train}])
    with (tmp_path / "data.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({**changed, "id": "n2", "group": train}) + "\n")
    assert sikap_in(tmp_path, "check-data", "data.jsonl").status == 0
    with (tmp_path / "data.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({**changed, "text": text + " pagi", "id": "n3", "group": test}) + "\n")
    done = sikap_in(tmp_path, "check-data", "data.jsonl")
    assert done.status == 2
    assert "n1 (train) and n3 (test) are near-duplicates" in done.err
    assert "n1 (train) and n2" not in done.err


def test_control_characters_in_an_id_do_not_reach_the_terminal(tmp_path: Path, rows: list[dict]):
    rows[0]["id"] = rows[1]["id"] = "a\x1b[31mb"
    write_lines(tmp_path / "data.jsonl", rows)
    done = sikap_in(tmp_path, "check-data", "data.jsonl")
    assert done.status == 2
    assert "\x1b" not in done.err


def test_a_file_that_breaks_the_schema_is_one_line(tmp_path: Path, rows: list[dict]):
    rows[4]["stance"] = ["anger"]
    write_lines(tmp_path / "data.jsonl", rows)
    done = sikap_in(tmp_path, "check-data", "data.jsonl")
    assert done.status == 2
    assert "data.jsonl, row 5, column stance: 'anger'" in done.sentence
    assert "no.jsonl" in sikap_in(tmp_path, "check-data", "no.jsonl").sentence


def test_the_projects_own_statements_pass(tmp_path: Path):
    report = check_statements(load_statements([OWN]))
    assert report.problems == []
