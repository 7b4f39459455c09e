"""Load an encoder and its tokenizer: from the project, a folder, or the hub."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from transformers import AlbertTokenizer, AutoConfig, AutoModel, BertTokenizer, PreTrainedModel, PreTrainedTokenizerFast

from sikap.errors import InputError

OWN_ENCODER = Path(__file__).parents[1] / "encoder"
"""The project's compact encoder, in a clone of the repository."""
HUB_FILES = ["*.json", "*.txt", "*.model", "*.safetensors", "pytorch_model.bin", "pytorch_model-*.bin"]
FAMILIES = ("bert", "albert")


def encoder_folder(base_model: str | None) -> Path:
    """Return the local folder of an encoder, downloading a hub name such as `indobenchmark/indobert-base-p1`.

    None is the project's own encoder. Raises InputError, one sentence, when there is none or
    the hub cannot be reached or has no such model.
    """
    if base_model is None:
        if not (OWN_ENCODER / "config.json").is_file():
            raise InputError(
                "the compact encoder is part of the repository, not of the installed package: clone the repository, or"
                " pass --base-model with a folder or a hub name such as indobenchmark/indobert-base-p1."
            )
        return OWN_ENCODER
    folder = Path(base_model)
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            raise InputError(
                f"{folder}: holds no config.json; pass a BERT or ALBERT folder in the Hugging Face layout."
            )
        return folder
    if folder.is_absolute() or base_model.startswith(".") or base_model.count("/") != 1:
        raise InputError(f"{base_model}: no such folder, and not a hub name, which has the form owner/name.")
    return _download(base_model)


def _download(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

    try:
        return Path(snapshot_download(name, allow_patterns=HUB_FILES))
    except (RepositoryNotFoundError, HFValidationError):
        raise InputError(f"{name}: the hub has no such model, or it is private; check the name's spelling.") from None
    except Exception as error:  # connection errors come from several libraries
        raise InputError(
            f"{name}: the model hub cannot be reached ({type(error).__name__}); either download the model elsewhere and"
            " pass its folder as --base-model, or leave --base-model out to train on the project's own encoder."
        ) from None


def load_tokenizer(folder: Path) -> Any:
    """Load the tokenizer of an encoder's folder.

    A vocab.txt means a BERT tokenizer, whatever the architecture: IndoBERT-lite is an ALBERT
    with a BERT vocabulary, for which transformers' own guess maps every word to <unk>. Raises
    InputError when the folder has no tokenizer or its size does not fit the embedding matrix.
    """
    config = _config(folder)
    settings_file = folder / "tokenizer_config.json"
    settings = json.loads(settings_file.read_text(encoding="utf-8")) if settings_file.is_file() else {}
    if (folder / "vocab.txt").is_file():
        options = {
            key: settings[key]
            for key in ("do_lower_case", "strip_accents", "tokenize_chinese_chars")
            if key in settings
        }
        tokenizer: Any = BertTokenizer(vocab=str(folder / "vocab.txt"), **options)
    elif (folder / "tokenizer.json").is_file():
        tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    elif (folder / "spiece.model").is_file():
        tokenizer = AlbertTokenizer.from_pretrained(folder)
    else:
        raise InputError(f"{folder}: holds no tokenizer (vocab.txt, tokenizer.json or spiece.model).")
    rows, size = config.vocab_size, len(tokenizer)
    if not rows // 2 <= size <= rows:
        raise InputError(
            f"{folder}: the tokenizer has {size} entries and the embedding matrix {rows} rows; they do not belong"
            " together, so pass a folder whose vocabulary is the model's own."
        )
    return tokenizer


def load_encoder(folder: Path) -> PreTrainedModel:
    """Load the encoder's weights with eager attention, which exports to a graph that can be fused.

    Weights stored as pytorch_model.bin are read as tensors alone: nothing in them is executed.
    """
    config = _config(folder)
    options = {"add_pooling_layer": False}
    try:
        return AutoModel.from_pretrained(
            folder, config=config, attn_implementation="eager", dtype="float32", weights_only=True, **options
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(f"{folder}: its weights cannot be loaded ({str(error).splitlines()[0]}).") from error


def _config(folder: Path) -> Any:
    try:
        config = AutoConfig.from_pretrained(folder)
    except (OSError, ValueError) as error:
        raise InputError(f"{folder}: config.json cannot be read ({str(error).splitlines()[0]}).") from error
    if config.model_type not in FAMILIES:
        raise InputError(f"{folder}: is a {config.model_type} model; sikap fine-tunes BERT and ALBERT encoders.")
    return config
