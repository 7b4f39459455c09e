"""Reach the commands of the training package."""

from __future__ import annotations

import importlib.util
from typing import Any

import typer

from sikap.errors import MissingExtraError

NEEDED = ("torch", "transformers", "datasets", "sklearn", "mlflow", "accelerate", "onnx")
LIGHT = ("behaviour",)
"""Commands of the training package that need the inference package alone."""


def training_command(name: str) -> Any:
    """Return a command of sikap_training; raise MissingExtraError when its packages are missing."""
    needed = () if name in LIGHT else NEEDED
    missing = [package for package in needed if importlib.util.find_spec(package) is None]
    if missing:
        raise MissingExtraError(
            f"`sikap {name}` needs packages that are not installed ({', '.join(missing)});"
            " install them with `pip install 'sikap[training]'`."
        )
    from sikap_training.cli import app

    command = typer.main.get_command(app)
    return command.commands[name]  # type: ignore[attr-defined]
