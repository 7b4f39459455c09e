"""Get the encoder's vectors out of a bundle, whose graph gives logits alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto, TensorProto, helper

from sikap.errors import BundleError
from sikap.graph import check_graph
from sikap.session import open_graph, run_batches, usable_cores

OUTPUTS = ("stance_logits", "sentiment_logits")


class VectorSession:
    """Hold a graph that gives the pooled vector beside the logits."""

    def __init__(self, model_file: Path, threads: int | None = None) -> None:
        """Open a bundle's graph with the tensor that feeds both heads as one more output, in memory.

        Raises BundleError when the graph has no such tensor or does not open.
        """
        check_graph(model_file)
        self._threads = threads or usable_cores()
        try:
            model = onnx.load(str(model_file))
        except Exception as error:  # protobuf's and onnx's errors share no base class
            raise BundleError(f"{model_file}: cannot be read as an ONNX graph; export the bundle again.") from error
        name = pooled_tensor(model.graph)
        if name is None:
            raise BundleError(
                f"{model_file}: its two heads do not read one vector, so there is none to compare;"
                " export the bundle with `sikap export`."
            )
        model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
        try:
            self._session = open_graph(model.SerializeToString())
        except Exception as error:  # onnxruntime's errors share no public base class
            raise BundleError(
                f"{model_file}: the vector that feeds the heads cannot be read ({str(error).splitlines()[0]})."
            ) from error
        self._outputs = [*OUTPUTS, name]

    def run(self, sequences: Sequence[list[int]], batch_size: int) -> NDArray[np.float32]:
        """Return logits and vectors side by side, of shape (n, 6 + width), for n non-empty sequences of token ids."""
        return run_batches(self._run, sequences, batch_size, self._threads)

    def _run(self, batch: dict[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = np.concatenate(self._session.run(self._outputs, batch), axis=1)
        return found


def pooled_tensor(graph: GraphProto) -> str | None:
    """Return the name of the tensor that both heads multiply with their weights; None if there is no single one."""
    producers = {output: node for node in graph.node for output in node.output}
    fed = {_fed_by(producers.get(output), producers) for output in OUTPUTS}
    return fed.pop() if len(fed) == 1 else None


def _fed_by(node: NodeProto | None, producers: dict[str, NodeProto]) -> str | None:
    """Return what a linear layer reads: the first input of a Gemm, or of a MatMul below an Add of its bias."""
    if node is not None and node.op_type == "Add":
        made = (producers.get(name) for name in node.input)
        node = next((below for below in made if below is not None and below.op_type == "MatMul"), None)
    if node is None or node.op_type not in ("Gemm", "MatMul"):
        return None
    return str(node.input[0])
