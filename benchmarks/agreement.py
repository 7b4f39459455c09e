"""Print Cohen's kappa between the two annotations of the project's statements.

Usage: python benchmarks/agreement.py [statements.jsonl]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from sklearn.metrics import cohen_kappa_score

from sikap import SENTIMENTS, STANCES

STATEMENTS = Path(__file__).parents[1] / "training" / "data" / "statements.jsonl"


def main(file: Path) -> None:
    """Print how many statements were labelled twice, and kappa for each label."""
    pairs: list[list[dict[str, Any]]] = []
    total = 0
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            total += 1
            annotations = json.loads(line).get("annotations", [])
            if len(annotations) >= 2:
                pairs.append(annotations[:2])
    print(f"{len(pairs)} of {total} statements were labelled twice")
    for name in STANCES:
        first, second = ([name in pair[i]["stance"] for pair in pairs] for i in (0, 1))
        print(f"{name:13} kappa {cohen_kappa_score(first, second):.3f}")
    first, second = ([SENTIMENTS.index(pair[i]["sentiment"]) for pair in pairs] for i in (0, 1))
    print(f"{'sentiment':13} kappa {cohen_kappa_score(first, second):.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else STATEMENTS)
