"""Tell an article's own sentences from headlines, datelines, captions and a web page's furniture."""

from __future__ import annotations

import re

from sikap.extraction.lexicon import CLOSED
from sikap.extraction.names import Names
from sikap.extraction.places import PLACES
from sikap.extraction.titles import INSTITUTIONS, PRONOUNS, TITLES
from sikap.extraction.words import words

_FURNITURE = re.compile(
    r"\W*(?:(?:baca|simak|lihat|tonton|saksikan|dengarkan)\s+(?:juga|selengkapnya|video|berita|artikel|pula|lainnya)\b"
    r"|(?:posted\s+by|editor|penulis|pewarta|reporter|penerjemah|sumber|foto|caption|tags?|topik|kategori|referensi|"
    r"source|dikutip\s+dari|via|by|oleh|image|gambar|video|copyright|editing)\s*[:©]"
    r"|(?:advertisement|iklan|scroll\s+to|copyright|©|hak\s+cipta|all\s+rights|pilihan\s+editor|berita\s+terkait|"
    r"artikel\s+terkait|berita\s+lainnya|terpopuler|bagikan|share|komentar\b|lihat\s+semua|loading|newsletter|"
    r"langganan|berlangganan|kebijakan\s+privasi|syarat\s+dan\s+ketentuan|tentang\s+kami|hubungi\s+kami|cookie)"
    r"|(?:ikuti|dapatkan|gabung|bergabung|bergabunglah|klik|unduh|download|yuk|ayo)\s+(?:kami|berita|update|informasi|"
    r"saluran|channel|di\s|dengan|bersama|sekarang|aplikasi|whatsapp|telegram|google|grup|disini|ke\s|segera)"
    r"|artikel\s+(?:ini\s+)?(?:sebelumnya\s+)?(?:ini\s+)?(?:sudah|telah)\s+(?:tayang|terbit)"
    r"|(?:berita|artikel)\s+ini\s+(?:sudah|telah|pertama|dibuat|ditulis)"
    r"|\[gambas|https?://\S+\W*$|={3,})",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"(?:Baca|Simak|Lihat|Tonton|Saksikan)\s+(?:[Jj]uga|[Ss]elengkapnya|[Vv]ideo|[Pp]ula|[Ll]ive)\b(?:\s+[Vv]ideo|\s+\w+)?(?:\s*:|(?=\s+[A-Z\[\"“”]))"
)
_DATELINE_DASH = re.compile(r"\s*(?:--|[-–—](?:\s?[-–—])*)\s*(?=\S)")
_DATELINE_UPPER = re.compile(
    r"[A-Z]{4,}|\w\.(?:COM|CO|ID|NET|ORG|com|co|id|net|org)\b|\([\w /.]+\)|CNN|BBC|AFP|AA\b|VOA"
)
_CLOCK = re.compile(r"\d{1,2}[.:]\d{2}(?:\s?(?:WIB|WITA|WIT|GMT))?\s*[-–—:|]\s*")
_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")
_SMALL_WORDS = words(
    """di ke dari yang dan untuk pada dengan soal bagi agar dalam oleh tak atau atas akan saat jadi usai karena
    hingga bin al tentang terhadap itu ini juga vs"""
)
_ATTRIBUTED = re.compile(r"[,.!?…]\s?[\"”]\s?[a-z]")
_INTRODUCES = re.compile(r":\s*[\"“”„«]")
_MARK = re.compile('["“”]')
_LONGEST_LINK = 250
_HEADS = TITLES | INSTITUTIONS
_ENDINGS = ".!?…:;,\"”'’)]"


def is_furniture(text: str, start: int, end: int) -> bool:
    """Tell whether a paragraph or sentence belongs to the page and not to the article."""
    return _FURNITURE.match(text, start, min(end, start + 200)) is not None


def is_heading(text: str, start: int, end: int, *, first: bool) -> bool:
    """Tell whether a paragraph is a headline or a subheading: short, and without a sentence's end or case."""
    if end - start > 220:
        return False
    ended = text[end - 1] in _ENDINGS
    words = _WORD.findall(text, start, end)
    if not words:
        return True
    ratio = _title_case(words)
    if ended:
        return ratio >= 0.85 and len(words) > 2 and first and text[end - 1] in "!?.\"”’'"
    if _ATTRIBUTED.search(text, start, end):
        return False
    if _INTRODUCES.search(text, start, end):
        return ratio >= 0.6
    return first or len(words) <= 8 or ratio >= 0.6


def is_headline(text: str, start: int, end: int) -> bool:
    """Tell whether an article's first sentence is its headline: nearly every word has a capital."""
    found = _WORD.findall(text, start, min(end, start + 300))
    return len(found) > 4 and _title_case(found) >= 0.9


def _title_case(words: list[str]) -> float:
    content = [word for word in words if word.lower() not in _SMALL_WORDS]
    return sum(not word[0].islower() for word in content) / max(1, len(content))


def after_dateline(text: str, start: int, end: int) -> int:
    """Return where a paragraph's text begins after its dateline or its time of day, if it has one."""
    clock = _CLOCK.match(text, start, end)
    if clock is not None:
        return clock.end()
    position = start
    if text.startswith("http", start):
        position = start + len(text[start : min(end, start + 300)].split(maxsplit=1)[0])
    dash = _DATELINE_DASH.search(text, position, min(end, position + 90))
    while dash is not None:
        prefix = text[position : dash.start()]
        if prefix and not (prefix[-1].isalpha() and text[dash.end()].islower()) and _is_dateline(prefix):
            return dash.end()
        dash = _DATELINE_DASH.search(text, dash.end(), min(end, position + 90))
    return start


def _is_dateline(prefix: str) -> bool:
    words = _WORD.findall(prefix)
    if not words or len(words) > 9 or any(mark in prefix for mark in '"“”?!'):
        return False
    capitalised = all(not word[0].islower() or "." in word or word in {"di", "dan"} for word in words)
    places = all(word.lower() in PLACES for word in words)
    return capitalised and (places or _DATELINE_UPPER.search(prefix) is not None)


def inline_link(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where a "Baca juga: Headline" inside a paragraph starts and where its capitalised words end."""
    match = _INLINE.search(text, start, end)
    if match is None:
        return None
    stop = match.end()
    mark = _MARK.search(text, stop, min(end, stop + _LONGEST_LINK))
    for word in _WORD.finditer(text, stop, mark.start() if mark else min(end, stop + _LONGEST_LINK)):
        if not word[0][0].islower():
            stop = word.end()
        elif word[0] not in _SMALL_WORDS:
            break
    return match.start(), stop


def subject_start(text: str, link: int, end: int, names: Names) -> int:
    """Return where the subject of the sentence behind a link begins, among the link's last words or at its end."""
    words = list(_WORD.finditer(text, link, end))[-6:]
    for index, word in enumerate(words[1:], 1):
        low = word[0].lower()
        last = index == len(words) - 1
        opens = word[0][0].isupper() and (low in CLOSED or low in PRONOUNS)
        if (low in _HEADS and not last) or opens or (last and low in names.people):
            return word.start()
    return end
