"""The application that a review is done with in a browser: one page, and what its forms send."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, ParamSpec

from fastapi import FastAPI, Request
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp

from sikap.bundle import Bundle
from sikap.errors import OutputError
from sikap.labels import SENTIMENTS, STANCES
from sikap.reviewing.keys import Draft
from sikap.reviewing.opinions import named
from sikap.reviewing.session import Session
from sikap.serving.forms import form_fields
from sikap.serving.guard import Guard
from sikap.serving.hosts import Hosts
from sikap.serving.limits import Limits, Refused
from sikap.serving.pages import HOME
from sikap.serving.refusals import answer_refusals, answering
from sikap.serving.review_page import ReviewPages, token

LIMITS = Limits(body=2**14)
SEE_OTHER = 303

P = ParamSpec("P")


class Sent(NamedTuple):
    """Hold what a form sent: what to do, with which statement, and the marks on it."""

    do: str
    statement: str
    draft: Draft


def create_review(session: Session, bundle: Bundle, left_out: str = "") -> ASGIApp:
    """Return the application behind its guard; `left_out` is said when all is done.

    Whatever a form does is done in one piece by the thread that talks to clients, so two forms never meet.
    """
    pages = ReviewPages(session, bundle, left_out)
    api = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @api.get(HOME)
    async def ask() -> Response:
        return pages.ask()

    @api.post(HOME)
    async def take(request: Request) -> Response:
        _check_origin(request.headers)
        sent = _sent(await request.body())
        try:
            _do(session, sent)
        except Refused as refused:
            kept = sent.draft if sent.statement == token(session.current) else None
            return pages.ask(kept, refused.sentence, refused.status)
        return RedirectResponse(HOME, SEE_OTHER)

    answer = answering(pages.refused)
    answer_refusals(api, answer, HOME)
    return Guard(api, LIMITS, Hosts(), answer)


def _check_origin(headers: Headers) -> None:
    """Raise Refused for a form that is not sent by a page of this server."""
    if headers.get("sec-fetch-site") != "same-origin" and headers.get("origin") != f"http://{headers.get('host')}":
        raise Refused(403, "This form does not come from a page of this server; nothing was saved.")


def _sent(body: bytes) -> Sent:
    fields = form_fields(body)
    stance, sentiment = fields.get("stance", []), fields.get("sentiment", [])
    if not {*stance} <= {*STANCES} or not {*sentiment} <= {*SENTIMENTS} or len(sentiment) > 1:
        raise Refused(422, "The form holds labels that there are not; nothing was saved.")
    draft = Draft({name for name in STANCES if name in stance}, next((s for s in SENTIMENTS if s in sentiment), None))
    return Sent(fields.get("do", [""])[0], fields.get("statement", [""])[0], draft)


def _do(session: Session, sent: Sent) -> None:
    """Do what a form asks; one of a statement that is asked no more changes nothing. Raises Refused."""
    current = sent.statement == token(session.current)
    if sent.do == "reveal":
        if sent.statement == token(session.revealable):
            session.reveal()
    elif sent.do == "back":
        if current:
            session.back()
    elif sent.do not in ("save", "skip"):
        raise Refused(422, "The form does not say what to do; nothing was saved.")
    elif not current or session.current is None:
        _check_late(session, sent)
    elif sent.do == "skip":
        _write(session.skip)
    elif sent.draft.sentiment is None:
        raise Refused(422, "Choose a sentiment first.")
    else:
        _write(session.save, sent.draft.labels)


def _write(step: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    try:
        step(*args, **kwargs)
    except OutputError as error:
        raise Refused(500, f"Not saved: {error}") from None


def _check_late(session: Session, sent: Sent) -> None:
    """Raise Refused when a form of a statement that is asked no more would have changed its labels."""
    for item in session.queue:
        if sent.statement == token(item):
            decided = session.decided(item)
            if decided is None or (sent.do == "save" and decided.labels != sent.draft.labels):
                raise Refused(409, f"Not saved: “{named(item)}” is not asked any more; go back to it to change it.")
            return
    raise Refused(409, "Not saved: that form was of a statement that is not asked here.")
