"""Write a fused graph's sums and normalisations as nodes of their own."""

from __future__ import annotations

import onnx
from onnx import helper


def split_skips(model: onnx.ModelProto) -> None:
    """Replace, in place, every SkipLayerNormalization by additions and a LayerNormalization.

    The fused node is meant for GPUs: on a CPU, onnxruntime 1.32 takes five times as long for it as for
    the three nodes (`benchmarks/speed.py` has the whole network's rates). An added bias comes
    first, right after the product that it belongs to.
    """
    nodes: list[onnx.NodeProto] = []
    for node in model.graph.node:
        if node.op_type != "SkipLayerNormalization" or len([name for name in node.output if name]) != 1:
            nodes.append(node)
            continue
        source, skip, scale, shift, *rest = node.input
        name = node.output[0]
        if rest and rest[0]:
            nodes.append(helper.make_node("Add", [source, rest[0]], [f"{name}_biased"], name=f"{node.name}_bias"))
            source = f"{name}_biased"
        nodes.append(helper.make_node("Add", [source, skip], [f"{name}_sum"], name=f"{node.name}_skip"))
        epsilon = next(helper.get_attribute_value(a) for a in node.attribute if a.name == "epsilon")
        nodes.append(
            helper.make_node(
                "LayerNormalization",
                [f"{name}_sum", scale, shift],
                [name],
                name=f"{node.name}_norm",
                axis=-1,
                epsilon=epsilon,
            )
        )
    del model.graph.node[:]
    model.graph.node.extend(nodes)
