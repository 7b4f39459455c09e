"""Bring a bundle to every executor."""

from __future__ import annotations

import os
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sikap.address import bundle_folder
from sikap.bundle import HASHED_FILES, MANIFEST, file_digest, read_bundle
from sikap.errors import BundleError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_archives: dict[tuple[str, str], tempfile.TemporaryDirectory[str]] = {}
"""By application and archive, the folder of each archive sent: executors that start later fetch it from there."""


@dataclass(frozen=True)
class Shipment:
    """Say where a worker finds a bundle, and how it knows that it is the driver's.

    `digest` is the SHA-256 of bundle.json, which records those of the other files; `archive` the
    name among Spark's files, None for the bundle in the installed package.
    """

    digest: str
    archive: str | None

    def open(self) -> Path:
        """Return the bundle's folder on this machine. Raises BundleError when it is another bundle."""
        if self.archive is None:
            folder = bundle_folder(None)
        else:
            from pyspark import SparkFiles

            folder = Path(SparkFiles.get(self.archive))
        if file_digest(folder / MANIFEST) != self.digest:
            raise BundleError(
                f"{folder}: is not the bundle that the driver has; install one version of sikap on driver and workers."
            )
        return folder


def ship(session: SparkSession, model: str | os.PathLike[str] | None) -> Shipment:
    """Check a bundle on the driver and have Spark send it to each executor once, unless it is the built-in one.

    Raises BundleError when it cannot be trusted, or when the session cannot send files.
    """
    folder = read_bundle(bundle_folder(model)).folder
    digest = file_digest(folder / MANIFEST)
    if model is None:
        return Shipment(digest, None)
    try:
        context = session.sparkContext
    except Exception as error:  # pyspark's own, whose module differs between its versions
        raise BundleError(
            f"{os.fspath(model)}: cannot be sent over Spark Connect; run on the driver, or use the built-in model."
        ) from error
    name = f"sikap-{digest[:16]}.zip"
    if (context.applicationId, name) not in _archives:
        scratch = tempfile.TemporaryDirectory(prefix="sikap-spark-")
        archive = Path(scratch.name) / name
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for file in (MANIFEST, *HASHED_FILES):
                packed.write(folder / file, file)
        context.addArchive(str(archive))
        _archives[context.applicationId, name] = scratch
    return Shipment(digest, name)
