"""Judges of threads: they count faults by outside means, whoever made the thread."""
