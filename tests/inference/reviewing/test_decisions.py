"""The file of decisions: what a kill, a full disk, an editor and a second session do to it."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sikap.errors import InputError, OutputError
from sikap.reviewing.candidates import Candidate, Labels
from sikap.reviewing.decisions import Decided, DecisionFile, beside

TEXTS = ["Kami berduka.", "Kami mengutuk  serangan\nitu.", "Usul itu 😢 \ud83d dibahas."]
LABELS = Labels(("support", "condolence"), "negative")


def fill(path: Path, annotator: str = "ani", texts: list[str] = TEXTS) -> None:
    decisions = DecisionFile(path, annotator)
    for text in texts:
        decisions.add(Candidate(text, kept={"id": 7, "group": "g"}), Decided(LABELS, seen_model=False))
    decisions.close()


def decided(path: Path, annotator: str = "ani") -> dict[str, Decided]:
    decisions = DecisionFile(path, annotator)
    decisions.close()
    return decisions.decided


def test_what_is_written_is_read_again(tmp_path: Path):
    path = tmp_path / "a.review.jsonl"
    fill(path)
    found = decided(path)
    assert list(found.values()) == [Decided(LABELS, seen_model=False)] * 3
    assert list(found)[1] == "Kami mengutuk serangan itu."
    assert decided(path, "budi") == {}
    row = json.loads(path.read_text(encoding="utf-8").splitlines()[1])
    assert row.pop("reviewed").endswith("+00:00")
    assert row == {
        "id": 7,
        "group": "g",
        "text": TEXTS[1],
        "stance": ["support", "condolence"],
        "sentiment": "negative",
        "annotator": "ani",
    }


def test_a_file_cut_anywhere_loses_at_most_the_line_it_was_cut_in(tmp_path: Path):
    whole, path = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl"
    fill(whole)
    data = whole.read_bytes()
    ends = [place for place, byte in enumerate(data) if byte == ord("\n")]
    for size in sorted({*range(0, len(data), 31), *(end + step for end in ends for step in (-1, 0, 1)), 1}):
        path.write_bytes(data[:size])
        kept = data[:size].count(b"\n")
        ended = data[size : size + 1] == b"\n"  # only the line's end is missing: the decision is whole
        assert len(decided(path)) == kept + ended, size
        assert path.read_bytes() == b"".join(data.splitlines(keepends=True)[: kept + ended])
        fill(path)
        assert len(decided(path)) == 3


def test_a_disk_that_takes_no_more_leaves_whole_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "a.jsonl"
    fill(path, texts=TEXTS[:1])
    before, write = path.read_bytes(), os.write

    def full(handle: int, data: bytes) -> int:
        if len(data) > 20:
            return write(handle, data[:20])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda handle, data: full(handle, data[:30] if len(data) > 60 else data[:5]))
        with pytest.raises(
            OutputError, match=r"a\.jsonl: cannot be written \(No space left on device\); what was conf"
        ):
            fill(path)
    assert path.read_bytes() == before
    fill(path)
    assert len(decided(path)) == 3


def test_two_sessions_at_once_lose_nothing(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from sikap.reviewing.candidates import Candidate, Labels\n"
        "from sikap.reviewing.decisions import Decided, DecisionFile\n"
        "file = DecisionFile(Path(sys.argv[1]), sys.argv[2])\n"
        "for n in range(100): file.add(Candidate(f'Kami {n} ' + 'x' * 5000), Decided(Labels((), 'neutral'), False))\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(path), name]) for name in ("ani", "budi")]
    assert [process.wait(timeout=60) for process in running] == [0, 0]
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 200
    assert len(decided(path, "ani")) == len(decided(path, "budi")) == 100


@pytest.mark.parametrize(
    "content",
    [
        "id,text\n1,Halo\n",
        "Halo",
        '{"text": "Halo", "stance": []}',
        '{"text": "Halo", "stance": [], "sentiment": "neutral"}\n',
        '{"text": "Halo", "reviewed": 5}\n',
        '[]\n{"text": "Halo"}\n',
        '{"text": "Halo", "annotator": "ani", "reviewed": "x", "stance": ["suport"], "sentiment": "neutral"}\n',
    ],
)
def test_another_file_is_left_alone(tmp_path: Path, content: str):
    path = tmp_path / "other.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"other\.jsonl"):
        DecisionFile(path, "ani")
    assert path.read_text(encoding="utf-8") == content


def test_where_the_decisions_go():
    assert beside("data/quotes.v2.csv") == Path("data/quotes.v2.review.jsonl")
    assert beside("data/quotes.review.jsonl") == Path("data/quotes.review.jsonl")
