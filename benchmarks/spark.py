"""Measure what scoring on Spark costs, and reckon from it what a billion statements take.

Usage: python benchmarks/spark.py [FILE] [--workers 2] [--rows 7000] [--nodes 10] [--cores 16] [--output results.json]

FILE is JSON Lines with a `text` each, the project's own statements if not given. The rate without Spark is that of as
many processes of one thread as there are workers, so that both share the machine's caches and memory alike. Seconds
by the clock grow with whatever else the machine does, seconds of processor time hardly: on a busy one, read the latter.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout, suppress
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psutil
from pyspark.sql import DataFrame, SparkSession
from rich.console import Console
from rich.table import Table

import sikap
from sikap.spark import score

OWN = Path(__file__).parents[1] / "training" / "data" / "statements.jsonl"
BILLION = 10**9
PARTITIONS_A_WORKER = 4


def seconds_alone(texts: list[str]) -> tuple[float, float, float]:
    """Return seconds by the clock and of the processor to score texts on one thread, and the megabytes then held."""
    model = sikap.load(threads=1)
    model.predict(texts[:200])
    start, used = time.perf_counter(), time.process_time()
    model.predict(texts)
    return time.perf_counter() - start, time.process_time() - used, _megabytes(psutil.Process())


def without_spark(texts: list[str], workers: int) -> dict[str, float]:
    """Return rates and the megabytes of each process, with `workers` processes at once."""
    shares = [texts[number::workers] for number in range(workers)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        done = list(pool.map(seconds_alone, shares))
    clock, processor, sizes = zip(*done, strict=True)
    return {
        "statements a second a core": len(texts) / max(clock) / workers,
        "statements a processor second": len(texts) / sum(processor),
        "MB a process": max(sizes),
    }


def with_spark(texts: list[str], workers: int, folder: Path) -> dict[str, float]:
    """Return rates, megabytes of Python worker and executor, bytes a statement in and out as Parquet."""
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_WORKER_DIR": str(folder / "work")}
    builder = SparkSession.builder.master(f"local-cluster[{workers},1,1024]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.executorEnv.PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
    spark = builder.config("spark.local.dir", str(folder / "local")).getOrCreate()
    try:
        source = str(folder / "in")
        rows = spark.createDataFrame(list(enumerate(texts)), "id long, text string")
        rows.repartition(PARTITIONS_A_WORKER * workers).write.parquet(source)
        read = spark.read.parquet(source)
        _write(score(read), folder / "warm")  # starts the Python workers and opens the model in each
        start, used = time.perf_counter(), _processor_seconds()
        _write(score(read), folder / "out")
        seconds, processor = time.perf_counter() - start, _processor_seconds() - used
        plan = io.StringIO()
        with redirect_stdout(plan):
            score(read).explain()
        python, java = _sizes()
        return {
            "statements a second a core": len(texts) / seconds / workers,
            "statements a processor second": len(texts) / processor,
            "shuffles in the plan": plan.getvalue().count("Exchange"),
            "MB a Python worker": python,
            "MB an executor": java,
            "bytes a statement in": _bytes(folder / "in") / len(texts),
            "bytes a statement out": _bytes(folder / "out") / len(texts),
        }
    finally:
        spark.stop()


def reckoned(rate: float, bytes_in: float, bytes_out: float, nodes: int, cores: int) -> dict[str, float]:
    """Return what a billion statements take at `rate` statements a processor second."""
    core_hours = BILLION / rate / 3600
    return {
        "core-hours": core_hours,
        f"hours on {nodes} nodes of {cores} cores": core_hours / (nodes * cores),
        "GB read": BILLION * bytes_in / 1e9,
        "GB written": BILLION * bytes_out / 1e9,
    }


def _write(frame: DataFrame, folder: Path) -> None:
    frame.write.mode("overwrite").parquet(str(folder))


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("*.parquet"))


def _below() -> Iterator[tuple[str, psutil.Process]]:
    """Yield each Python worker and executor below this process, and which of the two it is."""
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # it may end meanwhile
            command = " ".join(process.cmdline())
            if "pyspark.daemon" in command:
                yield "python", process
            elif "ExecutorBackend" in command:
                yield "executor", process


def _processor_seconds() -> float:
    return sum(process.cpu_times().user + process.cpu_times().system for _, process in _below())


def _sizes() -> tuple[float, float]:
    """Return the megabytes of the largest Python worker and of the largest executor."""
    found = [(kind, _megabytes(process)) for kind, process in _below()]
    python, executor = (max(size for name, size in found if name == kind) for kind in ("python", "executor"))
    return python, executor


def _megabytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 1e6


def show(results: dict[str, Any], console: Console) -> None:
    """Print all figures, a table for each part."""
    for title, figures in results.items():
        table = Table("", "", title=title, title_justify="left", show_header=False)
        for name, value in figures.items():
            table.add_row(name, f"{value:,.0f}" if value >= 100 else f"{value:,.2f}")
        console.print(table)


def main() -> int:
    """Run what the command line asks for; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?", default=OWN)
    parser.add_argument("--workers", type=int, default=2, help="executors of one core each")
    parser.add_argument("--rows", type=int, default=7000, help="statements to score, at most those of the file")
    parser.add_argument("--nodes", type=int, default=10, help="of the cluster to reckon for")
    parser.add_argument("--cores", type=int, default=16, help="of each of its nodes")
    parser.add_argument("--output", type=Path, help="a JSON file for all figures")
    given = parser.parse_args()
    with given.file.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line, _ in zip(lines, range(given.rows), strict=False)]
    alone = without_spark(texts, given.workers)
    with tempfile.TemporaryDirectory() as folder:
        spark = with_spark(texts, given.workers, Path(folder))
    billion = reckoned(
        spark["statements a processor second"],
        spark["bytes a statement in"],
        spark["bytes a statement out"],
        given.nodes,
        given.cores,
    )
    results = {
        f"{len(texts):,} statements without Spark, {given.workers} processes": alone,
        f"the same on local-cluster[{given.workers},1,1024]": spark,
        "a billion statements at that rate": billion,
    }
    if given.output:
        given.output.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    show(results, Console(width=110))
    return 0


if __name__ == "__main__":
    sys.exit(main())
