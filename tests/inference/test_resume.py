"""A run that is cut short and continued gives what an uninterrupted one gives; the memory it takes is bounded."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from sikap.model import Model
from sikap.writing.parts import Parts, open_parts

from .helpers import TEXTS, decoded, encoded

FORMS = ["csv", "tsv", "jsonl", "json", "parquet"]
SMALL = (
    "import os, signal, sys, sikap.scoring as s, sikap.writing.parquet as p, sikap.writing.parts as parts;"
    "s.WINDOW_ROWS = 4; s.PART_ROWS = p.GROUP_ROWS = 8; at = int(sys.argv.pop(1)); mark = parts.Parts.mark\n"
    "def killed(self, state):\n"
    "    mark(self, state); killed.count += 1\n"
    "    if killed.count == at: self.rows.write(b'half a li'); self.rows.flush(); os.kill(os.getpid(), signal.{sign})\n"
    "killed.count = 0; parts.Parts.mark = killed\n"
    "from sikap.cli.main import run; run()"
)


def rows(count: int = 50) -> list[dict]:
    return [
        {"id": number, "text": "" if number % 9 == 5 else TEXTS[number % 4], "lain": f"={number}"}
        for number in range(count)
    ]


@pytest.fixture
def run(tiny_bundle, tmp_path):
    """Run `sikap score` in parts of eight rows, sent a signal after a number of parts (0: never)."""

    def run(source: str, target: str, *options: object, at: int = 0, sign: str = "SIGKILL"):
        code = SMALL.replace("{sign}", sign)
        command = [sys.executable, "-c", code, str(at), "score", "--input", source, "--output", target]
        command += ["--model", str(tiny_bundle), "--threads", "1", *map(str, options)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=60)

    return run


@pytest.fixture
def go(score, tmp_path, monkeypatch):
    """Run the same in this process, never sent a signal."""
    monkeypatch.setattr("sikap.scoring.WINDOW_ROWS", 4)
    monkeypatch.setattr("sikap.scoring.PART_ROWS", 8)
    monkeypatch.setattr("sikap.writing.parquet.GROUP_ROWS", 8)
    monkeypatch.chdir(tmp_path)
    return lambda source, target, *options, **others: score("--input", source, "--output", target, *options, **others)


@pytest.mark.parametrize("form", FORMS)
def test_a_killed_run_is_continued_to_the_same_bytes(run, go, tmp_path, form):
    (tmp_path / "a.jsonl").write_bytes(encoded(rows(), "jsonl"))
    whole = go("a.jsonl", f"whole.{form}")
    assert whole.status == 0, whole.stderr
    target = tmp_path / f"b.{form}"
    target.write_bytes(b"lama")
    for _ in range(2 if form in ("json", "parquet") else 1):
        assert run("a.jsonl", target.name, "--resume", at=2).returncode == -signal.SIGKILL
        assert target.read_bytes() == b"lama"
    last = go("a.jsonl", target.name, "--resume")
    assert (last.status, last.stderr) == (0, whole.stderr)
    assert target.read_bytes() == (tmp_path / f"whole.{form}").read_bytes()
    assert [str(row["id"]) for row in decoded(target.read_bytes(), form)] == [str(n) for n in range(50)]
    assert sorted(os.listdir(tmp_path)) == ["a.jsonl", target.name, f"whole.{form}"]


def test_what_is_done_is_not_scored_again(go, tmp_path, monkeypatch):
    (tmp_path / "a.jsonl").write_bytes(encoded(rows(), "jsonl"))
    scored: list[int] = []
    predict = Model.predict

    def failing(self, texts):
        if sum(scored) == 32 and not failing.mended:
            raise OSError(errno.ENOSPC, "No space left on device")
        scored.append(len(texts))
        return predict(self, texts)

    failing.mended = False
    monkeypatch.setattr("sikap.Model.predict", failing)
    first = go("a.jsonl", "b.csv")
    assert first.status == 2
    assert first.stderr == (
        "sikap: b.csv: cannot be written (No space left on device);"
        " free some space, then give the same command with --resume.\n"
    )
    failing.mended = True
    assert go("a.jsonl", "b.csv", "--resume").status == 0
    assert sum(scored) == 50


def test_an_interrupt_says_how_to_go_on(run, go, tmp_path):
    (tmp_path / "a.jsonl").write_bytes(encoded(rows(), "jsonl"))
    ran = run("a.jsonl", "b.csv", at=1, sign="SIGINT")
    assert (ran.returncode, ran.stdout) == (130, b"")
    assert ran.stderr.decode() == (
        "sikap: interrupted; nothing was written to b.csv yet, what is done is kept:"
        " to go on from there, give the same command with --resume.\n"
    )
    assert go("a.jsonl", "b.csv", "--resume").status == 0
    assert sorted(os.listdir(tmp_path)) == ["a.jsonl", "b.csv"]


def test_without_resume_a_leftover_is_started_afresh(run, go, tmp_path):
    (tmp_path / "a.jsonl").write_bytes(encoded(rows(), "jsonl"))
    run("a.jsonl", "b.csv", at=2)
    (tmp_path / "a.jsonl").write_bytes(encoded(rows(20), "jsonl"))
    assert go("a.jsonl", "b.csv").status == 0
    assert len(decoded((tmp_path / "b.csv").read_bytes(), "csv")) == 20
    assert sorted(os.listdir(tmp_path)) == ["a.jsonl", "b.csv"]


def test_another_input_model_or_option_is_refused(run, go, tmp_path, tiny_bundle):
    source = tmp_path / "a.jsonl"
    source.write_bytes(encoded(rows(), "jsonl"))
    run("a.jsonl", "b.csv", at=2)

    def refusal(*options, **others):
        ran = go("a.jsonl", "b.csv", "--resume", *options, **others)
        assert (ran.status, ran.stderr.count("\n")) == (2, 1)
        assert "changed after the run began; leave --resume out to start afresh" in ran.stderr
        return ran.stderr

    other = Path(shutil.copytree(tiny_bundle, tmp_path / "model"))
    manifest = json.loads((other / "bundle.json").read_text())
    manifest["thresholds"]["support"] = 0.1
    (other / "bundle.json").write_text(json.dumps(manifest))
    assert "b.csv: cannot be resumed, since the model changed" in refusal(model=other)
    assert "since --batch-size changed" in refusal("--batch-size", 7)
    assert "since --format changed" in refusal("--format", "tsv")
    before = source.read_bytes()
    source.write_bytes(before.replace(b'"lain": "=49"', b'"lain": "=48"'))
    assert "since the content of the input changed" in refusal()
    source.write_bytes(before)
    assert go("a.jsonl", "b.csv", "--resume").status == 0  # the refusals left what was done


def test_resume_needs_files(refused, tmp_path):
    (tmp_path / "a.txt").write_text("Kami mengutuk\n")
    assert "--resume goes from a file to a file, and the input is not" in refused("Kami", "--resume")
    assert "the output is not a file" in refused("--input", tmp_path / "a.txt", "--resume")
    sentence = refused("--input", tmp_path / "a.txt", "--output", tmp_path / "b.txt", "--resume")
    assert "a table is made for reading" in sentence
    assert "no such file" in refused("--input", tmp_path / "c.csv", "--output", tmp_path / "b.csv", "--resume")


def test_a_bad_row_late_in_the_input_leaves_no_parts(go, tmp_path):
    (tmp_path / "a.jsonl").write_bytes(encoded(rows(), "jsonl") + b"{\n")
    ran = go("a.jsonl", "b.csv")
    assert (ran.status, ran.stderr.count("\n")) == (2, 1)
    assert "a.jsonl, line 51" in ran.stderr
    assert os.listdir(tmp_path) == ["a.jsonl"]


def test_a_column_of_categories_and_one_that_is_null_at_first(run, go, tmp_path):
    table = pyarrow.table(
        {
            "text": pyarrow.array([row["text"] for row in rows()]),
            "id": pyarrow.array(range(50)),
            "kelas": pyarrow.array([str(n % 3) for n in range(50)]).dictionary_encode(),
            "late": pyarrow.array([None] * 40 + [1.5] * 10, pyarrow.float32()),
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    assert run("a.parquet", "b.parquet", at=3).returncode == -signal.SIGKILL
    assert go("a.parquet", "b.parquet", "--resume").status == 0
    assert go("a.parquet", "c.parquet").status == 0
    assert (tmp_path / "b.parquet").read_bytes() == (tmp_path / "c.parquet").read_bytes()
    found = pyarrow.parquet.ParquetFile(tmp_path / "b.parquet")
    assert found.num_row_groups == 7
    assert found.schema_arrow.field("kelas").type == table.schema.field("kelas").type
    assert found.read().select(table.column_names).to_pylist() == table.to_pylist()


# -- the parts themselves


def begin(target: Path, *, resume: bool) -> int:
    """Open parts, write and mark ten bytes, fail, and return how many bytes there were at first."""
    begun = -1
    with contextlib.suppress(MemoryError), open_parts(str(target), {"a": "1"}, resume=resume) as parts:
        begun = parts.rows.tell()
        parts.rows.write(b"0123456789")
        parts.mark({"n": begun})
        parts.rows.write(b"xyz")
        raise MemoryError
    return begun


@pytest.mark.parametrize("damage", ["torn journal", "short rows", "no journal", "nonsense"])
def test_damaged_parts_are_continued_from_the_last_mark_that_fits(tmp_path, damage):
    target = tmp_path / "b.csv"
    assert begin(target, resume=False) == 0
    assert begin(target, resume=True) == 10
    folder = tmp_path / ".b.csv.sikap-parts"
    journal = folder / "journal"
    if damage == "torn journal":
        journal.write_bytes(journal.read_bytes()[:-3])
    elif damage == "short rows":
        os.truncate(folder / "rows", 15)
    elif damage == "no journal":
        journal.write_bytes(b"")
    else:
        journal.write_bytes(b'{"a": "1"}\n{"size": "x"}\n{"size": -1, "state": {}}\n[]\n\xff\n')
    expected = 10 if damage in ("torn journal", "short rows") else 0
    assert begin(target, resume=True) == expected
    with open_parts(str(target), {"a": "1"}, resume=True) as parts:
        assert parts.rows.tell() == expected + 10
    assert target.read_bytes() == b"0123456789" * (expected // 10 + 1)


def test_two_runs_at_once_and_links_are_refused(tmp_path):
    target = tmp_path / "b.csv"
    with open_parts(str(target), {}, resume=False) as parts:
        parts.rows.write(b"satu")
        with (
            pytest.raises(Exception, match="another sikap is writing it"),
            open_parts(str(target), {}, resume=False),
        ):
            pass
    assert target.read_bytes() == b"satu"
    victim = tmp_path / "korban"
    victim.write_text("penting")
    folder = tmp_path / ".b.csv.sikap-parts"
    folder.mkdir()
    (folder / "rows").symlink_to(victim)
    with pytest.raises(Exception, match="cannot be written"), open_parts(str(target), {}, resume=False):
        pass
    assert victim.read_text() == "penting"


@pytest.mark.parametrize("name", ["b" * 240 + ".csv", "😢" * 60 + ".csv"])
def test_a_name_as_long_as_a_name_can_be(tmp_path, name):
    with open_parts(str(tmp_path / name), {}, resume=False) as parts:
        parts.rows.write(b"satu")
    assert os.listdir(tmp_path) == [name]


def test_a_full_disk_while_the_output_is_put_together(tmp_path, monkeypatch):
    def full(self, target, assemble):
        raise OSError(errno.ENOSPC, "No space left on device")

    target = tmp_path / "b.csv"
    with monkeypatch.context() as patch:
        patch.setattr(Parts, "place", full)
        with pytest.raises(Exception, match="free some space, then give the same command with --resume"):
            _marked(target)
        assert not target.exists()
    _marked(target)
    assert target.read_bytes() == b"satu"


def _marked(target: Path) -> None:
    with open_parts(str(target), {}, resume=True) as parts:
        if parts.last is None:
            parts.rows.write(b"satu")
            parts.mark({})


# -- memory

PEAK = """
import sys
from sikap.cli.main import main
status = main(sys.argv[1:])
print(status, next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux says what a process took at most")
@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_memory_does_not_grow_with_the_rows(tiny_bundle, tmp_path, form):
    """Thousands of rows of kilobytes without a letter, so that reading and writing are what takes time."""

    def peak(count: int) -> int:
        wide = [{"text": "", "lain": f"{n:06}" + "-" * 5000 + str(n)} for n in range(count)]
        (tmp_path / f"a.{form}").write_bytes(encoded(wide, form))
        command = [sys.executable, "-c", PEAK, "score", "--input", f"a.{form}", "--output", f"b.{form}"]
        command += ["--model", str(tiny_bundle), "--threads", "1", "--quiet"]
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, timeout=120)
        status, kilobytes = map(int, ran.stdout.split())
        assert status == 0
        return kilobytes // 1024

    few, many = peak(9_000), peak(36_000)  # 45 and 180 MB of text
    if many >= few + 40:  # growth with the rows shows every time, an allocator's spare memory does not
        many = min(many, peak(36_000))
    assert many < few + 40
    assert many < 400
