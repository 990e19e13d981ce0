"""Reading expressions: lexer, terms, literals, parser, and what to write instead."""

from watcher.rules.grammar.parser import parse

__all__ = ["parse"]
