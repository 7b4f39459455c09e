"""Run `sikap pretrain`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sikap.errors import InputError
from sikap_training.console import log_to_terminal
from sikap_training.options import Quiet


def pretrain(
    sources: Annotated[
        list[Path],
        typer.Argument(help="Text files or folders, plain or gzip, one document a line; or a packed corpus's folder."),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the encoder.")],
    hours: Annotated[float | None, typer.Option(min=0.001, help="Train for this long.")] = None,
    tokens: Annotated[int | None, typer.Option(min=1, help="Train on this many tokens.")] = None,
    base_model: Annotated[
        str | None, typer.Option(help="Go on from this model, a folder or a hub name; a new one if not given.")
    ] = None,
    vocabulary_size: Annotated[
        int, typer.Option(min=100, max=65_536, help="Entries of a new model's WordPiece vocabulary.")
    ] = 16_000,
    layers: Annotated[int, typer.Option(min=1, help="A new model's transformer layers.")] = 4,
    width: Annotated[
        int, typer.Option(min=8, help="A new model's hidden width; one attention head for every 64.")
    ] = 256,
    length: Annotated[int, typer.Option(min=8, max=256, help="Tokens of a sequence.")] = 128,
    batch_tokens: Annotated[int, typer.Option(min=256, help="Tokens of a step.")] = 8192,
    learning_rate: Annotated[float, typer.Option(help="Peak learning rate of embeddings and output.")] = 1e-3,
    hidden_learning_rate: Annotated[
        float, typer.Option(help="Peak learning rate of the matrices inside the layers.")
    ] = 2e-3,
    share: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATTERN=SHARE",
            help="Take documents of files that match so often: 0.1 a tenth of them, 3 each three times. Repeatable.",
        ),
    ] = None,
    compiled: Annotated[
        bool, typer.Option("--compile", help="Compile the encoder: faster, needs a C++ compiler.")
    ] = False,
    shard_megabytes: Annotated[
        int, typer.Option(min=1, help="Write the weights in files of at most this size.")
    ] = 1000,
    seed: Annotated[int, typer.Option(help="Seed.")] = 0,
    pack_only: Annotated[
        bool, typer.Option("--pack-only", help="Write the cleaned, tokenised corpus, compressed, and stop.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from the last checkpoint in the output folder.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Pretrain a compact encoder on plain text, or go on pretraining any BERT or ALBERT.

    \b
    Examples:
      sikap pretrain news/ --hours 1 --output encoder --share 'law*=0.1'
      sikap pretrain news/ --hours 1 --output adapted --base-model indobenchmark/indobert-base-p1
      sikap pretrain news/ --pack-only --output packed && sikap pretrain packed --hours 0.3 --output encoder
    """  # noqa: D301 - the backspace sign keeps the lines below it as they are
    log_to_terminal(quiet)
    from sikap_training.pretraining import PretrainSettings, write_packed
    from sikap_training.pretraining.command import run_pretraining
    from sikap_training.pretraining.packing import CHUNK

    if pack_only and (hours is not None or tokens is not None or resume):
        raise InputError("--pack-only trains nothing; leave out --hours, --tokens and --resume.")
    if not pack_only and (hours is None) == (tokens is None):
        raise InputError("give either --hours or --tokens, not both and not neither.")
    if width > 64 and width % 64:
        raise InputError(f"--width {width}: must be a multiple of 64, the width of an attention head.")
    if CHUNK % length:
        raise InputError(f"--length {length}: must divide {CHUNK}, as 64, 128 and 256 do.")
    settings = PretrainSettings(
        hours=hours,
        tokens=1 if pack_only else tokens,
        vocabulary_size=vocabulary_size,
        layers=layers,
        width=width,
        heads=max(1, width // 64),
        lengths=((1.0, length),),
        batch_tokens=batch_tokens,
        learning_rate=learning_rate,
        hidden_learning_rate=hidden_learning_rate,
        shares=_shares(share or []),
        compile=compiled,
        shard_megabytes=shard_megabytes,
        seed=seed,
    )
    if pack_only:
        summary = write_packed(sources, output, settings, base_model=base_model)
        typer.echo(f"packed corpus: {output} ({summary['documents']} documents, {summary['tokens']['train']:,} tokens)")
        return
    try:
        record = run_pretraining(sources, output, settings, base_model=base_model, resume=resume, quiet=quiet)
    except KeyboardInterrupt:
        raise InputError(f"interrupted; run the same command with --resume to go on in {output}.") from None
    losses: Any = record["losses"]
    typer.echo(f"encoder: {output} (held-out loss {losses[-1]['held_out_loss']:.3f})")


def _shares(given: list[str]) -> dict[str, float]:
    shares = {}
    for text in given:
        pattern, sign, number = text.rpartition("=")
        try:
            value = float(number)
        except ValueError:
            value = -1.0
        if not sign or not 0.0 <= value <= 100.0:
            raise InputError(f"--share {text}: must be a file-name pattern, =, and a number from 0 to 100.")
        shares[pattern] = value
    return shares
