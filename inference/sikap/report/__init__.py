"""Show what was found in articles: as a page and on the terminal."""
