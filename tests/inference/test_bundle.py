"""What a bundle is checked for before anything is computed with it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sikap
from sikap.bundle import HASHED_FILES, file_digest, read_bundle
from sikap.errors import BundleError


@pytest.fixture
def bundle(tiny_bundle: Path, tmp_path: Path) -> Path:
    """A copy that a test may damage."""
    return Path(shutil.copytree(tiny_bundle, tmp_path / "bundle"))


def changed(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change bundle.json."""
    path = folder / "bundle.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")


def test_a_sound_bundle_says_what_it_is(tiny_bundle):
    bundle = read_bundle(tiny_bundle)
    assert bundle.max_length == 32
    assert bundle.manifest["labels"] == {
        "stance": ["support", "condemnation", "condolence"],
        "sentiment": ["negative", "neutral", "positive"],
    }
    assert bundle.decision.thresholds == (0.9, 0.5, 0.7)
    assert {path.name for path in tiny_bundle.iterdir()} == {*HASHED_FILES, "bundle.json"}


@pytest.mark.parametrize("name", HASHED_FILES)
def test_one_changed_byte_is_noticed(refused, bundle, name):
    content = bytearray((bundle / name).read_bytes())
    content[len(content) // 2] ^= 1
    (bundle / name).write_bytes(content)
    sentence = refused("Kami", "--model", bundle, model=bundle)
    assert f"{bundle / name}: its SHA-256 is not the recorded one" in sentence
    assert "copy it again" in sentence


@pytest.mark.parametrize("name", HASHED_FILES)
def test_a_missing_or_linked_file(refused, bundle, tiny_bundle, name):
    (bundle / name).unlink()
    assert f"{bundle / name}: missing from the bundle" in refused("Kami", model=bundle)
    (bundle / name).symlink_to(tiny_bundle / name)
    assert f"{bundle / name}: missing from the bundle, or a link" in refused("Kami", model=bundle)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: m.update(format_version=2), "has format 2 and this sikap reads up to 1; upgrade sikap"),
        (lambda m: m.update(format_version="1"), "no valid format_version"),
        (lambda m: m.update(format_version=True), "no valid format_version"),
        (lambda m: m["labels"]["stance"].reverse(), "not the codebook's"),
        (lambda m: m["labels"]["sentiment"].append("mixed"), "not the codebook's"),
        (lambda m: m.pop("labels"), "not the codebook's"),
        (lambda m: m.update(opset=99), "opset 99"),
        (lambda m: m.update(max_length=0), "max_length must lie between 8"),
        (lambda m: m.pop("max_length"), "an entry is missing or wrong"),
        (lambda m: m["thresholds"].pop("support"), "an entry is missing or wrong"),
        (lambda m: m.update(thresholds=[0.5]), "an entry is missing or wrong"),
        (lambda m: m["calibration"]["sentiment"].update(temperature=0), "an entry is missing or wrong"),
        (lambda m: m["calibration"]["stance"]["support"].update(scale=float("nan")), "an entry is missing or wrong"),
        (lambda m: m["files"].pop("README.md"), "must record the SHA-256"),
        (lambda m: m["files"].update({"../lain": "0" * 64}), "must record the SHA-256"),
        (lambda m: m["files"].update({"model.onnx": "0"}), "malformed"),
    ],
)
def test_an_unfit_manifest(refused, bundle, change, said):
    changed(bundle, change)
    sentence = refused("Kami", model=bundle)
    assert str(bundle) in sentence
    assert said in sentence
    with pytest.raises(BundleError):
        sikap.load(bundle)


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_a_manifest_that_is_no_json_object(refused, bundle, content):
    (bundle / "bundle.json").write_bytes(content)
    assert f"{bundle / 'bundle.json'}: " in refused("Kami", model=bundle)


def test_no_manifest_no_folder_or_a_file(refused, bundle):
    (bundle / "bundle.json").unlink()
    assert "not a model bundle, bundle.json is missing; pass a folder" in refused("Kami", model=bundle)
    assert "tiada: no such folder; pass the folder of a model bundle" in refused("Kami", model=bundle / "tiada")
    assert "no such folder" in refused("Kami", model=bundle / "model.onnx")
    assert "pass the folder of a model bundle" in refused("Kami", model="a" * 5000)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_file_that_is_hashed_and_still_nonsense(refused, bundle, name):
    (bundle / name).write_bytes(b"bukan apa-apa")
    changed(bundle, lambda m: m["files"].update({name: file_digest(bundle / name)}))
    assert f"{bundle / name}: " in refused("Kami", model=bundle)


def test_a_graph_with_other_outputs(refused, bundle):
    import onnx

    graph = onnx.load(bundle / "model.onnx")
    for node in graph.graph.node:
        node.output[:] = ["skor" if name == "stance_logits" else name for name in node.output]
    graph.graph.output[0].name = "skor"
    onnx.save(graph, bundle / "model.onnx")
    changed(bundle, lambda m: m["files"].update({"model.onnx": file_digest(bundle / "model.onnx")}))
    assert "are not a sikap model's; export the bundle again" in refused("Kami", model=bundle)
