from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest

import sikap

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
pytest.importorskip("torch")
pytest.importorskip("mlflow")

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "retrain.ipynb"
STATEMENTS = ROOT / "training" / "data" / "statements.jsonl"
FEW = "few.jsonl"
FIGURES = ("spread", "events", "confusion", "precision-recall", "reliability")
TABLES = ("statements", "examples", "split", "seeds", "compare", "labels", "phenomena", "errors", "bundle", "score")


def outputs_of(cell) -> dict[str, str]:
    """Return what a cell shows, by MIME type; printed text is text/plain."""
    shown: dict[str, str] = defaultdict(str)
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            shown["text/plain"] += output.text
        for kind, content in output.get("data", {}).items():
            shown[kind] += content
    return shown


def cell_of(notebook, name: str):
    return next(cell for cell in notebook.cells if cell.id == name)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root of its own, where runs/ and mlruns/ are then written, with a few groups of statements for each part."""
    from sikap_training.split import part_of

    folder = tmp_path_factory.mktemp("project")
    (folder / "pyproject.toml").touch()
    (folder / "notebooks").mkdir()
    rows = [json.loads(line) for line in STATEMENTS.read_text(encoding="utf-8").splitlines()]
    groups = dict.fromkeys(row["group"] for row in rows)
    kept: set[str] = set()
    for part, count in {"train": 30, "validation": 5, "test": 5}.items():
        kept.update([group for group in groups if part_of(f"{FEW}:{group}") == part][:count])
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows if row["group"] in kept]
    (folder / FEW).write_text("".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def executed(project: Path, tiny_encoder: Path):
    """The notebook after a run at a small setting, started from notebooks/."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    place = next(i for i, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", []))
    overrides = f'DATA = ["{FEW}"]\nBASE_MODEL = {str(tiny_encoder)!r}\nEPOCHS = 1\nOUTPUT = "runs/small"'
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(overrides))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        patch.setenv("IPYTHONDIR", str(project / "ipython"))
        patch.setenv("JUPYTER_RUNTIME_DIR", str(project / "jupyter"))
        client = nbclient.NotebookClient(
            notebook, timeout=500, kernel_name="python3", resources={"metadata": {"path": str(project / "notebooks")}}
        )
        client.execute()  # raises CellExecutionError when a cell does
    return notebook


def test_stored_notebook_is_free_of_errors_and_of_paths_of_one_machine() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    assert not [o for cell in notebook.cells for o in cell.get("outputs", []) if o.output_type == "error"]
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert not re.findall(r"(?<![\w.:/])/(?:home|root|tmp|opt|Users|[a-z]+/main)/", text)


@pytest.mark.parametrize("started_from", ["notebooks", "."])
def test_root_is_found(started_from: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / started_from)
    names: dict[str, object] = {}
    exec(cell_of(nbformat.read(NOTEBOOK, as_version=4), "root").source, names)
    assert names["ROOT"] == Path.cwd() == project


@pytest.mark.timeout(600)
def test_every_cell_ran(executed) -> None:
    assert all(cell.execution_count for cell in executed.cells if cell.cell_type == "code")
    shown = "".join(text for cell in executed.cells for text in outputs_of(cell).values())
    assert "Traceback" not in shown
    assert "site-packages" not in shown, "a library's warning is shown, with a path of this machine"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", FIGURES)
def test_figure_is_shown(executed, name: str) -> None:
    assert "image/png" in outputs_of(cell_of(executed, name))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", TABLES)
def test_table_is_shown(executed, name: str) -> None:
    assert "<table" in outputs_of(cell_of(executed, name))["text/html"]


@pytest.mark.timeout(600)
def test_bundle_loads_and_says_what_the_notebook_showed(executed, project: Path) -> None:
    model = sikap.load(project / "runs" / "small" / "bundle")
    shown = outputs_of(cell_of(executed, "score"))["text/html"]
    quote = "Kami belum bisa mendukung usulan itu."
    assert quote in shown
    assert f"{model.predict(quote).stance_probabilities['support']:.3f}" in shown


@pytest.mark.timeout(600)
def test_command_line_scores_with_the_bundle(executed) -> None:
    shown = outputs_of(cell_of(executed, "command-line"))["text/plain"]
    assert "gencatan" in shown
    assert any(sentiment in shown for sentiment in sikap.SENTIMENTS)


@pytest.mark.timeout(600)
def test_run_is_in_the_store_that_the_notebook_names(executed, project: Path) -> None:
    import mlflow

    client = mlflow.MlflowClient(f"sqlite:///{project / 'mlruns' / 'mlflow.db'}")
    run_id = outputs_of(cell_of(executed, "run-id"))["text/plain"].split()[-1]
    assert client.get_run(run_id).info.status == "FINISHED"
    assert not (project / "notebooks" / "mlruns").exists()


@pytest.mark.timeout(600)
def test_the_run_is_reviewed_compared_and_watched(executed) -> None:
    assert "<table" in outputs_of(cell_of(executed, "review"))["text/html"]
    run = re.search(r"MLflow run: (\w{8})", outputs_of(cell_of(executed, "run-id"))["text/plain"])[1]
    assert run in outputs_of(cell_of(executed, "runs"))["text/plain"]
    promoted = " ".join(outputs_of(cell_of(executed, "promote"))["text/plain"].split())
    # After one epoch of a tiny encoder the first version is no better than the keywords, and the old bundle is kept.
    assert "version 1 was not promoted" in promoted
    assert "none yet, so this notebook's own bundle is used" in promoted
    assert "a comparison needs 50 statements in each file" in outputs_of(cell_of(executed, "drift"))["text/plain"]
