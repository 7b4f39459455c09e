"""Find who said what in an Indonesian news article."""

from __future__ import annotations

from sikap.extraction.extract import extract
from sikap.extraction.found import FoundStatement

__all__ = ["FoundStatement", "extract"]
