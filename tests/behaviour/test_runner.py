"""The runner and the gate, with models whose answers are known."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import sikap
from sikap.labels import SENTIMENTS, STANCES
from sikap.prediction import Prediction
from sikap_training import behaviour
from sikap_training.behaviour import BehaviourError, Case, accepted, beside_shipped, load_cases, run_suite

MFT = {"id": "a", "capability": "one", "kind": "mft", "text": "kutuk duka", "stance": ["condemnation", "condolence"]}
PAIR = {"id": "c", "capability": "three", "kind": "direction", "text": "kutuk", "changed": "kutuk keras"}


class KeywordModel:
    """A model that gives each stance the share of its word's letters that are there, and grief a sentiment."""

    def __init__(self, **probabilities: float) -> None:
        self.probabilities = probabilities
        self.asked: list[str] = []

    def predict(self, text: Sequence[str], /) -> list[Prediction]:
        self.asked += text
        return [self._one(each) for each in text]

    def _one(self, text: str) -> Prediction:
        words = {"support": "dukung", "condemnation": "kutuk", "condolence": "duka"}
        found = {name: self.probabilities.get(text, 0.9) if words[name] in text else 0.1 for name in STANCES}
        stance = tuple(name for name in STANCES if found[name] >= 0.5)
        sentiment = "negative" if "kutuk" in text or "duka" in text else "neutral"
        tone = {name: 1.0 if name == sentiment else 0.0 for name in SENTIMENTS}
        return Prediction(text, stance, sentiment, found, tone, uncertain=False, truncated=False)


def reason(model: KeywordModel, **row: object) -> str | None:
    failures = run_suite(model, [Case.from_dict(dict(row))]).failures
    return failures[0].reason if failures else None


def test_exact_stances_must_all_be_there_and_no_other():
    model = KeywordModel()
    assert reason(model, **MFT) is None
    assert reason(model, **{**MFT, "stance": ["condemnation"]}) == (
        "condemnation+condolence, negative, expected condemnation, any sentiment"
    )
    assert reason(model, **{**MFT, "stance": []}).endswith("expected none, any sentiment")
    assert reason(model, **{**MFT, "text": "kutuk"}).startswith("condemnation, negative")


def test_the_sentiment_counts_only_when_it_is_given():
    model = KeywordModel()
    assert reason(model, **MFT, sentiment="negative") is None
    assert reason(model, **MFT, sentiment="positive").endswith("expected condemnation+condolence, positive")


def test_stances_that_must_not_be_there():
    row = {key: value for key, value in MFT.items() if key != "stance"}
    assert reason(KeywordModel(), **row, must_not=["support"]) is None
    assert reason(KeywordModel(), **row, must_not=["support", "condolence"]).endswith(
        "expected no support or condolence, any sentiment"
    )


def test_a_variant_that_changes_a_label_fails_even_when_the_base_is_wrong():
    row = {"id": "b", "capability": "two", "kind": "invariance", "text": "Kenya kutuk"}
    assert reason(KeywordModel(), **row, variants=["Peru kutuk", "Mali kutuk"]) is None
    found = reason(KeywordModel(), **row, variants=["Peru kutuk", "Mali kutu"])
    assert found == "condemnation, negative became none, neutral: Mali kutu"
    # The stance is the same, the sentiment is not.
    assert reason(KeywordModel(**{"Peru kutuk": 0.2, "Kenya kutu": 0.2}), **{**row, "text": "Kenya kutu"},
                  variants=["Peru kutuk"]).endswith("none, negative: Peru kutuk")  # fmt: skip


@pytest.mark.parametrize(
    ("effect", "before", "after", "passes"),
    [
        ("not lower", 0.8, 0.9, True),
        ("not lower", 0.8, 0.795, True),
        ("not lower", 0.8, 0.78, False),
        ("not higher", 0.8, 0.2, True),
        ("not higher", 0.8, 0.805, True),
        ("not higher", 0.8, 0.82, False),
    ],
)
def test_a_direction_is_judged_by_the_probability(effect: str, before: float, after: float, passes: bool):
    model = KeywordModel(**{"kutuk": before, "kutuk keras": after})
    found = reason(model, **PAIR, label="condemnation", effect=effect)
    assert found == (None if passes else f"condemnation went from {before:.3f} to {after:.3f}")


def test_rates_stand_by_capability_in_the_order_of_the_cases():
    rows = [MFT, {**MFT, "id": "d", "stance": []}, {**PAIR, "label": "condemnation", "effect": "not lower"}]
    model = KeywordModel()
    result = run_suite(model, [Case.from_dict(row) for row in rows])
    assert result.to_dict() == {
        "cases": 3,
        "passed": 2,
        "rate": pytest.approx(2 / 3),
        "capabilities": {
            "one": {"cases": 2, "passed": 1, "rate": 0.5},
            "three": {"cases": 1, "passed": 1, "rate": 1.0},
        },
    }
    assert list(result.capabilities) == ["one", "three"]
    assert [failure.case.id for failure in result.failures] == ["d"]
    assert sorted(model.asked) == ["kutuk", "kutuk duka", "kutuk keras"]


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "other"},
        {"stance": ["anger"]},
        {"stance": None},
        {"must_not": ["support"]},
        {"sentiment": "sad"},
        {"kind": "invariance", "variants": []},
        {**PAIR, "label": "anger", "effect": "not lower"},
        {**PAIR, "label": "support", "effect": "lower"},
    ],
)
def test_what_is_no_case_is_refused(change: dict[str, object]):
    with pytest.raises(ValueError):  # noqa: PT011
        Case.from_dict({**MFT, **change})


def test_a_bundle_as_good_as_the_built_in_one_is_accepted():
    entry = beside_shipped(sikap.load())
    assert entry["passed"] == entry["shipped"]["passed"] > 250
    assert accepted(entry, allow_worse=False, advice="") == {"behaviour": entry}
    assert not entry["worse_than_shipped"]


def test_a_worse_bundle_is_refused_unless_it_is_allowed(monkeypatch: pytest.MonkeyPatch):
    entry = beside_shipped(KeywordModel())
    assert entry["worse_than_shipped"]
    counts = f"passes {entry['passed']} of {len(load_cases())} cases .* the built-in one {entry['shipped']['passed']};"
    with pytest.raises(BehaviourError, match=f"{counts} .*: do this.$"):
        accepted(entry, allow_worse=False, advice="do this")
    assert accepted(entry, allow_worse=True, advice="")["behaviour"]["worse_than_shipped"]
    monkeypatch.setattr(behaviour, "shipped_result", lambda: run_suite(KeywordModel(), load_cases()))
    assert not beside_shipped(KeywordModel())["worse_than_shipped"]


def test_the_command_needs_the_inference_package_alone():
    code = (
        "import sys\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('torch', 'transformers', 'sklearn', 'mlflow', 'pandas', 'scipy'):\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Missing())\n"
        "from sikap.cli.main import main\n"
        "sys.exit(main(['behaviour']))\n"
    )
    root = Path(__file__).parents[2]
    path = f"{root / 'inference'}:{root / 'training'}"
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "invariance: names" in done.stdout
