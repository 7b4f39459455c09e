"""Hold what the self-contained HTML pages of the training package share: colours, style, templates."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from sikap.report.page import shown

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Scheme:
    """Hold the colours of the page and its figures: those of the report of `sikap analyze`."""

    paper: str
    surface: str
    ink: str
    soft: str
    rule: str
    accent: str
    reference: str
    current: str
    drift: str


LIGHT = Scheme("#faf9f6", "#ffffff", "#1c2126", "#565e69", "#e2dfd7", "#1f4e79", "#5c6470", "#0069b8", "#953d0e")
DARK = Scheme("#15181c", "#1d2227", "#e9e6df", "#a7aeb8", "#343a42", "#8fc1ee", "#a9b0ba", "#7bb3fc", "#e88f48")


def render(template: str, **given: Any) -> str:
    """Return a page of a template in `templates/`, everything in it escaped, with the style that all pages share.

    The template gets `style` and `style_digest`, the SHA-256 for its Content-Security-Policy.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=shown,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = environment.get_template("page.css").render(light=LIGHT, dark=DARK)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template(template).render(style=Markup(style), style_digest=digest, **given)
