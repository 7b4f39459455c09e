"""Which folder a model address names."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest

import sikap
from sikap.address import DEFAULT_BUNDLE, bundle_folder
from sikap.errors import BundleError, MissingExtraError


def test_nothing_is_the_bundle_in_the_package():
    assert bundle_folder(None) == DEFAULT_BUNDLE == Path(sikap.__file__).parent / "bundles" / "default"


def test_a_path_is_a_folder(tmp_path):
    assert bundle_folder(tmp_path) == bundle_folder(str(tmp_path)) == tmp_path


@pytest.mark.parametrize("address", ["models:/sikap@champion", "runs:/abc/model"])
def test_an_mlflow_address_without_mlflow(refused, monkeypatch, address):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    monkeypatch.setitem(sys.modules, "mlflow.artifacts", None)
    with pytest.raises(MissingExtraError):
        sikap.load(address)
    sentence = refused("Kami", model=address)
    assert f"{address}: an MLflow address needs mlflow" in sentence
    assert "pip install 'sikap[training]'" in sentence


@pytest.fixture
def registry(monkeypatch, tiny_bundle):
    """A stand-in for mlflow.artifacts that knows one model; the real one takes seconds to open a store."""

    def download_artifacts(artifact_uri: str) -> str:
        if artifact_uri != "models:/sikap@champion":
            raise RuntimeError("Registered Model with name=lain not found\nand more")
        return str(tiny_bundle)

    module = types.ModuleType("mlflow.artifacts")
    module.download_artifacts = download_artifacts
    parent = types.ModuleType("mlflow")
    parent.artifacts = module
    parent.is_tracking_uri_set = lambda: True
    monkeypatch.setitem(sys.modules, "mlflow", parent)
    monkeypatch.setitem(sys.modules, "mlflow.artifacts", module)


def test_an_mlflow_address_is_fetched(registry, model):
    assert sikap.load("models:/sikap@champion", threads=1).manifest == model.manifest


def test_an_mlflow_address_that_names_nothing(registry, refused):
    with pytest.raises(BundleError):
        bundle_folder("models:/lain@champion")
    sentence = refused("Kami", model="models:/lain@champion")
    assert "MLflow found no such model (Registered Model with name=lain not found)" in sentence
