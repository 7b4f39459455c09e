"""Train the WordPiece vocabulary of a compact encoder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

VOCABULARY_FILES = ("tokenizer.json", "vocab.txt", "tokenizer_config.json", "special_tokens_map.json")
SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def train_vocabulary(texts: Iterable[str], size: int) -> Tokenizer:
    """Train an uncased BERT WordPiece tokenizer of at most `size` entries.

    Texts are lowercased and stripped of accents, so that names written with and without their
    diacritics share pieces.
    """
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.train_from_iterator(
        texts,
        trainers.WordPieceTrainer(
            vocab_size=size, min_frequency=5, limit_alphabet=400, special_tokens=SPECIAL_TOKENS, show_progress=False
        ),
    )
    cls, sep = SPECIAL_TOKENS.index("[CLS]"), SPECIAL_TOKENS.index("[SEP]")  # the trainer puts these first
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", sep), ("[CLS]", cls))
    return tokenizer


def save_vocabulary(tokenizer: Tokenizer, folder: Path) -> None:
    """Write tokenizer.json, vocab.txt and the Hugging Face tokenizer files to a folder."""
    tokenizer.save(str(folder / "tokenizer.json"))
    entries = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    (folder / "vocab.txt").write_text("".join(f"{token}\n" for token, _ in entries), encoding="utf-8")
    settings = {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "strip_accents": True}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def copy_vocabulary(source: Path, folder: Path) -> None:
    """Copy the tokenizer files of one folder to another."""
    for name in VOCABULARY_FILES:
        if (source / name).is_file():
            shutil.copyfile(source / name, folder / name)
