"""Run the ONNX graph over windows, batched by length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from sikap.errors import BundleError

LOGITS = 6
"""Values per window: three stance logits, then three sentiment logits."""


class Session:
    """Hold an onnxruntime session that maps token ids to logits."""

    def __init__(self, model_file: Path, threads: int | None = None) -> None:
        """Open a graph with `threads` threads (all cores if None). Raises BundleError if it does not open."""
        try:
            self._session = open_graph(str(model_file), threads)
        except Exception as error:  # onnxruntime's errors share no public base class
            raise BundleError(
                f"{model_file}: onnxruntime cannot open the graph ({str(error).splitlines()[0]})."
            ) from error
        names = [i.name for i in self._session.get_inputs()], [o.name for o in self._session.get_outputs()]
        if names != (["input_ids", "attention_mask"], ["stance_logits", "sentiment_logits"]):
            raise BundleError(
                f"{model_file}: inputs and outputs {names} are not a sikap model's; export the bundle again."
            )

    def logits(self, sequences: Sequence[list[int]], batch_size: int) -> NDArray[np.float32]:
        """Return logits of shape (n, 6) for n non-empty sequences of token ids.

        Sequences are batched in order of length, so that little is spent on padding.
        """
        result = np.empty((len(sequences), LOGITS), dtype=np.float32)
        for rows, feed in batches(sequences, batch_size):
            result[rows] = np.concatenate(self._session.run(None, feed), axis=1)
        return result


def open_graph(graph: str | bytes, threads: int | None) -> onnxruntime.InferenceSession:
    """Open a graph, a file's path or its bytes, for the CPU; `threads` None takes all cores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or 0
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(graph, sess_options=options, providers=["CPUExecutionProvider"])


def batches(
    sequences: Sequence[list[int]], batch_size: int
) -> Iterator[tuple[NDArray[np.intp], dict[str, NDArray[np.int64]]]]:
    """Yield the rows of each batch and what the graph takes for them, in order of length."""
    lengths = np.array([len(ids) for ids in sequences], dtype=np.int64)
    order = np.argsort(lengths, kind="stable")
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        longest = int(lengths[rows[-1]])
        ids = np.zeros((len(rows), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, : lengths[row]] = sequences[row]
            mask[place, : lengths[row]] = 1
        yield rows, {"input_ids": ids, "attention_mask": mask}
