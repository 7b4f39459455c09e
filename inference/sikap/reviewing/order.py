"""Put statements in the order in which a person's label tells most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from sikap.decision import Decision
from sikap.labels import STANCES
from sikap.prediction import Prediction
from sikap.reading.labelled import ADJUDICATED
from sikap.reviewing.candidates import Candidate, Labels


class Reason(IntEnum):
    """Say why a statement is worth a person's time; the lower comes first."""

    ANNOTATORS_DIFFER = 0
    MODEL_DIFFERS = 1
    IN_DOUBT = 2
    SURE = 3


@dataclass(frozen=True)
class Ranked:
    """Hold a statement, what the model says of it and why it is asked."""

    candidate: Candidate
    prediction: Prediction
    reason: Reason


def ranked(scored: Iterable[tuple[Candidate, Prediction]], decision: Decision) -> list[Ranked]:
    """Return the scored statements, the most informative first; the order depends on nothing else.

    First those that annotators label differently and nobody settled, then those whose given label the model
    contradicts, the surest contradiction first (as confident learning ranks label errors, Northcutt et al.
    2021), then those that the bundle's own decision marks uncertain, then the others. Within the rest it is
    uncertainty sampling (Lewis and Gale 1994): the nearest to a decision first, ties in the order of the file.
    Texts without a letter or digit are left out.
    """
    keyed = []
    for candidate, prediction in scored:
        if prediction.scored:
            against, near = contradiction(candidate, prediction), closeness(prediction, decision)
            reason = _reason(candidate, prediction, against)
            strength = against if reason is Reason.MODEL_DIFFERS else near
            keyed.append(((reason, -strength), Ranked(candidate, prediction, reason)))
    return [item for _, item in sorted(keyed, key=lambda pair: pair[0])]


def _reason(candidate: Candidate, prediction: Prediction, against: float) -> Reason:
    if candidate.several and ADJUDICATED not in candidate.given:
        return Reason.ANNOTATORS_DIFFER
    if against > 0:
        return Reason.MODEL_DIFFERS
    return Reason.IN_DOUBT if prediction.uncertain else Reason.SURE


def closeness(prediction: Prediction, decision: Decision) -> float:
    """Return how near to turning over the least certain label is, from 0 (all sure) to 1 (on the threshold).

    For a stance the distance is that of the probability to its threshold, as a share of what it can be on that
    side; for the sentiment it is the margin between the two likeliest (Scheffer et al. 2001).
    """
    distances = []
    for name, threshold in zip(STANCES, decision.thresholds, strict=True):
        probability = _number(prediction.stance_probabilities[name])
        side = 1 - threshold if probability >= threshold else threshold
        distances.append(abs(probability - threshold) / side if side > 0 else 1.0)
    likeliest = sorted(map(_number, prediction.sentiment_probabilities.values()))
    distances.append(likeliest[-1] - likeliest[-2])
    return 1 - min(distances)


def contradiction(candidate: Candidate, prediction: Prediction) -> float:
    """Return the highest probability that the model gives against a label it does not share, 0 if it shares all.

    Where the statement is settled, only the settled labels count.
    """
    given = candidate.given
    counted = [given[ADJUDICATED]] if ADJUDICATED in given else list(given.values())
    return max((_against(labels, prediction) for labels in counted), default=0.0)


def _against(labels: Labels, prediction: Prediction) -> float:
    found = [0.0]
    if labels.stance is not None:
        for name in STANCES:
            probability = _number(prediction.stance_probabilities[name])
            if (name in labels.stance) != (name in prediction.stance):
                found.append(1 - probability if name in labels.stance else probability)
    if labels.sentiment is not None and labels.sentiment != prediction.sentiment:
        found.append(1 - _number(prediction.sentiment_probabilities[labels.sentiment]))
    return max(found)


def _number(probability: float | None) -> float:
    return 0.0 if probability is None else probability
