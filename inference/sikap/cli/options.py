"""Hold the options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Target = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="FILE", help="Where to write; - or nothing is standard output."),
]
ModelBundle = Annotated[
    str | None,
    typer.Option(metavar="BUNDLE", help="A bundle's folder or an MLflow address; the built-in one if not given."),
]
Threads = Annotated[int | None, typer.Option(min=1, max=1024, help="Threads to compute with; all cores if not given.")]
BatchSize = Annotated[
    int, typer.Option(min=1, help="Statements of 32 tokens that are computed together; of shorter ones more.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar, no warnings.")]
