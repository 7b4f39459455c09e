"""Make the pages of the server, in the look of the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup
from starlette.responses import Response

from sikap import __version__
from sikap.bundle import Bundle
from sikap.report.page import page_templates, style_policy, stylesheet
from sikap.serving.documentation import operations
from sikap.serving.limits import Limits

_TEMPLATES = Path(__file__).parent / "templates"
HOME, REPORT, DOCS, OPENAPI = "/", "/report", "/docs", "/openapi.json"


class PageMaker:
    """Make pages of one look from templates."""

    def __init__(self, bundle: Bundle, sheet: str, **context: Any) -> None:
        """Read the templates: `sheet` is the style that the report's is followed by, `context` goes to every page."""
        report = page_templates()
        self._templates = report.overlay(loader=jinja2.FileSystemLoader(_TEMPLATES))
        style = stylesheet(bundle) + self._templates.get_template(sheet).render()
        self._policy = f"{style_policy(style)}; form-action 'self'; frame-ancestors 'none'"
        self._context: dict[str, Any] = {"style": Markup(style), "version": __version__, "home": HOME, **context}

    def page(self, template: str, status: int, **context: Any) -> Response:
        """Return a page made from a template."""
        html = self._templates.get_template(template).render(self._context, **context)
        return page_response(html.encode("utf-8", "replace"), self._policy, status)


class Pages:
    """Make the page with the form, and the documentation."""

    def __init__(self, bundle: Bundle, limits: Limits) -> None:
        """Read the templates; `bundle` and `limits` are told of on the pages."""
        name = bundle.manifest.get("name")
        addresses = {"report": REPORT, "docs": DOCS, "openapi": OPENAPI}
        self._maker = PageMaker(bundle, "serving.css", limits=limits, model=name, **addresses)

    def home(self, text: str = "", problem: str | None = None, status: int = 200) -> Response:
        """Return the page with the form, filled with `text`, and what was wrong with it."""
        return self._maker.page("home.html", status, title="sikap", text=text, problem=problem)

    def docs(self, document: dict[str, Any]) -> Response:
        """Return the documentation of the JSON endpoints, made from their OpenAPI document."""
        endpoints = list(operations(document))
        return self._maker.page("docs.html", 200, title="JSON interface · sikap", operations=endpoints)


def page_response(html: bytes, policy: str, status: int = 200) -> Response:
    """Return a page with its policy, which no other site may frame."""
    if "frame-ancestors" not in policy:
        policy += "; frame-ancestors 'none'"
    return Response(html, status, {"Content-Security-Policy": policy}, "text/html")
