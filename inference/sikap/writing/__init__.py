"""Write scored rows to files, pipes and the terminal."""

from sikap.writing.output import OutputFormat, open_output

__all__ = ["OutputFormat", "open_output"]
