"""Words to find copies by: one row a text, as it is held in memory, not one row a word."""

from itertools import groupby
from struct import pack

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OLD = sa.table("story_word", sa.column("word"), sa.column("seen_at"), sa.column("item"))
AT_ONCE = 1_000


def upgrade() -> None:
    """Make the table of texts, fill it from the table of words, and drop that."""
    made = op.create_table(
        "story_text",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("item", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("words", sa.LargeBinary, nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
    )
    op.create_index("story_text_item", "story_text", ["item"])
    op.create_index("story_text_seen", "story_text", ["seen_at"])
    connection = op.get_bind()
    found = connection.execute(sa.select(OLD).order_by(OLD.c.seen_at, OLD.c.item)).all()
    rows = [
        {"item": item, "seen_at": seen_at, "words": _packed([row.word for row in words]),
         "text": b""}
        for (seen_at, item), words in groupby(found, lambda row: (row.seen_at, row.item))
    ]  # fmt: skip
    for start in range(0, len(rows), AT_ONCE):
        connection.execute(sa.insert(made), rows[start : start + AT_ONCE])
    op.drop_table("story_word")


def _packed(keys: list[int]) -> bytes:
    """Keep the low half of each key."""
    return pack(f"<{len(keys)}I", *(key & 0xFFFF_FFFF for key in keys))
