"""Fine-tune, measure and export the models that sikap scores with."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

# MLflow reads these when it is imported: no telemetry, no progress bars, no notes on its tables.
for _name, _value in {
    "DO_NOT_TRACK": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
}.items():
    os.environ.setdefault(_name, _value)

if TYPE_CHECKING:
    from sikap_training.run import TrainResult, finetune
    from sikap_training.tuning import TrainSettings

__all__ = ["TrainResult", "TrainSettings", "finetune"]


def __getattr__(name: str) -> Any:
    if name == "TrainSettings":
        from sikap_training.tuning import TrainSettings

        return TrainSettings
    if name in ("TrainResult", "finetune"):
        from sikap_training import run

        return getattr(run, name)
    raise AttributeError(f"module 'sikap_training' has no attribute {name!r}")
