"""The encoder benchmark on a small copy of IndoNLU's layout, written for this test."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("sklearn")

from training.folders import vocabulary, write_bert

ROOT = Path(__file__).parents[2]
GOOD = [
    "pelayanan ramah",
    "makanan enak sekali",
    "tempatnya bersih dan nyaman",
    "harga murah porsi besar",
    "kasirnya sigap",
]
BAD = ["pelayanan lambat", "makanan hambar dan dingin", "tempatnya kotor", "harga mahal porsi kecil", "kasirnya ketus"]
PLAIN = [
    "buka pukul sembilan",
    "terletak di lantai dua",
    "menerima kartu debit",
    "ada dua pintu masuk",
    "parkir di belakang",
]
SENTIMENTS = {"positive": GOOD, "negative": BAD, "neutral": PLAIN}
EMOTIONS = {
    "anger": ["kesal sekali antre dua jam", "marah besar karena dibohongi"],
    "fear": ["takut gelap waktu listrik padam", "ngeri melihat jurang sedalam itu"],
    "happy": ["senang banget dapat kabar lulus", "gembira bertemu teman lama"],
    "love": ["sayang ibu selamanya", "rindu dan cinta pada kampung halaman"],
    "sadness": ["sedih ditinggal pergi", "menangis semalaman karena kehilangan"],
}


def rows(by_label: dict[str, list[str]], number: int, seed: int) -> list[tuple[str, str]]:
    chance = random.Random(seed)
    labels = sorted(by_label)
    return [
        (" , ".join(chance.choices(by_label[label], k=2)), label)
        for label in (labels[i % len(labels)] for i in range(number))
    ]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("indonlu")
    for seed, (part, number) in enumerate({"train": 90, "valid": 20, "test": 20}.items()):
        smsa = "".join(f"{text}\t{label}\n" for text, label in rows(SENTIMENTS, number, seed))
        (folder / f"smsa_{part}.tsv").write_text(smsa, encoding="utf-8")
        emot = "".join(f'{label},"{text}"\n' for text, label in rows(EMOTIONS, number, seed))
        (folder / f"emot_{part}.csv").write_text("label,tweet\n" + emot, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    words = [text for group in (*SENTIMENTS.values(), *EMOTIONS.values()) for text in group]
    return write_bert(tmp_path_factory.mktemp("encoder") / "tiny", vocabulary(words))


def benchmark(*arguments: object) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(ROOT / "inference"), str(ROOT / "training")])
    return subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "encoder.py"), *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


def test_it_prints_mean_and_spread_beside_tfidf_and_the_published_rows(data: Path, encoder: Path, tmp_path: Path):
    done = benchmark(data, "--encoder", encoder, "--seeds", 2, "--epochs", 4, "--output", tmp_path / "all.json")
    assert done.returncode == 0, done.stderr
    figures = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    measured = figures[str(encoder)]
    assert [len(measured[task]["test"]) for task in ("smsa", "emot")] == [2, 2]
    assert figures["TF-IDF + logistic regression"]["smsa"]["test"][0] > 60
    lines = [line for line in done.stdout.splitlines() if "±" in line]
    assert len(lines) == 1
    mean = sum(measured["smsa"]["test"]) / 2
    assert f"{mean:.2f} ±" in lines[0]
    assert "IndoBERT-base-p1 (published)" in done.stdout
    assert "87.73" in done.stdout


def test_the_layout_of_indonlus_own_repository_is_read(data: Path, encoder: Path, tmp_path: Path):
    for part in ("train", "valid", "test"):
        target = tmp_path / "smsa_doc-sentiment-prosa" / f"{part}_preprocess.tsv"
        target.parent.mkdir(exist_ok=True)
        target.write_bytes((data / f"smsa_{part}.tsv").read_bytes())
    done = benchmark(tmp_path, "--task", "smsa", "--encoder", encoder, "--seeds", 1, "--epochs", 1)
    assert done.returncode == 0, done.stderr
    assert "emot" not in done.stdout


def test_missing_data_are_named_with_where_to_get_them(tmp_path: Path):
    done = benchmark(tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "smsa_train.tsv" in done.stderr
    assert "github.com/IndoNLP/indonlu" in done.stderr


def test_a_bad_row_is_named(data: Path, tmp_path: Path):
    for file in data.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "smsa_valid.tsv").write_text("bagus\tpositive\ntanpa label\n", encoding="utf-8")
    done = benchmark(tmp_path)
    assert done.returncode == 2
    assert "smsa_valid.tsv, row 2" in done.stderr
