"""Write what was found in articles as one page that needs nothing else: no script, no network."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any, BinaryIO

import jinja2
from markupsafe import Markup

from sikap.analysis import AnalyzedArticle
from sikap.bundle import CARD, Bundle
from sikap.characters import visible
from sikap.labels import NONE, SENTIMENTS, STANCES
from sikap.report.card import card_blocks
from sikap.report.marks import Paragraph, Token, marked, paragraphs
from sikap.report.picture import description, pictures
from sikap.report.tally import COLUMNS, Speaker, Tally, speakers_of, stances_of, tally, total
from sikap.statement import Statement

FILTERED_SPEAKERS = 40
"""Speakers that can be chosen one by one; the others are chosen together."""
LONGEST_HEADLINE = 160
_TEMPLATES = Path(__file__).parent / "templates"
_STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")


def write_page(
    stream: BinaryIO,
    articles: Sequence[AnalyzedArticle],
    bundle: Bundle,
    *,
    home: str | None = None,
    notices: Sequence[str] = (),
) -> str:
    """Write the report of one or more articles as an HTML page, a piece at a time; return its Content-Security-Policy.

    `bundle` is the model that scored them; its card stands in the footer. `home` is the address of
    a page to go back to, `notices` are sentences that stand at the top.
    """
    context = _context(articles, bundle)
    style = stylesheet(bundle, context["choices"])
    policy = f"{style_policy(style)}; form-action 'none'"
    page = page_templates().get_template("page.html")
    rendered = page.stream(context, style=Markup(style), policy=Markup(policy), home=home, notices=notices)
    rendered.enable_buffering(64)
    rendered.dump(stream, encoding="utf-8")
    return policy


@cache
def page_templates() -> jinja2.Environment:
    """Return the templates of the report, which escape and show what they are given; pages may add their own."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=shown,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    return environment


def stylesheet(bundle: Bundle, choices: Sequence[tuple[int, str, str | None, int]] = ()) -> str:
    """Return the style of the report: `bundle` gives the thresholds, `choices` the speakers to filter by."""
    thresholds = dict(zip(STANCES, bundle.decision.thresholds, strict=True))
    sheet = page_templates().get_template("style.css")
    return sheet.render(combinations=_combinations(), stances=STANCES, thresholds=thresholds, choices=choices)


def style_policy(style: str) -> str:
    """Return a policy that lets a page have this style and pictures inside it, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'"


def shown(value: Any) -> Any:
    """Return a value with each character that steers how text is laid out, or is none, as U+FFFD."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _STEERING.sub("\ufffd", value)
    return value


def percent(probability: float) -> str:
    """Return a probability as a whole percentage that never claims certainty."""
    if probability < 0.01:
        return "<1%"
    return ">99%" if probability > 0.99 else f"{probability:.0%}"


@dataclass(frozen=True, slots=True)
class Section:
    """Hold one article as the page shows it; `number` counts from 1."""

    number: int
    article: AnalyzedArticle
    title: str
    headline: Paragraph | None
    tally: Tally
    speaker_numbers: dict[str | None, int]

    @property
    def statements(self) -> Iterator[tuple[str, Statement, str]]:
        """Yield the key, the statement and the classes of each."""
        for index in range(len(self.article.statements)):
            yield self.key(index), self.article.statements[index], self.classes(index)

    @property
    def paragraphs(self) -> Iterator[list[Token]]:
        """Yield the paragraphs below the headline as text and pieces of statements."""
        text = self.article.text
        places = [place for place in paragraphs(text) if place != self.headline]
        return marked(text, places, self.article.statements)

    def key(self, index: int) -> str:
        """Return what names a statement in the page's addresses."""
        return f"{self.number}-{index + 1}"

    def classes(self, index: int) -> str:
        """Return the classes by which a statement is coloured and filtered."""
        statement = self.article.statements[index]
        return f"{_stance_class(statement.stance)} p{self.speaker_numbers[statement.speaker]}"


def _stance_class(stances: Sequence[str]) -> str:
    return "k-" + ("-".join(stances) or NONE)


def _context(articles: Sequence[AnalyzedArticle], bundle: Bundle) -> dict[str, Any]:
    speakers = speakers_of(articles)
    numbers = {speaker.name: min(number, FILTERED_SPEAKERS + 1) for number, speaker in enumerate(speakers, 1)}
    sections = [_section(number, article, numbers) for number, article in enumerate(articles, 1)]
    return {
        "sections": sections,
        "title": sections[0].title if len(sections) == 1 else f"{len(sections)} articles",
        "total": total(section.tally for section in sections),
        "speakers": speakers,
        "named_speakers": sum(speaker.name is not None for speaker in speakers),
        "choices": _choices(speakers),
        "pictures": pictures(speakers),
        "description": description(speakers),
        "columns": COLUMNS,
        "stances": STANCES,
        "sentiments": SENTIMENTS,
        "stances_of": stances_of,
        "facts": _facts(bundle.manifest),
        "card": list(card_blocks((bundle.folder / CARD).read_text(encoding="utf-8", errors="replace"))),
    }


def _section(number: int, article: AnalyzedArticle, speaker_numbers: dict[str | None, int]) -> Section:
    headline = _headline(article)
    name = visible(article.name)
    title = article.text[headline.start : headline.end] if headline else name.replace("\\", "/").rsplit("/", 1)[-1]
    return Section(number, article, title, headline, tally(article.statements), speaker_numbers)


def _headline(article: AnalyzedArticle) -> Paragraph | None:
    """Return the first paragraph when it is short, no sentence, not all there is, and holds no statement."""
    places = paragraphs(article.text)
    first, second = next(places, None), next(places, None)
    if first is None or second is None or first.end - first.start > LONGEST_HEADLINE:
        return None
    if _SENTENCE_END.search(article.text[first.start : first.end]):
        return None
    if article.statements and min(statement.start for statement in article.statements) < first.end:
        return None
    return first


def _choices(speakers: Sequence[Speaker]) -> list[tuple[int, str, str | None, int]]:
    """Return number, label, role and statements of what the filter of speakers offers."""
    choices = [
        (number, speaker.label, speaker.role, speaker.tally.statements)
        for number, speaker in enumerate(speakers[:FILTERED_SPEAKERS], 1)
    ]
    if rest := speakers[FILTERED_SPEAKERS:]:
        count = sum(speaker.tally.statements for speaker in rest)
        choices.append((FILTERED_SPEAKERS + 1, f"{len(rest)} others", None, count))
    return choices


def _combinations() -> list[tuple[str, tuple[str, ...]]]:
    """Return the class of every set of stances, with the stances it is filtered and coloured by."""
    sets = [chosen for size in range(1, len(STANCES) + 1) for chosen in combinations(STANCES, size)]
    return [(_stance_class(()), (NONE,)), *((_stance_class(chosen), chosen) for chosen in sets)]


def _facts(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what the manifest says of where the model comes from; a user's own bundle may say little."""
    encoder = manifest.get("encoder")
    given = {
        "Model": manifest.get("name"),
        "Encoder": encoder.get("name") if isinstance(encoder, dict) else None,
        "Training run": manifest.get("run_id"),
        "Data digest": manifest.get("data_digest"),
        "Licence": manifest.get("licence"),
    }
    return [(name, value) for name, value in given.items() if isinstance(value, str)]
