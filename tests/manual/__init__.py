"""The manual of the watch language as something to run: its examples, and what they come to."""
