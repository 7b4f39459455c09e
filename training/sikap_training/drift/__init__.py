"""Tell whether statements have changed since a reference, and in what."""
