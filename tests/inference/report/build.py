"""Articles with statements made by hand, so that what is shown does not hang on what is found."""

from __future__ import annotations

import io
from pathlib import Path

from sikap.address import bundle_folder
from sikap.analysis import AnalyzedArticle
from sikap.bundle import Bundle, read_bundle
from sikap.extraction.found import FoundStatement
from sikap.labels import SENTIMENTS, STANCES
from sikap.prediction import Prediction
from sikap.report.page import write_page
from sikap.statement import Statement

TEXT = """Jembatan di Perbatasan Runtuh, Dua Negara Saling Berduka

Menteri Luar Negeri Peru Alma Quispe menyampaikan belasungkawa. "Kami mengutuk sabotase itu," kata Quispe.

Menurut juru bicara Bolivia, penyelidikan mulai Senin. "Bantuan Peru tiba tepat waktu. Terima kasih," ujarnya.
"""
BELASUNGKAWA = "Menteri Luar Negeri Peru Alma Quispe menyampaikan belasungkawa."
KUTUK = "Kami mengutuk sabotase itu"
PENYELIDIKAN = "Menurut juru bicara Bolivia, penyelidikan mulai Senin."
TERIMA_KASIH = "Bantuan Peru tiba tepat waktu. Terima kasih"


def found(article: str, text: str, **place: object) -> FoundStatement:
    start = article.index(text)
    fields = {
        "kind": "direct",
        "speaker": None,
        "speaker_mention": None,
        "speaker_mention_start": None,
        "speaker_mention_end": None,
        "role": None,
        "cue": None,
    }
    return FoundStatement(start=start, end=start + len(text), text=text, **{**fields, **place})


def prediction(
    text: str, stance: tuple[str, ...] = (), sentiment: str = "neutral", uncertain: bool = False
) -> Prediction:
    return Prediction(
        text=text,
        stance=stance,
        sentiment=sentiment,
        stance_probabilities={name: 0.93 if name in stance else 0.04 for name in STANCES},
        sentiment_probabilities={name: 0.9 if name == sentiment else 0.05 for name in SENTIMENTS},
        uncertain=uncertain,
        truncated=False,
    )


def statement(
    article: str,
    text: str,
    stance: tuple[str, ...] = (),
    sentiment: str = "neutral",
    uncertain: bool = False,
    **place: object,
) -> Statement:
    return Statement.joined(found(article, text, **place), prediction(text, stance, sentiment, uncertain))


def bridge(name: str = "jembatan.txt") -> AnalyzedArticle:
    """An article with a headline and four statements by two speakers."""
    quispe = {"speaker": "Alma Quispe", "role": "Menteri Luar Negeri Peru"}
    spokesman = {"speaker": "juru bicara Bolivia"}
    statements = [
        statement(TEXT, BELASUNGKAWA, ("condolence",), "negative", kind="indirect", cue="menyampaikan", **quispe),
        statement(TEXT, KUTUK, ("condemnation", "condolence"), "negative", cue="kata", **quispe),
        statement(TEXT, PENYELIDIKAN, kind="indirect", cue="menurut", **spokesman),
        statement(TEXT, TERIMA_KASIH, ("support",), "positive", True, cue="ujar", speaker_mention="nya", **spokesman),
    ]
    return AnalyzedArticle(name, TEXT, statements)


def bundle() -> Bundle:
    return read_bundle(bundle_folder(None))


def page(*articles: AnalyzedArticle, model: Bundle | None = None) -> str:
    stream = io.BytesIO()
    write_page(stream, articles, model or bundle())
    return stream.getvalue().decode()


def saved(folder: Path, *articles: AnalyzedArticle, model: Bundle | None = None) -> Path:
    path = folder / "report.html"
    path.write_text(page(*articles, model=model), encoding="utf-8", newline="")
    return path
