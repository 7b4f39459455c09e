"""Name the terminal's colours for labels, which colour-blind readers tell apart, as the report's page has them."""

from __future__ import annotations

from sikap.labels import NONE

COLOURS = {
    "support": "bright_blue",
    "condemnation": "dark_orange",
    "condolence": "bright_magenta",
    "negative": "dark_orange",
    "neutral": "default",
    "positive": "bright_blue",
}
STYLES = {
    **COLOURS,
    "support": "bold bright_blue",
    "condemnation": "bold dark_orange",
    "condolence": "bold bright_magenta",
    NONE: "dim",
}
"""The colours as tables show them: stances bold, "none" dim."""
