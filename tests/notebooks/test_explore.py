"""The notebook that takes a folder of articles to a table and plots, run on three articles of one's own."""

from __future__ import annotations

import re

import pytest

from .test_retrain import ROOT, cell_of, nbclient, nbformat, outputs_of

NOTEBOOK = ROOT / "notebooks" / "explore.ipynb"
FIGURES = ("who", "whom", "when")
TABLES = ("table", "pairs", "doubt")
ARTICLES = {
    "satu.txt": (
        "Jakarta, 3 Mei 2031 – Menteri Luar Negeri Kenya Josiah Wekesa mengutuk serangan di Yunani. "
        '"Kami mengutuk keras serangan itu," kata Wekesa. Pemerintah Chile menyampaikan dukacita kepada rakyat Yunani.'
    ),
    "dua.txt": "Pemerintah Chile menyambut baik gencatan senjata itu, Selasa (7/6/2031).",
    "tiga.txt": "Menteri Luar Negeri Kenya Josiah Wekesa mengecam pengusiran diplomat dari Ceko.",
}


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("explored")
    (folder / "pyproject.toml").touch()
    (folder / "berita").mkdir()
    for name, text in ARTICLES.items():
        (folder / "berita" / name).write_text(text, encoding="utf-8")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    place = next(i for i, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", []))
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell('FOLDER = "berita"\nFEWEST = 1'))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.setenv("JUPYTER_RUNTIME_DIR", str(folder / "jupyter"))
        client = nbclient.NotebookClient(
            notebook, timeout=250, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
        )
        client.execute()
    return notebook


def test_stored_notebook_holds_its_outputs_and_no_paths_of_one_machine() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
    assert not [o for cell in notebook.cells for o in cell.get("outputs", []) if o.output_type == "error"]
    assert all("image/png" in outputs_of(cell_of(notebook, name)) for name in FIGURES)
    assert not re.findall(r"(?<![\w.:/])/(?:home|root|tmp|opt|Users|[a-z]+/main)/", NOTEBOOK.read_text("utf-8"))


def test_a_folder_of_ones_own_becomes_tables_and_plots(executed) -> None:
    assert "3 articles" in outputs_of(cell_of(executed, "read"))["text/plain"]
    for name in FIGURES:
        assert "image/png" in outputs_of(cell_of(executed, name))
    for name in TABLES:
        assert "<table" in outputs_of(cell_of(executed, name))["text/html"]
    assert "2 of 3 articles have a date" in outputs_of(cell_of(executed, "when"))["text/plain"]
    table = outputs_of(cell_of(executed, "table"))["text/html"]
    assert table.count("<td>Josiah Wekesa</td>") == 3
    pairs = outputs_of(cell_of(executed, "pairs"))["text/html"]
    for place in ("Ceko", "Yunani"):
        assert re.search(rf"<th>{place}</th>\s*<td>0</td>\s*<td>1</td>", pairs), pairs
    assert "Kenya" not in pairs  # that is where the speaker is from


def test_dates_are_read_as_indonesian_news_writes_them() -> None:
    names: dict = {"statements": None}
    source = cell_of(nbformat.read(NOTEBOOK, as_version=4), "when").source.split("dates = ")[0]
    exec("import pandas as pd\n" + source, names)
    dates = {"(18/9/2032)": "2032-09-18", "27 Juli 2032": "2032-07-27", "1 Mei 2031 (2/5/2030)": "2031-05-01"}
    for text, date in dates.items():
        assert str(names["date_of"](f"Jakarta, {text}").date()) == date
    for text in ("Selasa (20/5)", "31 orang", "(40/13/2031)"):
        assert str(names["date_of"](text)) == "NaT"
