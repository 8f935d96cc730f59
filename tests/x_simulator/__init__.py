"""A simulator of X on loopback, for the tests."""
