"""Export a fine-tuned network as a model bundle."""

from __future__ import annotations

import json
import shutil
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.onnx_model_bert import BertOnnxModel as OnnxModel
from onnxruntime.transformers.optimizer import optimize_model
from torch import nn

from sikap.bundle import CARD, FORMAT_VERSION, HASHED_FILES, MANIFEST, MODEL, TOKENIZER, file_digest
from sikap.errors import OutputError, SikapError
from sikap.labels import SENTIMENTS, STANCES
from sikap.model import Model, open_model
from sikap.session import Session
from sikap.windows import WindowEncoder
from sikap_training.card import model_card
from sikap_training.checkpoint import Checkpoint
from sikap_training.norms import split_skips
from sikap_training.precision import MOST_FLIPS, Precision, Texts, changes
from sikap_training.quantise import SMALLEST, STEPS, column_steps, quantise

OPSET = 17
TOLERANCE = 1e-3
"""The largest difference of a logit between torch and ONNX that an export may show."""
LICENCE = "Apache-2.0"


class ExportError(SikapError):
    """An export whose graph does not give the network's logits."""


class _Exported(nn.Module):
    """The network with positional inputs and outputs, as ONNX wants them."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        output = self.network(input_ids=input_ids, attention_mask=attention_mask)
        return output["stance_logits"], output["sentiment_logits"]


def export_bundle(
    checkpoint: Checkpoint,
    folder: Path,
    *,
    accept: Callable[[Model], dict[str, Any]] | None = None,
    int8: Texts | None = None,
) -> dict[str, Any]:
    """Write a checkpoint as a bundle and return its manifest.

    Matrices are rounded to int8, which quarters the file; computing stays in single precision
    unless `int8` gives texts to fit it to. Either way a score does not depend on its batch. The
    rounded network and the graph must agree within 1e-3 on every logit, else ExportError is raised
    and nothing is written. So it is when computing in int8 changes more than 0.5 % of the labels
    of its test texts. `accept` is
    called with the finished bundle before it is put in place: what it returns goes into the
    manifest, and when it raises, nothing is written. Raises OutputError when `folder` is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: is a file; a bundle is written to a folder.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder.parent}: cannot be made a folder ({error.strerror or error}).") from error
    with tempfile.TemporaryDirectory(prefix=".sikap-export-", dir=folder.parent) as name:
        fresh = Path(name) / "bundle"
        fresh.mkdir()
        round_weights(checkpoint.network)
        graph = _fused_graph(checkpoint, fresh)
        fused = _counts(graph)
        difference = _check(checkpoint, _write(graph, fresh / MODEL))
        checkpoint.tokenizer.no_padding()
        checkpoint.tokenizer.no_truncation()
        checkpoint.tokenizer.save(str(fresh / TOKENIZER))
        manifest: dict[str, Any] = {
            "format_version": FORMAT_VERSION,
            "name": "sikap",
            "labels": {"stance": list(STANCES), "sentiment": list(SENTIMENTS)},
            **checkpoint.decision.to_dict(),
            "max_length": checkpoint.max_length,
            "opset": OPSET,
            "precision": Precision.FP32.description,
            "fused_nodes": fused,
            "largest_logit_difference": difference,
            "licence": LICENCE,
            **checkpoint.record,
        }
        _seal(fresh, manifest)
        if int8 is not None:
            manifest |= _in_int8(graph, fresh, int8)
            _seal(fresh, manifest)
        if accept is not None:
            manifest |= accept(open_model(fresh))
            _seal(fresh, manifest)
        folder.mkdir(exist_ok=True)
        for file in (*HASHED_FILES, MANIFEST):
            shutil.move(fresh / file, folder / file)
    return manifest


def _seal(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the card, then the manifest with the digest of every file."""
    (folder / CARD).write_text(model_card(manifest), encoding="utf-8")
    manifest["files"] = {file: file_digest(folder / file) for file in HASHED_FILES}
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def round_weights(network: nn.Module) -> None:
    """Round every matrix of a network, in place, to 255 steps for each row: what a bundle can store."""
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.ndim == 2:
                scale = parameter.abs().amax(dim=1, keepdim=True).clamp_min(SMALLEST) / STEPS
                parameter.copy_((parameter / scale).round() * scale)


def _fused_graph(checkpoint: Checkpoint, folder: Path) -> OnnxModel:
    config = checkpoint.network.encoder.config
    ids = torch.tensor([[5, 6, 7, 8], [5, 6, 0, 0]])
    plain = folder / "plain.onnx"
    names = {0: "batch", 1: "tokens"}
    with warnings.catch_warnings():
        # The tracer warns of the attention mask, which `_check` tries at many lengths.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Exported(checkpoint.network).eval(),
            (ids, (ids > 0).long()),
            str(plain),
            input_names=["input_ids", "attention_mask"],
            output_names=["stance_logits", "sentiment_logits"],
            dynamic_axes={
                "input_ids": names,
                "attention_mask": names,
                "stance_logits": {0: "batch"},
                "sentiment_logits": {0: "batch"},
            },
            opset_version=OPSET,
            dynamo=False,
        )
    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False
    fused = optimize_model(
        str(plain),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        optimization_options=options,
        opt_level=0,
    )
    plain.unlink()
    split_skips(fused.model)
    return fused


def _counts(graph: OnnxModel) -> dict[str, int]:
    return {name: int(count) for name, count in graph.get_fused_operator_statistics().items() if count}


def _write(graph: OnnxModel, file: Path) -> Path:
    """Write a graph whose matrices take a byte for each number, and leave the given one as it is."""
    stored = onnx.ModelProto()
    stored.CopyFrom(graph.model)
    _store_in_bytes(stored)
    onnx.save(stored, str(file))
    return file


def _in_int8(graph: OnnxModel, folder: Path, texts: Texts) -> dict[str, Any]:
    """Make the bundle in a folder compute in int8 and return what to record. Raises ExportError if labels change."""
    before = open_model(folder)
    encoder = WindowEncoder(folder / TOKENIZER, before.bundle.max_length)
    windows = [window.ids for window in encoder.encode(texts.calibration)]
    wanted, _ = before.logits(texts.test)
    products = quantise(graph.model, windows)
    _write(graph, folder / MODEL)
    _seal(folder, dict(before.manifest))
    found, _ = open_model(folder).logits(texts.test)
    figures = changes(before.bundle.decision, wanted, found)
    if not figures["flips"] <= MOST_FLIPS:
        raise ExportError(
            f"computing in int8 changes {100 * figures['flips']:.2f} % of the labels of {len(texts.test)} test"
            f" statements; at most {100 * MOST_FLIPS} % is allowed: export with --precision fp32."
        )
    entry = {"products": products, "calibration_windows": len(windows), **figures}
    return {"precision": Precision.INT8.description, "int8": entry}


def _store_in_bytes(model: onnx.ModelProto) -> None:
    """Store matrices as int8 with a scale for each row or column; the session multiplies them out when it loads.

    The graph holds some matrices transposed: the axis is the one along which nothing is lost.
    """
    nodes, initializers = [], []
    for tensor in model.graph.initializer:
        matrix = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or matrix.ndim != 2:
            initializers.append(tensor)
            continue
        steps, scale = min((column_steps(matrix, axis) for axis in (0, 1)), key=lambda pair: _loss(matrix, *pair))
        name = tensor.name
        initializers += [
            numpy_helper.from_array(steps, f"{name}_steps"),
            numpy_helper.from_array(scale, f"{name}_scale"),
        ]
        nodes += [
            helper.make_node("Cast", [f"{name}_steps"], [f"{name}_whole"], to=TensorProto.FLOAT, name=f"{name}_cast"),
            helper.make_node("Mul", [f"{name}_whole", f"{name}_scale"], [name], name=f"{name}_multiply"),
        ]
    nodes += model.graph.node
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(initializers)


def _loss(matrix: NDArray[np.float32], steps: NDArray[np.int8], scale: NDArray[np.float32]) -> float:
    return float(np.abs(steps * scale - matrix).max())


def _check(checkpoint: Checkpoint, file: Path) -> float:
    """Return the largest logit difference between torch and the graph over texts of many lengths."""
    rng = np.random.default_rng(0)
    size, session = checkpoint.tokenizer.get_vocab_size(), Session(file)
    lengths = [
        1,
        2,
        3,
        8,
        checkpoint.max_length // 2,
        checkpoint.max_length,
        *rng.integers(4, checkpoint.max_length, 10),
    ]
    sequences = [rng.integers(0, size, length).tolist() for length in lengths]
    found = session.logits(sequences, batch_size=8)
    differences = []
    for row, ids in enumerate(sequences):
        tensor = torch.tensor([ids])
        with torch.no_grad():
            output = checkpoint.network.eval()(tensor, torch.ones_like(tensor))
        wanted = torch.cat([output["stance_logits"], output["sentiment_logits"]], dim=1).numpy()[0]
        differences.append(np.abs(found[row] - wanted).max())
    largest = float(np.max(differences))
    if not largest <= TOLERANCE:
        raise ExportError(
            f"the exported graph differs from torch by {largest:.4g} on a logit; at most {TOLERANCE} is allowed."
        )
    return largest
