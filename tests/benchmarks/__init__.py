"""Measurements that `make bench` makes beside its own."""
