"""Hold what one seed of a training came to, and keep it in its folder."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import nn

RESULT = "result.json"
BEST = "best.safetensors"


@dataclass(frozen=True)
class SeedResult:
    """Hold what one seed came to: where its weights are, its figures, its logits per part."""

    seed: int
    folder: Path
    figures: dict[str, dict[str, float]]
    logits: dict[str, NDArray[np.float64]] = field(repr=False)
    history: list[dict[str, float]] = field(default_factory=list, repr=False)
    """What the trainer logged, in order, each with its `epoch`; from the first epoch on, also after a resume."""

    @property
    def validation_score(self) -> float:
        """Return what seeds are compared by: the mean of both macro-F1 on the validation part."""
        part = self.figures["validation"]
        return (part["stance_macro_f1"] + part["sentiment_macro_f1"]) / 2


def write_result(result: SeedResult, network: nn.Module) -> None:
    """Write a seed's best weights, logits and figures, and drop its checkpoints; the figures last."""
    save_file({name: tensor.cpu().contiguous() for name, tensor in network.state_dict().items()}, result.folder / BEST)
    for name in ("validation", "test"):
        np.save(result.folder / f"{name}.npy", result.logits[name])
    for checkpoint in result.folder.glob("checkpoint-*"):
        shutil.rmtree(checkpoint, ignore_errors=True)
    fresh = result.folder / (RESULT + ".new")
    fresh.write_text(json.dumps({"figures": result.figures, "history": result.history}, indent=1), encoding="utf-8")
    os.replace(fresh, result.folder / RESULT)


def read_result(seed: int, folder: Path) -> SeedResult:
    """Return what a finished seed wrote."""
    written = json.loads((folder / RESULT).read_text(encoding="utf-8"))
    logits = {name: np.load(folder / f"{name}.npy", allow_pickle=False) for name in ("validation", "test")}
    return SeedResult(seed, folder, written["figures"], logits, written["history"])
