"""Take raw text to an encoder folder: clean, vocabulary, pack, start or continue a model, train, write."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from tokenizers import Tokenizer

from sikap.errors import InputError
from sikap_training.encoders import encoder_folder, quiet_transformers
from sikap_training.pretraining.checkpoint import checkpoint_folder
from sikap_training.pretraining.corpus import documents, text_files
from sikap_training.pretraining.loop import Log, train
from sikap_training.pretraining.masking import Masker
from sikap_training.pretraining.model import continued_model, new_model, same_shape, vocabulary_of
from sikap_training.pretraining.packing import (
    PARTS,
    SUMMARY,
    TRAVELLING,
    PackedCorpus,
    is_travelling,
    pack,
    refuse_mixed,
    unpack_travelling,
    write_travelling,
)
from sikap_training.pretraining.settings import PretrainSettings
from sikap_training.pretraining.vocabulary import copy_vocabulary, save_vocabulary, train_vocabulary

logger = logging.getLogger(__name__)
MADE_FROM = "made_from.json"
"""What the packed corpus was made from; another corpus or another vocabulary is packed anew."""
SHAPE = "shape"
"""Folder in `work` with the config.json of the model that the checkpoint restores."""


def _sample(stream: Iterator[tuple[str, str]], characters: int) -> Iterator[str]:
    taken: Counter[str] = Counter()
    for source, text in stream:
        if taken[source] < characters:
            taken[source] += len(text)
            yield text


def prepare(
    sources: Sequence[Path],
    work: Path,
    settings: PretrainSettings,
    *,
    base: Path | None = None,
    resume: bool = False,
) -> Tokenizer:
    """Clean and pack the corpus into `work` unless it is there; return its tokenizer.

    The vocabulary is that of `base` when given, else a new one. A folder with a packed corpus is
    taken as it is. With `resume`, what is in `work` is taken, whatever the sources: the
    checkpoint belongs to it.
    """
    refuse_mixed(sources)
    made_from = None if resume else _origin(sources, settings, base)
    if not (work / SUMMARY).is_file() or (made_from and _recorded(work) != made_from):
        (work / SUMMARY).unlink(missing_ok=True)
        work.mkdir(parents=True, exist_ok=True)
        if is_travelling(sources[0]):
            unpack_travelling(sources[0], work)
        else:
            _pack_texts(sources, work, settings, base)
        (work / MADE_FROM).write_text(json.dumps(made_from, indent=1) + "\n", encoding="utf-8")
    if base is not None:
        _refuse_other_vocabulary(work, base)
    return Tokenizer.from_file(str(work / "tokenizer.json"))


def write_packed(
    sources: Sequence[Path], output: Path, settings: PretrainSettings, *, base_model: str | None = None
) -> dict[str, Any]:
    """Clean and pack texts and write the packed corpus to a folder; return what corpus.json holds."""
    base = None if base_model is None else encoder_folder(base_model)
    with TemporaryDirectory() as work:
        prepare(sources, Path(work), settings, base=base)
        write_travelling(Path(work), output)
    summary: dict[str, Any] = json.loads((output / SUMMARY).read_text(encoding="utf-8"))
    return summary


def _pack_texts(sources: Sequence[Path], work: Path, settings: PretrainSettings, base: Path | None) -> None:
    kept = work / "documents.jsonl"
    with kept.open("w", encoding="utf-8") as lines:
        for document in documents(sources, settings.shares, settings.seed):
            lines.write(json.dumps(document, ensure_ascii=False) + "\n")
    logger.info("cleaned the corpus")
    if base is None:
        tokenizer = train_vocabulary(_sample(_read(kept), settings.vocabulary_sample), settings.vocabulary_size)
        save_vocabulary(tokenizer, work)
        logger.info("trained a vocabulary of %d", tokenizer.get_vocab_size())
    else:
        tokenizer = vocabulary_of(base)
        copy_vocabulary(base, work)
        tokenizer.save(str(work / "tokenizer.json"))
    summary = pack(_read(kept), tokenizer, work)
    kept.unlink()
    logger.info("packed %s documents: %s tokens", summary["documents"], summary["tokens"])


def _refuse_other_vocabulary(work: Path, base: Path) -> None:
    packed_with = Tokenizer.from_file(str(work / "tokenizer.json")).get_vocab()
    if packed_with != vocabulary_of(base).get_vocab():
        raise InputError(f"{base}: the corpus was packed with another vocabulary; pack it anew with this base model.")


def _origin(sources: Sequence[Path], settings: PretrainSettings, base: Path | None) -> dict[str, Any]:
    """Return what a packed corpus depends on: the files with their sizes, and the settings of the cleaning."""
    files = [sources[0] / TRAVELLING] if is_travelling(sources[0]) else text_files(sources)
    return {
        "files": [[str(file.resolve()), file.stat().st_size] for file in files],
        "base_model": None if base is None else str(base.resolve()),
        "vocabulary_size": settings.vocabulary_size,
        "vocabulary_sample": settings.vocabulary_sample,
        "shares": settings.shares,
        "seed": settings.seed,
    }


def _recorded(work: Path) -> object:
    file = work / MADE_FROM
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def _read(kept: Path) -> Iterator[tuple[str, str]]:
    with kept.open(encoding="utf-8") as lines:
        for line in lines:
            source, text = json.loads(line)
            yield source, text


def _model(tokenizer: Tokenizer, work: Path, settings: PretrainSettings, base: Path | None, resume: bool) -> Any:
    if resume:
        return same_shape(work / SHAPE)
    model = new_model(tokenizer, work / "train.npy", settings) if base is None else continued_model(base)
    model.config.save_pretrained(work / SHAPE)
    return model


def pretrain(
    sources: Sequence[Path],
    output: Path,
    settings: PretrainSettings,
    *,
    base_model: str | None = None,
    resume: bool = False,
    log: Log = lambda metrics, step: None,
    show: Callable[[float, float], None] = lambda share, rate: None,
) -> dict[str, object]:
    """Pretrain an encoder on text and write it to a folder in the Hugging Face layout.

    `sources` are text files and folders, or one folder with a packed corpus. `base_model`, a folder
    or a hub name, is continued with its own vocabulary; without it a new encoder is started.
    `output` receives config.json, model.safetensors (half precision), vocab.txt, tokenizer.json
    and pretraining.json (settings, corpus, progress, losses); `output/work` keeps the packed
    corpus and the checkpoint for `resume`. Returns what pretraining.json holds. Raises
    InputError for sources and base models that cannot be read and for a `resume` without a checkpoint.
    """
    work = output / "work"
    if resume:
        checkpoint_folder(work / "checkpoint")
    base = None if base_model is None or resume else encoder_folder(base_model)
    tokenizer = prepare(sources, work, settings, base=base, resume=resume)
    if any(len(PackedCorpus(work / f"{part}.npy", 0)) == 0 for part in PARTS):
        raise InputError(f"{sources[0]}: too little Indonesian text to pretrain on; pass at least some megabytes.")
    model = _model(tokenizer, work, settings, base, resume)
    longest, asked = model.config.max_position_embeddings, max(length for _, length in settings.lengths)
    if asked > longest:
        raise InputError(
            f"{base_model or output}: has positions for {longest} tokens, fewer than the {asked} asked for."
        )
    torch.nn.Module.to(model, "cuda" if torch.cuda.is_available() else "cpu")
    losses: list[dict[str, float]] = []

    def keep(metrics: dict[str, float], step: int) -> None:
        losses.append({"step": step, **metrics})
        log(metrics, step)

    done = train(
        model,
        PackedCorpus(work / "train.npy", settings.seed),
        PackedCorpus(work / "heldout.npy", 0),
        (
            Masker(tokenizer, settings.mask_rate, whole_words=settings.whole_words),
            Masker(tokenizer, 0.15, whole_words=False),
        ),
        settings,
        work / "checkpoint",
        resume=resume,
        log=keep,
        show=show,
    )
    record: dict[str, object] = {
        "parameters": sum(p.numel() for p in model.base_model.parameters()),
        "base_model": base_model,
        "settings": asdict(settings),
        "progress": asdict(done),
        "corpus": json.loads((work / SUMMARY).read_text(encoding="utf-8")),
        "losses": losses,
    }
    for old in output.glob("model*.safetensors*"):
        old.unlink()
    with quiet_transformers():
        model.half().save_pretrained(output, max_shard_size=f"{settings.shard_megabytes}MB")
    copy_vocabulary(work, output)
    (output / "pretraining.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return record
