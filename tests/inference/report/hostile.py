"""Articles that try to be more than text."""

from __future__ import annotations

from sikap.analysis import AnalyzedArticle

from .build import statement

SCRIPT = "<script>document.title='owned'</script>"
ATTRIBUTE = "\" autofocus onfocus=\"document.title='owned'\" x='"
IMAGE = "<img src=x onerror=\"document.title='owned'\">"
CLOSING = "</mark></p></article></main></style></title><style>*{display:none!important}</style>"
TEMPLATE = "{{ 7 * 7 }}{% raw %}${7*7}"
OVERRIDE = "aman \u202egnarep\u202c \u2066terbalik\u2069 \u0000\u0007 akhir"
LINK = "javascript:document.title='owned'"
PARTS = [SCRIPT, ATTRIBUTE, IMAGE, CLOSING, TEMPLATE, OVERRIDE, LINK]


def hostile() -> AnalyzedArticle:
    """An article whose headline, text, statements, speakers, roles, cues and name are hostile."""
    text = f"{IMAGE} {SCRIPT}\n\n" + "\n\n".join(f"Kalimat biasa. {part} tutup." for part in PARTS)
    statements = [
        statement(
            text,
            f"{part} tutup.",
            ("condemnation",),
            "negative",
            speaker=f"{part} orang",
            speaker_mention=part,
            role=f"peran {part}",
            cue=part,
        )
        for part in PARTS
    ]
    return AnalyzedArticle(f"a{SCRIPT}{ATTRIBUTE}{OVERRIDE}\udcff.txt", text, statements)
