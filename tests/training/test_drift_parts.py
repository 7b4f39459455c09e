"""The parts of `sikap drift`: the draw, the vectors, the statistics."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from sikap.bundle import read_bundle
from sikap.errors import BundleError
from sikap.model import open_model
from sikap.session import LOGITS, Session
from sikap.windows import WindowEncoder
from sikap_training.drift.sampling import draw
from sikap_training.drift.statistics import (
    categories,
    cohen_h,
    distributions,
    holm,
    proportions,
    rates,
    separation,
)
from sikap_training.drift.vectors import VectorSession, pooled_tensor


def plain(folder: Path, rows: int) -> str:
    file = folder / "rows.txt"
    file.write_text("".join(f"pernyataan {number}\n" for number in range(1, rows + 1)), encoding="utf-8")
    return str(file)


def test_every_row_is_as_likely_to_be_drawn(tmp_path: Path):
    file = plain(tmp_path, 12)
    drawn = [draw(file, "text", None, 3, seed) for seed in range(2000)]
    assert {(sample.rows, len(sample.drawn)) for sample in drawn} == {(12, 3)}
    assert all(row.text == f"pernyataan {row.number}" for sample in drawn for row in sample.drawn)
    counts = Counter(row.number for sample in drawn for row in sample.drawn)
    assert sorted(counts) == list(range(1, 13))
    assert all(400 < count < 600 for count in counts.values())


def test_a_small_file_is_drawn_whole_and_in_order(tmp_path: Path):
    sample = draw(plain(tmp_path, 9), "text", None, 50, 0)
    assert [row.number for row in sample.drawn] == list(range(1, 10))


def test_memory_does_not_grow_with_the_file(tmp_path: Path):
    file = tmp_path / "large.txt"
    file.write_text((f"{'kami ' * 40}\n" * 1000 + "panjang " * 50_000 + "\n") * 60, encoding="utf-8")
    tracemalloc.start()
    sample = draw(str(file), "text", None, 100, 0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sample.rows == 60_060
    assert max(len(row.text) for row in sample.drawn) <= 10_000
    assert peak < 8 * 2**20 < file.stat().st_size


def test_the_vectors_are_what_the_heads_read(tiny_bundle: Path, sentences: list[str]):
    bundle = read_bundle(tiny_bundle)
    texts = [f"{one} {other}" for one in sentences for other in sentences[:4]]
    sequences = [window.ids for window in WindowEncoder(bundle.tokenizer_file, bundle.max_length).encode(texts)]
    found = VectorSession(bundle.model_file).run(sequences, 16)
    logits, vectors = found[:, :LOGITS], found[:, LOGITS:]
    assert vectors.shape == (len(sequences), 32)
    assert np.abs(logits - Session(bundle.model_file).logits(sequences, 16)).max() < 1e-5
    # A linear map of the vectors gives the logits, and none of as many random numbers does.
    for columns, exact in ((vectors, True), (np.random.default_rng(0).normal(size=vectors.shape), False)):
        inputs = np.column_stack([columns, np.ones(len(columns))])
        solved = inputs @ np.linalg.lstsq(inputs, logits, rcond=None)[0]
        assert (np.abs(solved - logits).max() < 1e-3) == exact


def test_the_built_in_bundle_gives_vectors():
    model = open_model(Path(__import__("sikap").__file__).parent / "bundles" / "default")
    found = VectorSession(model.bundle.model_file).run([[2, 50, 60, 3], [2, 70, 3]], 2)
    assert found.shape == (2, LOGITS + 256)
    assert np.isfinite(found).all()


def test_heads_that_read_different_vectors_are_refused(tiny_bundle: Path, tmp_path: Path):
    model = onnx.load(str(tiny_bundle / "model.onnx"))
    head = next(node for node in model.graph.node if "sentiment_logits" in node.output)
    place = list(model.graph.node).index(head)
    model.graph.node.insert(place, helper.make_node("Identity", [head.input[0]], ["copied"]))
    model.graph.node[place + 1].input[0] = "copied"
    onnx.save(model, str(tmp_path / "model.onnx"))
    with pytest.raises(BundleError, match="two heads do not read one vector"):
        VectorSession(tmp_path / "model.onnx")
    (tmp_path / "model.onnx").write_bytes(b"no graph")
    with pytest.raises(BundleError, match="not an ONNX graph"):
        VectorSession(tmp_path / "model.onnx")


def heads(*nodes: onnx.NodeProto) -> onnx.GraphProto:
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("stance_logits", "sentiment_logits")
    ]
    return helper.make_graph(list(nodes), "heads", [], outputs)


def test_heads_as_products_and_sums_are_understood():
    graph = heads(
        helper.make_node("MatMul", ["pooled", "a"], ["x"]),
        helper.make_node("Add", ["bias", "x"], ["stance_logits"]),
        helper.make_node("MatMul", ["pooled", "b"], ["sentiment_logits"]),
    )
    assert pooled_tensor(graph) == "pooled"
    graph = heads(
        helper.make_node("Relu", ["x"], ["stance_logits"]), helper.make_node("Relu", ["x"], ["sentiment_logits"])
    )
    assert pooled_tensor(graph) is None


def test_holm_gives_the_adjusted_probabilities():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.5]) == [1.0, 1.0]


def test_effects_of_known_size():
    assert cohen_h(0.5, 0.5) == 0
    assert cohen_h(0.0, 1.0) == pytest.approx(np.pi)
    assert cohen_h(0.3, 0.2) == pytest.approx(0.2320, abs=1e-3)
    zeros, ones = np.zeros(50, dtype=np.int64), np.ones(50, dtype=np.int64)
    assert proportions(zeros > 0, ones > 0).p < 1e-20
    assert categories(zeros, ones, 3, 0).effect == pytest.approx(1.0)
    assert categories(ones, ones, 3, 0) == (1.0, 0.0)
    assert distributions(zeros, ones) == (pytest.approx(0, abs=1e-20), 1.0)
    assert rates((zeros, ones), (zeros, ones)) == (1.0, 0.0)


def test_a_few_long_texts_do_not_count_as_many():
    """Unknown pieces that stand in one text alone are no evidence of a change, however many they are."""
    total = np.full(100, 40)
    one_text = np.zeros(100, dtype=np.int64)
    one_text[0] = 40
    assert rates((np.zeros(100, dtype=np.int64), total), (one_text, total)).p > 0.1
    many_texts = np.zeros(100, dtype=np.int64)
    many_texts[:40] = 1
    assert rates((np.zeros(100, dtype=np.int64), total), (many_texts, total)).p < 1e-6


def test_tests_rarely_find_what_is_not_there():
    """At 0.05, at most about one test in twenty may; the bound is three standard errors above that."""
    found: Counter[str] = Counter()
    draws = 200
    for seed in range(draws):
        rng = np.random.default_rng(seed)
        kinds = [rng.choice(3, 80, p=[0.03, 0.5, 0.47]) for _ in range(2)]
        counts = [rng.poisson(20, 80) for _ in range(2)]
        unknown = [(rng.binomial(count, 0.01), count) for count in counts]
        vectors = [rng.normal(size=(60, 30)).astype(np.float32) for _ in range(2)]
        found["proportions"] += proportions(*(kind == 1 for kind in kinds)).p < 0.05
        found["distributions"] += distributions(*counts).p < 0.05
        found["rates"] += rates(*unknown).p < 0.05
        found["separation"] += separation(*vectors, seed).tested.p < 0.05
        found["categories"] += categories(*kinds, 3, seed).p < 0.05 if seed < 20 else 0
    assert max(found.values()) <= draws * 0.05 + 3 * (draws * 0.05 * 0.95) ** 0.5


def test_the_classifier_finds_a_shift_and_says_how_large():
    rng = np.random.default_rng(0)
    shift = np.zeros(30)
    shift[3] = 2.0
    one = rng.normal(size=(200, 30)).astype(np.float32)
    other = (rng.normal(size=(300, 30)) + shift).astype(np.float32)
    found = separation(one, other, 0)
    # The best that can be done for two standard deviations is an area of 0.921.
    assert 0.85 < found.tested.effect < 0.94
    assert found.tested.p < 1e-10
    assert (len(found.reference_scores), len(found.current_scores)) == (200, 300)
    assert found.current_scores.mean() > found.reference_scores.mean()
