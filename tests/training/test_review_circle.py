"""The circle: a person reviews 50 statements, the model is trained anew, and measured before and after."""

from __future__ import annotations

import json
from pathlib import Path

from pty_terminal import Terminal

from sikap.reading.labelled import text_key

from . import small_run
from .small_run import OWN, SmallRun, new_store, sikap_in, write_lines

trained = small_run.trained
REVIEWED, KILLED_AFTER = 50, 20
KEYS = {"support": "s", "condemnation": "c", "condolence": "d", "negative": "-", "neutral": "0", "positive": "+"}
HINT = "Enter saves"


def unlabelled(trained: SmallRun) -> tuple[list[dict], list[dict]]:
    """Return statements that the first training did not see: to review, and to measure on, of other groups."""
    used = {json.loads(line)["group"] for file in (trained.data, trained.extra) for line in file.open(encoding="utf-8")}
    rows = [json.loads(line) for line in OWN.read_text(encoding="utf-8").splitlines()]
    fresh = [row for row in rows if row["group"] not in used and 40 < len(row["text"]) < 700][:400]
    held = {row["group"] for row in fresh[-100:]}
    return [row for row in fresh if row["group"] not in held], fresh[-100:]


def answer(terminal: Terminal, truth: dict[str, dict], number: int) -> None:
    """Read the statement from the screen, find its labels and type them."""
    shown = text_key(terminal.wait(f"{number} of {REVIEWED} ", HINT))
    (row,) = [row for start, row in truth.items() if start in shown]
    terminal.type("".join(KEYS[label] for label in [*row["stance"], row["sentiment"]]) + "\n")


def review(terminal: Terminal, truth: dict[str, dict], numbers: range) -> None:
    for number in numbers:
        answer(terminal, truth, number)
    terminal.wait(f"{numbers[-1]} labelled by ani", HINT)


def test_review_retrain_and_measure(trained: SmallRun, tmp_path: Path, tmp_path_factory):
    pool, held = unlabelled(trained)
    truth = {text_key(row["text"])[:60].rsplit(" ", 1)[0]: row for row in pool}
    shown = [{"text": row["text"], "id": row["id"], "group": row["group"]} for row in pool]
    file = write_lines(tmp_path / "pool.jsonl", shown)
    held_out = write_lines(tmp_path / "held-out.jsonl", held)
    arguments = ["review", file.name, "--annotator", "ani", "--all", "--limit", REVIEWED, "--model", trained.bundle]
    with Terminal(*arguments, cwd=tmp_path) as terminal:
        review(terminal, truth, range(1, KILLED_AFTER + 1))
        terminal.kill()
    with Terminal(*arguments, cwd=tmp_path) as terminal:
        review(terminal, truth, range(KILLED_AFTER + 1, REVIEWED + 1))
        terminal.type("q")
        assert terminal.end() == 0
    labelled = tmp_path / "pool.review.jsonl"
    known = {row["text"]: (row["stance"], row["sentiment"]) for row in pool}
    rows = [json.loads(line) for line in labelled.open(encoding="utf-8")]
    assert len({row["text"] for row in rows}) == len(rows) == REVIEWED
    assert all((row["stance"], row["sentiment"]) == known[row["text"]] for row in rows)

    folder = tmp_path / "retrained"
    folder.mkdir()
    new_store(tmp_path_factory.getbasetemp(), folder)
    data = ["--data", trained.data, "--data", labelled, "--base-model", trained.encoder, "--epochs", 1]
    measured = ["--evaluate-on", held_out, "--compare", f"before the review={trained.bundle}"]
    done = sikap_in(folder, "train", *data, *measured, "--output", "out")
    assert done.status == 0, done.err
    manifest = json.loads((folder / "out" / "bundle" / "bundle.json").read_text(encoding="utf-8"))
    sizes = {entry.pop("name"): sum(entry.values()) for entry in manifest["data"]}
    assert sizes == {"labelled.jsonl": 108, "pool.review.jsonl": REVIEWED}
    figures = manifest["metrics"]["held-out.jsonl"]
    before, after = figures["baselines"]["before the review"], figures["model"]
    reported = {}
    for name, bundle in {"before": trained.bundle, "after": folder / "out" / "bundle"}.items():
        evaluated = sikap_in(folder, "evaluate", "--data", held_out, "--model", bundle, "--json")
        reported[name] = json.loads(evaluated.out)["model"]
    for metric in ("stance_macro_f1", "sentiment_macro_f1", "exact_match"):
        assert reported["before"][metric]["value"] == before[metric]["value"]
        assert reported["after"][metric]["value"] == after[metric]["value"]
    assert "held-out.jsonl: 100 statements" in done.out
    assert "before the review" in done.out
