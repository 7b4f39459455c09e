"""Reckon what the constants of a graph can grow to when a session multiplies them out at its opening."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod
from typing import NamedTuple

GROWING = frozenset(["ConstantOfShape", "Expand", "Pad", "Range", "Tile"])
"""Operators whose result is as large as the numbers in their inputs say."""
BROADCASTING = frozenset(["Add", "And", "Div", "Equal", "Greater", "Less", "Max", "Min", "Mul", "Or", "Pow", "Sub"])
_KEEPING = "Cast DequantizeLinear Identity QuantizeLinear ReduceSum Reshape Slice Squeeze Transpose Unsqueeze"
KEEPING = frozenset(_KEEPING.split())
"""Operators whose result is no larger than their first input."""
PER_BYTE = 4
"""Numbers that constants may come to for each byte of the file: a weight of one byte is cast, then scaled."""
ALWAYS = 2**22


class Node(NamedTuple):
    """Hold what a node computes, from what, how many numbers stand in it itself, and a constant's, if few and whole."""

    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    held: int
    integers: tuple[int, ...] | None = None


class Size(NamedTuple):
    """Hold the number of numbers in a constant at most, and its shape if that is known."""

    numbers: int
    shape: tuple[int, ...] | None = None


def constants_fit(shapes: dict[str, tuple[int, ...]], given: Iterable[str], nodes: Sequence[Node], bytes_: int) -> bool:
    """Tell whether constants stay in proportion to a file of `bytes_`.

    `shapes` are those of the weights, `given` the inputs of the graph. Raises ValueError when a
    node takes what no node before it gives.
    """
    known = {name: Size(prod(shape), shape) for name, shape in shapes.items()}
    changing = set(given) - set(known)
    total = 0
    integers: dict[str, tuple[int, ...]] = {}
    for node in nodes:
        names = [name for name in node.inputs if name]
        for name in names:
            if name not in known and name not in changing:
                raise ValueError(f"nothing gives {name[:40]!r} before it is taken")
        if any(name in changing for name in names):
            changing.update(node.outputs)
            continue
        if node.integers is not None:
            integers.update(dict.fromkeys(node.outputs, node.integers))
        if node.operator == "ConstantOfShape" and names[:1] and names[0] in integers:
            shape = tuple(max(0, number) for number in integers[names[0]])
            size = Size(prod(shape), shape)
        elif node.operator in GROWING:
            return False
        else:
            size = _result(node, [known[name] for name in names])
        total += size.numbers * len(node.outputs)
        if total > PER_BYTE * bytes_ + ALWAYS:
            return False
        known.update(dict.fromkeys(node.outputs, size))
    return True


def _result(node: Node, inputs: Sequence[Size]) -> Size:
    if not inputs:
        return Size(node.held)
    if node.operator in KEEPING:
        return Size(inputs[0].numbers, inputs[0].shape if node.operator in ("Cast", "Identity") else None)
    shapes = [each.shape for each in inputs if each.shape is not None]
    if node.operator in BROADCASTING and len(shapes) == len(inputs):
        width = max(map(len, shapes))
        sides = zip(*((1,) * (width - len(shape)) + shape for shape in shapes), strict=True)
        shape = tuple(map(max, sides))
        return Size(prod(shape), shape)
    return Size(prod(max(each.numbers, 1) for each in inputs) + node.held)
