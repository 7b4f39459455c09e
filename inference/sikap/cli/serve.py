"""Run `sikap serve`."""

from __future__ import annotations

import importlib.util
import os
from typing import Annotated

import typer

from sikap.cli.options import ModelBundle, Threads
from sikap.errors import MissingExtraError

NEEDED = ("fastapi", "uvicorn")
LOCAL = ("127.0.0.1", "::1", "localhost")


def check_extra(command: str) -> None:
    """Raise MissingExtraError where what serves pages is not installed; `command` is what needs it."""
    if missing := [package for package in NEEDED if importlib.util.find_spec(package) is None]:
        raise MissingExtraError(
            f"`{command}` needs packages that are not installed ({', '.join(missing)});"
            " install them with `pip install 'sikap[serve]'`."
        )


def serve(
    model: ModelBundle = None,
    host: Annotated[
        str, typer.Option(help="The address to serve on; only this machine reaches the default one.")
    ] = LOCAL[0],
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to serve on; 0 takes a free one.")] = 8000,
    threads: Threads = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A name that clients may call this server by; may be given several times."),
    ] = None,
    max_body: Annotated[int, typer.Option(min=1, metavar="BYTES", help="Bytes of one request.")] = 2**21,
    max_texts: Annotated[int, typer.Option(min=1, metavar="N", help="Texts in one request.")] = 1000,
    max_characters: Annotated[
        int, typer.Option(min=1, metavar="N", help="Characters in all the texts of one request.")
    ] = 200_000,
    max_waiting: Annotated[
        int, typer.Option(min=1, metavar="N", help="Requests that are computed or wait at once.")
    ] = 2000,
    timeout: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="Seconds in which a request must arrive.")
    ] = 10,
) -> None:
    """Serve a page on this machine to paste a quote or an article into, and JSON for programs.

    \b
    Examples:
      sikap serve
      sikap serve --port 9000 --model runs/mine/bundle
      curl --json '{"text": "Kami berduka."}' http://127.0.0.1:8000/api/score
      sikap serve --host 0.0.0.0 --allow-host sikap.example.org

    \b
    Addresses:
      /             the page
      /api/score    {"text": "..."} or {"text": ["...", "..."]}: the fields of `sikap score`
      /api/analyze  {"text": "the article"}: the fields of `sikap analyze`
      /docs         the fields and limits in full; /openapi.json for programs

    Nothing is written to disk. Ctrl-C or SIGTERM finishes what was asked and stops.
    """  # noqa: D301 - the backspace sign keeps the lines below it as they are
    check_extra("sikap serve")
    from sikap import load
    from sikap.serving.limits import Limits
    from sikap.serving.run import serve as run

    loaded = load(model, threads=1)
    limits = Limits(max_body, max_texts, max_characters, timeout, max_waiting)
    run(
        loaded,
        host,
        port,
        limits,
        threads=threads or os.cpu_count() or 1,
        names=allow_host or (),
        ready=lambda address: _say(address, host),
    )


def _say(address: str, host: str) -> None:
    typer.echo(f"sikap: serving on {address} (Ctrl-C stops)", err=True)
    if host not in LOCAL:
        typer.echo(f"sikap: whoever reaches {host} from another machine may use this server.", err=True)
