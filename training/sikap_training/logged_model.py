"""Log a bundle to MLflow as a pyfunc model that needs no torch."""

from __future__ import annotations

import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import mlflow.pyfunc
import pandas
from mlflow.models import infer_signature
from mlflow.models.model import ModelInfo

import sikap

EXAMPLE = pandas.DataFrame(
    {"text": ["Kami mengutuk keras serangan itu.", "Kami menyampaikan belasungkawa kepada keluarga para korban."]}
)
LIGHT = ("mlflow", "numpy", "onnxruntime", "pandas", "rich", "tokenizers", "typer")


def log_bundle(bundle: Path) -> ModelInfo:
    """Log a bundle under the current run as `model`.

    The model carries the inference package's code, so that it loads where sikap is not
    installed, and requires only what inference needs.
    """
    from sikap_training import pyfunc_model  # noqa: F401  (fails early when the file does not load)

    with tempfile.TemporaryDirectory() as folder:
        code = Path(folder) / "sikap"
        shutil.copytree(Path(sikap.__file__).parent, code, ignore=shutil.ignore_patterns("__pycache__", "bundles"))
        named = Path(folder) / "bundle"  # MLflow stores it under its folder's name, where `sikap.load` looks for it
        shutil.copytree(bundle, named)
        info: ModelInfo = mlflow.pyfunc.log_model(
            name="model",
            python_model=str(Path(__file__).with_name("pyfunc_model.py")),
            artifacts={"bundle": str(named)},
            code_paths=[str(code)],
            signature=infer_signature(EXAMPLE, _output(bundle)),
            input_example=EXAMPLE,
            pip_requirements=[f"{name}=={version(name)}" for name in LIGHT],
        )
    return info


def _output(bundle: Path) -> Any:
    from sikap_training.pyfunc_model import SikapModel

    context = SimpleNamespace(artifacts={"bundle": str(bundle)})
    model = SikapModel()
    model.load_context(context)
    return model.predict(context, EXAMPLE)
