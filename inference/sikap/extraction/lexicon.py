"""Ask what a word is: of a title, of a place, of the closed classes."""

from __future__ import annotations

from collections.abc import Sequence

from sikap.extraction.places import PLACES
from sikap.extraction.titles import AFFILIATION, GENERIC_SPEAKERS, INSTITUTIONS, RANKS, TITLES
from sikap.extraction.words import words

LEXICAL = TITLES | AFFILIATION | INSTITUTIONS | GENERIC_SPEAKERS
"""Words of titles, offices, institutions and of common nouns that speak."""

CLOSED = words(
    """dalam pada di ke dari dan atau yang untuk dengan oleh saat ketika setelah sebelum usai seusai selain menurut
    sementara namun tetapi akan tidak tak belum adalah merupakan terkait mengenai soal tentang melalui lewat sejak
    hingga sampai agar supaya karena sebab jika bila meski meskipun walaupun bahwa seperti sebagai bagi antara
    atas terhadap kepada hal ini itu tersebut demikian begitu adapun kini sebelumnya kemudian selanjutnya bahkan
    juga pun lalu lantas hanya masih sudah telah sedang senin selasa rabu kamis jumat sabtu minggu ahad januari
    februari maret april mei juni juli agustus september oktober november desember hari pagi siang sore malam
    kemarin besok lusa baru apa siapa mengapa bagaimana kapan dimana kami kita saya aku anda kamu berdasarkan
    sesuai demi guna sejauh sepanjang selama menjelang jelang tanpa serta maka sehingga padahal sedangkan kendati
    apalagi baik memang tentu lebih semakin makin sangat paling ada bukan jangan mari silakan ya wib wita wit gmt
    waktu tahun pekan tanggal pukul per nah oh tadi seluruhnya semuanya keduanya pihaknya dirinya menanggapi
    merespons sambil seraya sembari dilansir dikutip disiarkan secara belakangan kala mulanya awalnya akhirnya"""
)
"""Words that are never part of a name."""

PLACED_OFFICES = words("gubernur wagub kota bupati uskup kapolda kapolres")
"""Last words of offices that a place follows: "Wali Kota" X."""

_ONLY_RANKS = RANKS | {"jenderal", "pertama", "muda", "madya"}
_WITH_TNI = RANKS | {"jenderal"}
_BEFORE_GENERAL = words("""sekretaris direktur konsul inspektur gubernur mayor brigadir letnan komisaris jaksa""")


def only_ranks(words: Sequence[str]) -> bool:
    """Tell whether a role is a rank or an honorific and no office: "Mayor Jenderal"."""
    return all(word.lower() in _ONLY_RANKS for word in words)


def strip_ranks(words: list[str]) -> str:
    """Return an office without the rank or the honorific behind it and without "-nya"."""
    end = len(words)
    while end > 1 and words[end - 1].lower() in RANKS:
        end -= 1
    if end > 2 and words[end - 1] == "TNI" and words[end - 2].lower() in _WITH_TNI:
        end -= 2
    if end > 2 and words[end - 1].lower() == "jenderal" and words[end - 2].lower() not in _BEFORE_GENERAL:
        end -= 1
    if end > 2 and words[end - 1].lower() in {"pertama", "muda", "madya"} and words[end - 2].lower() in RANKS:
        end -= 2
    text = " ".join(words[:end])
    return text.removesuffix("nya") if words[end - 1].islower() and len(words[end - 1]) > 6 else text


def is_place(word: str) -> bool:
    """Tell whether a word names a place or stands in the name of one."""
    return word.lower() in PLACES
