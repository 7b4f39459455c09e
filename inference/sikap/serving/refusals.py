"""Answer what is refused or fails: one sentence, as a page for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response

from sikap.serving.guard import Answer
from sikap.serving.limits import Refused
from sikap.writing.values import json_bytes


def answering(page: Callable[[Refused], Response]) -> Answer:
    """Return what answers refusals: `page` makes the answer for a person, an object with `error` is that for others."""

    def answer(headers: Headers, refused: Refused) -> Response:
        if "text/html" in headers.get("accept", ""):
            response = page(refused)
        else:
            response = Response(json_bytes({"error": refused.sentence}), refused.status, media_type="application/json")
        if refused.retry_after is not None:
            response.headers["Retry-After"] = str(refused.retry_after)
        return response

    return answer


def answer_refusals(api: FastAPI, answer: Answer, instead: str) -> None:
    """Let an application answer with `answer` what it refuses; `instead` says where to look."""

    @api.exception_handler(Refused)
    async def refuse(request: Request, refused: Refused) -> Response:
        return answer(request.headers, refused)

    @api.exception_handler(HTTPException)
    async def refuse_other(request: Request, error: HTTPException) -> Response:
        return answer(request.headers, _refusal(request, error, instead))

    @api.exception_handler(Exception)
    async def fail(request: Request, error: Exception) -> Response:
        return answer(request.headers, Refused(500, "This failed inside the server; its log says why."))


def _refusal(request: Request, error: HTTPException, instead: str) -> Refused:
    sentences = {
        400: (422, "The body cannot be read as JSON in UTF-8; send one JSON object."),
        404: (404, f"There is no such page; see {instead}."),
        405: (405, f"{request.method} is not possible here; see {instead}."),
    }
    return Refused(*sentences.get(error.status_code, (error.status_code, str(error.detail))))
