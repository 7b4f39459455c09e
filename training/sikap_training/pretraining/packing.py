"""Tokenise a corpus once and keep it packed: documents end to end, two bytes a token.

A packed corpus travels as a folder of its own, `corpus.npz` (compressed), `corpus.json` and the
vocabulary, so that it can be trained on where the texts are not.
"""

from __future__ import annotations

import json
import shutil
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from sikap.errors import InputError
from sikap_training.pretraining.vocabulary import copy_vocabulary

Tokens = NDArray[np.uint16]
CHUNK = 256
"""Tokens in one chunk, the unit that is shuffled; every sequence length divides it."""
PARTS = ("train", "heldout")
TRAVELLING = "corpus.npz"
SUMMARY = "corpus.json"
HELD_OUT_EVERY = 100
"""One document in this many is kept for the held-out loss."""


def pack(documents: Iterable[tuple[str, str]], tokenizer: Tokenizer, folder: Path) -> dict[str, object]:
    """Write `train.npy` and `heldout.npy` (uint16) to a folder; return what they hold.

    A document is laid down as [CLS] pieces [SEP]. The digest counts tokens and documents in
    total and by source file. Copies of a document that follow it stand in its part; a held-out
    document stands there once.
    """
    if tokenizer.get_vocab_size() > 2**16:
        raise ValueError("a packed corpus holds vocabularies of at most 65,536 entries")
    parts: dict[str, list[Tokens]] = {"train": [], "heldout": []}
    by_source: Counter[str] = Counter()
    stream, number, last = iter(documents), 0, None
    while batch := list(islice(stream, 512)):
        encodings = tokenizer.encode_batch_fast([text for _, text in batch])
        for (source, text), encoding in zip(batch, encodings, strict=True):
            copy, last = text == last, text
            number += not copy
            part = "heldout" if number % HELD_OUT_EVERY == 0 else "train"
            if copy and part == "heldout":
                continue
            parts[part].append(np.asarray(encoding.ids, dtype=np.uint16))
            by_source[source] += len(encoding.ids)
    counts = {}
    for part, pieces in parts.items():
        array = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.uint16)
        array = array[: len(array) // CHUNK * CHUNK]
        np.save(folder / f"{part}.npy", array)
        counts[part] = len(array)
    summary = {"documents": number, "tokens": counts, "tokens_by_source": dict(by_source.most_common())}
    (folder / SUMMARY).write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    return summary


def write_travelling(work: Path, folder: Path) -> None:
    """Write the packed corpus in `work` to a folder, compressed, with its vocabulary."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {part: np.load(work / f"{part}.npy", mmap_mode="r", allow_pickle=False) for part in PARTS}
    np.savez_compressed(folder / TRAVELLING, allow_pickle=False, **arrays)
    shutil.copyfile(work / SUMMARY, folder / SUMMARY)
    copy_vocabulary(work, folder)


def is_travelling(source: Path) -> bool:
    """Tell whether a folder holds a packed corpus that `write_travelling` wrote."""
    return (source / TRAVELLING).is_file()


def refuse_mixed(sources: Sequence[Path]) -> None:
    """Raise InputError when a packed corpus is named beside other sources: it is trained on alone."""
    if len(sources) > 1:
        for source in filter(is_travelling, sources):
            raise InputError(
                f"{source}: is a packed corpus, which is trained on alone; name no other source beside it."
            )


def unpack_travelling(source: Path, work: Path) -> None:
    """Lay a packed corpus out in `work` for training. Raises InputError when it is damaged."""
    try:
        with np.load(source / TRAVELLING, allow_pickle=False) as arrays:
            for part in PARTS:
                tokens = arrays[part]
                if tokens.dtype != np.uint16 or tokens.ndim != 1:
                    raise ValueError(f"{part} holds {tokens.dtype}, not uint16 in one row")
                np.save(work / f"{part}.npy", tokens)
        shutil.copyfile(source / SUMMARY, work / SUMMARY)
    except (OSError, ValueError, KeyError, BadZipFile, EOFError, zlib.error) as error:
        raise InputError(f"{source / TRAVELLING}: cannot be read ({error}); pack the corpus anew.") from error
    copy_vocabulary(source, work)


class PackedCorpus:
    """A packed corpus read from disk, served as shuffled batches that depend on the step alone."""

    def __init__(self, file: Path, seed: int) -> None:
        """Map the tokens of `file` into memory."""
        self._tokens: Tokens = np.load(file, mmap_mode="r", allow_pickle=False).reshape(-1, CHUNK)
        self._seed = seed
        self._epoch, self._order = -1, np.zeros(0, dtype=np.int64)

    def __len__(self) -> int:
        """Return the number of tokens."""
        return self._tokens.size

    def batch(self, first_chunk: int, chunks: int, length: int) -> NDArray[np.int64]:
        """Return the batch that starts at the given chunk of the endless shuffled stream.

        Shape (chunks * CHUNK / length, length). Epochs are permuted anew, by seed and epoch.
        """
        rows = [self._tokens[self._chunk(first_chunk + i)] for i in range(chunks)]
        return np.stack(rows).astype(np.int64).reshape(-1, length)

    def _chunk(self, position: int) -> int:
        epoch, index = divmod(position, len(self._tokens))
        if epoch != self._epoch:
            self._order = np.random.default_rng([self._seed, epoch]).permutation(len(self._tokens))
            self._epoch = epoch
        return int(self._order[index])
