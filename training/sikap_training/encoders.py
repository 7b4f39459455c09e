"""Load an encoder and its tokenizer: from the project, a folder, or the hub."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from safetensors import SafetensorError
from transformers import AlbertTokenizer, AutoConfig, AutoModel, BertTokenizer, PreTrainedModel, PreTrainedTokenizerFast
from transformers import logging as transformers_logging

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
    try:
        tokenizer = _tokenizer(folder)
    except InputError:
        raise
    except Exception as error:  # tokenizers raises bare Exception
        raise InputError(f"{folder}: its tokenizer cannot be read ({_first_line(error)}).") from error
    lacking = (folder / "vocab.txt").is_file() and len(tokenizer) != tokenizer.vocab_size
    if tokenizer.pad_token_id is None or lacking:
        raise InputError(
            f"{folder}: its vocabulary lacks special tokens such as [UNK] or [PAD]; use the file the model came with."
        )
    rows, size = config.vocab_size, len(tokenizer)
    if not rows // 2 <= size <= rows:
        raise InputError(
            f"{folder}: the tokenizer has {size} entries and the embedding matrix {rows} rows; they do not belong"
            " together, so pass a folder whose vocabulary is the model's own."
        )
    return tokenizer


def _tokenizer(folder: Path) -> Any:
    if (folder / "vocab.txt").is_file():
        file = folder / "tokenizer_config.json"
        settings = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        known = ("do_lower_case", "strip_accents", "tokenize_chinese_chars")
        return BertTokenizer(
            vocab=str(folder / "vocab.txt"), **{key: settings[key] for key in known if key in settings}
        )
    if (folder / "tokenizer.json").is_file():
        return PreTrainedTokenizerFast.from_pretrained(folder)
    if (folder / "spiece.model").is_file():
        if find_spec("sentencepiece") is None:
            raise InputError(f"{folder}: its spiece.model needs a package: pip install sentencepiece.")
        return AlbertTokenizer.from_pretrained(folder)
    raise InputError(f"{folder}: holds no tokenizer (vocab.txt, tokenizer.json or spiece.model).")


def load_encoder(folder: Path) -> PreTrainedModel:
    """Load the encoder's weights with eager attention, which exports to a graph that can be fused.

    Weights stored as pytorch_model.bin are read as tensors alone: nothing in them is executed.
    """
    config = _config(folder)
    try:
        with quiet_transformers():
            loaded: tuple[PreTrainedModel, dict[str, Any]] = AutoModel.from_pretrained(
                folder,
                config=config,
                attn_implementation="eager",
                dtype="float32",
                add_pooling_layer=False,
                weights_only=True,
                trust_remote_code=False,
                output_loading_info=True,
            )
    except (OSError, ValueError, RuntimeError, SafetensorError, UnpicklingError) as error:
        reason = "it is damaged, or holds more than tensors" if isinstance(error, UnpicklingError) else _reason(error)
        raise InputError(f"{folder}: its weights cannot be loaded ({reason}).") from error
    encoder, found = loaded
    if found["missing_keys"]:
        names = sorted(found["missing_keys"])
        raise InputError(
            f"{folder}: its weights lack {len(names)} tensors of the encoder, {names[0]} among them; they would stay"
            " random, so pass the folder of a complete model."
        )
    return encoder


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Keep transformers from drawing bars and from listing the pretraining heads, which no encoder needs."""
    level, bar = transformers_logging.get_verbosity(), transformers_logging.is_progress_bar_enabled()
    transformers_logging.set_verbosity(logging.CRITICAL)
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        transformers_logging.set_verbosity(level)
        if bar:
            transformers_logging.enable_progress_bar()


def _reason(error: Exception) -> str:
    if "ignore_mismatched_sizes" in str(error):
        return "their shapes are not those that config.json gives"
    return _first_line(error)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _config(folder: Path) -> Any:
    try:
        family = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("model_type")
    except (OSError, ValueError, AttributeError) as error:
        raise InputError(f"{folder}: config.json cannot be read ({_first_line(error)}).") from error
    if family not in FAMILIES:
        raise InputError(f"{folder}: is a {family} model; sikap fine-tunes BERT and ALBERT encoders.")
    try:
        return AutoConfig.from_pretrained(folder, trust_remote_code=False)
    except Exception as error:  # a wrong value raises what huggingface_hub's validation raises
        raise InputError(f"{folder}: config.json cannot be used ({_first_line(error)}).") from error
