"""Watcher: polls feeds, matches items against watch rules, sends one alert per story."""

__version__ = "0.1.0"
