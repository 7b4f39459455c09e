"""What importing costs, and what is said when an extra is not installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import sikap
from sikap.cli.main import TRAINING_COMMANDS, main
from sikap.cli.training import LIGHT

from .helpers import ROWS, encoded


def python(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


WATCH = """
import sys
seen = []
sys.addaudithook(lambda event, args: seen.append((event, args)))
def sockets(): return [event for event, _ in seen if event.startswith("socket.")]
def opened(name): return [args for event, args in seen if event == "open" and str(args[0]).endswith(name)]
"""
HEAVY = "{'torch', 'transformers', 'pandas', 'mlflow', 'onnxruntime', 'tokenizers', 'pyarrow', 'sikap_training'}"


def test_importing_is_light_and_reads_no_model():
    ran = python(f"{WATCH}\nimport sikap\nprint(sorted({HEAVY} & set(sys.modules)), sockets(), opened('model.onnx'))")
    assert (ran.stdout, ran.stderr) == ("[] [] []\n", "")


def test_scoring_needs_no_torch_and_no_network(tiny_bundle):
    heavy = "{'torch', 'transformers', 'pandas', 'mlflow', 'pyarrow', 'sikap_training'}"
    code = f"{WATCH}\nimport sikap\nsikap.load(sys.argv[1]).predict(['Kami mengutuk', ''])\n"
    ran = python(
        code + f"print(sorted({heavy} & set(sys.modules)), sockets(), len(opened('model.onnx')) > 0)", tiny_bundle
    )
    assert (ran.stdout, ran.stderr) == ("[] [] True\n", "")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["score", "--help"]])
def test_help_is_light(arguments):
    code = (
        f"import sys\nfrom sikap.cli.main import main\nmain({arguments!r})\nprint(sorted({HEAVY} & set(sys.modules)))"
    )
    assert python(code).stdout.endswith("\n[]\n")


def test_what_the_package_offers():
    assert all(getattr(sikap, name) is not None for name in sikap.__all__)
    assert (Path(sikap.__file__).parent / "py.typed").is_file()
    assert issubclass(sikap.MissingExtraError, sikap.SikapError)
    with pytest.raises(AttributeError, match="tiada"):
        _ = sikap.tiada


@pytest.mark.parametrize("direction", ["in", "out", "pipe"])
def test_parquet_without_pyarrow(refused, monkeypatch, tmp_path, direction):
    path = tmp_path / "a.parquet"
    path.write_bytes(encoded(ROWS, "parquet"))
    for name in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    arguments = {
        "in": ["--input", path],
        "out": ["Kami", "--output", tmp_path / "b.parquet"],
        "pipe": ["--input", "-", "--input-format", "parquet"],
    }[direction]
    sentence = refused(*arguments, stdin=path.read_bytes())
    assert "Parquet needs pyarrow; install it with `pip install 'sikap[parquet]'`" in sentence


@pytest.mark.parametrize("command", sorted(set(TRAINING_COMMANDS) - set(LIGHT)))
def test_a_training_command_without_its_packages(capsys, monkeypatch, command):
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setitem(sys.modules, "mlflow", None)
    for arguments in ([command], [command, "--help"]):
        assert main(arguments) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1
        assert f"`sikap {command}` needs packages that are not installed (torch, mlflow)" in err
        assert "pip install 'sikap[training]'" in err


def test_scoring_works_where_only_the_base_packages_are_installed(tiny_bundle):
    blocked = ["torch", "transformers", "datasets", "sklearn", "mlflow", "accelerate", "onnx", "pyarrow", "pandas"]
    code = (
        f"import sys\nsys.modules.update(dict.fromkeys({[*blocked, 'sikap_training']}))\n"
        "from sikap.cli.main import main\nsys.exit(main(sys.argv[1:]))"
    )
    ran = python(code, "score", "Kami mengutuk", "--format", "jsonl", "--model", tiny_bundle)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert '"text": "Kami mengutuk"' in ran.stdout
