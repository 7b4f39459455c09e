"""Start the command line: find the command, run it, turn errors into one line."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sikap import __version__
from sikap.errors import SikapError

TRAINING_COMMANDS = {
    "train": "Fine-tune a model on labelled statements and export it as a bundle.",
    "evaluate": "Measure a bundle on labelled statements.",
    "export": "Export a trained checkpoint as a bundle.",
    "pretrain": "Pretrain a compact encoder on plain text.",
    "check-data": "Check a file of labelled statements.",
}
"""Commands of the `training` extra; kept here so that `sikap --help` need not import torch."""


class _Commands(TyperGroup):
    """The commands of both packages; those of training are imported when called."""

    def list_commands(self, ctx: typer.Context) -> list[str]:
        return [*super().list_commands(ctx), *TRAINING_COMMANDS]

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:
        if cmd_name not in TRAINING_COMMANDS:
            return super().get_command(ctx, cmd_name)
        if "--help" not in sys.argv[:2] and cmd_name in sys.argv[:2]:
            from sikap.cli.training import training_command

            return training_command(cmd_name)
        return typer.main.get_command(_placeholder(cmd_name))


def _placeholder(name: str) -> typer.Typer:
    app = typer.Typer(add_completion=False)

    @app.command(name, help=TRAINING_COMMANDS[name])
    def listed() -> None: ...

    return app


app = typer.Typer(cls=_Commands, add_completion=False, no_args_is_help=True, rich_markup_mode=None)


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
    """Read Indonesian diplomatic statements: who supports, condemns or condoles, and in what tone."""


def _register() -> None:
    from sikap.cli import score

    app.command("score")(score.score)


_register()


def main(arguments: list[str] | None = None) -> int:
    """Run a command line; return its exit status.

    0 done; 2 wrong usage or unreadable input, said in one line on stderr; 130 interrupted.
    """
    try:
        return int(app(args=arguments, standalone_mode=False) or 0)
    except typer.Exit as stop:
        return stop.exit_code
    except (SikapError, typer.TyperException) as error:
        message = error.format_message() if hasattr(error, "format_message") else str(error)
        print(f"sikap: {' '.join(message.split())}", file=sys.stderr)
        return 2
    except (KeyboardInterrupt, typer.Abort):
        print("sikap: interrupted; nothing was written to the output file.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def run() -> None:
    """Run the command line of this process and exit."""
    sys.exit(main())
