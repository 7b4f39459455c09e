"""Read the stance and sentiment of Indonesian diplomatic statements.

>>> import sikap
>>> model = sikap.load()
>>> model.predict("Kami mengutuk keras serangan itu.").stance
('condemnation',)
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

from sikap.errors import BundleError, InputError, MissingExtraError, OutputError, SikapError
from sikap.labels import SENTIMENTS, STANCES
from sikap.prediction import Prediction

if TYPE_CHECKING:
    from sikap.analysis import analyze
    from sikap.explanation import Explanation
    from sikap.model import Model
    from sikap.statement import Statement

__version__ = "0.1.0"
__all__ = [
    "SENTIMENTS",
    "STANCES",
    "BundleError",
    "Explanation",
    "InputError",
    "MissingExtraError",
    "Model",
    "OutputError",
    "Prediction",
    "SikapError",
    "Statement",
    "analyze",
    "load",
]


def load(model: str | os.PathLike[str] | None = None, *, threads: int | None = None, batch_size: int = 32) -> Model:
    """Load a model bundle: the default, a folder, or an MLflow address such as "models:/sikap@champion".

    `threads` None takes all cores. Raises BundleError for a bundle that cannot be trusted and
    MissingExtraError for an MLflow address without MLflow.
    """
    from sikap.address import bundle_folder
    from sikap.model import open_model

    return open_model(bundle_folder(model), threads=threads, batch_size=batch_size)


_LAZY = {
    "Explanation": "sikap.explanation",
    "Model": "sikap.model",
    "Statement": "sikap.statement",
    "analyze": "sikap.analysis",
}
"""Names that cost something to import, and where they are; kept out of `import sikap`."""


def __getattr__(name: str) -> object:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'sikap' has no attribute {name!r}")
