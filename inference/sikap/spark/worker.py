"""Score Arrow batches in a Python worker of Spark."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache

import pyarrow
from pyspark import TaskContext

from sikap.model import Model, open_model
from sikap.spark.shipping import Shipment
from sikap.writing.arrow import ADDED_TYPES
from sikap.writing.columns import nested_values


def with_scores(
    batches: Iterator[pyarrow.RecordBatch], place: int, shipment: Shipment, batch_size: int
) -> Iterator[pyarrow.RecordBatch]:
    """Yield each batch with the added columns after its own; its texts are column number `place`."""
    task = TaskContext.get()
    model = loaded(shipment, task.cpus() if task is not None else 1, batch_size)
    for batch in batches:
        texts = [text or "" for text in batch.column(place).to_pylist()]
        values = [nested_values(prediction) for prediction in model.predict(texts)]
        added = [pyarrow.array([row[name] for row in values], kind) for name, kind in ADDED_TYPES.items()]
        yield pyarrow.RecordBatch.from_arrays([*batch.columns, *added], [*batch.schema.names, *ADDED_TYPES])


@cache
def loaded(shipment: Shipment, threads: int, batch_size: int) -> Model:
    """Open a bundle, once in the life of a Python worker, which Spark keeps from task to task."""
    os.environ.setdefault("RAYON_NUM_THREADS", str(threads))  # the tokenizer's threads
    return open_model(shipment.open(), threads=threads, batch_size=batch_size)
