"""Read and check a model bundle: the folder that inference loads."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sikap.decision import Decision
from sikap.errors import BundleError
from sikap.labels import SENTIMENTS, STANCES

FORMAT_VERSION = 1
HIGHEST_OPSET = 23
"""The highest ONNX opset that the oldest supported onnxruntime reads."""
MANIFEST = "bundle.json"
MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"
CARD = "README.md"
HASHED_FILES = (MODEL, TOKENIZER, CARD)
LONGEST_INPUT = 4096
LARGEST = {MODEL: 2**31, TOKENIZER: 2**26, CARD: 2**22, MANIFEST: 2**22}
"""Bytes of each file at most, so that none is read that could take all memory; 2 GiB is protobuf's own limit."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Bundle:
    """Hold a bundle that has passed every check: its folder, manifest and decision rule."""

    folder: Path
    manifest: dict[str, Any]
    decision: Decision
    max_length: int

    @property
    def model_file(self) -> Path:
        """Return the path of the ONNX graph."""
        return self.folder / MODEL

    @property
    def tokenizer_file(self) -> Path:
        """Return the path of the tokenizer."""
        return self.folder / TOKENIZER


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_bundle(folder: Path) -> Bundle:
    """Read and check the bundle in a folder.

    Raises BundleError, one sentence, when the folder is no bundle, was written for another
    format, carries other labels, or holds a file whose SHA-256 is not the recorded one.
    """
    try:
        manifest = _manifest(folder)
        _check_format(folder, manifest)
        _check_files(folder, manifest)
    except OSError as error:
        raise BundleError(
            f"{folder}: cannot be read ({error.strerror or error}); pass the folder of a model bundle."
        ) from error
    try:
        decision = Decision.from_dict(manifest)
        max_length = manifest["max_length"]
        if not isinstance(max_length, int) or not 8 <= max_length <= LONGEST_INPUT:
            raise ValueError(f"max_length must lie between 8 and {LONGEST_INPUT}")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BundleError(
            f"{folder / MANIFEST}: an entry is missing or wrong ({error}); export the bundle again."
        ) from error
    return Bundle(folder, manifest, decision, max_length)


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not folder.is_dir():
        raise BundleError(f"{folder}: no such folder; pass the folder of a model bundle (it holds {MANIFEST}).")
    if not path.is_file():
        raise BundleError(
            f"{folder}: not a model bundle, {MANIFEST} is missing; pass a folder written by `sikap export`."
        )
    _check_size(path)
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BundleError(f"{path}: cannot be read as JSON ({error}); export the bundle again.") from error
    if not isinstance(manifest, dict):
        raise BundleError(f"{path}: holds no JSON object; export the bundle again.")
    return manifest


def _check_format(folder: Path, manifest: dict[str, Any]) -> None:
    version = manifest.get("format_version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise BundleError(f"{folder / MANIFEST}: has no valid format_version; export the bundle again.")
    if version > FORMAT_VERSION:
        raise BundleError(
            f"{folder}: the bundle has format {version} and this sikap reads up to {FORMAT_VERSION}; upgrade sikap."
        )
    labels = manifest.get("labels")
    if labels != {"stance": list(STANCES), "sentiment": list(SENTIMENTS)}:
        raise BundleError(f"{folder}: the bundle's labels are {labels}, not the codebook's; export it with this sikap.")
    opset = manifest.get("opset")
    if not isinstance(opset, int) or not 11 <= opset <= HIGHEST_OPSET:
        raise BundleError(f"{folder}: ONNX opset {opset} is not one of 11 to {HIGHEST_OPSET}; export the bundle again.")


def _check_files(folder: Path, manifest: dict[str, Any]) -> None:
    recorded = manifest.get("files")
    if not isinstance(recorded, dict) or set(recorded) != set(HASHED_FILES):
        raise BundleError(
            f"{folder / MANIFEST}: must record the SHA-256 of {', '.join(HASHED_FILES)}; export it again."
        )
    for name in HASHED_FILES:
        path, digest = folder / name, recorded[name]
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            raise BundleError(f"{folder / MANIFEST}: the SHA-256 of {name} is malformed; export the bundle again.")
        if path.is_symlink() or not path.is_file():
            raise BundleError(f"{path}: missing from the bundle, or a link; copy or export the bundle again.")
        _check_size(path)
        if file_digest(path) != digest:
            raise BundleError(
                f"{path}: its SHA-256 is not the recorded one: the file was changed or damaged; copy it again."
            )


def _check_size(path: Path) -> None:
    if path.stat().st_size > LARGEST[path.name]:
        raise BundleError(f"{path}: larger than {LARGEST[path.name] // 2**20:,} MiB; export the bundle again.")
