"""Feed damaged files to the readers and the bundle loader: each is read or refused in a sentence, in bounds.

    python benchmarks/fuzz.py --minutes 10 [--seed 0] [--keep FOLDER]

Takes valid files of every format and valid bundles, flips bytes, cuts, repeats and splices them,
and (for bundles) records the digests of the damaged files, so that the loader goes on past them.
Workers of limited memory (4 GiB of address space) handle one case after another; a case that
ends in anything but success or a SikapError, takes more than ten seconds or ends its worker is
written to FOLDER and counted. Exit status 1 when there is one.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import os
import random
import resource
import shutil
import sys
import tempfile
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path

import pyarrow
import pyarrow.parquet

from sikap.bundle import HASHED_FILES, file_digest, read_bundle
from sikap.errors import SikapError
from sikap.reading import open_table

SECONDS = 10
MEMORY = 4 * 2**30
ROWS = [
    {"id": "7", "text": "Kami mengutuk keras serangan itu.", "sumber": "Antara, Jakarta"},
    {"id": "3", "text": 'Kami "turut" berduka cita; doa kami.', "sumber": "=1+1"},
    {"id": "9", "text": "Menteri tiba di Jenewa \U0001f622\nlalu pergi", "sumber": ""},
]
SPLICES = [b'"', b"\n", b"\r\n", b"\x00", b"\xff", b"{", b"[" * 5000, b",", b"9" * 5000, b"\\ud800", b"NaN", b"1e999"]


def seeds() -> dict[str, bytes]:
    """Return one valid file of each format."""
    lines = "".join(json.dumps(row) + "\n" for row in ROWS)
    cells = "id,text,sumber\n" + "".join(
        ",".join('"' + row[name].replace('"', '""') + '"' for name in row) + "\n" for row in ROWS
    )
    files = {"jsonl": lines.encode(), "csv": cells.encode(), "tsv": cells.replace(",", "\t").encode()}
    files["txt"] = "\n".join(row["text"] for row in ROWS).encode()
    table = pyarrow.Table.from_pylist([{**row, "tags": [row["id"]], "n": {"x": 1.5}} for row in ROWS] * 50)
    for codec in ("none", "snappy", "zstd"):
        stream = io.BytesIO()
        pyarrow.parquet.write_table(table, stream, compression=codec)
        files[f"{codec}.parquet"] = stream.getvalue()
    return files


def damaged(content: bytes, rng: random.Random) -> bytes:
    """Return a file with one to six things done to it."""
    data = bytearray(content)
    for _ in range(rng.choice([1, 1, 1, 2, 3, 6])):
        at = rng.randrange(len(data) + 1)
        if rng.random() < 0.4:  # heads and tails are where formats keep their sizes
            at = rng.choice([min(at, 40), max(0, len(data) - rng.randrange(1, 400))]) if data else 0
        what = rng.randrange(6)
        if what == 0 and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        elif what == 1 and at < len(data):
            data[at] = rng.choice([0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)])
        elif what == 2:
            del data[at : at + rng.choice([1, 4, 64, len(data)])]
        elif what == 3:
            data[at:at] = rng.choice(SPLICES)
        elif what == 4:
            start = rng.randrange(len(data) + 1)
            data[at:at] = data[start : start + rng.randrange(1, 200)]
        else:
            data[at : at + 4] = rng.randbytes(4)
    return bytes(data)


def read(path: Path) -> None:
    """Read every row of a file."""
    with open_table(str(path), "text") as table:
        for _ in table.texts("text"):
            pass


def load(folder: Path) -> None:
    """Open a bundle and score with it."""
    from sikap.model import Model

    Model(read_bundle(folder), threads=1).predict(["Kami mengutuk keras serangan itu.", "kami " * 100])


def serve(pipe: Connection) -> None:
    """Handle the cases that come through a pipe; answer each with what went wrong, or nothing."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    while True:
        kind, path = pipe.recv()
        answer = ""
        try:
            (load if kind == "bundle" else read)(Path(path))
        except SikapError as error:
            if "\n" in str(error).strip():
                answer = f"several lines: {error}"
        except BaseException:  # what a fuzzer is for
            answer = traceback.format_exc()
        pipe.send(answer)


class Worker:
    """Hold one worker and start another when it ends or takes too long."""

    def __init__(self) -> None:
        """Start a worker."""
        self._start()

    def _start(self) -> None:
        self._pipe, other = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("spawn").Process(target=serve, args=(other,), daemon=True)
        self._process.start()
        other.close()

    def handle(self, kind: str, path: Path) -> str:
        """Return what went wrong with a case, or nothing."""
        try:
            self._pipe.send((kind, str(path)))
            if self._pipe.poll(SECONDS):
                return str(self._pipe.recv())
            answer = f"took more than {SECONDS} s"
        except (EOFError, BrokenPipeError, ConnectionResetError):
            self._process.join(5)
            answer = f"ended its worker ({self._process.exitcode})"
        self._process.kill()
        self._process.join()
        self._start()
        return answer


def damage_bundle(source: Path, folder: Path, rng: random.Random) -> None:
    """Copy a bundle with one file damaged, its digest recorded unless it is the manifest."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    name = rng.choice(["model.onnx", "model.onnx", "tokenizer.json", "bundle.json"])
    file = folder / name
    file.write_bytes(damaged(file.read_bytes(), rng))
    if name != "bundle.json":
        manifest = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
        manifest["files"] = {each: file_digest(folder / each) for each in HASHED_FILES}
        (folder / "bundle.json").write_text(json.dumps(manifest), encoding="utf-8")


def main() -> int:
    """Run for the given time; print how many cases there were, and each that went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--bundle", type=Path, default=None, help="a valid bundle; the default one if not given")
    options = parser.parse_args()
    from sikap.address import DEFAULT_BUNDLE

    rng, files, worker = random.Random(options.seed), seeds(), Worker()
    counts: dict[str, int] = {}
    wrong = 0
    end = time.monotonic() + 60 * options.minutes
    with tempfile.TemporaryDirectory() as name:
        while time.monotonic() < end:
            if rng.random() < 0.3:
                kind, path = "bundle", Path(name) / "bundle"
                damage_bundle(options.bundle or DEFAULT_BUNDLE, path, rng)
            else:
                form = rng.choice(list(files))
                kind, path = form, Path(name) / f"a.{form}"
                path.write_bytes(damaged(files[form], rng))
            counts[kind] = counts.get(kind, 0) + 1
            if answer := worker.handle(kind, path):
                wrong += 1
                options.keep.mkdir(parents=True, exist_ok=True)
                kept = options.keep / f"{wrong:03}-{path.name}"
                (shutil.copytree if path.is_dir() else shutil.copy)(path, kept)
                print(f"{kept}: {answer.strip().splitlines()[-1]}\n{answer}", flush=True)
    print(f"{sum(counts.values()):,} cases, {wrong} wrong:", ", ".join(f"{k} {n:,}" for k, n in sorted(counts.items())))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
