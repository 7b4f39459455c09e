"""Score texts with one way of computing, in a process of its own, and print its figures as JSON.

Called by speed.py: python benchmarks/speed_worker.py WAY FOLDER TEXTS.json THREADS, or with the way `prepare` to make
the models in the folder. Weights of the size of IndoBERT-base are random: speed does not depend on them.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

MAX_LENGTH = 192
BATCH_SIZES = (1, 8, 32, 64)
VOCABULARY = 30_522
BATCH = 32
SIDE = 1024
Scorer = Callable[[Sequence[str]], Any]


def prepare(folder: Path, texts: Sequence[str]) -> None:
    """Write, for both sizes, a transformers folder, a plain graph and bundles that compute in fp32 and in int8."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel

    from sikap_training.encoders import OWN_ENCODER, load_encoder, load_tokenizer

    torch.manual_seed(0)
    tokenizer = load_tokenizer(OWN_ENCODER)
    base = BertConfig(vocab_size=VOCABULARY, attn_implementation="eager")
    encoders = {"own": load_encoder(OWN_ENCODER), "base": BertModel(base, add_pooling_layer=False)}
    for size, encoder in encoders.items():
        config = encoder.config
        config.num_labels = 6
        classifier = BertForSequenceClassification(config)
        classifier.bert.load_state_dict(encoder.state_dict(), strict=False)
        classifier.save_pretrained(folder / size / "transformers")
        tokenizer.save_pretrained(folder / size / "transformers")
        _export(encoder.eval(), tokenizer.backend_tokenizer, folder / size, texts)
        _plain_graph(classifier.eval(), folder / size / "plain.onnx")
    _products(folder)


def _export(encoder: Any, tokenizer: Any, folder: Path, texts: Sequence[str]) -> None:
    import torch

    from sikap.decision import Decision
    from sikap_training.checkpoint import Checkpoint
    from sikap_training.export import export_bundle
    from sikap_training.network import StanceNetwork
    from sikap_training.precision import Texts

    network = StanceNetwork(encoder).eval()
    with torch.no_grad():  # untrained heads decide nothing: keep their labels fixed, so that int8 flips none
        network.stance.bias.fill_(-20.0)
        network.sentiment.bias[0] = 20.0
    checkpoint = Checkpoint(network, tokenizer, MAX_LENGTH, Decision(), {})
    export_bundle(checkpoint, folder / "fp32")
    export_bundle(checkpoint, folder / "int8", int8=Texts(texts[:32], texts[32:64]))


def _plain_graph(classifier: Any, file: Path) -> None:
    import torch

    class Logits(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = classifier

        def forward(self, ids: Any, mask: Any) -> Any:
            return self.inner(input_ids=ids, attention_mask=mask).logits

    ids = torch.tensor([[5, 6, 7, 8], [5, 6, 0, 0]])
    names, axes = ["ids", "mask"], {0: "batch", 1: "tokens"}
    torch.onnx.export(
        Logits().eval(),
        (ids, (ids > 0).long()),
        str(file),
        input_names=names,
        output_names=["logits"],
        dynamic_axes=dict.fromkeys(names, axes),
        opset_version=17,
        dynamo=False,
    )


def _products(folder: Path) -> None:
    """Write graphs of one matrix product each, in fp32 and in int8, of 2 SIDE x SIDE by SIDE x SIDE."""
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    matrix = np.random.default_rng(0).integers(-127, 127, (SIDE, SIDE)).astype(np.int8)
    for name, operator, given, constant in (
        ("fp32", "MatMul", TensorProto.FLOAT, matrix.astype(np.float32)),
        ("int8", "MatMulInteger", TensorProto.UINT8, matrix),
    ):
        result = TensorProto.FLOAT if name == "fp32" else TensorProto.INT32
        graph = helper.make_graph(
            [helper.make_node(operator, ["a", "b"], ["c"])],
            name,
            [helper.make_tensor_value_info("a", given, [2 * SIDE, SIDE])],
            [helper.make_tensor_value_info("c", result, [2 * SIDE, SIDE])],
            [numpy_helper.from_array(constant, "b")],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.save(model, str(folder / f"product-{name}.onnx"))


def product_rate(file: Path, threads: int) -> float:
    """Return the multiply-adds per second of a graph written by `_products`, the best of many runs."""
    import numpy as np

    session = _session(file, threads)
    given = np.ones((2 * SIDE, SIDE), dtype=np.uint8 if "int8" in file.name else np.float32)
    return 2 * SIDE**3 / min(_seconds(lambda: session.run(None, {"a": given}))[0] for _ in range(20))


def _session(file: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(str(file), sess_options=options, providers=["CPUExecutionProvider"])


def pipeline_scorer(folder: Path, threads: int) -> Callable[[int], Scorer]:
    """Return, for a batch size, transformers' text-classification pipeline."""
    import torch
    from transformers import pipeline

    torch.set_num_threads(threads)
    made = pipeline("text-classification", model=str(folder), device="cpu")
    options: dict[str, Any] = {"top_k": None, "function_to_apply": "sigmoid", "truncation": True}
    return lambda size: lambda texts: made(list(texts), batch_size=size, max_length=MAX_LENGTH, **options)


def plain_scorer(file: Path, tokenizer_file: Path, threads: int) -> Scorer:
    """Return a scorer that runs an exported graph as it came, on padded batches in the order of the texts."""
    import numpy as np
    from tokenizers import Tokenizer

    tokenizer, session = Tokenizer.from_file(str(tokenizer_file)), _session(file, threads)
    tokenizer.enable_padding()
    tokenizer.enable_truncation(MAX_LENGTH)

    def score(texts: Sequence[str]) -> None:
        for start in range(0, len(texts), BATCH):
            found = tokenizer.encode_batch(list(texts[start : start + BATCH]))
            ids = np.array([encoding.ids for encoding in found])
            session.run(None, {"ids": ids, "mask": np.array([encoding.attention_mask for encoding in found])})

    return score


def bundle_scorer(folder: Path | None, threads: int) -> Scorer:
    """Return a bundle's `predict`, of the built-in one without a folder."""
    import sikap

    return sikap.load(None if folder is None else str(folder), threads=threads).predict


def measure(way: str, folder: Path, texts: Sequence[str], threads: int) -> dict[str, Any]:
    """Return statements per second, processor seconds and peak memory of one way, warmed up first."""
    size, kind = way.split("-")
    place, chosen = folder / size, {}
    few = texts[: max(16, len(texts) // 5)]
    if kind == "pipeline":
        by_size = pipeline_scorer(place / "transformers", threads)
        by_size(8)(few[:16])
        tried = {batch: _seconds(lambda batch=batch: by_size(batch)(few))[0] for batch in BATCH_SIZES}
        chosen = {"batch_size": min(tried, key=lambda batch: tried[batch])}
        score = by_size(chosen["batch_size"])
    elif kind == "plain":
        score = plain_scorer(place / "plain.onnx", place / "fp32" / "tokenizer.json", threads)
    else:
        score = bundle_scorer(None if kind == "shipped" else place / kind, threads)
    score(few)
    wall, processor = _seconds(lambda: score(texts))
    return {"per_second": len(texts) / wall, "per_processor_second": len(texts) / processor, "mb": peak(), **chosen}


def _seconds(run: Callable[[], Any]) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - wall, time.process_time() - processor


def peak() -> float:
    """Return the most memory that this process held, in megabytes, without its parent's share."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)


def main() -> int:
    """Do what speed.py asks; print JSON; return the exit status."""
    way, folder, file, threads = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    texts = json.loads(file.read_text(encoding="utf-8"))
    if way == "prepare":
        prepare(folder, texts)
        found: Any = {}
    elif way == "products":
        found = {name: product_rate(folder / f"product-{name}.onnx", threads) for name in ("fp32", "int8")}
    elif way == "start":  # what a short script with the pipeline does
        pipeline_scorer(folder / "base" / "transformers", threads)(1)(texts[:1])
        found = {}
    else:
        found = measure(way, folder, texts, threads)
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
