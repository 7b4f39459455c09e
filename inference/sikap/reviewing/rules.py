"""Hold the rules of labelling in the few words that fit under a statement; docs/labels.md has them whole."""

from __future__ import annotations

from typing import NamedTuple


class Rule(NamedTuple):
    """Hold what is to be known of one label: lines of (heading, text)."""

    name: str
    lines: tuple[tuple[str, str], ...]


RULES = (
    Rule(
        "what decides",
        (
            (
                "words",
                "Only the words and the verb that reports them; not what you know of the speaker or who is right.",
            ),
            ("names", "Other names of countries, people or organisations must never change a label."),
            ("none", "No stance at all is common: save with nothing marked."),
            (
                "negation",
                "Turns nothing around: tidak mendukung is no support. Double negation counts as what it means.",
            ),
            ("speakers", "The main clause's counts. What others say counts only if the speaker adopts it."),
        ),
    ),
    Rule(
        "support",
        (
            (
                "yes",
                "Backs, welcomes, praises, thanks, congratulates, defends, stands with or promises help to others.",
            ),
            ("", "menyambut baik, mengapresiasi, siap mengirim bantuan, akan mendukung bila"),
            ("no", "Hopes, calls, requests; describing relations, benefits or plans; others' support; the noun alone."),
            ("mind", "Solidarity with a people or its struggle is support; sympathy with victims alone is condolence."),
        ),
    ),
    Rule(
        "condemnation",
        (
            (
                "yes",
                "Blames in moral or political terms, also without such a word; accuses of a specific wrong; insults.",
            ),
            ("", "mengutuk, mengecam, menyesalkan another's deliberate act, tidak dapat diterima, a formal protest"),
            ("no", 'Worry alone; disagreement, refusal, denial; calls to all sides; blame that hangs on an open "if".'),
            ("mind", "Criticism or doubt without a moral word is none. Refusing to condemn is none."),
        ),
    ),
    Rule(
        "condolence",
        (
            ("yes", "Sorrow or sympathy over death, injury or disaster."),
            ("", "belasungkawa, turut berduka, doa kami bersama para korban, semoga lekas pulih"),
            ("no", "Counting the dead; worry about a situation; regret over something that is not a loss."),
            ("mind", "Praise of the dead belongs to the condolence."),
        ),
    ),
    Rule(
        "sentiment",
        (
            (
                "negative",
                "Blame, anger, fear, alarm, grief, threats, warnings; condolences unless mainly hope or praise.",
            ),
            ("positive", "Approval, thanks, hope, pride, congratulation; declared support even in plain words."),
            ("neutral", "Matter-of-fact; plain calls, refusals, denials and plans; a pledge reported flatly."),
            ("mind", "In a mixture the more emphatic half decides, and negative does when they are equal."),
        ),
    ),
)
