"""Let people label statements: read → score → order → ask → write."""
