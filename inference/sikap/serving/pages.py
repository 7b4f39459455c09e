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


class Pages:
    """Make the page with the form, and the documentation."""

    def __init__(self, bundle: Bundle, limits: Limits) -> None:
        """Read the templates; `bundle` and `limits` are told of on the pages."""
        report = page_templates()
        self._templates = report.overlay(loader=jinja2.FileSystemLoader(_TEMPLATES))
        style = stylesheet(bundle) + self._templates.get_template("serving.css").render()
        self._policy = f"{style_policy(style)}; form-action 'self'; frame-ancestors 'none'"
        self._context: dict[str, Any] = {
            "style": Markup(style),
            "limits": limits,
            "model": bundle.manifest.get("name"),
            "version": __version__,
            "home": HOME,
            "report": REPORT,
            "docs": DOCS,
            "openapi": OPENAPI,
        }

    def home(self, text: str = "", problem: str | None = None, status: int = 200) -> Response:
        """Return the page with the form, filled with `text`, and what was wrong with it."""
        return self._page("home.html", status, title="sikap", text=text, problem=problem)

    def docs(self, document: dict[str, Any]) -> Response:
        """Return the documentation of the JSON endpoints, made from their OpenAPI document."""
        return self._page("docs.html", 200, title="JSON interface · sikap", operations=list(operations(document)))

    def _page(self, template: str, status: int, **context: Any) -> Response:
        html = self._templates.get_template(template).render(self._context, **context)
        return page_response(html.encode("utf-8", "replace"), self._policy, status)


def page_response(html: bytes, policy: str, status: int = 200) -> Response:
    """Return a page with its policy, which no other site may frame."""
    if "frame-ancestors" not in policy:
        policy += "; frame-ancestors 'none'"
    return Response(html, status, {"Content-Security-Policy": policy}, "text/html")
