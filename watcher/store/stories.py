"""Stories: who belongs to whom, and the indexes that candidates are found by."""

from collections.abc import Collection, Iterable
from datetime import datetime
from math import log
from typing import Any

from sqlalchemy import (
    BigInteger,
    Integer,
    Row,
    Select,
    case,
    cast,
    func,
    literal,
    select,
    update,
)

from watcher.model import Item, ItemId, Placement, StoryId, Told, Verdict
from watcher.store import dialect
from watcher.store.coding import texts, written
from watcher.store.items import item_from, link_key
from watcher.store.part import Part
from watcher.store.tables import item as kept
from watcher.store.tables import known_by, story_claim, story_word
from watcher.store.tables import placement as placed
from watcher.store.tables import story as stories
from watcher.store.types import Moment, key_of

COMMON = 2_000  # a word that more items have is passed over, unless an item has no others
POSTINGS = 4_000  # how many (word, item) pairs we weigh at most, rarest words first
MANY = 10_000  # more items than this count as this many when words are weighed


class Stories(Part):
    """What a transaction can do with stories."""

    # --- looking for what was told before

    def told_by_link(self, links: Collection[str], since: datetime) -> tuple[Told, ...]:
        """Find placed items with, or claiming, one of these normal links; oldest first."""
        keys = [link_key(link) for link in links if link]
        if not keys:
            return ()
        having = select(known_by.c.item).where(known_by.c.key.in_(self._numbers(keys)))
        claiming = select(story_claim.c.item).where(story_claim.c.link.in_(self._numbers(keys)))
        rows = self._connection.execute(
            _told()
            .where(kept.c.number.in_(having.union(claiming)), kept.c.seen_at >= since)
            .order_by(kept.c.seen_at, kept.c.id)
        )
        return tuple(_told_from(row) for row in rows)

    def told_by_words(
        self, words: Collection[str], since: datetime, limit: int
    ) -> tuple[Told, ...]:
        """Find the placed items that share the most of these words, best first.

        A word weighs log(1 + N/df), N items being in the window and df of them having it. Weights
        are whole numbers, so that sums are the same on every engine; the newest, then the least
        id, comes first among equals.
        """
        keys = sorted({_word(word) for word in words})
        weights = self._weights(keys, since) if keys else {}
        if not weights:
            return ()
        rows = self._connection.execute(self._best(weights, since, limit))
        return tuple(_told_from(row) for row in rows)

    def _weights(self, keys: Collection[int], since: datetime) -> dict[int, int]:
        """Weigh the words that tell most, a bounded number of postings of them."""
        frequencies = self._frequencies(self._no_more_than(COMMON, keys, since), since)
        if not frequencies:
            frequencies = self._frequencies(keys, since)
        total = self._items_since(since)
        weights: dict[int, int] = {}
        postings = 0
        for key, frequency in sorted(frequencies.items(), key=lambda pair: (pair[1], pair[0])):
            postings += frequency
            if weights and postings > POSTINGS:
                break
            weights[key] = round(1_000 * log(1 + total / frequency))
        return weights

    def _no_more_than(self, most: int, keys: Collection[int], since: datetime) -> list[int]:
        """Leave out words with more postings than that; looks at `most` of each and no more."""
        listed = dialect.listed(self._connection, keys)
        key = cast(listed.c.value, BigInteger)
        one_too_many = (
            select(story_word.c.item)
            .where(story_word.c.word == key, story_word.c.seen_at >= since)
            .order_by(story_word.c.seen_at)
            .limit(1)
            .offset(most)
            .scalar_subquery()
        )
        rows = self._connection.execute(select(key).where(one_too_many.is_(None)))
        return list(rows.scalars())

    def _frequencies(self, keys: Collection[int], since: datetime) -> dict[int, int]:
        listed = dialect.listed(self._connection, keys)
        rows = self._connection.execute(
            select(story_word.c.word, func.count().label("frequency"))
            .join_from(listed, story_word, story_word.c.word == cast(listed.c.value, BigInteger))
            .where(story_word.c.seen_at >= since)
            .group_by(story_word.c.word)
        )
        return {row.word: row.frequency for row in rows}

    def _items_since(self, since: datetime) -> int:
        some = select(kept.c.seen_at).where(kept.c.seen_at >= since).limit(MANY).subquery()
        return self._connection.execute(select(func.count()).select_from(some)).scalar_one()

    def _best(self, weights: dict[int, int], since: datetime, limit: int) -> Select[Any]:
        weighed = dialect.weighed(self._connection, weights)
        score = func.sum(cast(weighed.c.value, Integer)).label("score")
        scores = (
            select(story_word.c.item, score, func.max(story_word.c.seen_at).label("seen_at"))
            .join_from(weighed, story_word, story_word.c.word == cast(weighed.c.key, BigInteger))
            .where(story_word.c.seen_at >= since)
            .group_by(story_word.c.item)
            .subquery()
        )
        best = (  # chosen by narrow rows: the texts are read for the winners only
            select(scores)
            .join(kept, kept.c.number == scores.c.item)
            .order_by(scores.c.score.desc(), scores.c.seen_at.desc(), kept.c.id)
            .limit(limit)
            .subquery()
        )
        return (
            _told()
            .join(best, best.c.item == kept.c.number)
            .order_by(best.c.score.desc(), kept.c.seen_at.desc(), kept.c.id)
        )

    def told(self, items: Collection[ItemId]) -> tuple[Told, ...]:
        """Find these items with their stories, in no order; unplaced ones are left out."""
        rows = self._connection.execute(_told().where(kept.c.id.in_(self._texts(items))))
        return tuple(_told_from(row) for row in rows)

    # --- writing down what was decided

    def place(
        self, item: Item, placement: Placement, words: Collection[str], sources: Collection[str]
    ) -> None:
        """Write down where an item belongs, and index it; see `ports.Transaction`.

        Placing it again adds words, and originals that it names only now.
        """
        number, seen_at = self._connection.execute(
            select(kept.c.number, kept.c.seen_at).where(kept.c.id == item.id)
        ).one()
        if self.placement(item.id) is None:
            self._join(item.id, placement, seen_at)
        self._index_words(words, seen_at, number)
        self._index_claims(sources, number)

    def _join(self, item: ItemId, placement: Placement, seen_at: datetime) -> None:
        if placement.verdict is Verdict.COPY:
            self._stretch(placement.story, seen_at)
        else:
            self._connection.execute(
                self._insert_new(stories).values(
                    id=item, lead=item, first_seen_at=seen_at, last_seen_at=seen_at
                )
            )
        self._connection.execute(
            self._insert_new(placed).values(
                item=item,
                story=placement.story,
                verdict=placement.verdict,
                of=placement.of,
                score=placement.score,
                because=written(placement.because),
            )
        )

    def _stretch(self, joined: StoryId, seen_at: datetime) -> None:
        first, last, now = (
            stories.c.first_seen_at,
            stories.c.last_seen_at,
            literal(seen_at, Moment()),
        )
        self._connection.execute(
            update(stories)
            .where(stories.c.id == joined)
            .values(
                first_seen_at=case((first > now, now), else_=first),
                last_seen_at=case((last < now, now), else_=last),
            )
        )

    def _index_words(self, words: Collection[str], seen_at: datetime, number: int) -> None:
        listed = dialect.listed(self._connection, sorted({_word(word) for word in words}))
        key = cast(listed.c.value, BigInteger)
        rows = select(key, literal(seen_at, Moment()), literal(number, BigInteger()))
        # SQLite takes `ON` for the beginning of a join where a select has no `WHERE`.
        self._connection.execute(
            self._insert_new(story_word).from_select(
                ["word", "seen_at", "item"], rows.where(key.is_not(None))
            )
        )

    def _index_claims(self, sources: Iterable[str], number: int) -> None:
        keys = {link_key(source) for source in sources if source}
        if keys:
            self._connection.execute(
                self._insert_new(story_claim),
                [{"link": key, "item": number} for key in sorted(keys)],
            )

    # --- asking for it

    def placement(self, item: ItemId) -> Placement | None:
        """Tell where an item was placed."""
        row = self._connection.execute(select(placed).where(placed.c.item == item)).one_or_none()
        return None if row is None else placement_from(row)

    def lead_of(self, story: StoryId) -> Item:
        """Tell the item that a story leads with; `LookupError` if there is no such story."""
        row = self._connection.execute(
            select(kept).join(stories, stories.c.lead == kept.c.id).where(stories.c.id == story)
        ).one_or_none()
        if row is None:
            raise LookupError(f"there is no story {story}")
        return item_from(row)


def placement_from(row: Row[Any]) -> Placement:
    """Make a placement of a row that has all columns of its table."""
    return Placement(
        item=ItemId(row.item),
        story=StoryId(row.story),
        verdict=Verdict(row.verdict),
        of=None if row.of is None else ItemId(row.of),
        score=row.score,
        because=texts(row.because),
    )


def _word(word: str) -> int:
    return key_of("word", word)


def _told() -> Select[Any]:
    return (
        select(kept, placed.c.story, stories.c.lead)
        .join(placed, placed.c.item == kept.c.id)
        .join(stories, stories.c.id == placed.c.story)
    )


def _told_from(row: Row[Any]) -> Told:
    return Told(item=item_from(row), story=StoryId(row.story), lead=row.lead == row.id)
