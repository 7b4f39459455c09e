"""Describe what the JSON endpoints take and give, for the check of requests and for the documentation."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainValidator

from sikap.extraction.found import Kind
from sikap.labels import Sentiment, Stance


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be a string, not {_kind(value)}")
    return value


def _texts(value: Any) -> str | list[str]:
    if not isinstance(value, list):
        if not isinstance(value, str):
            raise ValueError(f"must be a string or a list of strings, not {_kind(value)}")
        return value
    for number, text in enumerate(value, 1):
        if not isinstance(text, str):
            raise ValueError(f"entry {number} must be a string, not {_kind(text)}")
    if not value:
        raise ValueError("must hold at least one statement")
    return value


def _kind(value: Any) -> str:
    names = {bool: "a boolean", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), "null")


class ScoreRequest(BaseModel):
    """One statement, or a list of them."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": ["Kami mengutuk serangan itu.", "Kami berduka."]}]}
    )

    text: Annotated[str | list[str], PlainValidator(_texts, json_schema_input_type=str | list[str])] = Field(
        description="A statement, or a list of statements."
    )


class AnalyzeRequest(BaseModel):
    """An article."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": '"Kami turut berduka," kata Menlu Peru Alma Quispe.'}]},
    )

    text: Annotated[str, PlainValidator(_text, json_schema_input_type=str)] = Field(description="The article.")
    name: Annotated[str, PlainValidator(_text, json_schema_input_type=str)] = Field(
        default="request", description="The name that the answer gives the article."
    )


class ScoredStatement(BaseModel):
    """A scored statement; probabilities and sentiment are null where there was nothing to read."""

    text: str
    stance: list[Stance] = Field(description="In the order support, condemnation, condolence; empty for none.")
    sentiment: Sentiment | None
    stance_probabilities: dict[Stance, float | None]
    sentiment_probabilities: dict[Sentiment, float | None]
    uncertain: bool = Field(description="A person should read the statement.")
    truncated: bool = Field(description="The statement was longer than the model reads at once.")


class FoundStatement(ScoredStatement):
    """A statement in an article: its labels, its place in characters, and who makes it."""

    start: int
    end: int
    kind: Kind
    speaker: str | None = Field(description="The fullest form of the name in the article, without title.")
    speaker_mention: str | None
    speaker_mention_start: int | None
    speaker_mention_end: int | None
    role: str | None
    cue: str | None


class AnalyzedArticle(BaseModel):
    """The statements of an article, in order."""

    article: str = Field(description="The name of the article.")
    statements: list[FoundStatement]


class Problem(BaseModel):
    """Why a request was refused."""

    error: str = Field(description="One sentence.")
