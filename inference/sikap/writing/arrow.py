"""Hold the Arrow types of the columns that scoring adds."""

from __future__ import annotations

import pyarrow

from sikap.labels import SENTIMENTS, STANCES

ADDED_TYPES: dict[str, pyarrow.DataType] = {
    "stance": pyarrow.list_(pyarrow.string()),
    "sentiment": pyarrow.string(),
    "stance_probabilities": pyarrow.struct([(name, pyarrow.float64()) for name in STANCES]),
    "sentiment_probabilities": pyarrow.struct([(name, pyarrow.float64()) for name in SENTIMENTS]),
    "uncertain": pyarrow.bool_(),
    "truncated": pyarrow.bool_(),
}
