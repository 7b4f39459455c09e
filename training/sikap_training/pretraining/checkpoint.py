"""Save and restore a pretraining run, tensors in safetensors and counters in JSON."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import PreTrainedModel

from sikap.errors import InputError
from sikap_training.pretraining.settings import PretrainSettings


@dataclass(frozen=True)
class Progress:
    """Count what a run has done: optimizer steps, tokens seen, seconds spent training."""

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0

    def share(self, settings: PretrainSettings) -> float:
        """Return the share of the run that is done, by time or by tokens."""
        if settings.hours is not None:
            return self.seconds / (3600 * settings.hours)
        return self.tokens / (settings.tokens or 1)


def save(folder: Path, model: PreTrainedModel, optimizers: list[torch.optim.Optimizer], done: Progress) -> None:
    """Write a checkpoint beside `folder` and move it into place, so that a kill never leaves half of one."""
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    tensors = {f"model.{name}": value.detach().contiguous().clone() for name, value in model.named_parameters()}
    for number, optimizer in enumerate(optimizers):
        for index, state in optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{number}.{index}.{key}": value.clone() for key, value in state.items()}
    save_file(tensors, fresh / "state.safetensors")
    (fresh / "progress.json").write_text(json.dumps(asdict(done)), encoding="utf-8")
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        os.replace(folder, old)
    os.replace(fresh, folder)
    shutil.rmtree(old, ignore_errors=True)


def checkpoint_folder(folder: Path) -> Path:
    """Return where the last checkpoint lies: `folder`, or beside it when a kill hit its replacement.

    Raises InputError when there is none.
    """
    source = folder if folder.exists() else folder.with_name(folder.name + ".old")
    if not (source / "progress.json").is_file():
        raise InputError(f"{folder}: no checkpoint to resume from; run without --resume to start anew.")
    return source


def restore(folder: Path, model: PreTrainedModel, optimizers: list[torch.optim.Optimizer]) -> Progress:
    """Load the checkpoint in `folder` into model and optimizers; return how far it had come.

    Raises InputError when there is none.
    """
    source = checkpoint_folder(folder)
    tensors = load_file(source / "state.safetensors")
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(tensors[f"model.{name}"])
    states: list[dict[int, dict[str, torch.Tensor]]] = [{} for _ in optimizers]
    for key, value in tensors.items():
        if key.startswith("optimizer."):
            _, number, index, field = key.split(".")
            states[int(number)].setdefault(int(index), {})[field] = value
    for optimizer, state in zip(optimizers, states, strict=True):
        optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    return Progress(**json.loads((source / "progress.json").read_text(encoding="utf-8")))
