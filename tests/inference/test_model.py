"""What a loaded model says, whatever the batch, the length and the number of threads."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

import sikap
from sikap import Prediction
from sikap.session import Session
from sikap.windows import WindowEncoder

LONG = "Kami mengutuk keras serangan terhadap warga sipil. " * 15


def same(one: Prediction, other: Prediction) -> None:
    assert (one.text, one.stance, one.sentiment) == (other.text, other.stance, other.sentiment)
    assert one.stance_probabilities == pytest.approx(other.stance_probabilities, abs=1e-5)
    assert one.sentiment_probabilities == pytest.approx(other.sentiment_probabilities, abs=1e-5)
    assert (one.uncertain, one.truncated) == (other.uncertain, other.truncated)


def test_one_text_gives_a_prediction_and_many_give_a_list(model, sentences):
    assert isinstance(model.predict(sentences[0]), Prediction)
    assert [p.text for p in model.predict(sentences)] == sentences
    assert [p.text for p in model.predict(tuple(sentences))] == sentences
    assert model.predict([]) == []


def test_labels_follow_from_the_probabilities(model, sentences):
    thresholds = model.manifest["thresholds"]
    predictions = model.predict(sentences)
    for p in predictions:
        assert p.stance == tuple(name for name in sikap.STANCES if p.stance_probabilities[name] >= thresholds[name])
        assert p.sentiment == max(sikap.SENTIMENTS, key=p.sentiment_probabilities.get)
        doubt = any(0.4 < value < 0.6 for value in p.stance_probabilities.values())
        assert p.uncertain == (doubt or max(p.sentiment_probabilities.values()) < 0.45)
    assert len({p.stance for p in predictions}) > 2  # else the tests that compare labels compare nothing
    assert len({p.sentiment for p in predictions}) > 1
    assert {p.uncertain for p in predictions} == {True, False}


def test_a_batch_says_the_same_as_one_by_one(model, sentences):
    texts = [*sentences, LONG, "", "Ya.", " ".join(sentences[:3])]
    for together, alone in zip(model.predict(texts), map(model.predict, texts), strict=True):
        same(together, alone)


@pytest.mark.parametrize("options", [{"batch_size": 1}, {"batch_size": 3}, {"batch_size": 1000, "threads": 2}])
def test_batch_size_and_threads_change_nothing(model, tiny_bundle, sentences, options):
    other = sikap.load(tiny_bundle, **options)
    for one, two in zip(model.predict(sentences), other.predict(sentences), strict=True):
        same(one, two)


def test_threads_may_share_a_model(model, sentences):
    with ThreadPoolExecutor(4) as pool:
        for one, two in zip(model.predict(sentences), pool.map(model.predict, sentences), strict=True):
            same(one, two)


def test_stream_is_lazy_and_holds_one_window(model, monkeypatch, sentences):
    monkeypatch.setattr("sikap.model.WINDOW_ROWS", 8)
    taken = 0

    def endless():
        nonlocal taken
        for text in itertools.cycle(sentences):
            taken += 1
            yield text

    stream = model.stream(endless())
    assert taken == 0
    got = list(itertools.islice(stream, 20))
    assert taken == 24
    for one, two in zip(got, model.predict(sentences), strict=True):
        same(one, two)


def test_stream_lets_go_of_what_it_has_yielded(model, monkeypatch):
    import weakref

    class Text(str):
        __slots__ = ("__weakref__",)

    monkeypatch.setattr("sikap.model.WINDOW_ROWS", 8)
    alive: weakref.WeakSet[Text] = weakref.WeakSet()

    def texts():
        for number in range(80):
            text = Text(f"Kami mengutuk serangan nomor {number}")
            alive.add(text)
            yield text

    assert max(len(alive) for _ in model.stream(texts())) <= 24


def test_a_long_statement_is_read_to_its_end(model):
    prediction = model.predict(LONG)
    assert prediction.truncated
    assert prediction.text == LONG
    logits, several = model.logits([LONG, "Kami mengutuk."])
    assert several.tolist() == [True, False]
    # a change in the last words of a long statement reaches the score
    changed, _ = model.logits([LONG + "Turut berduka cita atas wafatnya presiden."])
    assert np.abs(changed[0, 3:] - logits[0, 3:]).max() > 1e-4


def test_a_long_statement_has_the_stances_of_all_its_windows(model, tiny_bundle):
    windows = WindowEncoder(tiny_bundle / "tokenizer.json", 32).encode([LONG])
    values = Session(tiny_bundle / "model.onnx", 1).logits([window.ids for window in windows], 32)
    lengths = [len(window.ids) for window in windows]
    logits, _ = model.logits([LONG])
    assert len(windows) > 4
    assert logits[0, :3] == pytest.approx(values[:, :3].max(axis=0), abs=1e-4)
    assert logits[0, 3:] == pytest.approx(np.average(values[:, 3:], axis=0, weights=lengths), abs=1e-4)


def test_a_statement_that_just_fits_is_not_truncated(model):
    assert not model.predict("kami " * 30).truncated  # 30 and the two special tokens are 32
    assert model.predict("kami " * 31).truncated


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "…?!", "___", "\u200b\ufeff", "\x00\x1b", "\ud800", "😢😢"])
def test_a_text_without_a_letter_or_digit_is_not_scored(model, text):
    prediction = model.predict(text)
    assert prediction == Prediction.unscored(text)
    assert not prediction.scored
    assert (prediction.stance, prediction.sentiment, prediction.uncertain) == ((), None, True)
    assert set(prediction.stance_probabilities.values()) == {None}


def test_control_characters_are_not_read(model):
    plain, odd = model.predict(["Kami mengutuk serangan itu", "Kami\x00 mengutuk\u200b\ud800 serangan\x1b itu"])
    assert odd.stance_probabilities == pytest.approx(plain.stance_probabilities, abs=1e-5)


@pytest.mark.parametrize("wrong", [[None], ["a", 5], [b"a"], b"a"])
def test_anything_but_text_is_a_type_error(model, wrong):
    with pytest.raises(TypeError, match="must be a string"):
        model.predict(wrong)


def test_stream_refuses_a_single_string(model):
    with pytest.raises(TypeError, match="predict"):
        model.stream("Kami mengutuk")


@pytest.mark.parametrize("options", [{"batch_size": 0}, {"threads": 0}, {"threads": -1}])
def test_impossible_options(tiny_bundle, options):
    with pytest.raises(ValueError, match="at least 1"):
        sikap.load(tiny_bundle, **options)


def test_a_prediction_is_frozen_and_goes_to_json(model):
    prediction = model.predict("Kami mengutuk keras serangan itu.")
    with pytest.raises(FrozenInstanceError):
        prediction.text = "lain"
    fields = prediction.to_dict()
    assert list(fields)[:3] == ["text", "stance", "sentiment"]
    assert isinstance(fields["stance"], list)
    assert all(value == round(value, 6) for value in fields["stance_probabilities"].values())
    assert prediction.stance_text == ("+".join(prediction.stance) or "none")
