"""Tell verbs by their shape."""

from __future__ import annotations

import re

from sikap.extraction.words import words

_VERB = re.compile(r"^(?:me(?:m|n|ng|ny|l|r|w|y)?[a-z]{4,}|ber[a-z]{3,}|di[a-z]{4,}|ter[a-z]{3,})$")
_NOT_VERBS = words(
    """terhadap tersebut berita menteri menteri-menteri menlu berbagai beberapa media merek terkait bersama meskipun
    mengenai menurut tertinggi tertentu terbesar termasuk berikutnya diplomat diplomatik diplomasi direktur
    dirinya direksi digital dinas mereka merah melalui mengingat menjelang menko terakhir terdekat terbaru
    terlebih teroris terorisme bertanggal meja meter metro mesin merdeka mental berlin berat berani beras berikut
    berkas dirjen dimensi dinasti divisi distrik disiplin diskusi dialog diri terminal teritorial terutama
    tertulis terpisah terbuka berdasarkan medis mediator medan mekanisme melayu memo militer menhan mertua mesir
    meksiko demi terapi berwenang berjudul bersenjata bersama-sama bersangkutan beragam bernama terdahulu terpilih
    terkemuka tersangka terdakwa merangkap bertugas dilema dinding direktorat distributor diaspora dipimpin
    berbahaya berbasis terpencil"""
)


def looks_like_verb(low: str) -> bool:
    """Tell whether a word in small letters has the shape of a verb."""
    return low not in _NOT_VERBS and _VERB.match(low) is not None
