"""Show the statement that is asked, what is marked and what was asked for, on a terminal or a pipe."""

from __future__ import annotations

import io
import os
import shutil
import sys

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text

from sikap.characters import UNSEEN, visible
from sikap.labels import SENTIMENTS, STANCES
from sikap.reviewing.keys import KEYS, SENTIMENT_KEYS, STANCE_KEYS, Draft, Keys
from sikap.reviewing.opinions import named, opinions
from sikap.reviewing.order import Ranked
from sikap.reviewing.rules import RULES
from sikap.reviewing.session import Session
from sikap.writing.colours import STYLES

WIDEST = 100
LONGEST_SHOWN = 4000
"""Characters of a statement that are shown at most."""
CLEAR = "\x1b[H\x1b[2J"


class Screen:
    """Draw a session: on a terminal each time anew from its top, on a pipe one below the other."""

    def __init__(self) -> None:
        """Draw on standard output."""
        self._terminal = sys.stdout.isatty()
        self._clear = CLEAR if self._terminal and os.environ.get("TERM") != "dumb" else ""

    def draw(self, keys: Keys) -> None:
        """Show where the session is, and what was marked."""
        width = min(WIDEST, shutil.get_terminal_size().columns) if self._terminal else WIDEST
        text = io.StringIO()  # rich would answer a closed pipe with an exit status of its own
        console = Console(file=text, width=width, force_terminal=self._terminal or None, highlight=False)
        console.print(frame(keys))
        sys.stdout.buffer.write((self._clear + text.getvalue()).encode("utf-8", "replace"))
        sys.stdout.buffer.flush()


def frame(keys: Keys) -> RenderableType:
    """Return what is shown of a session. The model's labels are in it only if they were asked for after a decision."""
    session = keys.session
    parts: list[RenderableType] = [_head(session), Line(style="dim")]
    current = session.current
    if current is None:
        parts.append(Text("Nothing is left. b goes back, m shows the model's labels of the last one, Enter ends.\n"))
    else:
        parts += [Padding(Text(_shown(current.candidate.text), style="bold"), (1, 2)), _marks(keys.draft), Text()]
    if keys.rule is not None:
        parts += [_rule(keys.rule), Text()]
    if session.revealed is not None:
        parts += [_revealed(session.revealed), Text()]
    return Group(*parts, Text(KEYS, style="dim"), Text(session.note, style="yellow"))


def _head(session: Session) -> Text:
    place = min(session.position + 1, len(session.queue))
    labelled = len(session.queue) - session.left
    return Text(
        f"{place} of {len(session.queue)}   {labelled} labelled by {visible(session.decisions.annotator)}"
        f" in {visible(session.decisions.path.name)}",
        style="dim",
    )


def _shown(text: str) -> str:
    line = UNSEEN.sub(" ", text[:LONGEST_SHOWN]).strip()
    more = len(text) - LONGEST_SHOWN
    return f"{line} … ({more} more characters)" if more > 0 else line


def _marks(draft: Draft) -> Table:
    table = Table.grid(padding=(0, 3))
    keys = {label: key for key, label in reversed([*STANCE_KEYS.items(), *SENTIMENT_KEYS.items()])}
    stances = [_mark("[x]" if name in draft.stance else "[ ]", keys[name], name) for name in STANCES]
    tones = [_mark("(x)" if name == draft.sentiment else "( )", keys[name], name) for name in SENTIMENTS]
    table.add_row("  stance", *stances)
    table.add_row("  sentiment", *tones)
    return table


def _mark(box: str, key: str, name: str) -> Text:
    marked = "x" in box
    return Text.assemble(
        (box, "bold" if marked else "dim"), " ", (key, "bold"), " ", (name, STYLES[name] if marked else "")
    )


def _rule(number: int) -> Table:
    rule = RULES[number]
    after = "? for the next" if number + 1 < len(RULES) else "? to close"
    table = Table.grid(padding=(0, 2))
    table.add_row("", Text(f"{rule.name} ({number + 1} of {len(RULES)}, {after})", style="bold"))
    for heading, text in rule.lines:
        table.add_row(Text(f"  {heading}", style="bold"), Text(text, style="" if heading else "italic"))
    return table


def _revealed(item: Ranked) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_row("", Text(f"“{named(item)}”", style="bold"))
    for who, said in opinions(item):
        table.add_row(Text(f"  {who}"), Text(said))
    return table
