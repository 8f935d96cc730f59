"""Tests of the guarded client, and the servers on this machine that they talk to."""
