"""Find the cue of a sentence and the phrase that names its speaker."""

from __future__ import annotations

from sikap.extraction.clause import ADJUNCTS, PURPOSE, Attribution, Clause
from sikap.extraction.cues import (
    AUXILIARIES,
    BARE_CUES,
    CONNECTIVES,
    JUDGED,
    PASSIVES,
    SAYING,
    SOURCES,
    STRICT_BARE_CUES,
    SUBORDINATORS,
    cue_of,
)
from sikap.extraction.lexicon import CLOSED
from sikap.extraction.mentions import Mention, parse_description
from sikap.extraction.predicates import attribution, predicate
from sikap.extraction.tokens import QUOTE
from sikap.extraction.verbs import looks_like_verb
from sikap.extraction.words import words

_ASIDES = words("singkat pula juga lagi menegaskan menambahkan tegas kembali menjelaskan")
_ATTRIBUTING_HEADS = words(
    """hal pernyataan penegasan demikian seruan peringatan permintaan kecaman ungkapan komentar imbauan harapan
    ajakan usulan informasi pesan keterangan kabar itu ini pengakuan pandangan sikap tanggapan janji tudingan nada"""
)
_AFTER_CUE = words(
    """kepada dalam saat di pada usai ketika seperti sambil seraya sembari lagi singkat kemudian santai lirih"""
)
_CARRIERS = words("pernyataan keterangan unggahan surat laporan komunike pidato cuitan kutipan ucapan pesan sambutan")
_OF_DOCUMENTS = words("lengkap resmi tertulis bersama penuh dari terbuka singkat")
_OUTER = frozenset({",", QUOTE, ")", "–", "—", "-"})
_BEFORE_ACCORDING = _OUTER | {"dan", "namun", "demikian"}
_NO_CUES = CLOSED | AUXILIARIES
_PASSIVE = PASSIVES | JUDGED
_SIDE = PURPOSE | SUBORDINATORS


def after_quote(clause: Clause, index: int) -> Attribution | None:
    """Return the attribution that begins at a token behind a quote."""
    low = clause.low
    while low(index) in {",", "-", "–", "—"} or (low(index) == "seperti" and low(index + 1)):
        index += 1
    if index >= clause.size:
        return None
    if low(index) in {"demikian", "begitu", "begitulah", "demikianlah"}:
        return _thus(clause, index)
    verb = index + 1 if low(index) in {"seraya", "sambil", "sembari"} else index
    if low(verb) in SAYING:
        return attribution(clause, verb, None)
    return _cue(clause, index) or predicate(clause, index, min(clause.size, index + 40)) or _unlisted(clause, index)


def _cue(clause: Clause, index: int) -> Attribution | None:
    """Return the attribution that begins with a cue of whatever kind."""
    token = clause.tokens[index]
    stem = cue_of(token.low)
    if stem in BARE_CUES:
        return _bare(clause, index)
    if stem in PASSIVES:
        return _passive(clause, index)
    if token.low in {"menurut", "menurutnya"}:
        return _according(clause, index)
    if token.low in {"bunyi", "isi", "tertulis", "tulisan"}:
        return Attribution(token, issuer(clause, index + 1), token.text)
    return None


def issuer(clause: Clause, index: int) -> Mention | None:
    """Return whose document a phrase names: "pernyataan lengkap X"; else the phrase itself."""
    step = index
    if clause.low(step) in _CARRIERS:
        step += 1
        while clause.low(step) in _OF_DOCUMENTS:
            step += 1
    found = clause.mention(step) if step > index else None
    return found or clause.mention(index)


def _thus(clause: Clause, index: int) -> Attribution:
    """Read "demikian kata X", "demikian pernyataan X", "demikian X dalam ..."."""
    token = clause.tokens[index]
    step = index + 2 if clause.low(index + 1) == "pula" else index + 1
    found = _cue(clause, step) if step < clause.size else None
    return found or Attribution(token, issuer(clause, step), token.text)


def _unlisted(clause: Clause, index: int) -> Attribution | None:
    """Read a word that is no listed cue but stands where only a cue can: "...," selorohnya."""
    token = clause.tokens[index]
    mark = clause.tokens[index - 1].end if index else 0
    if clause.text[max(0, mark - 2) : mark - 1] not in {",", "!", "?"} or token.is_capitalised:
        return None
    if not token.text.isalpha() or token.low in _NO_CUES or looks_like_verb(token.low):
        return None
    mention = None if token.low.endswith("nya") else clause.mention(index + 1)
    return Attribution(token, mention, token.text) if mention is not None or token.low.endswith("nya") else None


def _bare(clause: Clause, index: int) -> Attribution:
    cue = clause.tokens[index]
    if cue.low not in BARE_CUES:
        return Attribution(cue, None, cue.text)
    position = index + 1
    while clause.low(position) in _ASIDES or clause.low(position) == ",":
        position += 1
    mention = clause.mention(position) or parse_description(clause.tokens, position, clause.text, clause.names)
    return Attribution(cue, mention, cue.text)


def _passive(clause: Clause, index: int) -> Attribution:
    cue = clause.tokens[index]
    if cue.low not in _PASSIVE:
        return Attribution(cue, None, cue.text)
    position = index + 1
    spelled = cue.text
    if cue.low == "disambut" and clause.low(position) in {"baik", "hangat", "positif", "dingin"}:
        spelled = clause.text[cue.start : clause.tokens[position].end]
        position += 1
    while clause.low(position) in {"oleh", "langsung", "kembali", "juga", "pula"}:
        position += 1
    return Attribution(cue, clause.mention(position), spelled)


def _according(clause: Clause, index: int) -> Attribution | None:
    cue = clause.tokens[index]
    if cue.low == "menurutnya":
        return Attribution(cue, None, cue.text)
    mention: Mention | None = None
    if clause.low(index + 1) in SOURCES:
        step = index + 2
        while clause.low(step) in {"dari", "terbaru", "resmi", "awal", "sementara", "tertulis"}:
            step += 1
        mention = clause.mention(step)
        spoken = clause.low(index + 1) in {"keterangan", "pengakuan", "kesaksian", "penuturan"}
        if mention is not None and mention.kind == "generic" and not mention.definite and not spoken:
            mention = None
    mention = mention or clause.mention(index + 1)
    return Attribution(cue, mention, cue.text) if mention is not None else None


def inner(clause: Clause) -> Attribution | None:
    """Return ", kata X", "menurut X" or "kata X, ..." anywhere in a sentence."""
    for index in clause.signs:
        low = clause.low(index)
        opens = index <= 3 and all(before in CONNECTIVES or before == "," for before in clause.lows(0, index))
        behind = clause.low(index - 1)
        found: Attribution | None = None
        if low in {"menurut", "menurutnya"}:
            found = _according(clause, index) if opens or behind in _BEFORE_ACCORDING else None
        elif behind == "demikian" and cue_of(low) in PASSIVES:
            return _passive(clause, index)
        elif not (opens or behind in _OUTER or behind == "demikian"):
            continue
        elif low in BARE_CUES:
            found = _bare(clause, index)
            if found.mention is None or (low not in STRICT_BARE_CUES and found.mention.kind == "generic"):
                continue
        elif _is_coreferent(clause, index, opens=opens):
            return Attribution(clause.tokens[index], None, clause.tokens[index].text)
        if found is not None and (found.mention is None or _ends_phrase(clause, found.mention.last)):
            return found
    return None


def _is_coreferent(clause: Clause, index: int, *, opens: bool) -> bool:
    """Tell whether a word is a cue with "-nya" that says who speaks: ", katanya"."""
    low = clause.low(index)
    stem = cue_of(low)
    if not low.endswith("nya") or not (stem in BARE_CUES or stem in PASSIVES):
        return False
    if stem in PASSIVES and (not opens or clause.low(0) in _ATTRIBUTING_HEADS):
        return False
    following = clause.low(index + 1)
    return opens or not following.isalpha() or following in _AFTER_CUE


def _ends_phrase(clause: Clause, index: int) -> bool:
    """Tell whether what follows a speaker behind a cue may follow it."""
    low = clause.low(index)
    if not low or not clause.tokens[index].is_word or low in ADJUNCTS or low in AUXILIARIES:
        return True
    return low in {"yang", "dan", "bahwa", "untuk", "sambil", "seraya"} or not (looks_like_verb(low) or low in SAYING)


def passive(clause: Clause) -> Attribution | None:
    """Return a passive of saying that opens the sentence: a report, or a sentence that only attributes."""
    if not any(cue_of(clause.low(index)) in PASSIVES for index in clause.signs):
        return None
    start = clause.opening()
    attributes = clause.low(0) in _ATTRIBUTING_HEADS or clause.low(start) in _ATTRIBUTING_HEADS
    for index in range(min(start, 1), min(clause.size, start + 9)):
        low = clause.low(index)
        if low == ",":
            start = index + 1
            continue
        stem = cue_of(low)
        if stem not in PASSIVES:
            continue
        if attributes:
            return _passive(clause, index)._replace(only=True)
        if index == start:
            return _passive(clause, index)
    document = clause.mention(start + 1) if clause.low(start) in {"dalam", "pada"} else None
    if document is not None and cue_of(clause.low(document.last)) in PASSIVES:
        return Attribution(clause.tokens[document.last], document, clause.tokens[document.last].text)
    return None


def judged(clause: Clause) -> Attribution | None:
    """Return a passive of judging with its agent: "dinilai keliru oleh X", "ditolak Kolombo", "oleh X disebut"."""
    for index in clause.signs:
        if clause.low(index) not in JUDGED or not _is_main(clause, index):
            continue
        direct = _passive(clause, index)
        if direct.mention is not None and direct.mention.kind in {"person", "group", "pronoun"}:
            return direct
        for agent in (*range(index + 1, min(clause.size, index + 5)), *range(clause.opening() + 1)):
            mention = clause.mention(agent + 1) if clause.low(agent) == "oleh" else None
            if mention is not None:
                return direct._replace(mention=mention)
    return None


def _is_main(clause: Clause, index: int) -> bool:
    """Tell whether a passive is the first verb of its sentence."""
    if clause.low(index - 1) in _SIDE:
        return False
    return not any(low in {"merupakan", "adalah", "yang"} or looks_like_verb(low) for low in clause.lows(0, index))


def in_document(clause: Clause) -> Attribution | None:
    """Return whose letter or post a sentence with a fragment in marks tells of: "Dalam pernyataan X, ..."."""
    start = clause.opening()
    if clause.low(start) not in {"dalam", "lewat", "melalui"} or clause.low(start + 1) not in _CARRIERS:
        return None
    if QUOTE not in clause.lows(start, clause.size):
        return None
    mention = clause.mention(start + 2)
    if mention is None or mention.kind not in {"person", "group"}:
        return None
    return Attribution(clause.tokens[start + 1], mention, None)


def introduced(clause: Clause, place: int) -> Attribution:
    """Return who speaks in a quote behind a colon that no cue introduces: "Berikut pernyataan X: ..."."""
    for index in range(place):
        if clause.low(index) in _CARRIERS:
            mention = issuer(clause, index)
            if mention is not None and mention.kind in {"person", "group", "title"}:
                return Attribution(None, mention, None)
    return clause.bare_subject()
