"""What every channel promises. A channel's tests inherit `ChannelContract` and give it a bench."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import pytest
from hypothesis import HealthCheck, given, settings

from tests.channels.samples import (
    ALERT,
    DIGEST,
    HOSTILE,
    HOSTILE_LINKS,
    LEAD,
    NOTICE,
    UPDATE,
    digest_of,
    hostile_alerts,
    with_title,
)
from watcher.channels import ChannelSettings, channel_faults
from watcher.model import Alert, Outcome, Refused, Sent, TryLater
from watcher.ports import Channel

MANY = settings(
    deadline=None,
    max_examples=30,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.differing_executors,
        HealthCheck.too_slow,
    ],
)


class Bench(Protocol):
    """A channel on a bench: with a receiver behind it that can be looked into."""

    settings: ChannelSettings
    channel: Channel
    secrets: Sequence[str]

    def arrived(self) -> list[str]:
        """All that reached the receiver so far, one text a message, with all its envelope."""
        ...

    def judge(self) -> None:
        """Fail if what arrived last breaks a limit, or has markup that is not ours."""
        ...

    def go_dark(self) -> None:
        """Make the receiver unreachable."""
        ...


class ChannelContract:
    """The contract; `bench` is a fixture of the class that inherits it."""

    def test_it_has_the_name_that_it_was_given(self, bench: Bench) -> None:
        assert bench.channel.name == bench.settings.name
        assert channel_faults(bench.settings) == ()

    @pytest.mark.parametrize("alert", [ALERT, NOTICE, DIGEST], ids=["story", "notice", "digest"])
    def test_an_alert_arrives_once_with_its_key(self, bench: Bench, alert: Alert) -> None:
        assert isinstance(bench.channel.send(alert), Sent)
        (message,) = bench.arrived()
        assert alert.key in message
        bench.judge()

    def test_a_second_try_has_the_same_key(self, bench: Bench) -> None:
        bench.channel.send(ALERT)
        bench.channel.send(ALERT)
        assert [ALERT.key in message for message in bench.arrived()] == [True, True]

    def test_a_reply_to_a_message_that_nobody_knows_arrives_all_the_same(
        self, bench: Bench
    ) -> None:
        assert isinstance(bench.channel.send(UPDATE), Sent)
        assert UPDATE.key in bench.arrived()[-1]
        bench.judge()

    def test_a_doubtful_alert_that_did_not_arrive_arrives(self, bench: Bench) -> None:
        assert isinstance(bench.channel.send(replace(ALERT, doubtful=True)), Sent)
        assert ALERT.key in bench.arrived()[-1]
        bench.judge()

    def test_a_digest_lists_what_fits_and_counts_the_others(self, bench: Bench) -> None:
        assert isinstance(bench.channel.send(digest_of(10_000)), Sent)
        (message,) = bench.arrived()
        assert "Story 0 of very many" in message
        assert re.search(r'9,\d\d\d more alerts|"entries_total": ?10000', message)
        bench.judge()

    def test_a_receiver_that_is_not_there_is_an_outcome(self, bench: Bench) -> None:
        bench.go_dark()
        outcome = bench.channel.send(ALERT)
        assert isinstance(outcome, TryLater | Refused)
        assert outcome.reason
        assert_no_secret(bench, outcome)

    def test_no_secret_is_in_what_it_prints_as(self, bench: Bench) -> None:
        told = f"{bench.channel!r} {bench.settings!r} {bench.settings} {vars(bench.channel)!r}"
        assert [secret for secret in bench.secrets if secret in told] == []

    @pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
    def test_a_hostile_title_stays_text_and_within_limits(self, bench: Bench, text: str) -> None:
        assert isinstance(bench.channel.send(with_title(text)), Sent)
        bench.judge()

    @pytest.mark.parametrize("link", HOSTILE_LINKS, ids=lambda link: ascii(link[:30]))
    def test_a_hostile_link_leads_nowhere(self, bench: Bench, link: str) -> None:
        lead = replace(LEAD, link=link)
        message = replace(ALERT.message, lead=lead, copies=(lead,), original=link)
        assert isinstance(bench.channel.send(replace(ALERT, message=message)), Sent)
        bench.judge()

    @MANY
    @given(alert=hostile_alerts())
    def test_whatever_feeds_write_stays_text_and_within_limits(
        self, bench: Bench, alert: Alert
    ) -> None:
        outcome = bench.channel.send(alert)
        assert isinstance(outcome, Sent), outcome
        bench.judge()


def assert_no_secret(bench: Bench, outcome: Outcome) -> None:
    assert [secret for secret in bench.secrets if secret in repr(outcome)] == []
