"""Measurements that are no tests: run by hand, against real texts where they are."""
