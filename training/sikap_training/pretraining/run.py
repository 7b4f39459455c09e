"""Take raw text to an encoder folder: clean, vocabulary, pack, vectors, train, write."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertForMaskedLM, PreTrainedModel
from transformers import logging as transformers_logging

from sikap.errors import InputError
from sikap_training.pretraining.checkpoint import checkpoint_folder
from sikap_training.pretraining.corpus import documents, text_files
from sikap_training.pretraining.loop import Log, train
from sikap_training.pretraining.masking import Masker
from sikap_training.pretraining.packing import PackedCorpus, pack
from sikap_training.pretraining.settings import PretrainSettings
from sikap_training.pretraining.vectors import word_vectors
from sikap_training.pretraining.vocabulary import save_vocabulary, train_vocabulary

logger = logging.getLogger(__name__)
MADE_FROM = "made_from.json"
"""What the packed corpus was made from; another corpus or another vocabulary is packed anew."""


def _sample(stream: Iterator[tuple[str, str]], characters: int) -> Iterator[str]:
    taken: Counter[str] = Counter()
    for source, text in stream:
        if taken[source] < characters:
            taken[source] += len(text)
            yield text


def prepare(sources: Sequence[Path], work: Path, settings: PretrainSettings, *, resume: bool = False) -> Tokenizer:
    """Clean and pack the corpus into `work` unless it is there; return its tokenizer.

    With `resume`, what is there is taken, whatever the sources: the checkpoint belongs to it.
    """
    made_from = None if resume else _origin(sources, settings)
    if not (work / "corpus.json").is_file() or (made_from and _recorded(work) != made_from):
        (work / "corpus.json").unlink(missing_ok=True)
        work.mkdir(parents=True, exist_ok=True)
        kept = work / "documents.jsonl"
        with kept.open("w", encoding="utf-8") as lines:
            for document in documents(sources, settings.shares, settings.seed):
                lines.write(json.dumps(document, ensure_ascii=False) + "\n")
        logger.info("cleaned the corpus")
        tokenizer = train_vocabulary(_sample(_read(kept), settings.vocabulary_sample), settings.vocabulary_size)
        save_vocabulary(tokenizer, work)
        logger.info("trained a vocabulary of %d", tokenizer.get_vocab_size())
        summary = pack(_read(kept), tokenizer, work)
        (work / MADE_FROM).write_text(json.dumps(made_from, indent=1) + "\n", encoding="utf-8")
        kept.unlink()
        logger.info("packed %s documents: %s tokens", summary["documents"], summary["tokens"])
    return Tokenizer.from_file(str(work / "tokenizer.json"))


def _origin(sources: Sequence[Path], settings: PretrainSettings) -> dict[str, Any]:
    """Return what a packed corpus depends on: the files with their sizes, and the settings of the cleaning."""
    return {
        "files": [[str(file.resolve()), file.stat().st_size] for file in text_files(sources)],
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


def new_model(tokenizer: Tokenizer, work: Path, settings: PretrainSettings) -> PreTrainedModel:
    """Return a new BERT, its embedding matrix started from word vectors when asked."""
    torch.manual_seed(settings.seed)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=settings.width,
        num_hidden_layers=settings.layers,
        num_attention_heads=settings.heads,
        intermediate_size=4 * settings.width,
        max_position_embeddings=settings.positions,
        type_vocab_size=2,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=tokenizer.token_to_id("[PAD]"),
    )
    model = BertForMaskedLM(config)
    if settings.vector_epochs:
        vectors = word_vectors(
            work / "train.npy", config.vocab_size, config.hidden_size, epochs=settings.vector_epochs, seed=settings.seed
        )
        with torch.no_grad():
            model.get_input_embeddings().get_parameter("weight").copy_(vectors)
        logger.info("started the embedding matrix from word vectors")
    return model


def pretrain(
    sources: Sequence[Path],
    output: Path,
    settings: PretrainSettings,
    *,
    resume: bool = False,
    log: Log = lambda metrics, step: None,
    show: Callable[[float, float], None] = lambda share, rate: None,
) -> dict[str, object]:
    """Pretrain an encoder on text and write it to a folder in the Hugging Face layout.

    `output` receives config.json, model.safetensors (half precision), vocab.txt, tokenizer.json
    and pretraining.json (settings, corpus, progress, losses); `output/work` keeps the packed
    corpus and the checkpoint for `resume`. Returns what pretraining.json holds. Raises
    InputError for sources that cannot be read and for a `resume` without a checkpoint.
    """
    work = output / "work"
    if resume:
        checkpoint_folder(work / "checkpoint")
    tokenizer = prepare(sources, work, settings, resume=resume)
    if len(PackedCorpus(work / "train.npy", 0)) == 0 or len(PackedCorpus(work / "heldout.npy", 0)) == 0:
        raise InputError(f"{sources[0]}: too little Indonesian text to pretrain on; pass at least some megabytes.")
    model = new_model(
        tokenizer, work, settings if not resume else PretrainSettings(**{**asdict(settings), "vector_epochs": 0})
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
        "settings": asdict(settings),
        "progress": asdict(done),
        "corpus": json.loads((work / "corpus.json").read_text(encoding="utf-8")),
        "losses": losses,
    }
    bar = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    model.half().save_pretrained(output)
    if bar:
        transformers_logging.enable_progress_bar()
    save_vocabulary(tokenizer, output)
    (output / "pretraining.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return record
