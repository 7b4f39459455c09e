"""Serve a page and JSON over HTTP on this machine: what `sikap serve` runs."""
