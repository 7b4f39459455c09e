"""Measure speed, memory and start-up of sikap beside transformers' pipeline, on the same texts in one run.

Usage: python benchmarks/speed.py [--quick] [--texts 2000] [--rounds 3] [--threads N] [--sizes] [--output speed.json]

Every way of computing runs in a process of its own, in turn, `--rounds` times; the best round counts. The ways of
IndoBERT-base size (12 layers of 768, random weights, made on the spot) get a tenth of the texts. Texts are statements
written for the project. Needs the extra `training`; nothing is downloaded.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from sikap_training.statements import load_statements, own_or

WORKER = Path(__file__).with_name("speed_worker.py")
WAYS = {
    "base-pipeline": "a  pipeline, IndoBERT-base size",
    "own-pipeline": "b  pipeline, sikap's network",
    "own-plain": "c  onnxruntime fp32, graph as exported",
    "own-fp32": "d  sikap fp32",
    "own-int8": "e  sikap int8",
    "own-shipped": "e' sikap, built-in bundle",
    "base-fp32": "f' sikap fp32, IndoBERT-base size",
    "base-int8": "f  sikap int8, IndoBERT-base size",
}
GOALS = (
    ("own-int8", "base-pipeline", 25.0),
    ("own-int8", "own-pipeline", 4.0),
    ("base-int8", "base-pipeline", 2.5),
)
SHAPES = {"own": (4, 256), "base": (12, 768)}
"""Layers and width."""
STATEMENT = "Kami mengutuk keras serangan terhadap warga sipil di wilayah itu."
LIGHT = "sikap"
HEAVY = ("transformers", "torch")


def worker(way: str, folder: Path, file: Path, threads: int) -> dict[str, Any]:
    """Run one way in a process of its own and return its figures."""
    command = [sys.executable, str(WORKER), way, str(folder), str(file), str(threads)]
    settings = {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": str(threads), "TOKENIZERS_PARALLELISM": "true"}
    done = subprocess.run(command, env=os.environ | settings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"speed.py: {way} failed:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def start_seconds(folder: Path, file: Path, threads: int, times: int) -> dict[str, float]:
    """Return the seconds from the call to the first score of one statement, the best of some times."""
    found: dict[str, list[float]] = {"sikap score": [], "pipeline": []}
    for _ in range(times):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-m", "sikap", "score", STATEMENT], stdout=subprocess.DEVNULL, check=True)
        found["sikap score"].append(time.perf_counter() - begun)
        begun = time.perf_counter()
        worker("start", folder, file, threads)
        found["pipeline"].append(time.perf_counter() - begun)
    return {name: min(seconds) for name, seconds in found.items()}


def multiply_adds(lengths: np.ndarray, size: str) -> float:
    """Return the mean multiply-adds that an encoder makes of a text, from the texts' tokens."""
    layers, width = SHAPES[size]
    return float(np.mean(layers * (12 * width**2 * lengths + 2 * width * lengths**2)))


def token_lengths(texts: list[str]) -> np.ndarray:
    """Return the tokens of each text for the built-in bundle."""
    import sikap

    return np.array([len(window.ids) for window in sikap.load()._encoder.encode(texts)])


def installed_megabytes(*roots: str) -> float:
    """Return the size on disk of packages and all that they need, as installed here."""
    waiting, seen, total = list(roots), set(), 0
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in seen:
            continue
        seen.add(name)
        try:
            found = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        for file in found.files or ():
            path = Path(str(found.locate_file(file)))
            total += path.stat().st_size if path.is_file() else 0
        needed = [rule for rule in found.requires or () if "extra ==" not in rule]
        waiting += [match[0] for rule in needed if (match := re.match(r"[\w.-]+", rule))]
    return total / 2**20


def machine(threads: int) -> str:
    """Describe the processor, its instructions for int8, the memory and the versions."""
    model, flags = platform.processor() or platform.machine(), ""
    information = Path("/proc/cpuinfo")
    if information.is_file():
        text = information.read_text()
        model = next((line.split(":")[1].strip() for line in text.splitlines() if "model name" in line), model)
        flags = " ".join(flag for flag in ("avx2", "avx512f", "avx_vnni", "avx512_vnni", "amx_int8") if flag in text)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    names = ("onnxruntime", "tokenizers", "torch", "transformers")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    busy = f"load {os.getloadavg()[0]:.1f} at the start"
    return (
        f"{model} ({flags}), {os.cpu_count()} cores, {memory:.0f} GB, {threads} threads, {busy};"
        f" Python {platform.python_version()}, {versions}"
    )


def best(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures of the round with most statements per second, and the highest memory of any."""
    fastest = max(rounds, key=lambda figures: figures["per_second"])
    processor = max(figures["per_processor_second"] for figures in rounds)
    return {**fastest, "per_processor_second": processor, "mb": max(figures["mb"] for figures in rounds)}


def show(results: dict[str, Any], console: Console) -> None:
    """Print tables of the figures and say which goals are reached."""
    ways, slowest = results["ways"], results["ways"].get("base-pipeline")
    table = Table(title="the same texts, one machine, one run")
    for column in ("", "statements/s", "per processor s", "times a", "peak memory MB"):
        table.add_column(column, justify="left" if not column else "right", no_wrap=True)
    for way, row in ways.items():
        times = f"{row['per_second'] / slowest['per_second']:.1f}" if slowest else ""
        name = WAYS[way] + (f" (batch {row['batch_size']})" if "batch_size" in row else "")
        cells = f"{row['per_second']:,.1f}", f"{row['per_processor_second']:,.1f}", times, f"{row['mb']:.0f}"
        table.add_row(name, *cells)
    console.print(results["machine"], soft_wrap=True)
    console.print(table)
    for fast, slow, goal in GOALS:
        if fast in ways and slow in ways:
            wall, processor = (ways[fast][key] / ways[slow][key] for key in ("per_second", "per_processor_second"))
            console.print(f"{WAYS[fast]} / {WAYS[slow]}: {wall:.1f} (processor time {processor:.1f}), goal {goal}")
    for name, row in results["limit"].items():
        console.print(
            f"{WAYS[name]}: {row['reached'] / 1e9:.1f} of {row['limit'] / 1e9:.1f} thousand million multiply-adds a"
            f" second of a plain {row['kind']} product, {100 * row['reached'] / row['limit']:.0f} %"
        )
    seconds = results["start_seconds"]
    console.print(f"cold start: sikap score {seconds['sikap score']:.2f} s, pipeline {seconds['pipeline']:.2f} s")
    for name, megabytes in results.get("installed_mb", {}).items():
        console.print(f"installed with all that it needs: {name} {megabytes:,.0f} MB")


def main() -> int:
    """Measure, print and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one round of 200 texts")
    parser.add_argument("--texts", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", nargs="+", choices=list(WAYS), default=list(WAYS), help="ways to measure")
    parser.add_argument("--sizes", action="store_true", help="add up what is installed too")
    parser.add_argument("--output", type=Path, help="a JSON file for all figures")
    given = parser.parse_args()
    count, rounds = (200, 1) if given.quick else (given.texts, given.rounds)
    everything = [statement.text for statement in load_statements(own_or(None))]
    texts = [everything[i] for i in np.random.default_rng(0).permutation(len(everything))[:count]]
    console = Console(width=max(Console().width, 120))
    results: dict[str, Any] = {"machine": machine(given.threads), "texts": count, "rounds": rounds}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole, part = folder / "texts.json", folder / "part.json"
        whole.write_text(json.dumps(texts), encoding="utf-8")
        part.write_text(json.dumps(texts[: max(20, count // 10)]), encoding="utf-8")
        worker("prepare", folder, whole, given.threads)
        found: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS if way in given.only}
        products: list[dict[str, Any]] = []
        for _ in range(rounds):
            products.append(worker("products", folder, whole, given.threads))
            for way, figures in found.items():
                figures.append(worker(way, folder, part if way.startswith("base") else whole, given.threads))
        results["start_seconds"] = start_seconds(folder, part, given.threads, rounds)
    results["ways"] = {way: best(figures) for way, figures in found.items()}
    lengths, results["limit"] = token_lengths(texts), {}
    for way in ("own-fp32", "own-int8", "base-fp32", "base-int8"):
        size, kind = way.split("-")
        if way in found:
            reached = results["ways"][way]["per_second"] * multiply_adds(lengths, size)
            limit = max(figures[kind] for figures in products)
            results["limit"][way] = {"kind": kind, "reached": reached, "limit": limit}
    if given.sizes:
        results["installed_mb"] = {
            LIGHT: installed_megabytes(LIGHT),
            " and ".join(HEAVY): installed_megabytes(*HEAVY),
        }
    if given.output:
        given.output.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    show(results, console)
    return 0


if __name__ == "__main__":
    sys.exit(main())
