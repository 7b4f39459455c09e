"""Run the ONNX graph over windows, batched by length."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from sikap.errors import BundleError
from sikap.graph import check_graph

LOGITS = 6
"""Values per window: three stance logits, then three sentiment logits."""
MEMORY_SHARE = 0.5
"""The part of the machine's memory that graphs may take, so that none asks for more than there is."""
STATEMENT_TOKENS = 32
"""Tokens of the statements that a batch size counts."""
SMALLEST_SHARE = 256
"""Tokens, padding included, below which a batch is not made smaller to give every thread one."""


class Session:
    """Hold an onnxruntime session that maps token ids to logits.

    Threads compute different batches, each batch on one thread: small networks gain little from
    several threads inside one product, and a score does not depend on how many there are.
    """

    def __init__(self, model_file: Path, threads: int | None = None) -> None:
        """Open a graph with `threads` threads (all cores if None). Raises BundleError if it does not open."""
        check_graph(model_file)
        self._threads = threads or usable_cores()
        try:
            self._session = open_graph(str(model_file))
        except Exception as error:  # onnxruntime's errors share no public base class
            raise BundleError(
                f"{model_file}: onnxruntime cannot open the graph ({str(error).splitlines()[0]})."
            ) from error
        self._name = str(model_file)
        names = [i.name for i in self._session.get_inputs()], [o.name for o in self._session.get_outputs()]
        if names != (["input_ids", "attention_mask"], ["stance_logits", "sentiment_logits"]):
            raise BundleError(
                f"{model_file}: inputs and outputs {names} are not a sikap model's; export the bundle again."
            )

    def logits(self, sequences: Sequence[list[int]], batch_size: int) -> NDArray[np.float32]:
        """Return logits of shape (n, 6) for n non-empty sequences of token ids.

        Batches are those of `run_batches`.
        """
        return run_batches(self._run, sequences, batch_size, self._threads)

    def _run(self, batch: dict[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        rows, tokens = batch["input_ids"].shape
        try:
            found = self._session.run(None, batch)
        except Exception as error:  # onnxruntime's errors share no public base class
            raise BundleError(
                f"{self._name}: the graph cannot be computed for {rows} x {tokens} tokens"
                f" ({str(error).splitlines()[0][:200]}); lower --batch-size, or export the bundle again."
            ) from error
        if [values.shape for values in found] != [(rows, LOGITS // 2)] * 2:
            raise BundleError(f"{self._name}: the graph's outputs are not six values a text; export the bundle again.")
        return np.concatenate(found, axis=1)


def open_graph(graph: str | bytes) -> onnxruntime.InferenceSession:
    """Open a graph, a file's path or its bytes, for one thread of the CPU."""
    _limit_memory()
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.use_env_allocators", "1")
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, ["CPUExecutionProvider"], enable_fallback=0)


def run_batches(
    run: Callable[[dict[str, NDArray[np.int64]]], NDArray[np.float32]],
    sequences: Sequence[list[int]],
    batch_size: int,
    threads: int,
) -> NDArray[np.float32]:
    """Return what `run` gives for batches of sequences, a row for each sequence in the given order.

    A batch holds sequences of like length, `batch_size` of 32 tokens: more of shorter ones, fewer
    of longer ones, and so few that every thread has one.
    """
    lengths = np.array([len(ids) for ids in sequences], dtype=np.int64)
    share = max(int(lengths.sum()) // threads, SMALLEST_SHARE)
    parts = list(batches(lengths, min(batch_size * STATEMENT_TOKENS, share)))[::-1]

    def compute(rows: NDArray[np.int64]) -> NDArray[np.float32]:
        return run(padded([sequences[row] for row in rows]))

    if threads == 1 or len(parts) < 2:
        found = [compute(rows) for rows in parts]
    else:
        pool = ThreadPoolExecutor(min(threads, len(parts)), thread_name_prefix="sikap")
        try:
            found = list(pool.map(compute, parts))
        finally:
            pool.shutdown(cancel_futures=True)
    result = np.empty((len(sequences), found[0].shape[1] if found else LOGITS), dtype=np.float32)
    for rows, values in zip(parts, found, strict=True):
        result[rows] = values
    return result


def padded(sequences: Sequence[list[int]]) -> dict[str, NDArray[np.int64]]:
    """Return what a graph takes for sequences of token ids, padded to the longest."""
    ids = np.zeros((len(sequences), max(map(len, sequences))), dtype=np.int64)
    mask = np.zeros_like(ids)
    for place, sequence in enumerate(sequences):
        ids[place, : len(sequence)] = sequence
        mask[place, : len(sequence)] = 1
    return {"input_ids": ids, "attention_mask": mask}


def batches(lengths: NDArray[np.int64], budget: int) -> Iterator[NDArray[np.int64]]:
    """Yield indices in order of length, as many at a time as make at most `budget` tokens with their padding.

    A sequence that is longer than the budget comes alone.
    """
    order = np.argsort(lengths, kind="stable")
    start = 0
    while start < len(order):
        padded = lengths[order[start:]] * np.arange(1, len(order) - start + 1)
        count = max(1, int(np.searchsorted(padded, budget, side="right")))
        yield order[start : start + count]
        start += count


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@lru_cache(maxsize=1)
def _limit_memory() -> None:
    """Let all graphs of this process take at most a share of the machine's memory between them."""
    try:
        whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # no POSIX
        whole = 2**34
    kind, place = onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, onnxruntime.OrtMemType.DEFAULT
    arena = onnxruntime.OrtArenaCfg(int(whole * MEMORY_SHARE), -1, -1, -1)
    onnxruntime.create_and_register_allocator(onnxruntime.OrtMemoryInfo("Cpu", kind, 0, place), arena)
