"""Which words carried a label, by the built-in model: weights, places, terminal, JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata

import pytest

import sikap
from sikap.cli.main import main
from sikap.explanation import without

BOTH = "Kami mengutuk serangan itu dan menyampaikan belasungkawa kepada keluarga para korban."


@pytest.fixture(scope="module")
def model():
    return sikap.load()


@pytest.mark.parametrize(
    ("text", "label", "word"),
    [
        (BOTH, "condemnation", "mengutuk"),
        (BOTH, "condolence", "belasungkawa"),
        ("Indonesia menyambut baik gencatan senjata di wilayah itu.", "support", "menyambut"),
        ("Pemerintah Peru mengecam keras penyanderaan para nelayan.", "condemnation", "mengecam"),
    ],
)
def test_the_verb_that_carries_a_label_weighs_most(model, text, label, word):
    explanation = model.explain(text)
    assert label in explanation.prediction.stance
    assert explanation.top(label, 1)[0].text == word


def test_a_word_that_speaks_against_a_label_has_a_negative_weight(model):
    explanation = model.explain("Kami tidak mendukung usul itu.")
    weights = {word.text: word.weight for word in explanation.words["support"]}
    assert weights["tidak"] < -1 < 0 < weights["mendukung"]


def test_a_weight_is_what_the_log_odds_lose_without_the_word(model):
    from math import log

    explanation = model.explain(BOTH)
    word = explanation.top("condolence", 1)[0]
    rest = without(BOTH, [(word.start, word.end)])
    p, q = (model.predict(text).stance_probabilities["condolence"] for text in (BOTH, rest))
    assert word.weight == pytest.approx(log(p / (1 - p)) - log(q / (1 - q)), abs=1e-3)


def test_words_have_their_places_and_stand_in_order(model):
    text = "“Rakyat\u00a0Türkiye,” ujarnya — 'H.E. Avuşoğlu' — tak sendiri 10.30 👍."
    words = model.explain(text).words["support"]
    assert [text[word.start : word.end] for word in words] == [word.text for word in words]
    assert [word.text for word in words][:4] == ["Rakyat", "Türkiye", "ujarnya", "H.E"]
    assert [word.start for word in words] == sorted(word.start for word in words)


def test_all_stances_and_the_predicted_sentiment_are_explained(model):
    explanation = model.explain(BOTH)
    assert list(explanation.words) == ["support", "condemnation", "condolence", "negative"]
    assert explanation.labels == ("condemnation", "condolence", "negative")
    nothing = model.explain("Sidang dibuka pukul sembilan pagi.")
    assert nothing.prediction.stance == ()
    assert len(nothing.labels) == 2


def test_a_long_text_is_explained_in_parts(model):
    text = "Kami mengutuk serangan itu. " * 150
    words = model.explain(text).words["condemnation"]
    assert len(words) == 67
    assert len(words) * len(text) <= 300_000
    assert words[0].text == " ".join(["Kami mengutuk serangan itu."] * 2) + " Kami"
    assert all(text[word.start : word.end] == word.text for word in words)


def test_a_word_with_combining_accents_is_one_word(model):
    text = unicodedata.normalize("NFD", "José Peña mengutuk serangan itu.")
    assert [word.text for word in model.explain(text).words["condemnation"]][:2] == text.split()[:2]


def test_chosen_labels_alone_are_explained_set_or_not(capsys):
    text = "Kami tidak mendukung usul itu."
    assert main(["explain", "--label", "condolence", "--label", "support", text]) == 0
    heads = [line for line in capsys.readouterr().out.splitlines() if line and not line.startswith(" ")]
    assert [head.split()[0] for head in heads] == ["support", "condolence"]
    assert all("(not set" in head for head in heads)
    assert main(["explain", "--label", "sentiment", "--format", "jsonl", BOTH]) == 0
    assert list(json.loads(capsys.readouterr().out)["explanation"]) == ["negative"]
    assert main(["explain", "--label", "anger", text]) == 2


@pytest.mark.parametrize(("text", "said"), [(" ?! ", "no letter or digit"), ("kata " * 2001, "at most 10,000")])
def test_what_cannot_be_explained_is_said_in_one_line(model, capsys, text, said):
    with pytest.raises(sikap.InputError, match=said):
        model.explain(text)
    assert main(["explain", text]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


def test_the_terminal_shows_words_and_numbers_without_colours(capsys):
    assert main(["explain", BOTH, "Sidang dibuka pukul sembilan pagi."]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= 80
    assert "  mengutuk +" in out
    assert "(not set; the likeliest stance)" in out


def test_the_terminal_colours_words_when_asked(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert main(["explain", BOTH + "\x1b[31m"]) == 0
    out = capsys.readouterr().out
    assert "mengutuk\x1b[0m" in out
    assert "\x1b[31m" not in out


def test_json_holds_the_prediction_and_the_weights(capsys, model):
    assert main(["explain", "--format", "jsonl", BOTH]) == 0
    given = json.loads(capsys.readouterr().out)
    assert given == json.loads(json.dumps(model.explain(BOTH).to_dict()))
    assert list(given) == [*model.predict(BOTH).to_dict(), "explanation"]
    assert given["explanation"]["condolence"][0].keys() == {"text", "start", "end", "weight"}
    assert main(["explain", "--format", "json", BOTH, "Kami berduka."]) == 0
    assert [item["stance"] for item in json.loads(capsys.readouterr().out)][1] == ["condolence"]


def test_another_language_is_warned_of(capsys):
    assert (
        main(["explain", "Kami mengutuk serangan itu.", "The minister strongly condemned the attack on the city."]) == 0
    )
    said = capsys.readouterr().err
    assert said == (
        "sikap: row 2 holds text that does not read like Indonesian: scored all the same, do not rely on it.\n"
    )


def test_a_long_text_is_refused_before_it_is_scored(model, monkeypatch):
    monkeypatch.setattr(type(model), "predict", lambda *_: pytest.fail("scored"))
    with pytest.raises(sikap.InputError, match="at most 10,000"):
        model.explain("kata " * 2001)


def test_what_is_no_utf8_is_valid_json():
    command = [sys.executable, "-m", "sikap", "explain", "--format", "jsonl", b"Kami \xff mengutuk serangan itu."]
    ran = subprocess.run(command, capture_output=True, check=True, timeout=60, env={**os.environ, "PYTHONUTF8": "1"})
    assert json.loads(ran.stdout.decode("utf-8"))["text"] == "Kami \udcff mengutuk serangan itu."


@pytest.mark.parametrize("form", ["table", "jsonl"])
def test_a_reader_that_leaves_early_is_no_error(form):
    command = [sys.executable, "-m", "sikap", "explain", "--format", form, *["Kami mengutuk serangan itu."] * 300]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.read(10)
        process.stdout.close()
        assert process.wait(timeout=60) == 0
        assert process.stderr.read() == b""
