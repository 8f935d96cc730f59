"""Whole threads: the bench's articles, and what threadbot makes of them, to be read aloud."""
