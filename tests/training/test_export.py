from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, numpy_helper

import sikap
from sikap.errors import InputError, OutputError
from sikap_training import export
from sikap_training.checkpoint import Checkpoint, load_checkpoint, save_checkpoint

from . import small_run
from .small_run import SmallRun, sikap_in

trained = small_run.trained
TEXTS = ["Kami mengutuk keras serangan itu.", "Turut berduka cita.", "Sidang dibuka pukul sembilan pagi. " * 30]


@pytest.fixture
def checkpoint(trained: SmallRun) -> Checkpoint:
    return load_checkpoint(trained.output / "checkpoint")


def test_the_command_writes_the_bundle_that_the_training_wrote(trained: SmallRun, tmp_path: Path):
    done = sikap_in(tmp_path, "export", trained.output / "checkpoint", "--output", "again")
    assert done.status == 0, done.err
    assert done.out.startswith("bundle: again (largest logit difference to torch ")
    assert "Warning" not in done.err
    first, second = sikap.load(trained.bundle), sikap.load(tmp_path / "again")
    assert second.manifest == first.manifest
    assert np.array_equal(first.logits(TEXTS)[0], second.logits(TEXTS)[0])
    assert [path.name for path in tmp_path.iterdir()] == ["again"]
    assert sorted(path.name for path in (tmp_path / "again").iterdir()) == [
        "README.md",
        "bundle.json",
        "model.onnx",
        "tokenizer.json",
    ]


def test_the_digests_are_those_of_the_files(trained: SmallRun):
    files = trained.manifest["files"]
    assert set(files) == {"model.onnx", "tokenizer.json", "README.md"}
    for name, digest in files.items():
        assert hashlib.sha256((trained.bundle / name).read_bytes()).hexdigest() == digest


def test_attention_and_layer_norms_are_fused(trained: SmallRun):
    fused = trained.manifest["fused_nodes"]
    assert fused["Attention"] == 2
    assert fused["LayerNormalization"] == 5
    kinds = [node.op_type for node in onnx.load(trained.bundle / "model.onnx").graph.node]
    assert kinds.count("Attention") == 2
    assert kinds.count("LayerNormalization") == 5
    assert not {"SkipLayerNormalization", "ReduceMean"} & set(kinds)


def test_matrices_are_stored_in_bytes(trained: SmallRun):
    graph = onnx.load(trained.bundle / "model.onnx").graph
    matrices = [tensor for tensor in graph.initializer if min(tensor.dims, default=0) > 1 and len(tensor.dims) == 2]
    assert matrices
    assert {tensor.data_type for tensor in matrices} == {TensorProto.INT8}


def test_the_bundle_gives_the_networks_logits(trained: SmallRun, checkpoint: Checkpoint):
    model = sikap.load(trained.bundle)
    for text in TEXTS[:2]:
        ids = torch.tensor([checkpoint.tokenizer.encode(text).ids])
        with torch.no_grad():
            output = checkpoint.network(ids, torch.ones_like(ids))
        wanted = torch.cat([output["stance_logits"], output["sentiment_logits"]], dim=1).numpy()
        assert np.abs(model.logits([text])[0] - wanted).max() < 2e-3


def changed_graph(change):
    """Return a replacement of `_store_in_bytes` that changes a graph before it is written."""
    original = export._store_in_bytes

    def store(model: onnx.ModelProto) -> None:
        change(model)
        original(model)

    return store


def alter_a_weight(model: onnx.ModelProto) -> None:
    tensor = max(model.graph.initializer, key=lambda t: np.prod(t.dims))
    values = numpy_helper.to_array(tensor).copy()
    values[7:] += 0.5
    tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))


def break_a_weight(model: onnx.ModelProto) -> None:
    tensor = max(model.graph.initializer, key=lambda t: np.prod(t.dims))
    tensor.CopyFrom(numpy_helper.from_array(np.full(tensor.dims, np.nan, dtype=np.float32), tensor.name))


@pytest.mark.parametrize("change", [alter_a_weight, break_a_weight])
def test_a_graph_that_differs_is_refused_and_nothing_is_written(
    checkpoint: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change
):
    monkeypatch.setattr(export, "_store_in_bytes", changed_graph(change))
    with pytest.raises(export.ExportError, match="differs from torch by"):
        export.export_bundle(checkpoint, tmp_path / "bundle")
    assert list(tmp_path.iterdir()) == []


def test_a_refused_export_leaves_the_old_bundle(
    trained: SmallRun, checkpoint: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    shutil.copytree(trained.bundle, tmp_path / "bundle")
    monkeypatch.setattr(export, "_store_in_bytes", changed_graph(alter_a_weight))
    with pytest.raises(export.ExportError):
        export.export_bundle(checkpoint, tmp_path / "bundle")
    assert sikap.load(tmp_path / "bundle").manifest == trained.manifest


def test_a_new_bundle_replaces_the_old_one(trained: SmallRun, checkpoint: Checkpoint, tmp_path: Path):
    shutil.copytree(trained.bundle, tmp_path / "bundle")
    changed = Checkpoint(checkpoint.network, checkpoint.tokenizer, 48, checkpoint.decision, {})
    export.export_bundle(changed, tmp_path / "bundle")
    manifest = sikap.load(tmp_path / "bundle").manifest
    assert manifest["max_length"] == 48
    assert "run_id" not in manifest


def test_a_checkpoint_comes_back_as_it_was(checkpoint: Checkpoint, tmp_path: Path):
    save_checkpoint(checkpoint, tmp_path / "copy")
    copy = load_checkpoint(tmp_path / "copy")
    assert copy.decision == checkpoint.decision
    assert (copy.max_length, copy.record) == (checkpoint.max_length, checkpoint.record)
    weights, copied = checkpoint.network.state_dict(), copy.network.state_dict()
    assert all(torch.equal(weights[name], copied[name]) for name in weights)
    assert not copy.network.training


def test_a_wrong_folder_is_one_line(tmp_path: Path, trained: SmallRun):
    for wrong in ("nowhere", tmp_path, trained.bundle):
        done = sikap_in(tmp_path, "export", wrong, "--output", "out")
        assert done.status == 2
        assert "not a checkpoint of `sikap train`" in done.sentence
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_checkpoint_is_one_line(tmp_path: Path, trained: SmallRun):
    shutil.copytree(trained.output / "checkpoint", tmp_path / "cut")
    weights = tmp_path / "cut" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    assert "the checkpoint is damaged" in sikap_in(tmp_path, "export", "cut", "--output", "out").sentence
    shutil.copytree(trained.output / "checkpoint", tmp_path / "bare")
    (tmp_path / "bare" / "sikap.json").write_text(json.dumps({"max_length": 64}))
    with pytest.raises(InputError, match="the checkpoint is damaged"):
        load_checkpoint(tmp_path / "bare")
    assert not (tmp_path / "out").exists()


def test_an_output_that_cannot_be_a_folder_is_one_line(tmp_path: Path, checkpoint: Checkpoint):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="is a file"):
        export.export_bundle(checkpoint, tmp_path / "file")
    with pytest.raises(OutputError, match="cannot be made a folder"):
        export.export_bundle(checkpoint, tmp_path / "file" / "deep" / "bundle")
