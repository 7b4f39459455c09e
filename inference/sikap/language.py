"""Tell whether a text reads like Indonesian."""

from __future__ import annotations

import re

READ_FOR_LANGUAGE = 20_000
"""Characters of an article by which its language is judged."""
_WORD = re.compile(r"[^\W\d_]+")

INDONESIAN_WORDS = frozenset(
    """ada adalah agar akan akibat aku antara apa apakah apabila atas atau bagi bahwa baik banyak baru
    bangsa bagaimana bahkan beberapa belum berada bersama bisa bukan dalam dan dapat dari datang dengan demi
    demikian di dia dilakukan diri dua duka berduka enggak guna hal hanya harus hari hingga ia ialah ini itu
    jadi jangan jika juga juta kabar kalau kali kami karena kata katanya kawasan ke keluarga kembali kepada ketika
    kini kita korban kuat lagi lain lalu lebih luar mana masih masyarakat melakukan melalui memang
    membuat memiliki mendukung mengutuk mengecam mengenai menjadi menurut mereka merupakan meski meskipun
    menteri mungkin mulai namun negara negeri nya oleh orang pada para pasti pemerintah penting perang
    perdamaian pernah pihak presiden pula pun rakyat sama sampai sangat satu saat saja salah salam saling saya
    sebagai sebelum sebuah secara sedang segera sehingga sejak sekarang selain selalu selama selamat semoga semua
    seorang seperti serangan serta sesuai setelah setiap siap sudah suatu tahun tak tanpa tapi telah tentang tentu
    terhadap terima kasih terjadi terkait termasuk tersebut tetap tetapi tiap tidak tiga tuduhan turut untuk usai warga
    waktu wilayah yaitu yakni yang""".split()  # noqa: SIM905 - a word list reads better as text
)
FOREIGN_WORDS = frozenset(
    """the of and to in is that for with was are this from has have been will not their they our your his
    her its which were would we you he she it's we're don't by on at as an be
    el la los las que y en por para una con del se un es su al lo como más pero
    le les des et est une dans pour pas sur qui nous avec au aux du ce cette il elle ne
    der die das und ist nicht ein eine mit auf für den dem von zu wir sie ich
    het een van niet zijn met voor dat wij deze
    il che di non per sono è gli della nel
    ang ng mga sa ay na at ko mo siya hindi""".split()  # noqa: SIM905 - as above
) - {"di", "para", "per", "at", "na", "sa", "mo", "ko", "se", "me", "in", "es", "con", "die", "dat"}
_AFFIXED = re.compile(
    r"^(?:(?:me(?:m|n|ng|ny)?|ber|ter|pe(?:m|n|ng|ny)?|di|ke|se)[a-z]{4,}(?:kan|an|i|nya)?|[a-z]{4,}(?:kan|nya|annya))$"
)


def indonesian_signs(text: str) -> tuple[int, int, int]:
    """Count words, Indonesian signs and foreign signs in a text.

    Return (words, words that are common in Indonesian or carry its affixes, common words of
    English, Spanish, French, German, Dutch, Italian and Tagalog plus words in another script).
    """
    words = _WORD.findall(text.lower())
    home = foreign = 0
    for word in words:
        if word in INDONESIAN_WORDS:
            home += 2
        elif word in FOREIGN_WORDS or ord(word[0]) > 0x24F:
            foreign += 2
        elif _AFFIXED.match(word):
            home += 1
    return len(words), home, foreign


def is_indonesian(text: str) -> bool:
    """Tell whether a text reads like Indonesian; short texts without a foreign sign pass."""
    words, home, foreign = indonesian_signs(text)
    if foreign > home:
        return False
    return home > 0 or words < 6
