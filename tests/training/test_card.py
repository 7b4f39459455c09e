from __future__ import annotations

import copy
import itertools
import re

import pytest

from sikap.labels import SENTIMENTS, STANCES
from sikap_training.card import cell, interval, model_card
from sikap_training.statements import load_statements

from . import small_run
from .small_run import SmallRun

trained = small_run.trained
LABELS = {*STANCES, "none", *SENTIMENTS}


@pytest.fixture(scope="module")
def card(trained: SmallRun) -> str:
    return (trained.bundle / "README.md").read_text(encoding="utf-8")


def rows_of(card: str) -> list[list[str]]:
    lines = [line for line in card.splitlines() if line.startswith("|")]
    return [[part.strip() for part in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def test_it_names_the_data_by_part(card: str):
    assert ["labelled.jsonl", "60", "24", "24"] in rows_of(card)


def test_it_counts_the_labels_by_part(card: str, trained: SmallRun):
    rows = [s for s in load_statements([trained.data]) if s.text]
    counted = {row[0]: sum(map(int, row[1:])) for row in rows_of(card) if row[0] in LABELS and len(row) == 4}
    assert counted == {
        **{stance: sum(stance in s.stance for s in rows) for stance in STANCES},
        "none": sum(not s.stance for s in rows),
        **{tone: sum(s.sentiment == tone for s in rows) for tone in SENTIMENTS},
    }


def test_it_names_the_settings(card: str, trained: SmallRun):
    settings = trained.manifest["settings"]
    for name in ("epochs", "learning rate", "batch size", "adversarial", "seeds"):
        assert [name, str(settings[name.replace(" ", "_")])] in rows_of(card)


def test_it_names_the_run_and_the_digest(card: str, trained: SmallRun):
    assert f"`{trained.manifest['run_id']}`" in card
    assert f"`{trained.manifest['data_digest']}`" in card


def test_it_names_thresholds_and_bands(card: str, trained: SmallRun):
    manifest = trained.manifest
    for name in STANCES:
        low, high = manifest["abstention"]["stance"][name]
        assert [name, f"{manifest['thresholds'][name]:.2f}", f"{low:.2f} and {high:.2f}"] in rows_of(card)
    assert f"{manifest['abstention']['sentiment']['minimum']:.2f}" in card


def test_it_gives_results_with_intervals_beside_the_baselines(card: str, trained: SmallRun):
    rows = rows_of(card)
    assert "### test part (24 statements)" in card
    assert "### berita baru.jsonl (18 statements)" in card
    for part in trained.manifest["metrics"].values():
        headline = [interval(part["model"][name]) for name in ("stance_macro_f1", "sentiment_macro_f1", "exact_match")]
        assert ["**this model**", *headline] in rows
        for name in (*STANCES, *SENTIMENTS):
            figures = [interval(part["model"][f"{name}_{kind}"]) for kind in ("precision", "recall", "f1")]
            assert [name, str(part["model"]["support"][name]), *figures] in rows
    assert sum(row[0] == "TF-IDF + logistic regression" for row in rows) == 2
    assert re.fullmatch(r"\d+\.\d \(\d+\.\d to \d+\.\d\)", interval({"value": 0.5, "low": 0.25, "high": 1.0}))


def test_it_gives_the_spread_over_seeds(card: str):
    assert "2 seeds" in card
    assert re.search(r"\| test part \| \d+\.\d ± \d+\.\d \| \d+\.\d ± \d+\.\d \| \d+\.\d ± \d+\.\d \|\n", card)
    assert re.search(r"\| berita baru.jsonl \| \d+\.\d ± ", card)


def test_it_holds_nothing_undefined(card: str):
    assert not re.search(r"undefined|None|\bnan\b|\{\{|\{%|\{'", card)


def test_its_tables_are_whole(card: str):
    rows = rows_of(card)
    for before, row in itertools.pairwise(rows):
        if set("".join(row)) == {"-", " "} or set("".join(row)) == {"-"}:
            assert len(before) == len(row)
    assert not re.search(r"\n\n\n\n", card)


def test_what_is_not_recorded_is_left_out(trained: SmallRun):
    bare = {
        key: value
        for key, value in trained.manifest.items()
        if key not in ("run_id", "encoder", "data", "data_digest", "label_counts", "metrics", "seeds", "settings")
    }
    card = model_card(bare)
    assert "## Data" not in card
    assert "## Results" not in card
    assert "## Thresholds and doubt" in card
    assert not re.search(r"undefined|None", card)


def test_a_part_in_which_everything_is_uncertain_says_only_that(trained: SmallRun):
    manifest = copy.deepcopy(trained.manifest)
    for part in manifest["metrics"].values():
        part["uncertain"] = {"share": 1.0, "right": {}}
    card = model_card(manifest)
    assert "Marked uncertain: 100.0 % of statements." in card
    assert "Of the rest" not in card


def test_cells_from_outside_cannot_break_the_card(trained: SmallRun):
    manifest = copy.deepcopy(trained.manifest)
    hostile = "a | b\n\n# heading <script>x</script> `code` ![i](http://x) [l](y) \\| end"
    manifest["data"][0]["name"] = manifest["encoder"]["name"] = hostile
    manifest["metrics"][hostile] = manifest["metrics"].pop("test part")
    card = model_card(manifest)
    assert "<script>" not in card
    assert "\n# heading" not in card
    assert not re.search(r"(?<!\\)\[i|(?<!\\)\[l", card)
    assert [len(row) for row in rows_of(card)].count(4) == [
        len(row) for row in rows_of(model_card(trained.manifest))
    ].count(4)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("plain.csv", "plain.csv"),
        ("a|b", "a\\|b"),
        ("a\\|b", "a\\\\\\|b"),
        ("two\nlines\t here", "two lines here"),
        ("<b>&amp;", "&lt;b>&amp;amp;"),
        ("`x`", "'x'"),
        ("my_file*", "my\\_file\\*"),
        (7, "7"),
    ],
)
def test_a_cell_is_one_line_without_markup(text: object, wanted: str):
    assert cell(text) == wanted
