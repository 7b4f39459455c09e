"""The bundle as an MLflow pyfunc model (logged as code: MLflow runs this file to load it)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import mlflow
import pandas
from mlflow.pyfunc.model import PythonModel

import sikap


class SikapModel(PythonModel):
    """Score a table with a column `text`; return the columns of `sikap score --format csv`."""

    def load_context(self, context: Any) -> None:
        """Open the bundle among the model's artifacts."""
        self._model = sikap.load(context.artifacts["bundle"])

    def predict(
        self, context: Any, model_input: pandas.DataFrame, params: dict[str, Any] | None = None
    ) -> pandas.DataFrame:
        """Score the texts of a data frame, or of a list of strings or of {"text": ...}; null counts as empty.

        Of any other type hint than a data frame MLflow makes a signature of its own, or warns that it cannot.
        """
        texts = [text if isinstance(text, str) else "" for text in _texts(model_input)]
        rows = []
        for prediction in self._model.predict(texts):
            scores = prediction.scores()
            row = {"stance": prediction.stance_text, "sentiment": scores["sentiment"]}
            for head in ("stance", "sentiment"):
                row |= {f"{head}_{name}": p for name, p in scores[f"{head}_probabilities"].items()}
            rows.append({**row, "uncertain": scores["uncertain"], "truncated": scores["truncated"]})
        return pandas.DataFrame(rows)


def _texts(model_input: Any) -> Iterable[Any]:
    if isinstance(model_input, pandas.DataFrame):
        return list(model_input["text"] if "text" in model_input else model_input.iloc[:, 0])
    return [item["text"] if isinstance(item, dict) else item for item in model_input]


mlflow.models.set_model(SikapModel())
