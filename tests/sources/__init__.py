"""Tests of sources at work, against a site on this machine."""
