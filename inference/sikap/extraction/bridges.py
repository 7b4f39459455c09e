"""Tell whether a verb is speech, and whether a phrase before it is its subject."""

from __future__ import annotations

from sikap.extraction.clause import ADJUNCTS, PURPOSE, Clause
from sikap.extraction.cues import (
    ACTS,
    APPENDED,
    AUXILIARIES,
    CLAUSE_TAKERS,
    COORDINATORS,
    DENIALS,
    FEELINGS,
    GREETED,
    NEEDS_OBJECT,
    NEGATIONS,
    SAYING,
    SUBORDINATORS,
    THINGS_HANDED,
    WIDE_OBJECTS,
)
from sikap.extraction.lexicon import LEXICAL
from sikap.extraction.mentions import Mention
from sikap.extraction.titles import DETERMINERS
from sikap.extraction.tokens import QUOTE
from sikap.extraction.verbs import looks_like_verb
from sikap.extraction.words import words

CONVEYING = words(
    """menyampaikan mengucapkan menyatakan memberikan melayangkan melontarkan menyuarakan mengutarakan mengungkapkan
    menunjukkan mengekspresikan menghaturkan"""
)
"""Verbs that make an act of speech of a feeling."""

_CONDOLING = words("menyampaikan mengucapkan menyatakan")
_SILENCE = words(
    """mengomentari berkomentar menjawab menanggapi merinci menjelaskan mengatakan bicara berbicara komentar
    permintaan diwawancarai disebutkan keterangan tanggapan jawaban pernyataan rincian"""
)
_SMALL_LINKS = SUBORDINATORS | COORDINATORS
_JOINS = words("""dan serta sambil seraya sembari lalu kemudian sekaligus namun tetapi tapi bahkan""")
_LISTING = frozenset({",", "dan", "serta", "maupun", "atau", "alias"})
_REACH = 12  # tokens in which a verb's object, or a verb's subject, is looked for


def before_auxiliaries(clause: Clause, verb: int, first: int) -> int:
    """Return where the adverbs before a verb begin."""
    while verb > first:
        if clause.low(verb - 1) in AUXILIARIES:
            verb -= 1
        elif verb - 1 > first and clause.low(verb - 2) in {"secara", "dengan"} and clause.low(verb - 1).isalpha():
            verb -= 2
        else:
            break
    return verb


def is_speech(clause: Clause, verb: int) -> bool:
    """Tell whether a verb is used as speech here: not negated, with an object that fits."""
    low = clause.low(verb)
    if low == "menolak":
        step = verb + 2 if clause.low(verb + 1) == "untuk" else verb + 1
        gives = clause.low(step) in {"memberikan", "memberi"}
        after = clause.low(step + 1) if gives else clause.low(step)
        return after not in _SILENCE and clause.low(verb - 1) not in PURPOSE
    return not _is_denied(clause, verb) and not _is_aim(clause, verb) and _has_object(clause, verb)


def _is_denied(clause: Clause, verb: int) -> bool:
    denial = clause.low(verb) in DENIALS
    for negation in {clause.low(verb - 1), clause.low(before_auxiliaries(clause, verb, 0) - 1)} & NEGATIONS:
        if not (denial and negation in {"tidak", "tak", "belum"}):
            return True
    return False


def _is_aim(clause: Clause, verb: int) -> bool:
    """Tell whether a verb only says what for, or stands in a side clause."""
    before = clause.low(verb - 1)
    if before not in PURPOSE and before not in SUBORDINATORS:
        return False
    return not (before == "untuk" and clause.low(verb) in _CONDOLING and clause.low(verb + 1) in FEELINGS)


def _has_object(clause: Clause, verb: int) -> bool:
    low = clause.low(verb)
    following = clause.low(verb + 1)
    if low == "menyampaikan" and THINGS_HANDED & {following, clause.low(verb + 2)}:
        return False
    if low == "menyambut":
        return following.islower() and following not in GREETED
    needed = NEEDS_OBJECT.get(low)
    if needed is None or (low in CONVEYING and following in FEELINGS):
        return True
    ahead = clause.lows(verb + 1, verb + 1 + (_REACH if low in WIDE_OBJECTS else 3))
    if low in CLAUSE_TAKERS and any(looks_like_verb(word) for word in ahead[1:]):
        return True
    return following in {":", ",", QUOTE} or not needed.isdisjoint(ahead)


def bridges(clause: Clause, mention: Mention, verb: int) -> bool:
    """Tell whether the words between a phrase and a verb let the one be the other's subject."""
    end = before_auxiliaries(clause, verb, mention.last)
    if clause.low(end - 1) in NEGATIONS:
        end = before_auxiliaries(clause, end - 1, mention.last)
    start = mention.last
    while start < end and clause.low(start) in AUXILIARIES and clause.low(start) not in ADJUNCTS:
        start += 1
    gap = clause.lows(start, end)
    body = gap[1:] if gap[:1] == [","] else gap
    if not body:
        return True
    if body[0] == "yang":
        return _relative(gap, body)
    if gap[-1] in _JOINS or clause.low(verb - 1) in _JOINS or (clause.low(verb - 1) == "dengan" and gap):
        return _coordinates(gap)
    return (
        (gap[0] == "(" and (gap[-1] == ")" or len(gap) < _REACH))
        or (gap[-1] == "untuk" and clause.low(verb) in _CONDOLING and len(gap) < _REACH)
        or _appends(clause, gap, verb)
        or _is_adjunct(gap, body)
        or _is_list(clause, gap, start)
        or _is_aside(gap, body)
    )


def _relative(gap: list[str], body: list[str]) -> bool:
    """Tell whether "yang ..." ends before the verb, which is not its own."""
    if gap[0] == ",":
        return gap[-1] == "," or len(body) > 2
    return len(body) > 2 or (len(body) == 2 and (looks_like_verb(body[1]) or body[1] in {"sama", "baru", "lain"}))


def _coordinates(gap: list[str]) -> bool:
    """Tell whether a second verb still has the first one's subject."""
    verbs = [index for index, low in enumerate(gap) if looks_like_verb(low) or low in SAYING or low in ACTS]
    if not verbs:
        return True
    return not any(low in PURPOSE or low == "bahwa" for low in gap[verbs[0] :]) or gap[-2:-1] == [","]


def _appends(clause: Clause, gap: list[str], verb: int) -> bool:
    """Tell whether a verb of speech follows what its subject does: "X mundur, menyebut ..."."""
    if gap[-1] != "," or clause.low(verb) not in APPENDED or not looks_like_verb(gap[0]):
        return False
    return not {"yang", "untuk", "agar"} & set(gap[-8:])


def _is_adjunct(gap: list[str], body: list[str]) -> bool:
    """Tell whether only time, place or occasion stands between."""
    if not (body[0] in ADJUNCTS or body[0].isdigit() or body[0] == QUOTE) or len(gap) > 2 * _REACH or gap[-1] == "dan":
        return False
    commas = [index for index, low in enumerate(body[:-1]) if low == ","]
    return not (commas and gap[-1] != "," and body[commas[-1] + 1] in _SMALL_LINKS)


def _is_list(clause: Clause, gap: list[str], start: int) -> bool:
    """Tell whether more names stand between: "X, Y, dan Z mengatakan"."""
    names = all(
        low in _LISTING or low in LEXICAL or low in DETERMINERS or clause.tokens[start + offset].is_capitalised
        for offset, low in enumerate(gap)
    )
    return names and gap[0] in _LISTING and (gap[-1] == "," or not _LISTING.isdisjoint(gap[:-1]))


def _is_aside(gap: list[str], body: list[str]) -> bool:
    """Tell whether a short aside between commas stands between."""
    closed = gap[0] == "," and gap[-1] == "," and len(gap) <= _REACH + 2
    return closed and not any(looks_like_verb(low) for low in body[:2])
