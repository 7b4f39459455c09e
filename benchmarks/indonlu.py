"""Read the two IndoNLU tasks that encoders are compared on, and the results published for them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from sikap.errors import InputError

SOURCE = "https://github.com/IndoNLP/indonlu (folder dataset)"
PARTS = ("train", "valid", "test")
FOLDERS = {"smsa": "smsa_doc-sentiment-prosa", "emot": "emot_emotion-twitter"}
"""The folder of each task in a clone of IndoNLU, whose files are PART_preprocess with the task's suffix."""
SUFFIXES = {"smsa": ".tsv", "emot": ".csv"}

PUBLISHED = {
    "from scratch": (67.35, 57.31),
    "fastText indo4b": (82.13, 69.23),
    "mBERT": (84.14, 67.30),
    "IndoBERT-lite-base-p1": (90.85, 73.88),
    "IndoBERT-base-p1": (87.73, 75.48),
    "IndoBERT-large-p1": (92.72, 77.08),
}
"""Test macro-F1 on SmSA and EmoT in Wilie et al. 2020, "IndoNLU", AACL, points of a hundred."""


@dataclass(frozen=True)
class Part:
    """Hold the texts of one part and their labels as numbers."""

    texts: list[str]
    labels: list[int]


@dataclass(frozen=True)
class Task:
    """Hold one task: its name, its labels in alphabetical order, its three parts."""

    name: str
    labels: tuple[str, ...]
    parts: dict[str, Part]


def read_task(folder: Path, name: str) -> Task:
    """Read a task from a folder that holds NAME_PART.tsv or .csv, or from a clone of IndoNLU's `dataset`.

    Raises InputError, one sentence, for a file that is missing or a row that is not of the task's form.
    """
    rows = {part: _rows(_file(folder, name, part), name) for part in PARTS}
    labels = tuple(sorted({label for _, label in rows["train"]}))
    parts = {}
    for part, pairs in rows.items():
        unknown = sorted({label for _, label in pairs} - set(labels))
        if unknown:
            raise InputError(f"{_file(folder, name, part)}: label {unknown[0]!r} does not occur in the training part.")
        parts[part] = Part([text for text, _ in pairs], [labels.index(label) for _, label in pairs])
    return Task(name, labels, parts)


def _file(folder: Path, name: str, part: str) -> Path:
    suffix = SUFFIXES[name]
    places = [folder / f"{name}_{part}{suffix}", folder / FOLDERS[name] / f"{part}_preprocess{suffix}"]
    for place in places:
        if place.is_file():
            return place
    raise InputError(f"{folder}: holds neither {places[0].name} nor {FOLDERS[name]}; get the data from {SOURCE}.")


def _rows(file: Path, name: str) -> list[tuple[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        if name == "smsa":
            table = [line.rstrip("\r\n").rsplit("\t", 1) for line in lines]
        else:
            table = [row[::-1] for row in csv.reader(lines)][1:]
    for number, row in enumerate(table, 1 if name == "smsa" else 2):
        if len(row) != 2 or not row[1].strip():
            raise InputError(f"{file}, row {number}: must hold a text and a label; get the data from {SOURCE}.")
    if not table:
        raise InputError(f"{file}: holds no rows; get the data from {SOURCE}.")
    return [(text, label) for text, label in table]
