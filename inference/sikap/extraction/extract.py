"""Find the statements of an article and who made them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from sikap.extraction.boilerplate import (
    after_dateline,
    inline_link,
    is_furniture,
    is_heading,
    is_headline,
    subject_start,
)
from sikap.extraction.clause import Attribution, Clause
from sikap.extraction.coreference import Discourse, Speaker
from sikap.extraction.cues import cue_of
from sikap.extraction.found import FoundStatement, Kind
from sikap.extraction.markup import blank_markup
from sikap.extraction.mentions import Mention
from sikap.extraction.names import Names
from sikap.extraction.quotes import Quote, find_quotes
from sikap.extraction.reading import Reading, read
from sikap.extraction.segments import Sentence, find_paragraphs, find_sentences
from sikap.extraction.spelling import one_spelling
from sikap.extraction.tokens import glued_verbs, tokenize

_LOOK_BACK = 3  # sentences without a statement in which the one that "ia" stands for may be named
_CREDIT = re.compile(r"\s*\([^()]{1,40}\)$")


def extract(article: str) -> list[FoundStatement]:
    """Return the statements of an article in the order of their places; an article without any gives [].

    Works by rules, without a model, in time that grows with the length of the article.
    """
    text = blank_markup(article)
    paragraphs = find_paragraphs(text)
    quotes = find_quotes(text, paragraphs)
    sentences, links = _own_sentences(text, paragraphs, find_sentences(text, paragraphs, quotes))
    names = Names(_only(text, sentences))
    for position, begin in links.items():
        sentence = sentences[position]
        sentences[position] = sentence._replace(start=subject_start(text, begin, sentence.start, names))
    return one_spelling(_Article(article, text, names, sentences).statements())


def _own_sentences(
    text: str, paragraphs: Sequence[tuple[int, int]], sentences: list[Sentence]
) -> tuple[list[Sentence], dict[int, int]]:
    """Return the sentences that are the article's own, without datelines and links to other articles.

    The second value tells where the words of a link begin that stand before a sentence: its subject
    may be among them.
    """
    own: list[Sentence] = []
    links: dict[int, int] = {}
    skipped = -1
    for position, sentence in enumerate(sentences):
        start, end = paragraphs[sentence.paragraph]
        opens = position == 0 or sentences[position - 1].paragraph != sentence.paragraph
        link = inline_link(text, sentence.start, sentence.end)
        if opens and (
            (link is None and is_furniture(text, start, end))
            or (len(paragraphs) > 1 and is_heading(text, start, end, first=sentence.paragraph == 0))
        ):
            skipped = sentence.paragraph
        if (
            position == 0
            and len(sentences) > 1
            and not sentence.quotes
            and is_headline(text, sentence.start, sentence.end)
        ):
            continue
        if sentence.paragraph == skipped or (link is None and is_furniture(text, sentence.start, sentence.end)):
            continue
        begin = after_dateline(text, sentence.start, sentence.end) if opens else sentence.start
        if link is not None:
            links[len(own)] = link[0]
            begin = link[1]
        if begin < sentence.end:
            own.append(sentence._replace(start=begin))
        else:
            links.pop(len(own), None)
    return own, links


def _only(text: str, sentences: Sequence[Sentence]) -> str:
    """Return the text with blanks for all that is outside the sentences."""
    parts: list[str] = []
    position = 0
    for sentence in sentences:
        parts += [
            (text[position : sentence.start].isspace() and text[position : sentence.start])
            or "\n".rjust(sentence.start - position)[: sentence.start - position],
            text[sentence.start : sentence.end],
        ]
        position = sentence.end
    return "".join(parts)


class _Article:
    """Read the sentences of one article in order and resolve who speaks."""

    def __init__(self, article: str, text: str, names: Names, sentences: list[Sentence]) -> None:
        self.article = article
        self.text = text
        self.names = names
        self.sentences = sentences
        self.discourse = Discourse(names)
        self.found: list[FoundStatement] = []

    def statements(self) -> list[FoundStatement]:
        glued = glued_verbs(self.text)
        before: tuple[int, Reading] | None = None
        waiting: list[tuple[int, Reading]] = []
        for index, sentence in enumerate(self.sentences):
            at = bisect_left(glued, sentence.start)
            reading = read(self.text, sentence, self.names, glued=at < len(glued) and glued[at] < sentence.end)
            if reading is None:
                continue
            attribution = reading.attribution
            if attribution is None and before is not None and self._continues(index, before):
                attribution = before[1].attribution
            mention = attribution.mention if attribution is not None else None
            if mention is None or mention.kind not in {"person", "group"}:
                self._look_back(index, before[0] if before else -1, named=mention is None)
            if attribution is None and self.discourse.last is None:
                waiting.append((index, reading))
                continue
            if attribution is not None and attribution.nobody:
                self._add(reading, None, None)
                continue
            speaker = self.discourse.say(mention)
            for _, earlier in waiting:
                self._add(earlier, speaker, None)
            waiting = []
            self._add(reading, speaker, attribution)
            before = (index, reading._replace(attribution=attribution))
        for _, earlier in waiting:
            self._add(earlier, None, None)
        return self.found

    def _continues(self, index: int, before: tuple[int, Reading]) -> bool:
        """Tell whether a quote goes on where the one before it, cut by its attribution, left off."""
        position, reading = before
        same = self.sentences[position].paragraph == self.sentences[index].paragraph
        attribution = reading.attribution
        return (
            position == index - 1
            and same
            and bool(reading.direct)
            and attribution is not None
            and attribution.cue is not None
            and attribution.cue.start > reading.direct[0].start
        )

    def _look_back(self, index: int, last: int, *, named: bool) -> None:
        """Let who is named in the sentences since the last statement be the one that "ia" stands for.

        With `named`, for "-nya" and quotes without an attribution, only who is introduced there counts.
        """
        for position in range(max(last + 1, index - _LOOK_BACK), index):
            sentence = self.sentences[position]
            tokens = tokenize(self.text, sentence.start, min(sentence.end, sentence.start + 600), ())
            mention = Clause(tokens, self.text, self.names).subject()
            if mention is None or mention.kind in {"pronoun", "title"}:
                continue
            speaker = self.discourse.resolve(mention)
            known = speaker is not None and self.discourse.knows(speaker)
            introduced = mention.kind != "person" or mention.role is not None or " " in (mention.name or "")
            if speaker is not None and known and (introduced or not named):
                self.discourse.focus(speaker)
            elif speaker is not None and known:
                self.discourse.last_person = speaker
            elif speaker is not None and speaker.kind == "group":
                self.discourse.last_group = speaker
            elif speaker is not None and speaker.plural:
                self.discourse.last_plural = speaker

    def _add(self, reading: Reading, speaker: Speaker | None, attribution: Attribution | None) -> None:
        for quote in reading.direct:
            self.found.append(self._statement(quote, "direct", speaker, attribution))
        if reading.kind is not None:
            self.found.append(self._statement(reading.sentence, reading.kind, speaker, attribution))

    def _statement(
        self, span: Quote | Sentence, kind: Kind, speaker: Speaker | None, attribution: Attribution | None
    ) -> FoundStatement:
        start, end = span.start, span.end
        credit = _CREDIT.search(self.text, max(start, end - 60), end) if kind != "direct" else None
        if credit is not None and credit.start() > start and self.text[credit.start() - 1] in '.!?”"':
            end = credit.start()
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        place = _mention_place(attribution)
        return FoundStatement(
            start=start,
            end=end,
            text=self.article[start:end],
            kind=kind,
            speaker=speaker.name if speaker is not None and speaker.named else None,
            speaker_mention=self.article[place[0] : place[1]] if place is not None else None,
            speaker_mention_start=place[0] if place is not None else None,
            speaker_mention_end=place[1] if place is not None else None,
            role=speaker.role if speaker is not None else None,
            cue=cue_of(attribution.words).lower() if attribution is not None and attribution.words else None,
        )


def _mention_place(attribution: Attribution | None) -> tuple[int, int] | None:
    """Return where the speaker's name stands, or the "-nya" of the cue."""
    if attribution is None:
        return None
    mention: Mention | None = attribution.mention
    if mention is None:
        cue = attribution.cue
        return (cue.end - 3, cue.end) if cue is not None and attribution.is_coreferent else None
    if mention.name is not None:
        return mention.name_start, mention.name_end
    return mention.start, mention.end
