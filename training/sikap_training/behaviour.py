"""Run the behaviour suite: minimal statements whose labels follow from the codebook, capability by capability.

In the manner of CheckList (Ribeiro et al. 2020). Needs the inference package alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import sikap
from sikap.errors import SikapError
from sikap.labels import NONE, SENTIMENTS, STANCES, Sentiment, Stance
from sikap.prediction import Prediction

SUITE = Path(__file__).parent / "suite" / "cases.jsonl"
TOLERANCE = 0.01
"""How far a probability may move against the expected direction: near 0 and 1 smaller steps mean nothing."""
EFFECTS = ("not lower", "not higher")


class BehaviourError(SikapError):
    """A bundle that passes a smaller share of the suite than the built-in one."""


class Predictor(Protocol):
    """What the suite asks of a model."""

    def predict(self, text: Sequence[str], /) -> list[Prediction]:
        """Score statements in the given order."""


@dataclass(frozen=True)
class Case:
    """Hold one case: its texts and what must be true of the predictions for them.

    Of kind `mft` (minimum functionality) it has one text and exact stances or stances that must
    not be there, and often a sentiment. Of kind `invariance` the first text is the base, and every
    other must get its labels. Of kind `direction` the second text is the first, changed, and the
    probability of `label` must not fall, or not rise, by more than TOLERANCE.
    """

    id: str
    capability: str
    kind: str
    texts: tuple[str, ...]
    stance: tuple[Stance, ...] | None = None
    must_not: tuple[Stance, ...] = ()
    sentiment: Sentiment | None = None
    label: Stance | None = None
    effect: str = ""

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> Case:
        """Read a line of the suite. Raises KeyError or ValueError for what is no case."""
        kind, given = row["kind"], (row["id"], row["capability"], row["kind"])
        if kind == "mft":
            exact, must_not = row.get("stance"), _stances(row.get("must_not", []))
            if (exact is None) == (not must_not):
                raise ValueError(f"{row['id']}: needs either stance or must_not")
            return cls(
                *given,
                (row["text"],),
                None if exact is None else _stances(exact),
                must_not,
                _one_of(row.get("sentiment"), (*SENTIMENTS, None)),
            )
        if kind == "invariance":
            if not row["variants"]:
                raise ValueError(f"{row['id']}: needs variants")
            return cls(*given, (row["text"], *row["variants"]))
        if kind == "direction":
            label, effect = _one_of(row["label"], STANCES), _one_of(row["effect"], EFFECTS)
            return cls(*given, (row["text"], row["changed"]), label=label, effect=effect)
        raise ValueError(f"{row['id']}: {kind!r} is no kind of case")

    def failure(self, predictions: Sequence[Prediction]) -> str | None:
        """Return what is wrong with the predictions for the texts, in their order, or None."""
        first = predictions[0]
        if self.kind == "invariance":
            changed = [p for p in predictions if (p.stance, p.sentiment) != (first.stance, first.sentiment)]
            return f"{_shown(first)} became {_shown(changed[0])}: {changed[0].text}" if changed else None
        if self.label is not None:
            before, after = (p.stance_probabilities[self.label] or 0.0 for p in predictions)
            moved = after - before if self.effect == "not higher" else before - after
            return f"{self.label} went from {before:.3f} to {after:.3f}" if moved > TOLERANCE else None
        stance_wrong = self.stance is not None and first.stance != self.stance
        stance_wrong |= any(name in first.stance for name in self.must_not)
        if stance_wrong or self.sentiment not in (None, first.sentiment):
            return f"{_shown(first)}, expected {self._expected()}"
        return None

    def _expected(self) -> str:
        stance = f"no {' or '.join(self.must_not)}" if self.stance is None else "+".join(self.stance) or NONE
        return f"{stance}, {self.sentiment or 'any sentiment'}"


def _stances(names: Sequence[str]) -> tuple[Stance, ...]:
    unknown = set(names) - set(STANCES)
    if unknown:
        raise ValueError(f"{sorted(unknown)} are no stances")
    return tuple(name for name in STANCES if name in names)


def _one_of(value: Any, allowed: Sequence[Any]) -> Any:
    if value not in allowed:
        raise ValueError(f"{value!r} is none of {allowed}")
    return value


def _shown(prediction: Prediction) -> str:
    return f"{prediction.stance_text or 'not scored'}, {prediction.sentiment}"


@dataclass(frozen=True)
class Failure:
    """Hold a case that failed, and why, in words."""

    case: Case
    reason: str


@dataclass(frozen=True)
class BehaviourResult:
    """Hold what a model came to on a suite: passed and total by capability, and the failures."""

    capabilities: dict[str, tuple[int, int]]
    failures: list[Failure]

    @property
    def cases(self) -> int:
        """Return the number of cases."""
        return sum(total for _, total in self.capabilities.values())

    @property
    def passed(self) -> int:
        """Return the number of cases that passed."""
        return self.cases - len(self.failures)

    @property
    def rate(self) -> float:
        """Return the share of all cases that passed."""
        return self.passed / self.cases

    def to_dict(self) -> dict[str, Any]:
        """Return the entry `behaviour` of bundle.json."""
        return {
            "cases": self.cases,
            "passed": self.passed,
            "rate": self.rate,
            "capabilities": {
                name: {"cases": total, "passed": passed, "rate": passed / total}
                for name, (passed, total) in self.capabilities.items()
            },
        }


def load_cases(file: Path = SUITE) -> list[Case]:
    """Read a suite, one JSON object a line. Raises KeyError or ValueError for a line that is no case."""
    return [Case.from_dict(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def run_suite(model: Predictor, cases: Sequence[Case]) -> BehaviourResult:
    """Score the texts of all cases and judge each case; capabilities stay in the cases' order."""
    texts = list(dict.fromkeys(text for case in cases for text in case.texts))
    scored = dict(zip(texts, model.predict(texts), strict=True))
    capabilities: dict[str, tuple[int, int]] = {}
    failures: list[Failure] = []
    for case in cases:
        reason = case.failure([scored[text] for text in case.texts])
        passed, total = capabilities.get(case.capability, (0, 0))
        capabilities[case.capability] = (passed + (reason is None), total + 1)
        if reason is not None:
            failures.append(Failure(case, reason))
    return BehaviourResult(capabilities, failures)


@cache
def shipped_result() -> BehaviourResult:
    """Return what the built-in bundle comes to on the suite; computed once in a process."""
    return run_suite(sikap.load(), load_cases())


def beside_shipped(model: Predictor) -> dict[str, Any]:
    """Return the entry `behaviour` of bundle.json: what a model and the built-in bundle come to on the suite."""
    found, shipped = run_suite(model, load_cases()), shipped_result()
    return {
        **found.to_dict(),
        "shipped": {"passed": shipped.passed, "rate": shipped.rate},
        "worse_than_shipped": found.rate < shipped.rate,
    }


def accepted(entry: dict[str, Any], *, allow_worse: bool, advice: str) -> dict[str, Any]:
    """Return what a bundle's manifest gains: `entry`, which `beside_shipped` gave, as `behaviour`.

    Raises BehaviourError, which ends with `advice`, when it tells of a smaller share of passed cases
    than the built-in bundle's, unless `allow_worse`.
    """
    if entry["worse_than_shipped"] and not allow_worse:
        raise BehaviourError(
            f"the new bundle passes {entry['passed']} of {entry['cases']} cases of the behaviour suite,"
            f" the built-in one {entry['shipped']['passed']}; it was not written: {advice}."
        )
    return {"behaviour": entry}
