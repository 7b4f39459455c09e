"""A bundle made by someone hostile, every digest right: nothing is read, run or taken that a model has no need of."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import sikap
from sikap.bundle import HASHED_FILES, file_digest
from sikap.errors import BundleError
from sikap.graph import check_graph
from sikap.session import Session


@pytest.fixture
def bundle(tiny_bundle: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_bundle, tmp_path / "bundle"))


def sign(bundle: Path) -> None:
    """Record the digests of what the folder holds now."""
    manifest = json.loads((bundle / "bundle.json").read_text())
    manifest["files"] = {name: file_digest(bundle / name) for name in HASHED_FILES}
    (bundle / "bundle.json").write_text(json.dumps(manifest))


def forge_graph(bundle: Path, change) -> None:
    model = onnx.load(bundle / "model.onnx")
    change(model)
    (bundle / "model.onnx").write_bytes(model.SerializeToString())
    sign(bundle)


def forge_tokenizer(bundle: Path, change) -> None:
    content = json.loads((bundle / "tokenizer.json").read_text())
    change(content)
    (bundle / "tokenizer.json").write_text(json.dumps(content))
    sign(bundle)


def external(tensor: onnx.TensorProto, location: str) -> None:
    for field in ("raw_data", "float_data", "int32_data", "int64_data"):
        tensor.ClearField(field)
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", location


# -- the graph


@pytest.mark.parametrize("location", ["../../../etc/passwd", "/etc/passwd", "weights.bin"])
def test_weights_in_another_file(refused, bundle, location):
    forge_graph(bundle, lambda model: external(model.graph.initializer[0], location))
    assert "model.onnx: the graph keeps weights in another file" in refused("Kami", model=bundle)


def test_weights_in_another_file_that_a_constant_names(refused, bundle):
    def change(model):
        constant = next(node for node in model.graph.node if node.op_type == "Constant")
        external(constant.attribute[0].t, "/etc/passwd")

    forge_graph(bundle, change)
    assert "the graph keeps weights in another file" in refused("Kami", model=bundle)


def nested(model):
    inner = helper.make_graph([], "dalam", [], [])
    model.graph.node.append(helper.make_node("If", ["x"], ["y"], then_branch=inner, else_branch=inner))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: m.graph.node.append(helper.make_node("Jalan", [], ["y"], domain="lain")), "'Jalan' of 'lain'"),
        (lambda m: m.graph.node.append(helper.make_node("EPContext", [], ["y"], domain="com.microsoft")), "EPContext"),
        (lambda m: m.graph.node.append(helper.make_node("RandomNormal", [], ["y"], shape=[9])), "RandomNormal"),
        (nested, "a graph within a graph"),
        (lambda m: m.functions.add(), "functions or training steps"),
        (lambda m: m.graph.sparse_initializer.add(), "sparse weights"),
    ],
)
def test_a_graph_of_more_than_arithmetic(refused, bundle, change, said):
    forge_graph(bundle, change)
    assert said in refused("Kami", model=bundle)


def replace_output(model, inputs=(), *, nodes) -> None:
    """Add what `nodes` compute as "besar" to the first output."""
    name = model.graph.output[0].name
    for node in model.graph.node:
        node.output[:] = ["asli" if each == name else each for each in node.output]
    model.graph.initializer.extend(inputs)
    model.graph.node.extend(nodes)
    model.graph.node.append(helper.make_node("ReduceSum", ["besar"], ["jumlah"], keepdims=0))
    model.graph.node.append(helper.make_node("Add", ["asli", "jumlah"], [name]))


SIDES = [
    numpy_helper.from_array(np.array([2**20, 2**20]), "bentuk"),
    numpy_helper.from_array(np.ones((2**12, 1), np.float32), "sisi0"),
    numpy_helper.from_array(np.ones((1, 2**13), np.float32), "sisi1"),
]


@pytest.mark.parametrize(
    ("operator", "inputs"),
    [
        ("ConstantOfShape", ["bentuk"]),
        ("Expand", ["sisi0", "bentuk"]),
        ("Mul", ["sisi0", "sisi1"]),
        ("MatMul", ["sisi0", "sisi1"]),
    ],
)
def test_constants_that_are_multiplied_out_at_opening(refused, bundle, operator, inputs):
    node = helper.make_node(operator, inputs, ["besar"])
    forge_graph(bundle, lambda model: replace_output(model, SIDES, nodes=[node]))
    assert "constants out of all proportion to its file" in refused("Kami", model=bundle)


@pytest.mark.parametrize(("side", "fits"), [(2, True), (2**11, False), (2**40, False)])
def test_a_constant_of_a_shape_that_the_graph_names_itself(refused, bundle, side, fits):
    shape = helper.make_node("Constant", [], ["bentuk"], value=numpy_helper.from_array(np.array([side] * 3)))
    filled = helper.make_node("ConstantOfShape", ["bentuk"], ["besar"])
    forge_graph(bundle, lambda model: replace_output(model, nodes=[shape, filled]))
    if fits:
        assert sikap.load(bundle).predict("Kami").scored
    else:
        assert "constants out of all proportion to its file" in refused("Kami", model=bundle)


def test_a_weight_that_claims_to_be_large(refused, bundle):
    forge_graph(bundle, lambda model: model.graph.initializer[0].dims.append(2**40))
    assert "fewer numbers than its shape says" in refused("Kami", model=bundle)


def test_a_node_before_what_it_takes(refused, bundle):
    def change(model):
        nodes = list(model.graph.node)[::-1]
        del model.graph.node[:]
        model.graph.node.extend(nodes)

    forge_graph(bundle, change)
    assert "before it is taken" in refused("Kami", model=bundle)


LIMITED = """
import sys, sikap, sikap.session
sikap.session.MEMORY_SHARE = float(sys.argv[2])
try:
    sikap.load(sys.argv[1], threads=1).predict("Kami mengutuk serangan itu.")
except sikap.BundleError as error:
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(str(error).count("cannot be computed"), int(peak.split()[1]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux says what a process took at most")
def test_memory_asked_for_while_computing_is_limited(bundle):
    """A gigabyte, in a share of a quarter of one: the limit is sikap's own, not the system's."""
    cast = helper.make_node("Cast", ["input_ids"], ["angka"], to=TensorProto.FLOAT)
    nodes = [
        cast,
        helper.make_node("ReduceSum", ["angka"], ["satu"], keepdims=0),
        helper.make_node("Mul", ["satu", "sisi0"], ["kolom"]),
        helper.make_node("MatMul", ["kolom", "sisi1"], ["lembar"]),
        helper.make_node("Concat", ["lembar"] * 8, ["besar"], axis=0),
    ]
    forge_graph(bundle, lambda model: replace_output(model, SIDES, nodes=nodes))
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    command = [sys.executable, "-c", LIMITED, str(bundle), str(2**28 / whole)]
    ran = subprocess.run(command, capture_output=True, check=True, timeout=120)
    refusals, peak = map(int, ran.stdout.split())
    assert refusals == 1
    assert peak < 500


def test_a_graph_with_a_name_that_is_no_utf8_prints_nothing(refused, bundle):
    content = (bundle / "model.onnx").read_bytes()
    (bundle / "model.onnx").write_bytes(content.replace(b"attention_mask", b"attention_m\xffsk"))
    sign(bundle)
    assert "model.onnx: " in refused("Kami", model=bundle)


def test_a_graph_with_outputs_of_another_shape(refused, bundle):
    def change(model):
        name = model.graph.output[0].name
        for node in model.graph.node:
            node.output[:] = ["asli" if each == name else each for each in node.output]
        model.graph.output[0].type.tensor_type.ClearField("shape")
        model.graph.node.append(helper.make_node("Concat", ["asli", "asli"], [name], axis=1))

    forge_graph(bundle, change)
    assert "are not six values a text" in refused("Kami", model=bundle)


@pytest.mark.parametrize("content", [b"", b"\xff" * 40, b"\x3a\xff\xff\xff\xff\x0f", b"\x0b", b"\x3a"])
def test_a_file_that_is_no_protobuf(tmp_path, content):
    (tmp_path / "model.onnx").write_bytes(content)
    with pytest.raises(BundleError, match="not an ONNX graph"):
        check_graph(tmp_path / "model.onnx")


# -- the tokenizer


def replace(pattern, content):
    return lambda t: t.update(normalizer={"type": "Replace", "pattern": pattern, "content": content})


def doubling(t):
    step = {"type": "Replace", "pattern": {"String": "a"}, "content": "aa"}
    t["normalizer"] = {"type": "Sequence", "normalizers": [step] * 30}


def many_special(t):
    t["post_processor"]["special_tokens"]["[CLS]"].update(ids=[2] * 5000, tokens=["[CLS]"] * 5000)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (replace({"Regex": "(a+)+$"}, ""), "a regular expression"),
        (replace({"String": "a"}, "b" * 10_000), "replaces text by longer text"),
        (doubling, "replaces text by longer text"),
        (many_special, "special tokens around a text"),
        (lambda t: t["model"].update(max_input_chars_per_word=10**9), "more than 1000 characters"),
        (lambda t: t["model"].update(max_input_chars_per_word="x"), "not a tokenizer"),
        (lambda t: t.update(pre_tokenizer={"type": "Split", "pattern": {"Regex": "(a|a)*b"}}), "a step 'Split'"),
        (lambda t: t.update(normalizer={"type": "Prepend", "prepend": "a" * 10**6}), "text of its own"),
        (lambda t: t.update(normalizer={"type": "Sequence", "normalizers": [{"type": "NFC"}] * 99}), "more than 32"),
        (lambda t: t.update(normalizer=[]), "no object"),
        (lambda t: t.update(model=[]), "holds no model"),
        (lambda t: t["model"].update(type="Lain"), "its model is 'Lain'"),
    ],
)
def test_a_tokenizer_that_makes_much_of_little(refused, bundle, change, said):
    forge_tokenizer(bundle, change)
    assert said in refused("Kami", model=bundle)


def test_padding_and_truncation_of_a_tokenizer_count_for_nothing(score, bundle):
    def change(t):
        t["padding"] = {
            "strategy": {"Fixed": 10**9},
            "direction": "Right",
            "pad_to_multiple_of": None,
            "pad_id": 0,
            "pad_type_id": 0,
            "pad_token": "[PAD]",
        }
        t["truncation"] = {"direction": "Right", "max_length": 10**9, "strategy": "LongestFirst", "stride": 0}

    plain = score("Kami mengutuk", "--format", "json")
    forge_tokenizer(bundle, change)
    ran = score("Kami mengutuk", "--format", "json", model=bundle)
    assert (ran.status, ran.stdout) == (0, plain.stdout)


def test_a_tokenizer_with_ids_that_the_graph_has_not(refused, bundle):
    def change(t):
        t["model"]["vocab"]["kami"] = 10**6

    forge_tokenizer(bundle, change)
    assert "cannot be computed" in refused("kami", model=bundle)


# -- the files


@pytest.mark.parametrize("name", [*HASHED_FILES, "bundle.json"])
def test_files_too_large_to_be_read(refused, bundle, name):
    """Sparse files: reading one would take terabytes of memory, hashing one would take hours."""
    os.truncate(bundle / name, 2**42)
    before = time.monotonic()
    with pytest.raises(BundleError, match="larger than"):
        __import__("sikap").load(bundle)
    assert time.monotonic() - before < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 4 * 2**20
    os.truncate(bundle / name, 0)


def test_every_byte_counts(tiny_bundle, tmp_path):
    """Change bytes all over the files, those of the card too."""
    folder = Path(shutil.copytree(tiny_bundle, tmp_path / "b"))
    load = __import__("sikap").load
    rng = np.random.default_rng(0)
    for name in HASHED_FILES:
        content = (folder / name).read_bytes()
        for at in {0, len(content) - 1, *map(int, rng.integers(0, len(content), 6))}:
            changed = bytearray(content)
            changed[at] ^= 1 << int(rng.integers(0, 8))
            (folder / name).write_bytes(changed)
            with pytest.raises(BundleError, match="SHA-256"):
                load(folder)
        (folder / name).write_bytes(content + b"\n")
        with pytest.raises(BundleError, match="SHA-256"):
            load(folder)
        (folder / name).write_bytes(content)
    load(folder)


def test_the_shipped_bundle_is_none_of_this():
    Session(Path(__import__("sikap").__file__).parent / "bundles" / "default" / "model.onnx", 1)
