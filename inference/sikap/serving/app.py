"""The application: a page with a form, its report, two JSON endpoints and their documentation."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response
from starlette.types import ASGIApp

from sikap import __version__
from sikap.characters import visible
from sikap.model import Model
from sikap.serving import work
from sikap.serving.forms import form_fields
from sikap.serving.guard import Guard
from sikap.serving.hosts import Hosts
from sikap.serving.limits import Limits, Refused
from sikap.serving.pages import DOCS, HOME, OPENAPI, REPORT, Pages, page_response
from sikap.serving.refusals import answer_refusals, answering
from sikap.serving.schemas import AnalyzedArticle, AnalyzeRequest, Problem, ScoredStatement, ScoreRequest

WARNING = "Sikap-Warning"
"""Header that carries what the command line says on standard error."""
LONGEST_SENTENCE = 300
EMPTY = "is empty; it must hold an article."
REFUSALS: dict[int | str, dict[str, Any]] = {
    408: {"model": Problem, "description": "The body came too slowly."},
    413: {"model": Problem, "description": "The body, the number of texts or their characters are over the limit."},
    422: {"model": Problem, "description": "The body is no such object as described here."},
    503: {"model": Problem, "description": "Too many requests wait; the header Retry-After says for how many seconds."},
}


def create_app(model: Model, workers: work.Workers, limits: Limits, hosts: Hosts) -> ASGIApp:
    """Return the application behind its guard; `workers` do the scoring with `model`."""
    pages = Pages(model.bundle, limits)
    api = FastAPI(
        title="sikap",
        version=__version__,
        description="Stance and sentiment of Indonesian diplomatic statements, with the fields of the command line.",
        docs_url=None,
        redoc_url=None,
        openapi_url=OPENAPI,
    )

    @api.post(
        "/api/score",
        summary="Score one statement or a list of them",
        response_model=ScoredStatement | list[ScoredStatement],
        responses=REFUSALS,
    )
    async def score(asked: ScoreRequest) -> Response:
        """Give an object for a string, and for a list a list of objects in its order, as sikap score does."""
        limits.check([asked.text] if isinstance(asked.text, str) else asked.text)
        return _json(*await workers.do(work.scored, model, asked.text))

    @api.post(
        "/api/analyze",
        summary="Find the statements in an article",
        response_model=AnalyzedArticle,
        responses=REFUSALS,
    )
    async def analyze(asked: AnalyzeRequest) -> Response:
        """Give every statement with its speaker, place and labels, as sikap analyze does."""
        _check_article(asked.text, limits)
        return _json(*await workers.do(work.analyzed, model, asked.text, asked.name))

    @api.get(HOME, include_in_schema=False)
    async def home() -> Response:
        return pages.home()

    @api.get(DOCS, include_in_schema=False)
    async def docs() -> Response:
        return pages.docs(api.openapi())

    @api.post(REPORT, include_in_schema=False)
    async def report(request: Request) -> Response:
        text, kind = _form(await request.body())
        make = work.quote_report if kind == "quote" else work.article_report
        try:
            _check_article(text, limits)
        except Refused as refused:
            return pages.home(text, refused.sentence, refused.status)
        return page_response(*await workers.do(make, model, text, HOME))

    answer = answering(lambda refused: pages.home(problem=refused.sentence, status=refused.status))
    answer_refusals(api, answer, DOCS)

    @api.exception_handler(RequestValidationError)
    async def refuse_wrong(request: Request, error: RequestValidationError) -> Response:
        return answer(request.headers, Refused(422, _sentence(error)))

    return Guard(api, limits, hosts, answer)


def _json(body: bytes, warnings: list[str]) -> Response:
    response = Response(body, media_type="application/json")
    for warning in warnings:
        response.headers.append(WARNING, warning)
    return response


def _check_article(text: str, limits: Limits) -> None:
    limits.check([text])
    if not visible(text):
        raise Refused(422, f"text: {EMPTY}")


def _form(body: bytes) -> tuple[str, str]:
    """Return the text, its line ends as they were before the browser sent them, and what to read it as."""
    fields = form_fields(body)
    text = fields.get("text", [""])[0]
    return text.replace("\r\n", "\n"), fields.get("as", ["article"])[0]


def _sentence(error: RequestValidationError) -> str:
    """Return the first thing that is wrong with a request, as one sentence."""
    first = error.errors()[0]
    field = ".".join(map(str, first["loc"][1:]))
    if first["type"] == "json_invalid":
        sentence = f"The body is no JSON (character {field}: {first['ctx']['error']})."
    elif not field:
        sentence = "The body must be a JSON object, sent as application/json."
    elif first["type"] == "missing":
        sentence = f"{field}: is missing; see {DOCS}."
    elif first["type"] == "extra_forbidden":
        sentence = f"{field[:80]}: is no field of this request; see {DOCS}."
    else:
        sentence = f"{field}: {first['msg'].removeprefix('Value error, ')}."
    return visible(sentence)[:LONGEST_SENTENCE]
