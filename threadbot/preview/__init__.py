"""From an `Article` and its `Thread`s to what a person or a program reads.

Owns how a thread looks: cards in the terminal, plain text, a JSON object. Never prints, and never
changes or counts anything itself: a preview shows the very values that are delivered.
"""
