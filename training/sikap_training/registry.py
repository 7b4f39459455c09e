"""Keep versions of the model in MLflow's registry: add one, find one, read one, and say which is the champion."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mlflow
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.models.model import ModelInfo

import sikap
from sikap.errors import BundleError
from sikap.model import Model
from sikap_training.evaluation import short
from sikap_training.store import StoreError
from sikap_training.tracking import REGISTERED, code_version

CHAMPION = "champion"


def register_bundle(logged: ModelInfo, manifest: Mapping[str, Any], identity: Mapping[str, str]) -> ModelVersion:
    """Register a logged bundle as the next version of `sikap`.

    Its tags hold `identity` (the digests of data and test part), the code's version and the headline
    figures of the test part; its description says the same in words. Version, tags and description
    are one write: a kill leaves all of them or none.
    """
    client = mlflow.MlflowClient()
    try:
        client.create_registered_model(REGISTERED, description="Stance and sentiment of Indonesian statements.")
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    figures = short(manifest["metrics"]["test part"]["model"])
    tags = {
        **identity,
        "code_version": code_version() or f"sikap {sikap.__version__}",
        **{name: f"{value:.4f}" for name, value in figures.items()},
    }
    return client.create_model_version(
        REGISTERED,
        source=logged.model_uri,
        run_id=logged.run_id,
        tags=tags,
        description=_description(manifest, figures, tags),
        model_id=logged.model_id,
    )


def _description(manifest: Mapping[str, Any], figures: Mapping[str, float], tags: Mapping[str, str]) -> str:
    shown = ", ".join(f"{name.replace('_', ' ')} {100 * value:.1f}" for name, value in figures.items())
    trained, tested = sum(row["train"] for row in manifest["data"]), manifest["metrics"]["test part"]["statements"]
    return (
        f"{manifest['encoder']['name']}, {trained} training statements (all parts: {tags['data_digest'][:12]}),"
        f" code {tags['code_version'][:12]}. Test part ({tested} statements, {tags['test_digest'][:12]}): {shown}."
    )


def versions() -> list[ModelVersion]:
    """Return all versions, oldest first; none when nothing was registered."""
    found = mlflow.MlflowClient().search_model_versions(f"name = '{REGISTERED}'", max_results=10_000)
    return sorted(found, key=lambda version: int(version.version))


def find_version(number: int) -> ModelVersion:
    """Return a version by its number. Raises StoreError when there is none of it."""
    known = versions()
    for version in known:
        if int(version.version) == number:
            return version
    there = f"the newest is {known[-1].version}" if known else "none is registered yet; `sikap train` registers one"
    raise StoreError(f"{REGISTERED} has no version {number}: {there}.")


def champion() -> ModelVersion | None:
    """Return the version that bears the alias `champion`, or None."""
    try:
        return mlflow.MlflowClient().get_model_version_by_alias(REGISTERED, CHAMPION)
    except MlflowException as error:
        if error.error_code in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
            return None
        raise


@contextmanager
def opened(version: ModelVersion) -> Iterator[Model]:
    """Open a version's bundle from a copy that is gone afterwards.

    Raises StoreError when the version holds no bundle that can be read.
    """
    address = f"models:/{version.name}/{version.version}"
    with tempfile.TemporaryDirectory(prefix="sikap-version-") as folder:
        try:
            mlflow.artifacts.download_artifacts(artifact_uri=address, dst_path=folder)
            model = sikap.load(Path(folder) / "artifacts" / "bundle")
        except (MlflowException, BundleError, OSError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(". ").replace(f"{folder}/", "")
            raise StoreError(f"{address} holds no bundle that can be read ({reason}).") from error
        yield model


def set_champion(version: ModelVersion, tags: Mapping[str, str]) -> None:
    """Give a version the alias `champion`, and tags that say how it came to it; tags come first."""
    client = mlflow.MlflowClient()
    for key, value in tags.items():
        client.set_model_version_tag(version.name, version.version, key, value)
    client.set_registered_model_alias(version.name, CHAMPION, version.version)


def clear_tag(version: ModelVersion, key: str) -> None:
    """Take a tag from a version, if it has it."""
    if key in version.tags:
        mlflow.MlflowClient().delete_model_version_tag(version.name, version.version, key)
