"""Fixtures that both halves of the tests share: a tiny encoder and a tiny bundle, made on the spot."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import pytest

# A shell lets what it starts in the background ignore interrupts; processes that tests interrupt must not inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)

SENTENCES = [
    "Kami mengutuk keras serangan terhadap warga sipil di wilayah itu.",
    "Indonesia mengecam agresi militer yang melanggar hukum internasional.",
    "Pemerintah menyampaikan belasungkawa yang mendalam kepada keluarga korban.",
    "Kami turut berduka cita atas wafatnya presiden negara sahabat.",
    "Indonesia mendukung penuh kemerdekaan rakyat Palestina.",
    "Kami menyambut baik kesepakatan gencatan senjata antara kedua pihak.",
    "Menteri Luar Negeri tiba di Jenewa untuk menghadiri sidang dewan.",
    "Kedua negara sepakat membahas kerja sama ekonomi pada bulan depan.",
    "Kami tidak mengutuk siapa pun dalam pernyataan ini.",
    "Kami prihatin atas situasi kemanusiaan yang semakin memburuk.",
    "Indonesia menolak segala bentuk kekerasan terhadap perempuan dan anak.",
    "Presiden mengucapkan selamat atas terpilihnya perdana menteri yang baru.",
    "Serangan bom itu menewaskan puluhan orang dan melukai ratusan lainnya.",
    "Duta besar menyerahkan surat kepercayaan kepada kepala negara.",
    "Kami mendesak semua pihak untuk menahan diri dan kembali berunding.",
    "Doa kami bersama para korban gempa bumi dan keluarga mereka.",
    "Pertemuan itu membahas perdagangan, pendidikan dan perubahan iklim.",
    "Tindakan sepihak tersebut merupakan pelanggaran berat terhadap piagam.",
    "Indonesia berdiri bersama rakyat Turki pada masa yang sulit ini.",
    "Juru bicara kementerian menolak memberi keterangan kepada wartawan.",
]


def tiny_vocabulary() -> list[str]:
    """Return a WordPiece vocabulary of SENTENCES: signs, letters, beginnings and endings of words, and words.

    It is the same in every process; the trainer of tokenizers gives another one each time.
    """
    words = sorted(set(re.findall(r"\w+", " ".join(SENTENCES).lower())))
    letters = sorted(set("".join(words)))
    pieces = [word[:3] for word in words] + [f"##{word[-3:]}" for word in words if len(word) > 5]
    singles = [*".,", *letters, *(f"##{letter}" for letter in letters)]
    return list(dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *singles, *pieces, *words[::2]]))


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in the Hugging Face layout: a random BERT of two layers and a vocabulary of SENTENCES."""
    import torch
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("tiny-encoder")
    vocabulary = tiny_vocabulary()
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    (folder / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": True}), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def tiny_bundle(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of the tiny encoder with random heads, wide enough apart that texts get different labels.

    It reads 32 tokens at once. Do not change it: copy it first.
    """
    import torch

    from sikap.decision import Decision
    from sikap_training.checkpoint import Checkpoint
    from sikap_training.encoders import load_encoder, load_tokenizer
    from sikap_training.export import export_bundle
    from sikap_training.network import StanceNetwork

    network = StanceNetwork(load_encoder(tiny_encoder))
    generator = torch.Generator().manual_seed(1)
    for head in (network.stance, network.sentiment):
        torch.nn.init.normal_(head.weight, std=1.0, generator=generator)
    wrapped = load_tokenizer(tiny_encoder)
    decision = Decision(thresholds=(0.9, 0.5, 0.7), bands=((0.4, 0.6),) * 3, sentiment_minimum=0.45)
    with torch.no_grad():  # half of SENTENCES on either side of each threshold, no sentiment ahead of the others
        encoded = wrapped(SENTENCES, padding=True, truncation=True, max_length=32, return_tensors="pt")
        logits = network.eval()(encoded["input_ids"], encoded["attention_mask"])
        middle = logits["stance_logits"].quantile(0.5, dim=0)
        network.stance.bias += torch.logit(torch.tensor(decision.thresholds)) - middle
        network.sentiment.bias -= logits["sentiment_logits"].quantile(0.5, dim=0)
    folder = tmp_path_factory.mktemp("bundles") / "tiny"
    export_bundle(Checkpoint(network, wrapped.backend_tokenizer, 32, decision, {}), folder)
    return folder


@pytest.fixture(scope="session")
def sentences() -> list[str]:
    """Twenty Indonesian sentences that the tiny vocabulary covers."""
    return list(SENTENCES)
