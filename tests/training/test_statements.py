"""Reading labelled statements."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sikap.errors import InputError
from sikap_training.statements import digest, load_statements, own_or, sentiment_vector, stance_matrix

TEXTS = [
    "Kami mengutuk serangan itu; duka kami bagi korban.",
    "Pertemuan dimulai pukul sembilan.",
    "Kami menyambut baik kesepakatan itu.",
]
ROWS: list[dict[str, object]] = [
    {"text": TEXTS[0], "stance": ["condemnation", "condolence"], "sentiment": "negative", "group": "a"},
    {"text": TEXTS[1], "stance": [], "sentiment": "neutral", "group": "b"},
    {"text": TEXTS[2], "stance": ["support"], "sentiment": "positive", "group": "b"},
]


def jsonl(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_every_format_gives_the_same_statements(tmp_path: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    files = [jsonl(tmp_path / "data.jsonl", ROWS)]
    spellings = ["condolence; Condemnation", "none", '["support"]']
    lines = [
        f'"{row["text"]}"\t{stance}\t{row["sentiment"].upper()}\t{row["group"]}'
        for row, stance in zip(ROWS, spellings, strict=True)
    ]
    (tmp_path / "data.tsv").write_text("text\tstance\tsentiment\tgroup\n" + "\n".join(lines), encoding="utf-8")
    (tmp_path / "data.csv").write_text(
        "sentiment,group,stance,text\n"
        + "\n".join(f'{r["sentiment"]},{r["group"]},{"+".join(r["stance"])},"{r["text"]}"' for r in ROWS),
        encoding="utf-8",
    )
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "data.parquet")
    files += [tmp_path / f"data.{suffix}" for suffix in ("tsv", "csv", "parquet")]
    for file in files:
        found = load_statements([file])
        assert [(s.text, list(s.stance), s.sentiment) for s in found] == [
            (row["text"], row["stance"], row["sentiment"]) for row in ROWS
        ], file.suffix
        assert found[0].group != found[1].group == found[2].group
    first = load_statements(files[:1])
    np.testing.assert_array_equal(stance_matrix(first), [[0, 1, 1], [0, 0, 0], [1, 0, 0]])
    np.testing.assert_array_equal(sentiment_vector(first), [0, 1, 2])
    assert stance_matrix([]).shape == (0, 3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stance": "suport"}, r"data\.jsonl, row 2, column stance: 'suport' is no stance; use any of support, "),
        ({"stance": ["support", 7]}, r"row 2, column stance: '7' is no stance"),
        ({"stance": "[support"}, r"row 2, column stance: '\[support' is no stance"),
        ({"sentiment": "angry"}, r"row 2, column sentiment: 'angry' is no sentiment; use one of negative, "),
        ({"sentiment": None}, r"row 2, column sentiment: None is no sentiment"),
        ({"text": " \n"}, r"row 2, column text: is empty"),
        ({"text": None}, r"row 2, column text: is empty"),
        ({"text": 5}, r"row 2, column text: holds int, not text"),
    ],
)
def test_wrong_cell_is_named_by_file_row_and_column(tmp_path: Path, change: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        load_statements([jsonl(tmp_path / "data.jsonl", [ROWS[0], ROWS[1] | change, ROWS[2]])])
    assert str(tmp_path / "data.jsonl") in str(caught.value)


@pytest.mark.parametrize("column", ["stance", "sentiment"])
def test_missing_column_and_empty_files(tmp_path: Path, column: str) -> None:
    rows = [{key: value for key, value in row.items() if key != column} for row in ROWS]
    with pytest.raises(InputError, match=f"has no column '{column}'; labelled statements need text, stance and"):
        load_statements([jsonl(tmp_path / "data.jsonl", rows)])
    (tmp_path / "header.csv").write_text("text,stance,sentiment\n")
    with pytest.raises(InputError, match=r"header\.csv: holds no rows"):
        load_statements([tmp_path / "header.csv"])
    with pytest.raises(InputError, match="no file of labelled statements"):
        load_statements([])


def test_groups_and_lists_of_a_user_s_table(tmp_path: Path) -> None:
    rows = [{**row, "group": group} for row, group in zip(ROWS, (0, 0, None), strict=True)]
    numbered = load_statements([jsonl(tmp_path / "numbered.jsonl", rows)])
    assert numbered[0].group == numbered[1].group  # the number 0 is a group, not a missing one
    again = {**ROWS[0], "text": f"  {ROWS[0]['text'].upper()} ", "group": ""}
    texts = load_statements(
        [jsonl(tmp_path / "texts.jsonl", [{**ROWS[0], "group": ""}, again, {**ROWS[1], "group": ""}])]
    )
    assert texts[0].group == texts[1].group != texts[2].group  # without a group, the same text stays together
    one, two = (load_statements([jsonl(tmp_path / name, ROWS)]) for name in ("one.jsonl", "two.jsonl"))
    assert not {s.group for s in one} & {s.group for s in two}
    (tmp_path / "kinds.csv").write_text('text,stance,sentiment,phenomena\nHalo,none,neutral,"negation, irony"\n')
    assert load_statements([tmp_path / "kinds.csv"])[0].phenomena == ("negation", "irony")


def test_digest_follows_labels_and_not_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = load_statements([jsonl(tmp_path / "a.jsonl", ROWS)])
    assert digest(plain) == digest(plain[::-1])
    changed = load_statements([jsonl(tmp_path / "b.jsonl", [*ROWS[:2], ROWS[2] | {"sentiment": "neutral"}])])
    assert digest(plain) != digest(changed)
    monkeypatch.setattr("sikap_training.statements.OWN_STATEMENTS", tmp_path / "nowhere.jsonl")
    with pytest.raises(InputError, match=r"name files with --data"):
        own_or(None)
