"""The reference Bluesky server, for the tests."""
