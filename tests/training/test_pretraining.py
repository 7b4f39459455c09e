from __future__ import annotations

import gzip
import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertForMaskedLM

from sikap.errors import InputError
from sikap_training import tracking
from sikap_training.encoders import load_encoder, load_tokenizer
from sikap_training.pretraining import PretrainSettings, pretrain
from sikap_training.pretraining.corpus import clean, documents
from sikap_training.pretraining.loop import tile_positions
from sikap_training.pretraining.masking import IGNORED, Masker
from sikap_training.pretraining.packing import CHUNK, PackedCorpus, pack
from sikap_training.pretraining.vocabulary import SPECIAL_TOKENS, train_vocabulary

from .small_run import new_store, sikap_in, working_in

SENTENCES = """
Pemerintah daerah membuka jalur kereta baru yang menghubungkan pelabuhan dengan kawasan industri.
Menteri luar negeri tiba di ibu kota untuk menghadiri pertemuan tingkat tinggi pekan ini.
Para petani mengeluhkan harga pupuk yang terus naik sejak awal musim tanam.
Hujan deras mengguyur pesisir utara sehingga beberapa desa terendam banjir setinggi lutut.
Juru bicara kementerian menyatakan bahwa perundingan akan dilanjutkan bulan depan.
Kapal penangkap ikan itu ditemukan selamat setelah hilang selama tiga hari.
Kami menyampaikan belasungkawa kepada keluarga korban gempa di wilayah pegunungan.
Dewan keamanan gagal menyepakati rancangan resolusi karena dua anggota menolak.
Anak-anak sekolah menanam ribuan bibit bakau di sepanjang pantai timur.
Bank sentral mempertahankan suku bunga acuan untuk menjaga nilai tukar.
Presiden mengecam serangan terhadap konvoi bantuan kemanusiaan di daerah perbatasan.
Pengamat menilai kesepakatan dagang itu lebih menguntungkan negara yang lebih besar.
Rumah sakit umum menambah seratus tempat tidur untuk pasien demam berdarah.
Warga desa bergotong royong memperbaiki jembatan gantung yang rusak akibat longsor.
Pasar tradisional kembali ramai menjelang hari raya, terutama pedagang kain dan kue.
Kepala polisi membantah tuduhan bahwa anak buahnya menerima suap dari penyelundup.
Tim nasional menang tipis atas tamunya berkat gol pada menit terakhir.
Universitas negeri menawarkan beasiswa penuh bagi lulusan dari pulau terluar.
Gunung berapi itu memuntahkan abu hingga empat kilometer ke udara pagi tadi.
Nelayan mendesak pemerintah menertibkan kapal asing yang memakai pukat harimau.
Duta besar menyerahkan surat kepercayaan kepada raja dalam upacara singkat.
Perusahaan listrik berjanji memulihkan pasokan sebelum matahari terbenam.
Mahkamah menolak gugatan partai oposisi karena bukti dinilai tidak cukup.
Penyair tua itu membacakan sajak tentang laut di hadapan ratusan penonton.
Kedua negara sepakat membuka kembali pos lintas batas yang ditutup sejak wabah.
Harga beras di tingkat pengecer turun setelah panen raya di lumbung padi.
Indonesia mendukung penuh upaya perdamaian yang ditengahi organisasi kawasan.
Peneliti menemukan spesies katak baru di hutan hujan bagian barat pulau itu.
Wali kota meresmikan taman bermain di bekas lahan pembuangan sampah.
Gencatan senjata hanya bertahan semalam sebelum tembakan terdengar lagi di kota tua.
Perawat bekerja tanpa henti merawat korban kebakaran pabrik kembang api.
Sekretaris jenderal menyerukan semua pihak agar menahan diri dan kembali berunding.
Film pendek karya sutradara muda itu meraih penghargaan di festival luar negeri.
Kereta terakhir berangkat pukul sebelas malam dari stasiun pusat.
Koperasi simpan pinjam membantu pedagang kecil keluar dari jerat rentenir.
Pengungsi menempati tenda darurat sambil menunggu rumah mereka dibangun ulang.
Arkeolog menggali sisa candi bata yang diduga berasal dari abad kesembilan.
Parlemen mengesahkan undang-undang perlindungan data setelah perdebatan panjang.
Sungai itu kembali jernih sesudah pabrik kertas dilarang membuang limbah.
Penerbangan ke kepulauan timur ditunda karena kabut asap masih pekat.
""".strip().splitlines()
SETTINGS = PretrainSettings(
    lengths=((0.5, 64), (1.0, 128)),
    tokens=40_960,
    vocabulary_size=500,
    layers=1,
    width=64,
    heads=1,
    batch_tokens=2048,
    learning_rate=3e-3,
    vector_epochs=1,
    evaluate_every=0.25,
    checkpoint_minutes=0,
)
STEPS = 20


def document(chance: random.Random) -> str:
    return " ".join(chance.sample(SENTENCES, 10))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 300 documents: a gzip file, a plain file, and a file that is no text."""
    folder, chance = tmp_path_factory.mktemp("text"), random.Random(1)
    lines = [document(chance) + "\n" for _ in range(300)]
    (folder / "pidato").mkdir()
    (folder / "pidato" / "pidato.txt").write_text("".join(lines[:100]), encoding="utf-8")
    with gzip.open(folder / "berita.txt.gz", "wt", encoding="utf-8") as file:
        file.writelines(lines[100:])
    (folder / "SOURCES.tsv").write_text("berita\tditulis untuk pengujian ini\n")
    return folder


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Word vectors are the same in every run when one thread learns them."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def finished(source: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict, list, list]:
    """A whole run: its folder, its record, what it logged, what it showed."""
    output, logged, shown = tmp_path_factory.mktemp("encoder") / "new", [], []
    record = pretrain(
        [source],
        output,
        SETTINGS,
        log=lambda metrics, step: logged.append((step, metrics)),
        show=lambda share, rate: shown.append(share),
    )
    return output, record, logged, shown


@pytest.fixture(scope="module")
def tokenizer():
    return train_vocabulary(SENTENCES * 5, 500)


def test_the_loss_falls_and_the_held_out_loss_is_logged(finished):
    _, record, logged, shown = finished
    held_out = [metrics["held_out_loss"] for _, metrics in logged]
    assert len(held_out) >= 4
    assert held_out[-1] < held_out[0] - 0.5
    assert logged[-1][1]["loss"] < logged[0][1]["loss"] - 0.5
    assert [step for step, _ in logged] == [loss["step"] for loss in record["losses"]]
    assert record["progress"]["step"] == len(shown) == STEPS
    assert shown == sorted(shown)
    assert shown[-1] == pytest.approx(1.0)


def test_the_output_says_what_it_was_made_from(finished):
    output, record, _, _ = finished
    assert json.loads((output / "pretraining.json").read_text(encoding="utf-8")) == json.loads(json.dumps(record))
    assert record["corpus"]["documents"] == 300
    assert set(record["corpus"]["tokens_by_source"]) == {"berita.txt.gz", "pidato.txt"}
    assert record["settings"]["tokens"] == 40_960


def test_the_encoder_loads_with_transformers_and_for_fine_tuning(finished):
    from transformers import AutoModel

    output, record, _, _ = finished
    theirs, loading = AutoModel.from_pretrained(output, add_pooling_layer=False, output_loading_info=True)
    assert not loading["missing_keys"]
    ours, tokenizer = load_encoder(output), load_tokenizer(output)
    assert (theirs.config.hidden_size, theirs.config.num_hidden_layers) == (64, 1)
    assert sum(p.numel() for p in ours.parameters()) == record["parameters"]
    weights = theirs.float().state_dict()
    assert all(torch.equal(value, weights[name]) for name, value in ours.state_dict().items())
    assert 400 <= len(tokenizer) == theirs.config.vocab_size <= 500
    ids = tokenizer("Presiden mengecam serangan.")["input_ids"]
    assert tokenizer.convert_ids_to_tokens(ids)[0] == "[CLS]"
    assert tokenizer.unk_token_id not in ids


def test_an_interrupted_run_ends_where_the_uninterrupted_one_does(finished, source: Path, tmp_path: Path):
    output, wanted, _, _ = finished
    steps = []

    def stop(share: float, rate: float) -> None:
        steps.append(share)
        if len(steps) == 12:
            raise RuntimeError("the power went out")

    # The vocabulary differs from run to run (tokenizers breaks ties at random), so both start from one packed corpus.
    shutil.copytree(output / "work", tmp_path / "cut" / "work", ignore=shutil.ignore_patterns("checkpoint"))
    with pytest.raises(RuntimeError, match="power"):
        pretrain([source], tmp_path / "cut", SETTINGS, show=stop)
    assert not (tmp_path / "cut" / "config.json").exists()
    shown: list[float] = []
    record = pretrain([source], tmp_path / "cut", SETTINGS, resume=True, show=lambda share, rate: shown.append(share))
    assert len(shown) == STEPS - 11
    assert record["progress"]["tokens"] == wanted["progress"]["tokens"]
    assert record["losses"][-1]["held_out_loss"] == pytest.approx(wanted["losses"][-1]["held_out_loss"], abs=1e-4)


def test_a_kill_between_two_checkpoints_leaves_one_to_resume_from(finished, tmp_path: Path):
    from sikap_training.pretraining.checkpoint import checkpoint_folder

    (tmp_path / "checkpoint.old").mkdir()
    (tmp_path / "checkpoint.old" / "progress.json").write_text("{}")
    assert checkpoint_folder(tmp_path / "checkpoint") == tmp_path / "checkpoint.old"


def test_resuming_nothing_is_refused_before_the_corpus_is_read(source: Path, tmp_path: Path):
    with pytest.raises(InputError, match="no checkpoint to resume from"):
        pretrain([source], tmp_path / "new", SETTINGS, resume=True)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_source_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="nowhere: no such file"):
        pretrain([tmp_path / "nowhere"], tmp_path / "new", SETTINGS)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"empty: no \.txt"):
        pretrain([tmp_path / "empty"], tmp_path / "new", SETTINGS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty"]


def test_too_little_text_is_refused(tmp_path: Path):
    (tmp_path / "small.txt").write_text(SENTENCES[0] + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="too little Indonesian text"):
        pretrain([tmp_path / "small.txt"], tmp_path / "new", SETTINGS)
    (tmp_path / "none.txt").write_text("123 456\n", encoding="utf-8")
    with pytest.raises(InputError, match="too little Indonesian text"):
        pretrain([tmp_path / "none.txt"], tmp_path / "none", SETTINGS)


def test_a_damaged_file_is_refused(tmp_path: Path, source: Path):
    whole = (source / "berita.txt.gz").read_bytes()
    (tmp_path / "cut.txt.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"cut\.txt\.gz: cannot be read"):
        list(documents([tmp_path / "cut.txt.gz"], {}))


def test_other_text_is_packed_anew_and_the_same_text_is_not(tmp_path: Path):
    from sikap_training.pretraining.run import prepare

    chance, file, work = random.Random(5), tmp_path / "a.txt", tmp_path / "work"
    lines = [document(chance) + "\n" for _ in range(120)]
    file.write_text("".join(lines[:110]), encoding="utf-8")
    prepare([file], work, SETTINGS)
    first = (work / "train.npy").stat().st_mtime_ns
    prepare([file], work, SETTINGS)
    assert (work / "train.npy").stat().st_mtime_ns == first
    file.write_text("".join(lines), encoding="utf-8")
    prepare([file], work, SETTINGS, resume=True)
    assert (work / "train.npy").stat().st_mtime_ns == first
    prepare([file], work, SETTINGS)
    assert json.loads((work / "corpus.json").read_text())["documents"] == 120


def test_the_command_logs_the_run(source: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory):
    new_store(tmp_path_factory.getbasetemp(), tmp_path)
    arguments = ["--tokens", 8192, "--vocabulary-size", 500, "--layers", 1, "--width", 64, "--quiet"]
    done = sikap_in(tmp_path, "pretrain", source, "-o", "encoder", *arguments, "--share", "pidato*=0")
    assert done.status == 0, done.err
    assert done.err == ""
    assert done.out.startswith("encoder: encoder (held-out loss ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["encoder", "mlruns"]
    with working_in(tmp_path):
        tracking.connect()
        (run,) = tracking.mlflow.search_runs(search_all_experiments=True, output_format="list")
        assert run.data.params["tokens"] == "8192"
        assert run.data.metrics["held_out_loss"] > 0


def test_documents_leave_out_what_is_no_indonesian_prose(tmp_path: Path):
    good = document(random.Random(2))
    lines = [
        good,
        good + " Demikian.",
        good,
        "Beranda Berita Olahraga",
        "1.200 3.400 5.600 7.800 9.100 2.300 4.500 6.700 8.900 1.100",
        "The minister said that the talks would not be resumed before the end of the year.",
        "<p>Menteri <b>luar negeri</b> tiba di Jakarta &amp; menemui para wartawan.</p> https://contoh.id/berita",
    ]
    (tmp_path / "a.txt").write_text("\n".join(lines), encoding="utf-8")
    assert list(documents([tmp_path], {})) == [
        ("a.txt", good),
        ("a.txt", "Menteri luar negeri tiba di Jakarta & menemui para wartawan."),
    ]
    assert clean("\u200bIa  menyatakan\tbahwa \x07 perundingan itu belum selesai juga.") == (
        "Ia menyatakan bahwa perundingan itu belum selesai juga."
    )


def test_duplicates_are_found_across_files(tmp_path: Path):
    text = document(random.Random(3))
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(text + "\n", encoding="utf-8")
    assert [name for name, _ in documents([tmp_path], {})] == ["a.txt"]


def test_shares_thin_the_files_they_match(source: Path):
    counts = {"pidato.txt": 0, "berita.txt.gz": 0}
    for name, _ in documents([source], {"berita*": 0.25}, seed=7):
        counts[name] += 1
    assert counts["pidato.txt"] == 100
    assert 30 <= counts["berita.txt.gz"] <= 70
    assert {name for name, _ in documents([source], {"*.gz": 0.0, "*": 1.0})} == {"pidato.txt"}


def test_shares_above_one_repeat_the_files_they_match(source: Path, tokenizer, tmp_path: Path):
    once = [text for name, text in documents([source], {"*.gz": 0.0})]
    thrice = list(documents([source], {"*.gz": 0.0, "pidato*": 3.0}))
    assert [text for _, text in thrice] == [text for text in once for _ in range(3)]
    summary = pack(thrice, tokenizer, tmp_path)
    assert summary["documents"] == 100
    alone = {len(tokenizer.encode(text).ids) for text in once[99:100]}
    held_out = np.load(tmp_path / "heldout.npy", allow_pickle=False)
    assert len(held_out) == max(alone) // CHUNK * CHUNK


def test_masking_follows_bert(tokenizer):
    rng = np.random.default_rng(0)
    lines = [tokenizer.encode(document(random.Random(seed))).ids[:128] for seed in range(400)]
    ids = np.array([line for line in lines if len(line) == 128])
    masked, targets = Masker(tokenizer, 0.2, whole_words=True)(ids, rng)
    chosen = targets != IGNORED
    special = ids < len(SPECIAL_TOKENS)
    assert not chosen[special].any()
    assert chosen[~special].mean() == pytest.approx(0.2, abs=0.01)
    assert (targets[chosen] == ids[chosen]).all()
    assert (masked[~chosen] == ids[~chosen]).all()
    mask = tokenizer.token_to_id("[MASK]")
    assert (masked[chosen] == mask).mean() == pytest.approx(0.8, abs=0.02)
    assert (masked[chosen] == ids[chosen]).mean() == pytest.approx(0.1, abs=0.015)
    changed = chosen & (masked != mask) & (masked != ids)
    assert changed[chosen].mean() == pytest.approx(0.1, abs=0.015)
    assert (masked[changed] >= len(SPECIAL_TOKENS)).all()


@pytest.mark.parametrize("whole_words", [True, False])
def test_the_pieces_of_a_word_are_chosen_together(tokenizer, whole_words: bool):
    ids = np.array([tokenizer.encode(SENTENCES[i % 40] + " " + SENTENCES[(i + 1) % 40]).ids[:24] for i in range(200)])
    _, targets = Masker(tokenizer, 0.3, whole_words=whole_words)(ids, np.random.default_rng(1))
    pieces = np.array([tokenizer.id_to_token(i).startswith("##") for i in range(tokenizer.get_vocab_size())])
    inside = pieces[ids[:, 1:]]
    assert inside.sum() > 200
    together = ((targets != IGNORED)[:, 1:] == (targets != IGNORED)[:, :-1])[inside]
    assert together.all() == whole_words


def test_batches_depend_on_the_step_alone(tokenizer, tmp_path: Path):
    chance = random.Random(4)
    summary = pack((("a.txt", document(chance)) for _ in range(200)), tokenizer, tmp_path)
    corpus = PackedCorpus(tmp_path / "train.npy", seed=3)
    assert len(corpus) == summary["tokens"]["train"]
    assert len(PackedCorpus(tmp_path / "heldout.npy", seed=0)) >= CHUNK
    chunks = len(corpus) // CHUNK
    last = corpus.batch(5 * 4, 4, 64)
    assert last.shape == (4 * CHUNK // 64, 64)
    fresh = PackedCorpus(tmp_path / "train.npy", seed=3)
    fresh.batch(chunks * 2, 3, 128)
    assert np.array_equal(fresh.batch(5 * 4, 4, 64), last)
    assert np.array_equal(corpus.batch(20, 4, 256).reshape(-1), last.reshape(-1))
    assert not np.array_equal(PackedCorpus(tmp_path / "train.npy", seed=4).batch(20, 4, 64), last)
    first, second = (corpus.batch(chunks * epoch, chunks, CHUNK) for epoch in (0, 1))
    assert not np.array_equal(first, second)
    assert sorted(map(tuple, first.tolist())) == sorted(map(tuple, second.tolist()))


def test_positions_past_the_trained_ones_start_as_their_copies():
    model = BertForMaskedLM(
        BertConfig(
            vocab_size=50,
            hidden_size=8,
            num_hidden_layers=1,
            num_attention_heads=1,
            intermediate_size=8,
            max_position_embeddings=20,
        )
    )
    before = model.bert.embeddings.position_embeddings.weight.detach().clone()
    tile_positions(model, 8)
    after = model.bert.embeddings.position_embeddings.weight
    assert torch.equal(after[:8], before[:8])
    assert torch.equal(after[8:16], before[:8])
    assert torch.equal(after[16:], before[:4])


def test_schedules():
    lengths = ((0.5, 64), (0.9, 128), (1.0, 256))
    settings = PretrainSettings(tokens=100, warmup=0.1, lengths=lengths)
    rates = [settings.schedule_at(share) for share in (0.0, 0.05, 0.1, 0.55, 1.0, 1.2)]
    assert rates == pytest.approx([0.0, 0.5, 1.0, 0.5, 0.0, 0.0])
    assert [settings.length_at(share) for share in (0.0, 0.49, 0.5, 0.95, 1.0)] == [64, 64, 128, 256, 256]


@pytest.mark.parametrize("wrong", [{}, {"hours": 1.0, "tokens": 5}, {"tokens": 0}, {"hours": -1.0}])
def test_contradictory_settings_are_refused(wrong: dict):
    with pytest.raises(ValueError, match="hours or tokens"):
        PretrainSettings(**wrong)
