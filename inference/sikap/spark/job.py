"""Plan the scoring of a Spark data frame."""

from __future__ import annotations

import importlib.util
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sikap.errors import InputError, MissingExtraError
from sikap.labels import SENTIMENTS, STANCES
from sikap.spark.shipping import Shipment, ship
from sikap.writing.columns import NESTED, added_names

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

NEEDED = ("pyspark", "pyarrow", "pandas")
"""pandas only because pyspark looks at its version before it plans a `mapInArrow`; no worker needs it."""


def score(
    df: DataFrame,
    text_column: str = "text",
    *,
    model: str | os.PathLike[str] | None = None,
    batch_size: int = 32,
) -> DataFrame:
    """Add to a Spark data frame the columns that `sikap score` adds to a Parquet file.

    The result has every column of `df`, unchanged and in order, then `stance` (array of strings),
    `sentiment`, `stance_probabilities` and `sentiment_probabilities` (structs of doubles),
    `uncertain` and `truncated`, each with "sikap_" before it where `df` has the name already. Rows
    whose text is null or blank are kept and labelled nothing. Nothing runs until the result is
    used, and nothing is shuffled.

    `model` None is the bundle in the package that is installed on the workers; a bundle's folder
    or an MLflow address is sent to each executor once. Each Python worker opens it once, with as
    many threads as `spark.task.cpus`. `batch_size` statements are computed together.

    Raises TypeError for something else than a Spark data frame, InputError for a column that is
    not there or holds no text, BundleError for a bundle that cannot be trusted, and
    MissingExtraError where pyspark or what it needs is not installed.
    """
    _require_packages()
    from pyspark.sql import DataFrame

    if not isinstance(df, DataFrame):
        raise TypeError(f"score takes a Spark data frame, not {type(df).__name__}")
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    schema, session = df.schema, df.sparkSession
    exact = str(session.conf.get("spark.sql.caseSensitive")).lower() == "true"
    place = _text_place(schema, text_column, exact)
    shipment = ship(session, model)
    added = added_names(NESTED, schema.names if exact else map(str.lower, schema.names))
    # Inside by place, since a name may hold a dot or stand twice.
    given = [f"c{number}" for number in range(len(schema))]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        scored = df.toDF(*given).mapInArrow(
            batch_function(place, shipment, batch_size), _schema_with_scores(schema, given)
        )
    return scored.toDF(*schema.names, *added.values())


def batch_function(
    place: int, shipment: Shipment, batch_size: int
) -> Callable[[Iterator[RecordBatch]], Iterator[RecordBatch]]:
    """Return what a Python worker does with the Arrow batches of a partition, their text at `place`."""

    def scored(batches: Iterator[RecordBatch]) -> Iterator[RecordBatch]:
        # Pickled by value, so that a worker without sikap can say what it lacks.
        try:
            from sikap.spark.worker import with_scores
        except ImportError as error:
            import socket
            import sys

            raise ImportError(
                f"{sys.executable} on {socket.gethostname()} cannot import what sikap.spark needs ({error}); install"
                " 'sikap[spark]' on every node, or send an environment with --archives (docs/spark.md)."
            ) from error
        yield from with_scores(batches, place, shipment, batch_size)

    return scored


def _require_packages() -> None:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"sikap.spark needs packages that are not installed ({', '.join(missing)});"
            " install them with `pip install 'sikap[spark]'`."
        )


def _text_place(schema: StructType, column: str, exact: bool) -> int:
    """Return the place of the text column, its name's case ignored unless `exact`, as Spark would."""
    from pyspark.sql.types import CharType, StringType, VarcharType

    names: Sequence[str] = schema.names
    places = [place for place, name in enumerate(names) if name == column]
    if not places and not exact:
        places = [place for place, name in enumerate(names) if name.lower() == column.lower()]
    if len(places) != 1:
        found = f"{len(places)} columns" if places else "no column"
        raise InputError(
            f"the data frame has {found} {column!r}; its columns are {', '.join(names) or 'none'};"
            " name one with text_column=..."
        )
    kind = schema[places[0]].dataType
    if not isinstance(kind, StringType | CharType | VarcharType):
        raise InputError(
            f"column {column!r} holds {kind.simpleString()}, not string; cast it to string, or name another with"
            " text_column=..."
        )
    return places[0]


def _schema_with_scores(schema: StructType, given: Sequence[str]) -> StructType:
    """Return a schema under the names `given`, then the added columns, typed as in a Parquet output."""
    from pyspark.sql.types import ArrayType, BooleanType, DoubleType, StringType, StructField, StructType

    def probabilities(labels: Sequence[str]) -> StructType:
        return StructType([StructField(label, DoubleType()) for label in labels])

    kinds: dict[str, Any] = {
        "stance": ArrayType(StringType()),
        "sentiment": StringType(),
        "stance_probabilities": probabilities(STANCES),
        "sentiment_probabilities": probabilities(SENTIMENTS),
        "uncertain": BooleanType(),
        "truncated": BooleanType(),
    }
    kept = [
        StructField(name, field.dataType, field.nullable, field.metadata)
        for name, field in zip(given, schema, strict=True)
    ]
    return StructType([*kept, *(StructField(name, kinds[name]) for name in NESTED)])
