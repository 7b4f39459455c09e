"""Encoders and tokenizers: from the hub, from folders, and what is refused."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import torch
from transformers import AutoTokenizer

from sikap.errors import InputError
from sikap_training import encoders
from sikap_training.encoders import encoder_folder, load_encoder, load_tokenizer

from .conftest import BERT_NAME, LITE_NAME, SAMPLE, run_python

SENTENCE = "Kami mengutuk keras serangan itu."


def copy_of(folder: Path, target: Path, **changes: object) -> Path:
    shutil.copytree(folder, target)
    config = json.loads((target / "config.json").read_text()) | changes
    (target / "config.json").write_text(json.dumps(config))
    return target


@pytest.mark.parametrize(("name", "prefix"), [(BERT_NAME, "bert."), (LITE_NAME, "albert.")])
def test_hub_name_gives_the_repository_s_vocabulary_and_weights(downloaded, vocab, name, prefix) -> None:
    folder = Path(downloaded[name]["folder"])
    assert sorted(path.name for path in folder.iterdir()) == [
        "config.json", "pytorch_model.bin", "special_tokens_map.json", "tokenizer_config.json", "vocab.txt",
    ]  # fmt: skip
    tokenizer = load_tokenizer(folder)
    assert tokenizer.tokenize(SENTENCE) == ["kami", "mengutuk", "keras", "serangan", "itu", "."]
    assert tokenizer(SENTENCE)["input_ids"][1] == vocab.index("kami")
    assert tokenizer.unk_token_id not in tokenizer(SENTENCE)["input_ids"]

    written = torch.load(folder / "pytorch_model.bin", weights_only=True)
    loaded = load_encoder(folder).state_dict()
    assert len(loaded) > 20
    for key, tensor in loaded.items():
        if not key.endswith(("position_ids", "token_type_ids")):
            assert torch.equal(tensor, written[prefix + key]), key


def test_transformers_guess_for_a_lite_folder_is_the_trap_we_avoid(lite_folder: Path) -> None:
    guess = AutoTokenizer.from_pretrained(lite_folder)
    assert len(guess) == 5
    assert set(guess(SENTENCE, add_special_tokens=False)["input_ids"]) == {guess.unk_token_id}


def test_only_needed_files_are_fetched_and_no_error_is_shown(downloaded) -> None:
    paths = [path for _, path in downloaded["requests"]]
    assert any(path.endswith("/pytorch_model.bin") for path in paths)
    assert not [path for path in paths if path.endswith((".h5", "README.md"))]
    assert "Traceback" not in downloaded["stderr"]


def test_unknown_name_is_one_sentence(downloaded) -> None:
    message = downloaded["indobenchmark/indobret-base-p1"]["error"]
    assert message.startswith("indobenchmark/indobret-base-p1: the hub has no such model")
    assert "\n" not in message


def test_unreachable_hub_names_both_ways_out_and_writes_nothing(tmp_path: Path) -> None:
    output = tmp_path / "out"
    done: subprocess.CompletedProcess[str] = run_python(
        "-m", "sikap", "train", "--data", str(SAMPLE), "--base-model", BERT_NAME, "--output", str(output),
        HF_ENDPOINT="http://127.0.0.1:9", HF_HOME=str(tmp_path / "hf"),
    )  # fmt: skip
    assert done.returncode == 2
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith(f"sikap: {BERT_NAME}: the model hub cannot be reached")
    assert "pass its folder as --base-model" in lines[0]
    assert "leave --base-model out" in lines[0]
    assert not output.exists()


def test_missing_own_encoder_says_what_to_pass(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(encoders, "OWN_ENCODER", tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"pass --base-model with a folder or a hub name such as indobenchmark/"):
        encoder_folder(None)


@pytest.mark.parametrize("name", ["indobert", "./nowhere", "/nowhere/at/all", "a/b/c"])
def test_neither_folder_nor_hub_name(name: str) -> None:
    with pytest.raises(InputError, match=r"no such folder, and not a hub name"):
        encoder_folder(name)


def test_folder_without_config(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no config\.json"):
        encoder_folder(str(tmp_path))


def test_other_families_and_custom_code_are_refused_without_a_question(tmp_path: Path, bert_folder: Path) -> None:
    gpt = copy_of(bert_folder, tmp_path / "gpt", model_type="gpt2")
    with pytest.raises(InputError, match=r"is a gpt2 model; sikap fine-tunes BERT and ALBERT"):
        load_tokenizer(gpt)
    custom = {"AutoConfig": "custom.Config", "AutoModel": "custom.Model"}
    for family in ("mine", "bert"):
        folder = copy_of(bert_folder, tmp_path / family, model_type=family, auto_map=custom)
        (folder / "custom.py").write_text(
            f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Config: ...\nclass Model: ...\n"
        )
        if family == "mine":
            with pytest.raises(InputError, match="is a mine model"):
                load_encoder(folder)
        else:
            load_encoder(folder)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("zipped", [True, False])
def test_pickle_in_a_checkpoint_is_never_executed(tmp_path: Path, bert_folder: Path, zipped: bool) -> None:
    created = tmp_path / "created"

    class Malicious:
        def __reduce__(self):
            return open, (str(created), "w")

    folder = copy_of(bert_folder, tmp_path / "folder")
    weights = torch.load(folder / "pytorch_model.bin", weights_only=True)
    file = folder / "pytorch_model.bin"
    torch.save({**weights, "extra": Malicious()}, file, _use_new_zipfile_serialization=zipped)
    with pytest.raises(InputError, match=r"weights cannot be loaded \(it is damaged, or holds more than tensors\)"):
        load_encoder(folder)
    assert not created.exists()


def test_weights_that_do_not_belong_to_the_configuration(tmp_path: Path, bert_folder: Path) -> None:
    with pytest.raises(InputError, match=r"shapes are not those that config\.json gives"):
        load_encoder(copy_of(bert_folder, tmp_path / "wide", hidden_size=64))
    folder = copy_of(bert_folder, tmp_path / "renamed")
    weights = torch.load(folder / "pytorch_model.bin", weights_only=True)
    torch.save({f"other.{key}": tensor for key, tensor in weights.items()}, folder / "pytorch_model.bin")
    with pytest.raises(InputError, match=r"lack \d+ tensors of the encoder.*would stay random"):
        load_encoder(folder)


def test_tokenizer_that_does_not_fit_the_embeddings(tmp_path: Path, bert_folder: Path, vocab: list[str]) -> None:
    folder = copy_of(bert_folder, tmp_path / "long", vocab_size=len(vocab) - 1)
    with pytest.raises(InputError, match=rf"tokenizer has {len(vocab)} entries and the embedding matrix"):
        load_tokenizer(folder)
    folder = copy_of(bert_folder, tmp_path / "short")
    (folder / "vocab.txt").write_text("\n".join(vocab[:20]))
    with pytest.raises(InputError, match="tokenizer has 20 entries"):
        load_tokenizer(folder)


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("tokenizer_config.json", "{", "its tokenizer cannot be read"),
        ("vocab.txt", "satu\ndua\n" * 200, "lacks special tokens"),
        ("config.json", "{", r"config\.json cannot be read"),
        ("config.json", '{"model_type": "bert", "hidden_size": "big"}', r"config\.json cannot be used"),
    ],
)
def test_damaged_folder(tmp_path: Path, bert_folder: Path, file: str, content: str, reason: str) -> None:
    folder = copy_of(bert_folder, tmp_path / "folder")
    (folder / file).write_text(content)
    with pytest.raises(InputError, match=reason) as caught:
        load_tokenizer(folder)
    assert "\n" not in str(caught.value)
