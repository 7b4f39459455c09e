"""Blank out of an article what is not its text, keeping every character's place."""

from __future__ import annotations

import re

from sikap.extraction.words import words

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_LINE_BREAK = re.compile("\r\n?|[\u0085\u2028\u2029]")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*|!--|!)([^<>]*)>")
_BLOCK_TAGS = words(
    """p br div li ul ol tr td table h1 h2 h3 h4 h5 h6 blockquote section article header footer figure figcaption"""
)
_ENTITY = re.compile(r"&(?:quot|ldquo|rdquo|lsquo|rsquo|laquo|raquo|apos|nbsp|amp|#34|#39|#160|#8220|#8221);")
_ENTITY_CHARACTERS = {
    "&quot;": '"',
    "&#34;": '"',
    "&ldquo;": "“",
    "&#8220;": "“",
    "&rdquo;": "”",
    "&#8221;": "”",
    "&lsquo;": "‘",
    "&rsquo;": "’",
    "&laquo;": "«",
    "&raquo;": "»",
    "&apos;": "'",
    "&#39;": "'",
    "&amp;": "&",
}
_UNREAD_ELEMENTS = ("script", "style", "noscript", "iframe")


def blank_markup(article: str) -> str:
    """Return the article with markup and invisible characters as blanks; every other character keeps its place."""
    text = _LINE_BREAK.sub(lambda match: "\n".rjust(len(match[0])), article)
    text = _INVISIBLE.sub(" ", text)
    if "<" in text:
        for element in _UNREAD_ELEMENTS:
            text = _blank_element(text, element)
        text = _TAG.sub(_blank_tag, text)
    if "&" in text:
        text = _ENTITY.sub(_blank_entity, text)
    return text.replace("\xa0", " ").replace("\t", " ")


def _blank_element(text: str, element: str) -> str:
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow when lowered
        return text
    parts = []
    position = 0
    while (start := lowered.find(f"<{element}", position)) >= 0:
        end = lowered.find(f"</{element}", start)
        if end < 0:
            break
        parts += [text[position:start], "\n", " " * (end - start - 1)]
        position = end
    return "".join(parts) + text[position:]


def _blank_tag(match: re.Match[str]) -> str:
    blank = "\n" if match[2].lower() in _BLOCK_TAGS else " "
    return blank.ljust(len(match[0]))


def _blank_entity(match: re.Match[str]) -> str:
    character = _ENTITY_CHARACTERS.get(match[0], " ")
    following = match.string[match.end() : match.end() + 1]
    if following.isalnum():  # an opening mark stands next to its word
        return character.rjust(len(match[0]))
    return character.ljust(len(match[0]))
