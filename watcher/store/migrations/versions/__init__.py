"""The steps, named for their order and what they bring."""
