"""Measure the memory and the time that `sikap score` takes for a file of many rows, from each format to each.

Usage: python benchmarks/memory.py [--rows 100000] [--from csv jsonl parquet] [--to csv jsonl parquet] [--long]

The rows are short statements, so that a million of them take minutes; --long takes the project's own statements.
Resident memory is the highest that the process held, as the operating system counts it. Needs the extra `parquet`.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

OWN = Path(__file__).parents[1] / "training" / "data" / "statements.jsonl"
FORMATS = ("csv", "jsonl", "parquet")
SHORT = ("Kami mengutuk serangan itu.", "Kami turut berduka.", "Indonesia mendukung usul itu.", "Ia tidak berkomentar.")
PART = 50_000
SCORE = """
import resource, sys
from sikap.cli.main import main
status = main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
sys.exit(status)
"""


def rows(count: int, long: bool) -> Iterator[tuple[int, str]]:
    """Yield numbered statements."""
    texts: list[str] = list(SHORT)
    if long:
        with OWN.open(encoding="utf-8") as lines:
            texts = [json.loads(line)["text"] for line in lines]
    return zip(range(count), itertools.cycle(texts), strict=False)


def write(file: Path, count: int, long: bool) -> None:
    """Write a file of that many rows in the format of its suffix."""
    if file.suffix == ".parquet":
        import pyarrow
        import pyarrow.parquet

        schema = pyarrow.schema([("id", pyarrow.int64()), ("text", pyarrow.string())])
        waiting = rows(count, long)
        with pyarrow.parquet.ParquetWriter(file, schema) as writer:
            while part := list(itertools.islice(waiting, PART)):
                columns = [list(column) for column in zip(*part, strict=True)]
                writer.write_table(pyarrow.table(columns, schema=schema))
        return
    with file.open("w", encoding="utf-8", newline="") as stream:
        if file.suffix == ".csv":
            csv.writer(stream).writerows(itertools.chain([("id", "text")], rows(count, long)))
        else:
            stream.writelines(json.dumps({"id": number, "text": text}) + "\n" for number, text in rows(count, long))


def measure(source: Path, target: Path) -> tuple[float, float]:
    """Score a file in a process of its own; return its highest resident memory in megabytes, and its seconds."""
    command = [sys.executable, "-c", SCORE, "score", "--input", source, "--output", target, "--quiet"]
    begun = time.perf_counter()
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"memory.py: {source.name} to {target.name} failed: {done.stderr[-1000:]}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return int(done.stdout.split()[-1]) / unit, time.perf_counter() - begun


def main() -> int:
    """Measure what the command line asks for; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--from", dest="sources", nargs="+", choices=FORMATS, default=FORMATS)
    parser.add_argument("--to", dest="targets", nargs="+", choices=FORMATS, default=FORMATS)
    parser.add_argument("--long", action="store_true", help="the project's own statements, not short ones")
    given = parser.parse_args()
    table = Table("from", "to", "peak MB", "rows/s", title=f"{given.rows:,} rows", title_justify="left")
    with tempfile.TemporaryDirectory() as folder:
        for source in given.sources:
            file = Path(folder) / f"in.{source}"
            write(file, given.rows, given.long)
            for target in given.targets:
                megabytes, seconds = measure(file, Path(folder) / f"out.{target}")
                table.add_row(source, target, f"{megabytes:.0f}", f"{given.rows / seconds:,.0f}")
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
