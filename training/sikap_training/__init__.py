"""Fine-tune, measure and export the models that sikap scores with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sikap_training.finetune import TrainSettings
    from sikap_training.run import TrainResult, finetune

__all__ = ["TrainResult", "TrainSettings", "finetune"]


def __getattr__(name: str) -> Any:
    if name == "TrainSettings":
        from sikap_training.finetune import TrainSettings

        return TrainSettings
    if name in ("TrainResult", "finetune"):
        from sikap_training import run

        return getattr(run, name)
    raise AttributeError(f"module 'sikap_training' has no attribute {name!r}")
