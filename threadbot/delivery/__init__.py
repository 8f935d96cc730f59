"""Delivery: from a finished thread to posts that are out exactly once."""
