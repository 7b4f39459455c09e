"""Make the page that asks one statement, and the one that says that nothing is left."""

from __future__ import annotations

import hashlib
import shlex
from typing import Any

from starlette.responses import Response

from sikap.bundle import Bundle
from sikap.characters import visible
from sikap.labels import SENTIMENTS, STANCES
from sikap.reading.labelled import ADJUDICATED
from sikap.reviewing.decisions import DecisionFile
from sikap.reviewing.keys import SENTIMENT_KEYS, STANCE_KEYS, Draft
from sikap.reviewing.opinions import named, opinions
from sikap.reviewing.order import Ranked
from sikap.reviewing.rules import RULES
from sikap.reviewing.session import Session
from sikap.serving.limits import Refused
from sikap.serving.pages import PageMaker

END = "end"


def token(item: Ranked | None) -> str:
    """Return what names a statement in a form, the same whenever the review goes on; END stands after the last."""
    if item is None:
        return END
    return hashlib.sha256(item.candidate.key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class ReviewPages:
    """Make pages of where a session is. The model's labels are in them only if they were asked for after a decision."""

    def __init__(self, session: Session, bundle: Bundle, left_out: str) -> None:
        """Read the templates; `left_out` is said when all is done."""
        self._session = session
        keys = {label: key for key, label in reversed([*STANCE_KEYS.items(), *SENTIMENT_KEYS.items()])}
        self._maker = PageMaker(
            bundle,
            "review.css",
            stances=[(name, keys[name]) for name in STANCES],
            sentiments=[(name, keys[name]) for name in SENTIMENTS],
            rules=RULES,
            annotator=visible(session.decisions.annotator),
            file=visible(session.decisions.path.name),
            total=len(session.queue),
            left_out=left_out,
            commands=_commands(session.decisions),
        )

    def ask(self, draft: Draft | None = None, problem: str | None = None, status: int = 200) -> Response:
        """Return the page of the statement that is asked, with marks on it, and what was wrong with the last form."""
        session, current = self._session, self._session.current
        if draft is None:
            draft = Draft.of(None if current is None else session.labels(current))
        place = f"{session.position + 1} of {len(session.queue)}"
        return self._maker.page(
            "review.html",
            status,
            title=f"{'Done' if current is None else place} · sikap review",
            place=place,
            labelled=len(session.queue) - session.left,
            text=None if current is None else current.candidate.text.strip(),
            token=token(current),
            draft=draft,
            first=session.position == 0,
            left=session.left,
            note=session.note,
            problem=problem,
            last=self._last(),
        )

    def refused(self, refused: Refused) -> Response:
        """Return a page that says why something was refused, and nothing of the review: anybody may have asked."""
        return self._maker.page("refused.html", refused.status, title="sikap review", problem=refused.sentence)

    def _last(self) -> dict[str, Any] | None:
        item = self._session.revealable
        if item is None:
            return None
        shown = opinions(item) if item is self._session.revealed else []
        return {"token": token(item), "name": named(item), "labels": str(self._session.labels(item)), "opinions": shown}


def _commands(decisions: DecisionFile) -> list[tuple[str, str]]:
    """Return the commands that come next, and what for."""
    file = shlex.quote(str(decisions.path))
    train = f"sikap train --data training/data/statements.jsonl --data {file}", "trains a model on what was decided"
    if decisions.annotator == ADJUDICATED:
        return [train]
    return [
        (f"sikap agreement {file}", "tells how far annotators agree, when a second one has labelled the same"),
        (f"sikap review {file} --settle", "asks what they disagree on"),
        train,
    ]
