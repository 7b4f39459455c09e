"""Check an ONNX graph before it is opened: all of it in one file, and nothing in it but arithmetic.

The file is walked by its protobuf fields alone, so that nothing is computed, allocated or looked
up by a name in it; field numbers are those of onnx.proto (ONNX IR version 8).
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from math import prod
from pathlib import Path

from sikap.constants import Node, constants_fit
from sikap.errors import BundleError

_ARITHMETIC = """
    Abs Add And ArgMax ArgMin Attention BatchNormalization BiasGelu BiasSplitGelu Cast CastLike Ceil Clip Concat
    Constant ConstantOfShape Cos CumSum DequantizeLinear Div DynamicQuantizeLinear DynamicQuantizeMatMul Einsum
    EmbedLayerNormalization Equal Erf Exp Expand FastGelu Flatten Floor FusedGemm FusedMatMul Gather
    GatherBlockQuantized GatherElements GatherND Gelu Gemm Greater GreaterOrEqual Identity IsInf IsNaN
    LayerNormalization Less LessOrEqual Log LogSoftmax MatMul MatMulInteger MatMulInteger16 MatMulIntegerToFloat
    MatMulNBits Max Mean Min Mul MultiHeadAttention Neg NonZero Not Or PackedAttention PackedMultiHeadAttention Pad
    Pow QAttention QEmbedLayerNormalization QGemm QLinearAdd QLinearMatMul QLinearMul QLinearSigmoid QLinearSoftmax
    QOrderedAttention QuantizeLinear QuickGelu Range Reciprocal ReduceL2 ReduceMax ReduceMean ReduceMin ReduceProd
    ReduceSum RelativePositionBias Relu RemovePadding Reshape RestorePadding RotaryEmbedding ScatterElements
    ScatterND Shape Sigmoid Sign SimplifiedLayerNormalization Sin Size SkipLayerNormalization
    SkipSimplifiedLayerNormalization Slice Softmax Softplus Split Sqrt Squeeze Sub Sum Tanh Tile TopK Transpose
    Trilu Unsqueeze Where Xor
"""
OPERATORS = frozenset(_ARITHMETIC.split())
"""What an encoder's graph may compute: no loop, no branch, no call, nothing that takes a file."""
DOMAINS = ("", "ai.onnx", "com.microsoft")
MOST_NODES = 100_000
_MODEL_GRAPH, _MODEL_TRAINING, _MODEL_FUNCTIONS = 7, 20, 25
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_INPUT, _GRAPH_SPARSE = 1, 5, 11, 15
_NODE_INPUT, _NODE_OUTPUT, _NODE_OPERATOR, _NODE_ATTRIBUTE, _NODE_DOMAIN = 1, 2, 4, 5, 7
_ATTRIBUTE_TENSORS, _ATTRIBUTE_OTHERS = (5, 10), (6, 11, 22, 23)
_TENSOR_DIMENSION, _TENSOR_TYPE, _TENSOR_INTEGERS, _TENSOR_NAME, _TENSOR_RAW = 1, 2, 7, 8, 9
_TENSOR_EXTERNAL, _TENSOR_LOCATION = 13, 14
_INT64 = 7
MOST_DIMENSIONS = 8
_INPUT_NAME = 1
NUMBERS_PER_BYTE = 8


def check_graph(file: Path) -> None:
    """Check a graph that someone else may have made.

    Raises BundleError unless it keeps its weights in its own file, computes by OPERATORS alone
    and has no constants out of all proportion to the file.
    """
    try:
        with file.open("rb") as stream:
            view = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
        _check_model(view)
    except _UnfitError as error:
        raise BundleError(f"{file}: {error}; export the bundle again.") from None
    except ValueError as error:
        raise BundleError(f"{file}: not an ONNX graph ({error}); export the bundle again.") from None


class _UnfitError(Exception):
    """What a graph holds and must not."""


def _check_model(model: memoryview) -> None:
    shapes: dict[str, tuple[int, ...]] = {}
    inputs: list[str] = []
    nodes: list[Node] = []
    for number, part in _messages(model):
        if number in (_MODEL_TRAINING, _MODEL_FUNCTIONS):
            raise _UnfitError("the graph holds functions or training steps, which a sikap model has not")
        if number != _MODEL_GRAPH:
            continue
        for inner, message in _messages(part):
            if inner == _GRAPH_INITIALIZER:
                name, shapes[name] = _tensor(message)
            elif inner == _GRAPH_SPARSE:
                raise _UnfitError("the graph holds sparse weights, which a sikap model has not")
            elif inner == _GRAPH_INPUT:
                inputs += [bytes(text).decode() for key, text in _messages(message) if key == _INPUT_NAME]
            elif inner == _GRAPH_NODE:
                nodes.append(_node(message))
                if len(nodes) > MOST_NODES:
                    raise _UnfitError(f"the graph has more than {MOST_NODES:,} nodes")
    if not nodes:
        raise ValueError("it computes nothing")
    if not constants_fit(shapes, inputs, nodes, len(model)):
        raise _UnfitError("the graph has constants out of all proportion to its file")


def _node(node: memoryview) -> Node:
    texts: dict[int, list[str]] = {key: [] for key in (_NODE_INPUT, _NODE_OUTPUT, _NODE_OPERATOR, _NODE_DOMAIN)}
    held, integers = 0, None
    for number, part in _messages(node):
        if number in texts:
            texts[number].append(bytes(part).decode())
        elif number == _NODE_ATTRIBUTE:
            held += len(part) * NUMBERS_PER_BYTE
            for inner, message in _messages(part):
                if inner in _ATTRIBUTE_OTHERS:
                    raise _UnfitError("the graph holds a graph within a graph, or sparse weights")
                if inner in _ATTRIBUTE_TENSORS:
                    _tensor(message)
                    integers = _integers(message)
    operator, domain = (texts[key][-1] if texts[key] else "" for key in (_NODE_OPERATOR, _NODE_DOMAIN))
    if domain not in DOMAINS or operator not in OPERATORS:
        raise _UnfitError(f"the graph computes {operator!r} of {domain!r}, which is no part of an encoder")
    constant = integers if operator == "Constant" else None
    return Node(operator, tuple(texts[_NODE_INPUT]), tuple(texts[_NODE_OUTPUT]), held, constant)


def _tensor(tensor: memoryview) -> tuple[str, tuple[int, ...]]:
    """Return a tensor's name and shape."""
    name, shape = "", []
    for number, value in _fields(tensor):
        if number == _TENSOR_EXTERNAL or (number == _TENSOR_LOCATION and value):
            raise _UnfitError("the graph keeps weights in another file, which a bundle must not")
        if number == _TENSOR_NAME and isinstance(value, memoryview):
            name = bytes(value).decode()
        if number == _TENSOR_DIMENSION:
            shape += [value] if isinstance(value, int) else _varints(value)
    if prod(shape) > NUMBERS_PER_BYTE * len(tensor):
        raise _UnfitError("the graph has a weight with fewer numbers than its shape says")
    return name, tuple(shape)


def _integers(tensor: memoryview) -> tuple[int, ...] | None:
    """Return the numbers of a tensor that could be a shape: as many 64-bit integers as a shape has, None of others."""
    fields = dict(_fields(tensor))
    raw, listed = fields.get(_TENSOR_RAW), fields.get(_TENSOR_INTEGERS)
    if fields.get(_TENSOR_TYPE) != _INT64:
        return None
    if isinstance(raw, memoryview) and len(raw) % 8 == 0 and len(raw) <= 8 * MOST_DIMENSIONS:
        return struct.unpack(f"<{len(raw) // 8}q", raw)
    if isinstance(listed, memoryview) and len(listed) <= 10 * MOST_DIMENSIONS:
        return tuple(_varints(listed))
    return None


def _messages(view: memoryview) -> Iterator[tuple[int, memoryview]]:
    return ((number, value) for number, value in _fields(view) if isinstance(value, memoryview))


def _fields(view: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yield the number and value of each field of a protobuf message. Raises ValueError when it is none."""
    at, end = 0, len(view)
    while at < end:
        key, at = _varint(view, at)
        kind = key & 7
        if kind == 0:
            value, at = _varint(view, at)
            yield key >> 3, value
            continue
        if kind == 2:
            size, at = _varint(view, at)
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
        else:
            raise ValueError(f"wire type {kind}")
        if at + size > end:
            raise ValueError("it is cut off")
        yield key >> 3, view[at : at + size]
        at += size


def _varints(view: memoryview) -> list[int]:
    values, at = [], 0
    while at < len(view):
        value, at = _varint(view, at)
        values.append(value)
    return values


def _varint(view: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(view):
            break
        byte = view[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ValueError("it is cut off")
