"""Make a fused graph compute in int8, with a step of each activation that is fixed beforehand.

A dynamic step, taken over a batch, makes a score depend on what else is in the batch. Here each
activation's range is measured once, on texts, and stands in the graph: a statement gets the same
numbers alone and in any company (static quantisation, Jacob et al. 2018).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import helper, numpy_helper

STEPS = 127
"""The largest int8 step on either side of zero."""
ACTIVATION_STEPS = 127
"""The steps of an activation's range: seven bits, since x86 without VNNI adds pairs of products in 16 bits."""
SMALLEST = 1e-12

Range = tuple[float, float]


def column_steps(matrix: NDArray[np.float32], axis: int = 0) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return a matrix as int8 and the size of a step, one along `axis`; their product is the matrix again, rounded."""
    scale = np.maximum(np.abs(matrix).max(axis=axis, keepdims=True), SMALLEST) / np.float32(STEPS)
    return np.rint(matrix / scale).astype(np.int8), scale.astype(np.float32)


def quantise(model: onnx.ModelProto, sequences: Sequence[Sequence[int]]) -> int:
    """Replace, in place, every matrix product by a constant by one of int8; return how many.

    `sequences` are token ids of texts like those that will be scored: the ranges come from them.
    Attention becomes QAttention (its softmax stays in single precision), MatMul becomes
    MatMulIntegerToFloat, which also adds the bias where one follows; matrices get a step for each
    column. Matrices that are only looked up in, and the heads, stay as they are.
    """
    graph = model.graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    chosen = [node for node in graph.node if node.op_type in ("MatMul", "Attention") and node.input[1] in constants]
    ranges = _ranges(model, list(dict.fromkeys(node.input[0] for node in chosen)), sequences)
    nodes: list[onnx.NodeProto] = []
    for name, (low, high) in ranges.items():
        step = max(high - low, SMALLEST) / ACTIVATION_STEPS
        zero = np.array(np.clip(round(-low / step), 0, ACTIVATION_STEPS), dtype=np.uint8)
        fixed: dict[str, NDArray[Any]] = {f"{name}_step": np.array(step, dtype=np.float32), f"{name}_zero": zero}
        graph.initializer.extend(numpy_helper.from_array(values, title) for title, values in fixed.items())
    bytes_of: set[str] = set()
    for node in graph.node:
        if node not in chosen:
            nodes.append(node)
            continue
        source, matrix = node.input[0], node.input[1]
        if matrix not in bytes_of:
            steps, scale = column_steps(numpy_helper.to_array(constants[matrix]))
            stored = {f"{matrix}_steps": steps, f"{matrix}_scale": scale[0]}
            graph.initializer.extend(numpy_helper.from_array(values, name) for name, values in stored.items())
            bytes_of.add(matrix)
        if source in ranges:
            low_input = [source, f"{source}_step", f"{source}_zero"]
            nodes.append(helper.make_node("QuantizeLinear", low_input, [f"{source}_bytes"], name=f"{source}_quantise"))
            ranges.pop(source)
        nodes.append(_in_bytes(node, source, matrix))
    nodes = _with_biases(nodes, set(constants))
    del graph.node[:]
    graph.node.extend(nodes)
    still_used = {name for node in nodes for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in still_used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    return len(chosen)


def _in_bytes(node: onnx.NodeProto, source: str, matrix: str) -> onnx.NodeProto:
    quantised, steps, scale = f"{source}_bytes", f"{matrix}_steps", f"{matrix}_scale"
    if node.op_type == "MatMul":
        inputs = [quantised, steps, f"{source}_step", scale, f"{source}_zero"]
        return helper.make_node(
            "MatMulIntegerToFloat", inputs, list(node.output), name=f"{node.name}_int8", domain="com.microsoft"
        )
    bias, mask = node.input[2], node.input[3]
    inputs = [quantised, steps, bias, f"{source}_step", scale, mask, f"{source}_zero"]
    attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute if a.name in ("num_heads", "scale")}
    return helper.make_node(
        "QAttention", inputs, list(node.output), name=f"{node.name}_int8", domain="com.microsoft", **attributes
    )


def _with_biases(nodes: list[onnx.NodeProto], constants: set[str]) -> list[onnx.NodeProto]:
    """Move the constant that is added to a product, by Add or BiasGelu, into the product; return the nodes left."""
    products = {node.output[0]: node for node in nodes if node.op_type == "MatMulIntegerToFloat"}
    takers = Counter(name for node in nodes for name in node.input)
    kept: list[onnx.NodeProto] = []
    for node in nodes:
        source, bias = next(
            ((a, b) for a, b in _addends(node) if a in products and b in constants and takers[a] == 1), ("", "")
        )
        if not source:
            kept.append(node)
            continue
        product = products[source]
        product.input.extend(["", bias])
        if node.op_type == "BiasGelu":
            kept.append(
                helper.make_node("Gelu", [source], list(node.output), name=f"{node.name}_gelu", domain="com.microsoft")
            )
        else:
            product.output[0] = node.output[0]
    return kept


def _addends(node: onnx.NodeProto) -> list[tuple[str, str]]:
    """Return the inputs of an addition, in both orders; nothing for other nodes."""
    if node.op_type not in ("Add", "BiasGelu") or len(node.input) != 2:
        return []
    return [(node.input[0], node.input[1]), (node.input[1], node.input[0])]


def _ranges(model: onnx.ModelProto, names: list[str], sequences: Sequence[Sequence[int]]) -> dict[str, Range]:
    """Return the least and greatest value of each activation over sequences that are run alone; zero lies between."""
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    watched.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in names)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        watched.SerializeToString(), sess_options=options, providers=["CPUExecutionProvider"]
    )
    lows, highs = np.zeros(len(names)), np.zeros(len(names))
    for sequence in sequences:
        ids = np.array([sequence], dtype=np.int64)
        values = session.run(names, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        lows = np.minimum(lows, [value.min() for value in values])
        highs = np.maximum(highs, [value.max() for value in values])
    return {name: (float(low), float(high)) for name, low, high in zip(names, lows, highs, strict=True)}
