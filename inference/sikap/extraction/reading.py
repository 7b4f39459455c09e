"""Tell what one sentence states: direct quotes, a report, or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from sikap.extraction.clause import Attribution, Clause
from sikap.extraction.cues import ACTS, BARE_CUES, CONNECTIVES, SAYING, SIGNS, cue_of
from sikap.extraction.found import Kind
from sikap.extraction.names import Names
from sikap.extraction.predicates import nearest_predicate, predicate
from sikap.extraction.quotes import Quote
from sikap.extraction.segments import Sentence
from sikap.extraction.speakers import after_quote, in_document, inner, introduced, judged, passive
from sikap.extraction.tokens import QUOTE, Token, tokenize
from sikap.extraction.words import words

_WORD = re.compile(r"[^\W_]+")
_MARKS_AS_BLANKS = str.maketrans(dict.fromkeys(".,:;!?()[]/\"'“”‘’«»–—-", " "))
_SPEECH = SAYING | ACTS
_LINKS = words("""bahwa sebagai agar untuk yang adalah dengan dari dan atau di ke pada dalam soal tentang""")


_BARE = Attribution(None, None, None)  # of a quote that is a statement, whoever makes it


class Reading(NamedTuple):
    """Hold what one sentence says, before its speaker is resolved."""

    sentence: Sentence
    direct: tuple[Quote, ...]
    attribution: Attribution | None
    kind: Kind | None  # of the sentence as a whole, None if it is no statement itself


def read(text: str, sentence: Sentence, names: Names, *, glued: bool = False) -> Reading | None:
    """Return what a sentence states, or None when it neither states nor attributes anything.

    `glued` tells that a verb of speech may have lost the space before it.
    """
    if (
        not glued
        and not sentence.quotes
        and SIGNS.isdisjoint(text[sentence.start : sentence.end].lower().translate(_MARKS_AS_BLANKS).split())
    ):
        return None
    tokens = tokenize(text, sentence.start, sentence.end, sentence.quotes)
    clause = Clause(tokens, text, names, _quoted_verbs(text, tokens, sentence.quotes))
    direct, attribution = _direct_quotes(text, clause, tokens, sentence.quotes)
    if direct:
        return Reading(sentence, tuple(direct), attribution, None)
    attribution = _attribution(clause)
    if attribution is None:
        return None
    kind: Kind | None = None
    if not attribution.only:
        kind = "mixed" if any(_is_own_words(text, quote) for quote in sentence.quotes) else "indirect"
    return Reading(sentence, (), attribution, kind)


def _attribution(clause: Clause) -> Attribution | None:
    """Return the attribution of a sentence without a direct quote."""
    found = inner(clause)
    if found is not None and found.cue is not None and found.cue.low == "menurut" and found.cue is not clause.tokens[0]:
        own = predicate(clause, 0, clause.size)  # "X mengecam ..., menurut catatan Y": X speaks
        if own is not None and own.cue is not None and own.cue.start < found.cue.start:
            return own
    return found or passive(clause) or predicate(clause, 0, clause.size) or judged(clause) or in_document(clause)


def _direct_quotes(
    text: str, clause: Clause, tokens: Sequence[Token], quotes: Sequence[Quote]
) -> tuple[list[Quote], Attribution | None]:
    """Return the quotes that are clauses of their own, and the first attribution among theirs."""
    places = [index for index, token in enumerate(tokens) if token.low == QUOTE]
    direct: list[Quote] = []
    first: Attribution | None = None
    for quote, place in zip(quotes, places, strict=True):
        before = [token for token in tokens[:place] if token.low not in CONNECTIVES and token.text != ","]
        continues = bool(direct) and tokens[place - 1].text in {",", "."}
        if continues:
            found = _continuing(text, clause, quote, place)
        elif not before:
            found = _opening(text, clause, quote, place)
        else:
            found = _introduced(text, clause, quote, place)
        if found is not None:
            direct.append(quote)
            first = first or (found if found is not _BARE else None)
    return direct, first


def _is_last(clause: Clause, place: int) -> bool:
    return not any(token.is_word for token in clause.tokens[place + 1 :])


def _continuing(text: str, clause: Clause, quote: Quote, place: int) -> Attribution | None:
    """Return what a quote after another one of the sentence has: "...," kata X, "..."."""
    size = len(_WORD.findall(text, quote.start, quote.end))
    if _is_last(clause, place):
        return _BARE if size >= 3 else None
    return after_quote(clause, place + 1) or (_BARE if size > 3 else None)


def _opening(text: str, clause: Clause, quote: Quote, place: int) -> Attribution | None:
    """Return what a quote that opens its sentence has."""
    size = len(_WORD.findall(text, quote.start, quote.end))
    if _is_last(clause, place):
        return _BARE if size >= 3 and not quote.single else None
    found = after_quote(clause, place + 1)
    if found is None and text[quote.end - 1] in "!?." and size > 2 and _is_own_words(text, quote):
        return Attribution(None, None, None, nobody=True)
    return found


def _introduced(text: str, clause: Clause, quote: Quote, place: int) -> Attribution | None:
    """Return the attribution of a quote that something stands before, None if it is a fragment."""
    size = len(_WORD.findall(text, quote.start, quote.end))
    previous = clause.tokens[place - 1]
    capital = not text[quote.start].islower()
    colon = previous.text == ":"
    if capital and size > 2 and text[quote.end : quote.outer_end].lstrip().startswith(","):
        found = after_quote(clause, place + 1)  # "...," kata X, whatever stands before
        if found is not None and found.cue is not None and cue_of(found.cue.low) in BARE_CUES:
            return _with_subject(found, clause, place)
    comma = previous.text == "," and (capital or _is_last(clause, place))
    stated = capital and size >= 5 and previous.low not in _LINKS and cue_of(previous.low) in SIGNS
    if size < 2 or not (colon or comma or stated):
        return None
    found = inner(clause) or passive(clause) or nearest_predicate(clause, 0, place)
    if found is None or (not colon and found.cue is not None and found.cue.start > quote.start):
        found = after_quote(clause, place + 1)
    if found is not None or not colon:
        return _with_subject(found, clause, place) if found is not None else None
    found = introduced(clause, place)
    return found if found.mention is not None or size > 4 else None


def _with_subject(found: Attribution, clause: Clause, place: int) -> Attribution:
    """Let "-nya" behind a quote stand for the subject before it: "X mengatakan bahwa ..., "...", katanya"."""
    own = nearest_predicate(clause, 0, place) if found.mention is None and found.is_coreferent else None
    return found._replace(mention=own.mention) if own is not None else found


def _quoted_verbs(text: str, tokens: Sequence[Token], quotes: Sequence[Quote]) -> dict[int, Token]:
    """Return the verbs of speech with which quotes begin: the states "reaffirm their readiness"."""
    verbs = {}
    places = (index for index, token in enumerate(tokens) if token.low == QUOTE)
    for quote, place in zip(quotes, places, strict=True):
        word = _WORD.match(text, quote.start, quote.end)
        if word is not None and word[0] in _SPEECH and place:
            verbs[place] = Token(word.start(), word.end(), word[0], word[0])
    return verbs


def _is_own_words(text: str, quote: Quote) -> bool:
    """Tell whether a fragment in marks is somebody's words, and not a title or a name."""
    found = _WORD.findall(text, quote.start, quote.end)
    return not (len(found) > 1 and all(not word[0].islower() for word in found if len(word) > 3))
