"""Go on pretraining from a checkpoint, and pretrain from a corpus that was packed elsewhere."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig

from sikap.errors import InputError
from sikap_training.encoders import load_encoder, load_tokenizer
from sikap_training.pretraining import PretrainSettings, pretrain, write_packed
from sikap_training.pretraining.model import continued_model
from sikap_training.pretraining.throughput import matrix_product_rate, operations_per_token

from .small_run import new_store, sikap_in
from .test_pretraining import document

SETTINGS = PretrainSettings(tokens=40_960, batch_tokens=2048, lengths=((1.0, 64),), vector_epochs=0, evaluate_every=0.5)


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chance, file = random.Random(3), tmp_path_factory.mktemp("text") / "berita.txt"
    file.write_text("".join(document(chance) + "\n" for _ in range(200)), encoding="utf-8")
    return file


@pytest.mark.parametrize("layout", ["bert_folder", "lite_folder"])
def test_a_checkpoint_is_continued_with_its_own_vocabulary(
    layout: str, request: pytest.FixtureRequest, text: Path, tmp_path: Path
):
    base: Path = request.getfixturevalue(layout)
    record = pretrain([text], tmp_path / "more", SETTINGS, base_model=str(base))
    losses = [row["held_out_loss"] for row in record["losses"]]
    assert losses[-1] < losses[0] - 0.2
    assert (tmp_path / "more" / "vocab.txt").read_bytes() == (base / "vocab.txt").read_bytes()
    before, after = load_encoder(base), load_encoder(tmp_path / "more")
    assert after.config.model_type == before.config.model_type
    changed = [
        n for n, value in after.state_dict().items() if not torch.allclose(value, before.state_dict()[n], atol=1e-3)
    ]
    assert any("embedding" in name for name in changed)
    assert any("attention" in name for name in changed)
    ids = [
        load_tokenizer(folder)("Menteri menyambut baik usulan itu.")["input_ids"]
        for folder in (base, tmp_path / "more")
    ]
    assert ids[0] == ids[1]


def test_a_continued_run_starts_from_the_checkpoint_not_from_noise(bert_folder: Path, text: Path, tmp_path: Path):
    first = pretrain([text], tmp_path / "first", SETTINGS, base_model=str(bert_folder))
    second = pretrain([text], tmp_path / "second", SETTINGS, base_model=str(tmp_path / "first"))
    assert second["losses"][0]["held_out_loss"] < first["losses"][0]["held_out_loss"] - 0.2


def test_positions_that_a_foreign_checkpoint_trained_are_kept(bert_folder: Path, text: Path, tmp_path: Path):
    one_step = PretrainSettings(tokens=1, batch_tokens=256, lengths=((1.0, 32),), learning_rate=1e-9)
    pretrain([text], tmp_path / "more", one_step, base_model=str(bert_folder))
    before, after = (
        load_encoder(folder).get_parameter("embeddings.position_embeddings.weight")
        for folder in (bert_folder, tmp_path / "more")
    )
    assert torch.allclose(before, after, atol=1e-3)


def test_a_resume_needs_neither_texts_nor_base_model(bert_folder: Path, text: Path, tmp_path: Path):
    def stop(share: float, rate: float) -> None:
        if share > 0.5:
            raise RuntimeError("the power went out")

    saving = PretrainSettings(tokens=20_480, batch_tokens=2048, lengths=((1.0, 64),), checkpoint_minutes=0)
    with pytest.raises(RuntimeError, match="power"):
        pretrain([text], tmp_path / "cut", saving, base_model=str(bert_folder), show=stop)
    record = pretrain([tmp_path / "gone"], tmp_path / "cut", saving, resume=True)
    assert record["progress"]["tokens"] == 20_480
    assert load_encoder(tmp_path / "cut").config.num_hidden_layers == 2


def test_more_positions_than_the_checkpoint_has_are_refused(bert_folder: Path, text: Path, tmp_path: Path):
    longer = PretrainSettings(tokens=1, lengths=((1.0, 128),))
    with pytest.raises(InputError, match="positions for 64 tokens, fewer than the 128"):
        pretrain([text], tmp_path / "more", longer, base_model=str(bert_folder))


def test_a_packed_corpus_travels(text: Path, tmp_path: Path):
    settings = PretrainSettings(
        tokens=8192, batch_tokens=2048, vocabulary_size=500, layers=1, width=64, heads=1, vector_epochs=0
    )
    summary = write_packed([text], tmp_path / "packed", settings)
    assert summary["documents"] == 200
    assert sorted(path.name for path in (tmp_path / "packed").iterdir()) == [
        "corpus.json",
        "corpus.npz",
        "tokenizer.json",
        "tokenizer_config.json",
        "vocab.txt",
    ]
    with np.load(tmp_path / "packed" / "corpus.npz", allow_pickle=False) as arrays:
        assert {name: str(arrays[name].dtype) for name in arrays} == {"train": "uint16", "heldout": "uint16"}
        assert arrays["train"].size == summary["tokens"]["train"]
    record = pretrain([tmp_path / "packed"], tmp_path / "encoder", settings)
    assert record["corpus"] == summary
    assert load_encoder(tmp_path / "encoder").config.hidden_size == 64
    assert len(load_tokenizer(tmp_path / "encoder")) == 500


def test_a_damaged_packed_corpus_is_refused(text: Path, tmp_path: Path):
    settings = PretrainSettings(tokens=1, vocabulary_size=500)
    write_packed([text], tmp_path / "packed", settings)
    whole = (tmp_path / "packed" / "corpus.npz").read_bytes()
    for name, damaged in {"cut": whole[: len(whole) // 2], "empty": b"", "other": b"PK\x03\x04" + bytes(50)}.items():
        (tmp_path / "packed" / "corpus.npz").write_bytes(damaged)
        with pytest.raises(InputError, match=r"corpus\.npz: cannot be read"):
            pretrain([tmp_path / "packed"], tmp_path / name, settings)
    np.savez(tmp_path / "packed" / "corpus.npz", train=np.array([{}], dtype=object), heldout=np.zeros(9, np.uint16))
    with pytest.raises(InputError, match=r"corpus\.npz: cannot be read"):
        pretrain([tmp_path / "packed"], tmp_path / "pickled", settings)


def test_a_packed_corpus_beside_texts_is_refused(text: Path, tmp_path: Path):
    settings = PretrainSettings(tokens=1, vocabulary_size=500)
    write_packed([text], tmp_path / "packed", settings)
    for sources in ([tmp_path / "packed", text], [text, tmp_path / "packed"]):
        with pytest.raises(InputError, match="packed: is a packed corpus, which is trained on alone"):
            pretrain(sources, tmp_path / "encoder", settings)
    assert not (tmp_path / "encoder").exists()


def test_a_corpus_packed_with_another_vocabulary_is_refused(bert_folder: Path, text: Path, tmp_path: Path):
    write_packed([text], tmp_path / "packed", PretrainSettings(tokens=1, vocabulary_size=400))
    with pytest.raises(InputError, match="packed with another vocabulary"):
        pretrain([tmp_path / "packed"], tmp_path / "more", SETTINGS, base_model=str(bert_folder))


def test_weights_are_written_in_small_files_when_asked(text: Path, tmp_path: Path):
    settings = PretrainSettings(
        tokens=2048,
        batch_tokens=2048,
        vocabulary_size=500,
        layers=2,
        width=256,
        heads=4,
        vector_epochs=0,
        shard_megabytes=2,
    )
    output = tmp_path / "encoder"
    output.mkdir()
    (output / "model.safetensors").write_bytes(b"of an earlier run")
    pretrain([text], output, settings)
    weights = sorted(output.glob("*.safetensors"))
    assert len(weights) > 1
    assert all(file.stat().st_size <= 2_100_000 for file in weights)
    assert not (output / "model.safetensors").exists()
    assert load_encoder(output).config.num_hidden_layers == 2


def test_a_vocabulary_without_a_mask_is_refused(bert_folder: Path, text: Path, tmp_path: Path):
    shutil.copytree(bert_folder, tmp_path / "base")
    entries = (tmp_path / "base" / "vocab.txt").read_text(encoding="utf-8").replace("[MASK]\n", "[OTHER]\n")
    (tmp_path / "base" / "vocab.txt").write_text(entries, encoding="utf-8")
    with pytest.raises(InputError, match=r"base: its vocabulary lacks"):
        pretrain([text], tmp_path / "more", SETTINGS, base_model=str(tmp_path / "base"))


def test_a_checkpoint_without_an_output_layer_gets_one(bert_folder: Path, tmp_path: Path):
    shutil.copytree(bert_folder, tmp_path / "base")
    (tmp_path / "base" / "pytorch_model.bin").unlink()
    load_encoder(bert_folder).save_pretrained(tmp_path / "base")
    model = continued_model(tmp_path / "base")
    logits = model(input_ids=torch.tensor([[2, 7, 3]])).logits
    assert logits.shape == (1, 3, model.config.vocab_size)
    assert torch.isfinite(logits).all()


def test_the_command_packs_and_continues(text: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory):
    new_store(tmp_path_factory.getbasetemp(), tmp_path)
    packed = sikap_in(tmp_path, "pretrain", text, "-o", "packed", "--pack-only", "--vocabulary-size", 500, "--quiet")
    assert packed.status == 0, packed.err
    assert packed.out.startswith("packed corpus: packed (200 documents, ")
    small = ["--tokens", 4096, "--batch-tokens", 2048, "--quiet"]
    first = sikap_in(tmp_path, "pretrain", "packed", "-o", "first", "--layers", 1, "--width", 64, *small)
    assert first.status == 0, first.err
    more = sikap_in(tmp_path, "pretrain", "packed", "-o", "more", "--base-model", "first", "--length", 64, *small)
    assert more.status == 0, more.err
    record = json.loads((tmp_path / "more" / "pretraining.json").read_text(encoding="utf-8"))
    assert record["base_model"] == "first"
    assert record["losses"][-1]["share_of_matrix_product_rate"] > 0


def test_operations_are_those_of_the_matrices():
    config = BertConfig(vocab_size=1000, hidden_size=64, num_hidden_layers=3, intermediate_size=256)
    per_layer = 4 * 64 * 64 + 2 * 64 * 256 + 2 * 32 * 64
    assert operations_per_token(config, 32, 0.2) == pytest.approx(6 * (3 * per_layer + 0.2 * (64 * 64 + 64 * 1000)))
    assert matrix_product_rate(torch.device("cpu")) > 1e8
