"""Find the bundle that a model address names."""

from __future__ import annotations

import os
from pathlib import Path

from sikap.errors import BundleError, MissingExtraError

DEFAULT_BUNDLE = Path(__file__).parent / "bundles" / "default"
STORE = Path("mlruns") / "mlflow.db"
_REGISTRY = ("models:/", "runs:/", "mlflow-artifacts:/")


def bundle_folder(address: str | os.PathLike[str] | None) -> Path:
    """Return the folder that an address names.

    None is the bundle that ships with sikap; a string that starts with "models:/" or "runs:/"
    is fetched with MLflow; anything else is a folder. Raises MissingExtraError when MLflow is
    needed and not installed, BundleError when it does not find the model.
    """
    if address is None:
        return DEFAULT_BUNDLE
    text = os.fspath(address)
    return _fetch(text) if text.startswith(_REGISTRY) else Path(text)


def _fetch(address: str) -> Path:
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    try:
        import mlflow.artifacts
    except ImportError as error:
        raise MissingExtraError(
            f"{address}: an MLflow address needs mlflow; install it with `pip install 'sikap[training]'`."
        ) from error
    _find_store()
    try:
        folder = Path(mlflow.artifacts.download_artifacts(artifact_uri=address))
    except Exception as error:  # MLflow raises many kinds; each means that there is no such model
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BundleError(
            f"{address}: MLflow found no such model ({reason}); see `mlflow models` and MLFLOW_TRACKING_URI."
        ) from error
    inside = folder / "artifacts" / "bundle"
    return inside if inside.is_dir() else folder


def _find_store() -> None:
    """Point MLflow at the store that `sikap train` keeps in this folder, unless it was told of another."""
    import mlflow

    if not mlflow.is_tracking_uri_set() and STORE.is_file():
        mlflow.set_tracking_uri(f"sqlite:///{STORE.resolve()}")
