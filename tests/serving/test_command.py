"""The command line of `sikap serve`: help, wrong usage, what is not installed."""

from __future__ import annotations

import socket
import sys

import pytest

from sikap.cli.main import main


def refused(capsys, *arguments: object) -> str:
    assert main(["serve", *map(str, arguments)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err.removeprefix("sikap: ").strip()


def test_help_has_examples_and_every_option(capsys):
    assert main(["serve", "--help"]) == 0
    out = capsys.readouterr().out
    assert "  sikap serve --port 9000 --model runs/mine/bundle\n" in out
    options = "--model --host --port --threads --allow-host --max-body --max-texts --max-characters --timeout"
    assert [option for option in options.split() if option not in out] == []


@pytest.mark.parametrize("package", ["fastapi", "uvicorn"])
def test_without_the_extra(capsys, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    assert refused(capsys) == (
        f"`sikap serve` needs packages that are not installed ({package});"
        " install them with `pip install 'sikap[serve]'`."
    )
    assert main(["serve", "--help"]) == 0


def test_an_address_that_cannot_be_had(capsys, tiny_bundle):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused(capsys, "--port", port, "--model", tiny_bundle)
        assert said == (
            f"127.0.0.1, port {port}: cannot be served on (Address already in use); name another with --host or --port."
        )
    said = refused(capsys, "--host", "192.0.2.1", "--model", tiny_bundle)
    assert said.startswith("192.0.2.1, port 8000: cannot be served on (")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", 65536], "--port"),
        (["--max-texts", 0], "--max-texts"),
        (["--timeout", 0], "--timeout"),
        (["--model", "tiada"], "tiada: "),
    ],
)
def test_wrong_usage(capsys, arguments, said):
    assert said in refused(capsys, *arguments)
