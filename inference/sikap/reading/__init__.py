"""Read statements from files and pipes, row by row."""

from sikap.reading.table import Table, open_table

__all__ = ["Table", "open_table"]
