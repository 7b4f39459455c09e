"""An article with two statements by one speaker, and the fields of a statement."""

from __future__ import annotations

from .helpers import NESTED

ARTICLE = """Menteri Luar Negeri Peru Alma Quispe mengecam sabotase jembatan di perbatasan itu.

"Kami turut berduka bersama keluarga para pekerja," kata Quispe di Lima, Senin.
"""
PLACE = ["start", "end", "kind", "speaker", "speaker_mention", "speaker_mention_start", "speaker_mention_end"]
STATEMENT = ["text", *NESTED, *PLACE, "role", "cue"]
