"""Read one part of a noun phrase, from its first word to the comma, verb or small word that ends it."""

from __future__ import annotations

from sikap.extraction.cues import ACTS, AUXILIARIES, BARE_CUES, JUDGED, PASSIVES, SAYING
from sikap.extraction.lexicon import CLOSED, LEXICAL, is_place
from sikap.extraction.scope import Part, Scope
from sikap.extraction.titles import AFFILIATION, DOCUMENTS, NAME_PARTICLES, PRONOUNS, RANKS, TITLES
from sikap.extraction.tokens import Token
from sikap.extraction.verbs import looks_like_verb
from sikap.extraction.words import words

DEFINITE = frozenset({"itu", "tersebut", "ini", "dimaksud"})
_LOCAL_HEADS = words(
    """kedutaan kedubes konsulat kantor misi perwakilan dirjen utusan duta dubes kbri wakil direktur koordinator
    kepala juru konsul pakar peneliti dosen pengamat media guru ketua atase warga"""
)
_NUMBERED = words("komisi fraksi nomor urut daop region")
_ABBREVIATED = words("dr prof ir drs dra kh hj st mr mrs ms jr sr mgr rev tgh")
_PAIRED = {"dalam": "negeri", "luar": "negeri"}
_ENGLISH = words("of for the and")
_SMALL = words("untuk urusan bidang bagi sekaligus of for the and dari dan & di pada / ,")
_FREE = 4  # small-letter words that may follow a common noun
_OTHER = SAYING | ACTS | PASSIVES | JUDGED | (BARE_CUES - LEXICAL)


def is_predicate(low: str) -> bool:
    """Tell whether a word in small letters is a verb or a cue, which ends a phrase."""
    return low in _OTHER or looks_like_verb(low)


class PartReader:
    """Read the parts of one phrase; `anybody` lets any noun open it, as behind "seorang"."""

    def __init__(self, scope: Scope, *, anybody: bool, indefinite: bool) -> None:
        """Take the scope of the phrase and what its determiners say."""
        self.scope = scope
        self.anybody = anybody
        self.indefinite = indefinite

    def read(self, position: int) -> Part:
        """Return the part that begins at a token; its `end` is the token behind it."""
        part = Part(self.scope, position)
        free = _FREE
        while (token := self.scope.at(position)) is not None:
            if token.low in DEFINITE or token.low == "sendiri":
                if part.words:
                    part.definite = token.low != "sendiri"
                    position += 1
                break
            skipped = self._skip(part, position, token)
            if skipped is not None:
                position = skipped
                continue
            if not token.is_word or not self._accepts(part, position, token):
                if not free or not token.is_word or not self._describes(part, position, token):
                    break
                free -= 1
            part.words.append(position)
            position += 1
        if part.words and part.words[-1] < position - 1 and self.scope.tokens[position - 1].low in _SMALL:
            position = part.words[-1] + 1  # a small word that joined nothing
        part.end = position
        return part

    def _skip(self, part: Part, position: int, token: Token) -> int | None:
        """Return the token behind what stands inside a part without being a word of it, None if nothing does."""
        if not part.words:
            return None
        following = self.scope.at(position + 1)
        if token.text == "(":
            closing = self._closing_bracket(position)
            return closing + 1 if closing is not None else None
        joins = (
            (token.text == "," and self._lists_office(part, position))
            or (token.text == "/" and following is not None and following.is_capitalised)
            or (token.text == "." and position == part.words[-1] + 1 and _is_initial(part.token(-1).text))
            or (not token.is_capitalised and self._links(part, token.low, following))
        )
        return position + 1 if joins else None

    def _closing_bracket(self, position: int) -> int | None:
        for index in range(position + 1, min(self.scope.limit, position + 9)):
            if self.scope.tokens[index].text == ")":
                return index
        return None

    def _accepts(self, part: Part, position: int, token: Token) -> bool:
        """Tell whether a word belongs to the part for what it is."""
        low = token.low
        if token.is_capitalised:
            return self._accepts_capital(part, position, token)
        following = self.scope.at(position + 1)
        if not part.words:
            return (low in LEXICAL or (self.anybody and low.isalpha())) and low not in CLOSED and not is_predicate(low)
        if low in _PAIRED:
            return following is not None and following.low == _PAIRED[low]
        if low in NAME_PARTICLES and following is not None and following.is_capitalised:
            return True
        if low.isdigit() or low.startswith("ke-"):
            return part.token(-1).low in _NUMBERED or (low.startswith("ke-") and low[3:].isdigit())
        return (low in LEXICAL or is_place(low)) and self._is_content(position, low)

    def _accepts_capital(self, part: Part, position: int, token: Token) -> bool:
        low = token.low
        known = low in LEXICAL or is_place(low)
        if part.words:
            return is_place(low) or low in {"kita", "kami"} or low not in CLOSED or (known and low in _PAIRED)
        if known:
            return low not in CLOSED
        following = self.scope.at(position + 1)
        followed = following is not None and following.is_capitalised and following.low not in CLOSED
        return self.scope.names.is_name(token.text, opens_sentence=position == 0, followed=followed)

    def _describes(self, part: Part, position: int, token: Token) -> bool:
        """Tell whether a small-letter word tells a common noun apart: "pejabat senior"."""
        if not part.words or token.is_capitalised or not token.low.isalpha() or token.low in _PAIRED:
            return False
        common = part.head.low in LEXICAL or self.indefinite
        return common and not part.ends_with_name() and self._is_content(position, token.low)

    def _is_content(self, position: int, low: str) -> bool:
        if low in CLOSED or is_predicate(low):
            return False
        return low not in AUXILIARIES or self._modifies(position, low)

    def _modifies(self, position: int, low: str) -> bool:
        """Tell whether an adverb is part of a title here: "wakil khusus Sekretaris Jenderal"."""
        if self.scope.tokens[position - 1].low in DOCUMENTS and low in {"bersama", "khusus", "lain"}:
            return True
        following = self.scope.at(position + 1)
        if low not in LEXICAL or following is None or following.low in AUXILIARIES:
            return False
        return following.is_capitalised or following.low in LEXICAL

    def _links(self, part: Part, low: str, following: Token | None) -> bool:
        """Tell whether a small word joins what follows to the part: "Duta Besar RI untuk PBB"."""
        if following is None or not following.is_word or following.low in PRONOUNS:
            return False
        head = part.head.low
        office = head in LEXICAL and not part.ends_with_name()
        capital = following.is_capitalised
        if low in {"dan", "&"} and is_place(head) and is_place(following.low) and capital:
            part.plural = True
            return True
        known = following.low in LEXICAL or is_place(following.low)
        return (
            (low in {"untuk", "urusan", "bidang", "bagi", "sekaligus"} and office and (known or capital))
            or (low in _ENGLISH and capital and part.token(-1).is_capitalised)
            or (low == "dari" and capital and following.low not in CLOSED)
            or (
                low in {"dan", "&"}
                and office
                and following.low not in TITLES
                and (following.low in LEXICAL or (capital and (known or self.scope.names.is_office(following.text))))
            )
            or (low in {"di", "pada"} and head in _LOCAL_HEADS and not part.ends_with_name() and capital)
        )

    def _lists_office(self, part: Part, position: int) -> bool:
        """Tell whether a comma stands inside an office: "Menteri Koordinator Bidang Politik, Hukum, dan Keamanan"."""
        if part.head.low not in TITLES or part.ends_with_name():
            return False
        index = position + 1
        joined = (token := self.scope.at(index)) is not None and token.low in {"dan", "serta"}
        if joined:
            return self._is_branch(index + 1) and self.scope.tokens[position - 1].low in AFFILIATION
        while self._is_branch(index):
            index += 1
        token, following = self.scope.at(index), self.scope.at(index + 1)
        if index == position + 1 or token is None or following is None:
            return False
        return token.low == "dan" or (token.text == "," and (following.low == "dan" or following.low in AFFILIATION))

    def _is_branch(self, index: int) -> bool:
        token = self.scope.at(index)
        return token is not None and token.is_capitalised and token.low in AFFILIATION


def _is_initial(word: str) -> bool:
    return len(word) == 1 or word.lower() in _ABBREVIATED or word.lower() in RANKS
