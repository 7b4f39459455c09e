"""Find the verb of speech of a sentence and its subject."""

from __future__ import annotations

from collections.abc import Sequence

from sikap.extraction.bridges import CONVEYING, before_auxiliaries, bridges, is_speech
from sikap.extraction.clause import ADJUNCTS, Attribution, Clause
from sikap.extraction.cues import ACTS, AGENCIES, FEELINGS, SAYING, SUBORDINATORS, VAGUE_NOUNS
from sikap.extraction.lexicon import LEXICAL
from sikap.extraction.mentions import Mention
from sikap.extraction.titles import PRONOUNS
from sikap.extraction.tokens import QUOTE
from sikap.extraction.words import words

_PAIRED = {"duka": "cita", "terima": "kasih", "nota": "protes", "bela": "sungkawa", "permintaan": "maaf"}
_PREPOSITIONS = words("di ke dari kepada oleh dengan pada untuk bagi terhadap antara dan serta yang tentang")
_WELCOMES = frozenset({"baik", "hangat", "positif", "gembira"})
_TIMES = words("kala waktu malam pagi kemarin")
_SPEECH = SAYING | ACTS


def predicate(clause: Clause, first: int, limit: int) -> Attribution | None:
    """Return the first verb of speech that has a subject which can speak."""
    starts: list[int] | None = None
    parsed: dict[int, Mention | None] = {}
    for index in sorted({*clause.signs, *clause.quoted_verbs}) if clause.quoted_verbs else clause.signs:
        if not first <= index < limit:
            continue
        low = verb_of(clause.low(index))
        if index not in clause.quoted_verbs and (low not in _SPEECH or not is_speech(clause, index)):
            continue
        welcomes = low != "menyambut" or clause.low(index + 1) in _WELCOMES
        if index == first and low in ACTS and welcomes and (fronted := _fronted(clause, index, limit)) is not None:
            return fronted
        if starts is None:
            starts = list(clause.starts(first, limit))
        mention = _subject_of(clause, index, starts, parsed, limit) or _beside(clause, index, first)
        if mention is not None:
            return attribution(clause, index, mention)
    return None


def verb_of(low: str) -> str:
    """Return a verb of speech without the object "-nya"."""
    return low[:-3] if low.endswith("nya") and low[:-3] in _SPEECH else low


def nearest_predicate(clause: Clause, first: int, limit: int) -> Attribution | None:
    """Return the last verb of speech with its subject, or the first if the last has none."""
    for index in reversed(clause.signs):
        if first <= index < limit and verb_of(clause.low(index)) in _SPEECH:
            mention = _subject_of(clause, index, list(clause.starts(first, limit)), {}, limit)
            if mention is not None and is_speech(clause, index):
                return attribution(clause, index, mention)
            break
    return predicate(clause, first, limit)


def attribution(clause: Clause, verb: int, mention: Mention | None) -> Attribution:
    """Return the attribution that a verb and its subject make."""
    if (quoted := clause.quoted_verbs.get(verb)) is not None:
        return Attribution(quoted, mention, quoted.text)
    cue = clause.tokens[verb]
    following, second = clause.low(verb + 1), clause.low(verb + 2)
    last = verb
    if following in FEELINGS and cue.low in CONVEYING:
        last = verb + 2 if _PAIRED.get(following) == second else verb + 1
    elif (cue.low == "menyambut" and following in _WELCOMES) or cue.low == "berterima":
        last = verb + 1
    vague = cue.low == "menyampaikan" and following in VAGUE_NOUNS
    pointing = following == "hal" and second in {"itu", "tersebut", "ini", "senada", "serupa"}
    only = (vague or (pointing and _ends_clause(clause, verb + 3))) and _says_nothing(clause, verb + 2)
    return Attribution(cue, mention, clause.text[cue.start : clause.tokens[last].end], only)


def _ends_clause(clause: Clause, index: int) -> bool:
    """Tell whether only time or place follows "mengatakan hal itu"."""
    return index >= clause.size or not clause.tokens[index].is_word or clause.low(index) in ADJUNCTS


def _says_nothing(clause: Clause, index: int) -> bool:
    """Tell whether no content follows "menyampaikan pandangan"."""
    rest = [token.low for token in clause.tokens[index:] if token.is_word or token.low == QUOTE]
    return len(rest) < 10 and not {"bahwa", QUOTE, "soal", "agar"} & set(rest)


def _fronted(clause: Clause, verb: int, limit: int) -> Attribution | None:
    """Read "Mengecam serangan itu, X ...": the act comes before its subject."""
    for comma in range(verb + 1, min(limit, verb + 25)):
        if clause.low(comma) == ",":
            mention = clause.mention(comma + 1, limit)
            if mention is not None and mention.last < limit:
                return attribution(clause, verb, mention)
    return None


def _subject_of(
    clause: Clause, verb: int, starts: Sequence[int], parsed: dict[int, Mention | None], limit: int
) -> Mention | None:
    """Return the first phrase that can be the subject of a verb, or a later one that stands right before it."""
    best: Mention | None = None
    for start in starts:
        if start >= verb:
            break
        if start not in parsed:
            parsed[start] = clause.mention(start, limit)
        mention = parsed[start]
        if mention is not None and mention.last > verb:
            mention = clause.mention(start, verb)
        if mention is None or not bridges(clause, mention, verb) or _only_carries(clause, mention, verb):
            continue
        if best is None:
            best = _voice(clause, mention, verb)
        elif _stands_closer(clause, best, mention, verb, start):
            best = mention
    return best


def _only_carries(clause: Clause, mention: Mention, verb: int) -> bool:
    """Tell whether a phrase is an agency that reports what others say."""
    return clause.low(verb) == "melaporkan" and not AGENCIES.isdisjoint((mention.name or "").lower().split())


def _stands_closer(clause: Clause, best: Mention, mention: Mention, verb: int, start: int) -> bool:
    """Tell whether a later phrase stands right before the verb and the earlier one has no side clause of its own."""
    adjacent = before_auxiliaries(clause, verb, mention.last) <= mention.last
    joined = clause.low(start - 1) in {"dan", "serta", "yang"}
    return adjacent and not joined and "yang" not in {clause.low(best.last), clause.low(best.last + 1)}


def _voice(clause: Clause, mention: Mention, verb: int) -> Mention:
    """Return the person through whom a group speaks: "Delegasi X, dipimpin Y, meminta"."""
    for index in range(mention.last, min(verb, mention.last + 3)):
        if clause.low(index) in {"melalui", "dipimpin", "diwakili", "lewat"}:
            step = index + 2 if clause.low(index + 1) == "oleh" else index + 1
            person = clause.mention(step, verb)
            if person is not None and person.kind == "person":
                return person
    return mention


def _beside(clause: Clause, verb: int, first: int) -> Mention | None:
    """Read a subject directly before its verb where no comma sets it off: "Di Kairo Macron menyerukan"."""
    end = before_auxiliaries(clause, verb, first)
    start = end
    while start > first and _can_belong(clause, start - 1):
        start -= 1
    for begin in range(max(start, first + 1), end):
        before = clause.low(begin - 1)
        if before in _PREPOSITIONS or (before in SUBORDINATORS and before != "saat"):
            continue
        mention = clause.mention(begin, end)
        if mention is not None and mention.last == end and mention.kind in {"person", "group", "pronoun"}:
            return mention if _opens_with_adverbial(clause, first, begin) else None
    return None


def _can_belong(clause: Clause, index: int) -> bool:
    token = clause.tokens[index]
    return token.is_word and (token.is_capitalised or token.low in LEXICAL or token.low in PRONOUNS)


def _opens_with_adverbial(clause: Clause, first: int, start: int) -> bool:
    """Tell whether only an adverbial stands before a subject, from the last comma on."""
    opening = max(first, clause.opening() if first == 0 else first)
    for index in range(start - 1, first, -1):
        if clause.low(index) == ",":
            opening = index + 1
            break
    low = clause.low(opening)
    adverbial = low in ADJUNCTS or low in _TIMES or low.isdigit()
    return adverbial and not {"yang", "bahwa"} & set(clause.lows(opening, start))
