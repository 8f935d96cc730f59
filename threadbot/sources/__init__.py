"""Sources at work: each is looked at, and what is new becomes drafts, or threads that go out.

`triggers` decides and remembers, `thread` composes, `delivery` keeps; this room puts them in a row.
"""
