"""What several test modules need: inputs in every format, outputs read back, the command line run."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pyarrow
import pyarrow.parquet

STANCES = ["support", "condemnation", "condolence"]
SENTIMENTS = ["negative", "neutral", "positive"]
NESTED = ["stance", "sentiment", "stance_probabilities", "sentiment_probabilities", "uncertain", "truncated"]
FLAT = [
    "stance",
    "sentiment",
    *(f"stance_{name}" for name in STANCES),
    *(f"sentiment_{name}" for name in SENTIMENTS),
    "uncertain",
    "truncated",
]
ROWS = [
    {"id": "7", "text": "Kami mengutuk keras serangan itu.", "sumber": "Antara, Jakarta"},
    {"id": "3", "text": "Kami turut berduka cita, doa kami.", "sumber": 'kata "ia"; titik koma'},
    {"id": "9", "text": "Indonesia mendukung penuh rakyat Palestina", "sumber": ""},
    {"id": "1", "text": "Menteri tiba di Jenewa 😢", "sumber": "baris\nbaru"},
]
TEXTS = [row["text"] for row in ROWS]


def encoded(rows: list[dict], form: str, delimiter: str = ",") -> bytes:
    """Return rows as a file of the given format; plain lines hold the texts alone."""
    if form == "txt":
        return "".join(row["text"] + "\n" for row in rows).encode()
    if form == "jsonl":
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    if form == "parquet":
        stream = io.BytesIO()
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), stream)
        return stream.getvalue()
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter="\t" if form == "tsv" else delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def decoded(data: bytes, form: str) -> list[dict]:
    """Return the rows of an output."""
    if form == "jsonl":
        return [json.loads(line) for line in data.decode().split("\n") if line]
    if form == "json":
        return json.loads(data)
    if form == "parquet":
        return pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), delimiter="\t" if form == "tsv" else ","))


def sikap(*arguments: object, stdin: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run `python -m sikap` as a process of its own."""
    command = [sys.executable, "-m", "sikap", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, cwd=cwd, check=False, timeout=60)


def tree(folder: Path) -> dict[str, bytes | None]:
    """Return every path below a folder with its content."""
    return {str(path): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}
