"""Start the command line: find the command, run it, turn errors into one line."""

from __future__ import annotations

import sys
import traceback
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sikap import __version__
from sikap.characters import visible
from sikap.errors import SikapError
from sikap.writing.target import silence_stdout

TRAINING_COMMANDS = {
    "train": "Fine-tune a model on labelled statements and export it as a bundle.",
    "evaluate": "Measure a bundle on labelled statements.",
    "export": "Export a trained checkpoint as a bundle.",
    "behaviour": "Run the behaviour suite on a bundle.",
    "runs": "Print the runs of the store beside each other.",
    "promote": "Make a version the champion, if it is not worse than the one that is.",
    "pretrain": "Pretrain a compact encoder on plain text.",
    "check-data": "Check a file of labelled statements.",
    "agreement": "Show how far annotators agree, and where they do not.",
    "join-texts": "Join labels to texts that cannot be given away, from your own copies.",
    "drift": "Tell whether statements have changed since a reference.",
}
"""Commands of the `training` extra; kept here so that `sikap --help` need not import torch."""
FAULT = 70
"""Exit status of a fault of sikap's own, as in sysexits.h: 1 is an answer of `sikap drift` and `sikap promote`."""


class _Commands(TyperGroup):
    """The commands of both packages: those of training are listed from here and imported when called."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *TRAINING_COMMANDS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in TRAINING_COMMANDS:
            return typer.main.get_command(_listed(cmd_name))
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in TRAINING_COMMANDS:
            return super().resolve_command(ctx, args)
        from sikap.cli.training import training_command

        return args[0], training_command(args[0]), args[1:]


def _listed(name: str) -> typer.Typer:
    app = typer.Typer(add_completion=False)

    @app.command(name, help=TRAINING_COMMANDS[name])
    def listed() -> None: ...

    return app


app = typer.Typer(cls=_Commands, add_completion=False, rich_markup_mode=None)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sikap {__version__}")
        raise typer.Exit


@app.callback()
def _sikap(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Read Indonesian diplomatic statements: who supports, condemns or condoles, and in what tone.

    \b
    Examples:
      sikap score "Kami mengutuk keras serangan itu."
      sikap score --input quotes.csv --output scored.csv
      sikap analyze article.txt --output report.html
      sikap explain "Kami mengutuk keras serangan itu."
      sikap review quotes.csv --limit 50
      sikap serve
    """  # noqa: D301 - the backspace sign keeps the lines below it as they are


def _register() -> None:
    from sikap.cli import analyze, explain, review, score, serve

    app.command("score")(score.score)
    app.command("analyze")(analyze.analyze)
    app.command("explain")(explain.explain)
    app.command("review")(review.review)
    app.command("serve")(serve.serve)


_register()


def main(arguments: list[str] | None = None) -> int:
    """Run a command line; return its exit status.

    0 done; 2 wrong usage or unreadable input, said in one line on stderr; 130 interrupted.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    command = typer.main.get_command(app)
    try:  # not typer's own main, which says nothing of an interrupt and ends a broken pipe with 1
        with command.make_context("sikap", given or ["--help"]) as context:
            command.invoke(context)
        if sys.stdout is not None:
            sys.stdout.flush()
    except typer.Exit as stop:
        return stop.exit_code
    except (SikapError, typer.TyperException) as error:
        message = error.format_message() if hasattr(error, "format_message") else str(error)
        typer.echo(f"sikap: {visible(message)}", err=True)
        return 2
    except (KeyboardInterrupt, typer.Abort) as stop:
        message = str(stop) or "interrupted; nothing was written to the output file."
        typer.echo(f"sikap: {visible(message)}", err=True)
        return 130
    except BrokenPipeError:
        silence_stdout()
    return 0


def run() -> None:
    """Run the command line of this process and exit; with FAULT after a traceback when sikap itself fails."""
    try:
        status = main()
    except Exception:
        traceback.print_exc()
        status = FAULT
    sys.exit(status)
