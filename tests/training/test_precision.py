"""Bundles that compute in int8: the same answer in any company, near to fp32, refused when labels change."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from transformers import AlbertConfig, AlbertModel

import sikap
from sikap.decision import Decision
from sikap_training import export, quantise
from sikap_training.checkpoint import Checkpoint, save_checkpoint
from sikap_training.encoders import load_encoder, load_tokenizer
from sikap_training.network import StanceNetwork
from sikap_training.precision import Precision, Texts, changes
from sikap_training.split import Split
from sikap_training.statements import load_statements

from .small_run import sikap_in

FAR_APART = Decision(thresholds=(0.9, 0.5, 0.7))


def checkpoint_of(encoder: torch.nn.Module, tokenizer_folder: Path) -> Checkpoint:
    network = StanceNetwork(encoder).eval()
    generator = torch.Generator().manual_seed(1)
    for head in (network.stance, network.sentiment):
        torch.nn.init.normal_(head.weight, std=1.0, generator=generator)
    with torch.no_grad():  # labels that no rounding changes: what changes them is another test's
        network.stance.bias.copy_(torch.tensor([40.0, -40.0, 40.0]))
        network.sentiment.bias.copy_(torch.tensor([0.0, 40.0, 0.0]))
    return Checkpoint(network, load_tokenizer(tokenizer_folder).backend_tokenizer, 32, FAR_APART, {})


def bert(tiny_encoder: Path) -> Checkpoint:
    return checkpoint_of(load_encoder(tiny_encoder), tiny_encoder)


def albert(tiny_encoder: Path) -> Checkpoint:
    torch.manual_seed(0)
    config = AlbertConfig(
        vocab_size=load_encoder(tiny_encoder).config.vocab_size,
        embedding_size=16,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        attn_implementation="eager",
    )
    return checkpoint_of(AlbertModel(config, add_pooling_layer=False), tiny_encoder)


@pytest.mark.parametrize(("make", "products", "attentions"), [(bert, 8, 2), (albert, 11, 1)])
def test_an_int8_bundle_computes_in_int8_and_near_to_fp32(
    tiny_encoder, tmp_path, sentences, make, products, attentions
):
    texts = [*sentences, " ".join(sentences)]
    plain = export.export_bundle(make(tiny_encoder), tmp_path / "fp32")
    manifest = export.export_bundle(make(tiny_encoder), tmp_path / "int8", int8=Texts(texts[:15], texts[15:]))
    assert (plain["precision"], manifest["precision"]) == (Precision.FP32.description, Precision.INT8.description)
    assert "int8" not in plain
    assert manifest["fused_nodes"] == plain["fused_nodes"]
    assert manifest["int8"]["products"] == products
    assert manifest["int8"]["flips"] == 0.0
    kinds = [node.op_type for node in onnx.load(tmp_path / "int8" / "model.onnx").graph.node]
    assert kinds.count("QAttention") == plain["fused_nodes"]["Attention"] == attentions
    assert kinds.count("QAttention") + kinds.count("MatMulIntegerToFloat") == products
    assert not {"SkipLayerNormalization", "BiasGelu"} & set(kinds)  # their parts are faster, the biases in the products
    assert kinds.count("MatMul") == 2 * (2 - attentions)  # an attention that is not fused: scores and context
    one, two = (sikap.load(tmp_path / name).logits(texts)[0] for name in ("fp32", "int8"))
    spread = np.abs(one - one.mean(axis=0)).mean()
    assert 0 < np.abs(one - two).mean() < 0.1 * spread
    assert f"| precision | {manifest['precision']} |" in (tmp_path / "int8" / "README.md").read_text(encoding="utf-8")


def test_an_int8_score_does_not_depend_on_its_company(tiny_encoder, tmp_path, sentences):
    texts = [*sentences, " ".join(sentences), *(f"{a} {b}" for a in sentences for b in sentences[:5])]
    export.export_bundle(bert(tiny_encoder), tmp_path / "int8", int8=Texts(sentences, sentences))
    model = sikap.load(tmp_path / "int8", threads=1)
    alone = np.concatenate([model.logits([text])[0] for text in texts])
    assert np.abs(model.logits(texts)[0] - alone).max() < 1e-3
    assert np.abs(model.logits(texts[::-1])[0][::-1] - alone).max() < 1e-3
    two = sikap.load(tmp_path / "int8", threads=2, batch_size=200)
    assert np.abs(two.logits(texts)[0] - alone).max() < 1e-3


def test_int8_that_changes_labels_is_refused_and_nothing_is_written(tiny_encoder, tmp_path, sentences, monkeypatch):
    fitting = quantise._ranges

    def wrong(*given):
        return {name: (low * 1e4, high * 1e4) for name, (low, high) in fitting(*given).items()}  # all rounds to zero

    checkpoint = bert(tiny_encoder)
    export.export_bundle(checkpoint, tmp_path / "fp32")
    logits, _ = sikap.load(tmp_path / "fp32").logits(sentences)
    thresholds = np.log(np.array(FAR_APART.thresholds) / (1 - np.array(FAR_APART.thresholds)))
    with torch.no_grad():  # half of the sentences on either side of each threshold
        checkpoint.network.stance.bias += torch.tensor(thresholds - np.median(logits[:, :3], axis=0)).float()
    monkeypatch.setattr(quantise, "_ranges", wrong)
    with pytest.raises(export.ExportError, match=r"changes [\d.]+ % of the labels of 20 test statements"):
        export.export_bundle(checkpoint, tmp_path / "bundle", int8=Texts(sentences, sentences))
    assert [path.name for path in tmp_path.iterdir()] == ["fp32"]


def test_the_command_exports_in_int8(tiny_encoder: Path, tmp_path: Path):
    data = Path(__file__).with_name("sample.jsonl")
    save_checkpoint(bert(tiny_encoder), tmp_path / "checkpoint")
    done = sikap_in(
        tmp_path, "export", "checkpoint", "--precision", "int8", "--data", data, "--output", tmp_path / "out"
    )
    assert done.status == 0, done.err
    assert "; int8 changes 0.00 % of labels" in done.out
    model = sikap.load(tmp_path / "out")
    assert model.manifest["int8"]["flips"] == 0.0
    assert model.predict("Kami mengutuk keras serangan itu.").stance == ("support", "condolence")  # as its biases say


def test_another_precision_is_one_line(tmp_path: Path):
    done = sikap_in(tmp_path, "export", "checkpoint", "--precision", "int4", "--output", "out")
    assert (done.status, done.sentence.strip()) == (2, "sikap: --precision int4: must be fp32 or int8.")


def test_changes_counts_labels_of_four():
    wanted = np.array([[5.0, -5, -5, 5, 0, 0]] * 10)
    found = wanted.copy()
    found[0, 0], found[1, 4] = -5, 9
    entry = changes(Decision(), wanted, found)
    assert entry["flips"] == pytest.approx(2 / 40)
    assert entry["largest_probability_difference"] > 0.9
    assert changes(Decision(), wanted, wanted)["flips"] == 0.0


def test_int8_is_fitted_to_texts_that_it_is_not_measured_on():
    statements = load_statements([Path(__file__).with_name("sample.jsonl")])
    texts = Texts.of(Split(statements[:20], statements[20:30], statements[30:]))
    assert sorted(texts.calibration) == sorted(statement.text for statement in statements[:20])
    assert list(texts.test) == [statement.text for statement in statements[30:]]
