"""Run the command line with `python -m sikap`."""

from sikap.cli.main import run

run()
