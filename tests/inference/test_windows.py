"""How a long statement is cut."""

from __future__ import annotations

import random

import pytest
from tokenizers import Tokenizer

from sikap.windows import WindowEncoder


@pytest.mark.parametrize("length", [1, 29, 30, 31, 52, 53, 54, 200, 1111])
def test_windows_overlap_by_a_quarter_and_cut_nothing(tiny_bundle, sentences, length):
    words = (" ".join(sentences).split() * 40)[:length]
    text = " ".join(words)
    whole = Tokenizer.from_file(str(tiny_bundle / "tokenizer.json")).encode(text).ids
    windows = [window.ids for window in WindowEncoder(tiny_bundle / "tokenizer.json", 32).encode([text])]
    assert all(len(ids) <= 32 and (ids[0], ids[-1]) == (whole[0], whole[-1]) for ids in windows)
    joined = windows[0][1:-1]
    for ids in windows[1:]:
        assert joined[-8:] == ids[1:9]
        joined += ids[9:-1]
    assert joined == whole[1:-1]


def test_windows_know_whose_they_are(tiny_bundle, sentences):
    texts = [sentences[0], " ".join(sentences), sentences[1]]
    owners = [window.statement for window in WindowEncoder(tiny_bundle / "tokenizer.json", 32).encode(texts)]
    assert owners == sorted(owners)
    assert owners.count(0) == owners.count(2) == 1
    assert owners.count(1) > 3


@pytest.mark.parametrize("seed", range(3))
def test_a_text_cut_to_pieces_gives_the_same_windows(tiny_bundle, sentences, monkeypatch, seed):
    words = [*" ".join(sentences).split(), "\n", "  ", "zzz", "12.000"]
    text = " ".join(random.Random(seed).choices(words, k=900))
    texts = [sentences[0], text, sentences[1]]
    whole = WindowEncoder(tiny_bundle / "tokenizer.json", 32).encode(texts)
    monkeypatch.setattr("sikap.windows.PIECE_CHARACTERS", 200)
    monkeypatch.setattr("sikap.windows.BATCH_CHARACTERS", 60)
    assert list(WindowEncoder(tiny_bundle / "tokenizer.json", 32).stream(texts)) == whole


def test_a_word_without_end_is_cut(tiny_bundle, monkeypatch):
    monkeypatch.setattr("sikap.windows.PIECE_CHARACTERS", 100)
    windows = WindowEncoder(tiny_bundle / "tokenizer.json", 32).encode(["a" * 10_000, "kami"])
    assert {window.statement for window in windows} == {0, 1}
