"""The bundle as an MLflow pyfunc model (logged as code: MLflow runs this file to load it)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import mlflow
import pandas
from mlflow.exceptions import MlflowException
from mlflow.pyfunc.model import PythonModel

import sikap

SERVED_CHARACTERS = 1_000_000
"""Characters in all the texts of a served request, so that none outlasts the timeout of MLflow's server."""
SERVING = "_MLFLOW_IS_IN_SERVING_ENVIRONMENT"
"""Variable that MLflow's server sets; a batch job, which sets none, has no limit."""


class SikapModel(PythonModel):
    """Score a table with a column `text`; return the columns of `sikap score --format csv`."""

    def load_context(self, context: Any) -> None:
        """Open the bundle among the model's artifacts."""
        self._model = sikap.load(context.artifacts["bundle"])

    def predict(
        self, context: Any, model_input: pandas.DataFrame, params: dict[str, Any] | None = None
    ) -> pandas.DataFrame:
        """Score the texts of a data frame, or of a list of strings or of {"text": ...}; null counts as empty.

        Raises MlflowException for a text that is no string and, where MLflow serves the model, for
        more characters than one request may have. Of any other type hint than a data frame MLflow
        makes a signature of its own, or warns that it cannot.
        """
        texts = [_text(row, value) for row, value in enumerate(_texts(model_input), 1)]
        _check_size(texts)
        rows = []
        for prediction in self._model.predict(texts):
            scores = prediction.scores()
            row = {"stance": prediction.stance_text, "sentiment": scores["sentiment"]}
            for head in ("stance", "sentiment"):
                row |= {f"{head}_{name}": p for name, p in scores[f"{head}_probabilities"].items()}
            rows.append({**row, "uncertain": scores["uncertain"], "truncated": scores["truncated"]})
        return _without_nan(pandas.DataFrame(rows))


def _texts(model_input: Any) -> Iterable[Any]:
    if isinstance(model_input, pandas.DataFrame):
        return list(model_input["text"] if "text" in model_input else model_input.iloc[:, 0])
    return [item["text"] if isinstance(item, dict) else item for item in model_input]


def _text(row: int, value: Any) -> str:
    if isinstance(value, str):
        return value
    if pandas.api.types.is_scalar(value) and pandas.isna(value):
        return ""
    raise MlflowException.invalid_parameter_value(f"row {row}: text must be a string or null, not {value!r:.40}.")


def _check_size(texts: list[str]) -> None:
    characters = sum(map(len, texts))
    if os.environ.get(SERVING) == "true" and characters > SERVED_CHARACTERS:
        raise MlflowException.invalid_parameter_value(
            f"the request holds {characters:,} characters and may hold {SERVED_CHARACTERS:,};"
            " send it in several requests."
        )


def _without_nan(frame: pandas.DataFrame) -> pandas.DataFrame:
    """Return a table in which what was not scored is None: MLflow writes NaN into JSON, which has none."""
    unscored = frame.isna()
    for column in frame.columns[unscored.any()]:
        frame[column] = frame[column].astype(object).mask(unscored[column], None)
    return frame


mlflow.models.set_model(SikapModel())
