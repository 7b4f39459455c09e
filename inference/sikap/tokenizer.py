"""Open a tokenizer, and refuse one that could make much of little text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from sikap.errors import BundleError

STEPS = {
    "normalizer": (
        "BertNormalizer Lowercase NFC NFD NFKC NFKD Nmt Precompiled Prepend Replace Sequence Strip StripAccents"
    ),
    "pre_tokenizer": (
        "BertPreTokenizer CharDelimiterSplit Digits Metaspace Punctuation Sequence Whitespace WhitespaceSplit"
    ),
    "post_processor": "BertProcessing RobertaProcessing Sequence TemplateProcessing",
}
"""What may be done to a text: nothing that computes longer than a text is long."""
MODELS = ("BPE", "Unigram", "WordLevel", "WordPiece")
SPACES = {"Regex": " {2,}"}
"""The one regular expression that may be replaced: that of SentencePiece tokenizers, which cannot backtrack."""
LONGEST_WORD = 1000
"""Characters of a word that WordPiece looks up at most; its time grows with the square of that."""
MOST_STEPS = 32
MOST_SPECIAL = 4
"""Special tokens around a text, at most."""
LONGEST_CHARSMAP = 2**20


class _UnfitError(Exception):
    """What a tokenizer holds and must not."""


def open_tokenizer(file: Path, max_length: int) -> Tokenizer:
    """Open a tokenizer that cuts texts to windows of `max_length` tokens, overlapping by a quarter, and never pads.

    Raises BundleError when it cannot be read, or could take unbounded time or memory for a text.
    """
    try:
        data = file.read_bytes()
        _check(json.loads(data))
        tokenizer = Tokenizer.from_str(data.decode())
        tokenizer.no_padding()
        added = tokenizer.num_special_tokens_to_add(False)
        if added > MOST_SPECIAL:
            raise _UnfitError(f"it puts {added} special tokens around a text")
        tokenizer.enable_truncation(max_length, stride=max_length // 4)
    except _UnfitError as error:
        raise BundleError(f"{file}: not a tokenizer of sikap's: {error}; export the bundle again.") from None
    except RecursionError:
        raise BundleError(f"{file}: not a tokenizer: it is nested too deep; export the bundle again.") from None
    except Exception as error:  # tokenizers raises bare Exception
        raise BundleError(f"{file}: not a tokenizer this version reads ({_first_line(error)}).") from error
    return tokenizer


def _check(content: Any) -> None:
    if not isinstance(content, dict) or not isinstance(content.get("model"), dict):
        raise _UnfitError("it holds no model")
    model = content["model"]
    kind = model.get("type")
    if kind not in MODELS:
        raise _UnfitError(f"its model is {kind!r}, not one of {', '.join(MODELS)}")
    if kind == "WordPiece" and not 0 < model.get("max_input_chars_per_word", 100) <= LONGEST_WORD:
        raise _UnfitError(f"it looks up words of more than {LONGEST_WORD} characters")
    if model.get("dropout"):
        raise _UnfitError("it cuts words at random")
    for part, names in STEPS.items():
        steps = list(_steps(content.get(part)))
        if len(steps) > MOST_STEPS:
            raise _UnfitError(f"its {part} has more than {MOST_STEPS} steps")
        for step in steps:
            if step.get("type") not in names.split():
                raise _UnfitError(f"its {part} has a step {str(step.get('type'))[:40]!r}")
            _check_step(step)


def _steps(step: Any) -> list[dict[str, Any]]:
    """Return the steps that a step is made of, one in another or not."""
    if step is None:
        return []
    if not isinstance(step, dict):
        raise _UnfitError("a step of it is no object")
    if step.get("type") != "Sequence":
        return [step]
    inner = [each for key in ("normalizers", "pretokenizers", "processors") for each in step.get(key) or []]
    if len(inner) > MOST_STEPS:
        raise _UnfitError(f"it has a sequence of more than {MOST_STEPS} steps")
    return [found for each in inner for found in _steps(each)]


def _check_step(step: dict[str, Any]) -> None:
    kind = step["type"]
    if kind == "Replace":
        pattern, content = step.get("pattern"), step.get("content")
        literal = pattern.get("String") if isinstance(pattern, dict) else None
        if not isinstance(content, str) or len(content) > (len(literal) if isinstance(literal, str) else 1):
            raise _UnfitError("it replaces text by longer text")
        if not isinstance(literal, str) and pattern != SPACES:
            raise _UnfitError("it matches a regular expression, which could take for ever")
    elif kind == "Prepend" and len(str(step.get("prepend"))) > 1:
        raise _UnfitError("it puts text of its own before every text")
    elif kind == "Precompiled" and len(str(step.get("precompiled_charsmap"))) > LONGEST_CHARSMAP:
        raise _UnfitError("its map of characters is too large")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
