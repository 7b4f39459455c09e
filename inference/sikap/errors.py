"""Hold the errors that a user can mend: one sentence each, never a traceback."""

from __future__ import annotations


class SikapError(Exception):
    """Base of every error that sikap raises on purpose; its text is one sentence for the user."""


class InputError(SikapError):
    """Input that cannot be read, named by file, row and column."""


class OutputError(SikapError):
    """An output path that cannot be written."""


class BundleError(SikapError):
    """A model bundle that is missing, changed, or of a format this version does not read."""


class MissingExtraError(SikapError):
    """A feature whose optional packages are not installed."""


class ServingError(SikapError):
    """An address that cannot be served on."""
