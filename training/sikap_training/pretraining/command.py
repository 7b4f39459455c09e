"""Run a pretraining with its progress bar and its record in MLflow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import mlflow
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from sikap_training import tracking
from sikap_training.pretraining.corpus import text_files
from sikap_training.pretraining.packing import is_travelling, refuse_mixed
from sikap_training.pretraining.run import pretrain
from sikap_training.pretraining.settings import PretrainSettings


def run_pretraining(
    sources: Sequence[Path],
    output: Path,
    settings: PretrainSettings,
    *,
    base_model: str | None,
    resume: bool,
    quiet: bool,
) -> dict[str, object]:
    """Pretrain as `pretrain` does, showing tokens per second and time left, and log the run to MLflow."""
    refuse_mixed(sources)
    if not resume and not is_travelling(sources[0]):
        text_files(sources)  # a missing source is said before a run is opened
    tracking.connect()
    columns = (
        TextColumn("{task.fields[rate]:,.0f} tokens/s"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )

    def log(metrics: dict[str, float], step: int) -> None:
        mlflow.log_metrics(metrics, step=step)

    with (
        tracking.run("pretrain", {"base_model": base_model, **asdict(settings)}),
        Progress(*columns, console=Console(stderr=True), disable=quiet) as progress,
    ):
        task = progress.add_task("pretrain", total=1.0, rate=0.0)
        record = pretrain(
            sources,
            output,
            settings,
            base_model=base_model,
            resume=resume,
            log=log,
            show=lambda share, rate: progress.update(task, completed=share, rate=rate),
        )
        mlflow.log_artifact(str(output / "pretraining.json"))
    return record
