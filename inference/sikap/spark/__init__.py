"""Score Spark data frames: any number of statements, on any number of machines.

>>> from sikap.spark import score
>>> score(spark.read.parquet("statements"), text_column="quote").write.parquet("scored")

Needs the extra `spark`. Importing this neither imports pyspark nor starts Spark.
"""

from __future__ import annotations

from sikap.spark.job import score

__all__ = ["score"]
