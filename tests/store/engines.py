"""Plain engines, to look behind a store's back."""

from sqlalchemy import Engine, create_engine


def engine_of(url: str) -> Engine:
    """Make an engine for a test's database; dispose of it."""
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
