"""From an `Article` to a `Thread`; pure, and the same input always gives the same output."""
