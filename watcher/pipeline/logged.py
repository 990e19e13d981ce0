"""What is logged of each visit and of each attempt to deliver: one line."""

import logging

from watcher.model import Delivery, Sent, Visit

log = logging.getLogger("watcher")


def log_visit(visit: Visit) -> None:
    """Log a visit: as a warning where it failed, for debugging where it brought nothing."""
    trouble = visit.outcome in ("failed", "unreadable")
    log.log(
        logging.WARNING if trouble else logging.INFO if visit.fresh else logging.DEBUG,
        "feed=%s outcome=%r reason=%r items=%d fresh=%d edited=%d copies=%d hits=%d promised=%d",
        visit.feed, visit.outcome, visit.reason, visit.items, visit.fresh, visit.edited,
        visit.copies, visit.hits, visit.promised,
    )  # fmt: skip


def log_delivery(delivery: Delivery) -> None:
    """Log an attempt: as a warning where the alert did not arrive."""
    alert = delivery.alert
    log.log(
        logging.INFO if isinstance(delivery.outcome, Sent) else logging.WARNING,
        "alert=%s channel=%s state=%s attempts=%d outcome=%r",
        alert.key, alert.channel, alert.state.value, alert.attempts, alert.last_outcome,
    )  # fmt: skip
