"""List the runs of the store beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import mlflow
from mlflow.entities import Run

from sikap_training import registry
from sikap_training.tracking import OUTPUT, experiment_id, was_killed

PAGE = 200
PARENT = "mlflow.parentRunId"
HEADLINE = ("stance_macro_f1", "sentiment_macro_f1", "exact_match")
TEST = "test_part"
STATUS = {"FINISHED": "done", "FAILED": "failed", "KILLED": "killed", "RUNNING": "running", "SCHEDULED": "waiting"}


@dataclass(frozen=True)
class RunRow:
    """Hold what is shown of a run. `metrics` has the headline figures by part: `test_part`, then each extra file."""

    run_id: str
    name: str
    started: str
    status: str
    output: str | None
    data_digest: str | None
    test_digest: str | None
    code_version: str | None
    seeds: int | None
    metrics: dict[str, dict[str, float]]
    behaviour: dict[str, int] | None
    version: int | None
    champion: bool

    @property
    def unfinished(self) -> bool:
        """Tell whether the run ended before its end."""
        return self.status in ("failed", "killed")

    def to_dict(self) -> dict[str, Any]:
        """Return the row as JSON has it."""
        return asdict(self)


def list_runs(limit: int) -> list[RunRow]:
    """Return the newest runs of the connected store, newest first; the runs of single seeds are left out."""
    numbers = {version.run_id: int(version.version) for version in registry.versions()}
    best = registry.champion()
    champion = int(best.version) if best else None
    return [_row(found, numbers.get(found.info.run_id), champion) for found in islice(_whole_runs(), limit)]


def _whole_runs() -> Iterator[Run]:
    client = mlflow.MlflowClient()
    token: str | None = None
    while True:
        page = client.search_runs(
            [experiment_id()], max_results=PAGE, order_by=["attributes.start_time DESC"], page_token=token
        )
        yield from (found for found in page if PARENT not in found.data.tags)
        token = page.token
        if not token:
            return


def _row(found: Run, version: int | None, champion: int | None) -> RunRow:
    tags, metrics = found.data.tags, found.data.metrics
    started = datetime.fromtimestamp(found.info.start_time / 1000, UTC)
    seeds = found.data.params.get("seeds", "")
    return RunRow(
        run_id=found.info.run_id,
        name=found.info.run_name,
        started=started.isoformat(timespec="seconds"),
        status="killed" if was_killed(found) else STATUS.get(found.info.status, found.info.status.lower()),
        output=tags.get(OUTPUT),
        data_digest=tags.get("data_digest"),
        test_digest=tags.get("test_digest"),
        code_version=tags.get("code_version"),
        seeds=int(seeds) if seeds.isdecimal() else None,
        metrics=_headlines(metrics),
        behaviour=_behaviour(metrics),
        version=version,
        champion=version is not None and version == champion,
    )


def _headlines(metrics: dict[str, float]) -> dict[str, dict[str, float]]:
    """Return the headline figures by part: keys are `PART.model.FIGURE.value`."""
    ending = f".model.{HEADLINE[0]}.value"
    parts = sorted(
        (key.removesuffix(ending) for key in metrics if key.endswith(ending)), key=lambda part: (part != TEST, part)
    )
    return {
        part: {name: metrics[key] for name in HEADLINE if (key := f"{part}.model.{name}.value") in metrics}
        for part in parts
    }


def _behaviour(metrics: dict[str, float]) -> dict[str, int] | None:
    pair = {name: metrics.get(f"behaviour.{name}") for name in ("passed", "cases")}
    return {name: int(value) for name, value in pair.items() if value is not None} or None


def to_resume(rows: list[RunRow]) -> list[RunRow]:
    """Return the unfinished runs whose output folder no later run of these has written."""
    seen: set[str | None] = {None}
    left = []
    for row in rows:
        if row.unfinished and row.output not in seen:
            left.append(row)
        seen.add(row.output)
    return left
