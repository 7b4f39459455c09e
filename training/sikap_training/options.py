"""Hold the options that several training commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

BaseModel = Annotated[
    str | None,
    typer.Option(help="A hub name (indobenchmark/indobert-base-p1), a folder, or nothing for the project's encoder."),
]
Data = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE", help="Labelled statements; repeat for several files. The project's own if not given."),
]
RequireBehaviour = Annotated[
    bool,
    typer.Option(
        "--require-behaviour",
        help="Refuse to write a bundle that passes less of the behaviour suite than the built-in one.",
    ),
]
PrecisionName = Annotated[
    str, typer.Option("--precision", metavar="fp32|int8", help="How the bundle computes; int8 is twice as fast.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but the result.")]
