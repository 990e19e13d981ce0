"""A status page over a small Watcher at work, served by the real server on loopback.

with page_of(scene(store)) as page:
    page.get("/feeds")
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import requests

from tests.world import PHONE, World
from watcher.model import (
    ChannelName,
    Outcome,
    Refused,
    Route,
    RouteName,
    RuleId,
    RuleInfo,
    Secret,
    Severity,
    Silence,
    TryLater,
    content_id,
)
from watcher.rules import RuleSpec, compile_rules
from watcher.store import SqlStore
from watcher.web import (
    ChannelCard,
    Counters,
    Given,
    InService,
    Loading,
    RuleCard,
    Section,
    WebSettings,
)
from watcher.web.server import WebServer
from watcher.web.site import site

HARBOUR, GADGETS, MARKETS = (
    "http://harbour.example/",
    "http://gadgets.example/",
    "http://m.example/",
)
HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'
NO_LINK = "javascript:alert(3)"
ORVANE = (
    "A firm that sells privacy does not keep a back door for anybody, its director said. "
    "Law enforcement agencies of Tarsia had asked for one since the spring. "
    "Parliament votes on the bill on Thursday."
)
SPUN = (
    "A company that sells privacy does not keep a back door for anybody, its head said. "
    "Law coercion agencies of Tarsia had begged for one since the spring. "
    "Parliament votes on the bill on Thursday."
)
SPECS = (
    RuleSpec(
        info=RuleInfo(
            id=RuleId("back-door"), title="Back doors", severity=Severity.HIGH, notify=(PHONE,)
        ),
        when='"back door" AND Orvane',
    ),
    RuleSpec(
        info=RuleInfo(id=RuleId("flood"), title="Floods and bridges", notify=(PHONE,)),
        when="flood OR bridge",
    ),
    RuleSpec(info=RuleInfo(id=RuleId("never"), notify=(PHONE,)), when="zzyzx"),
)


@dataclass
class Scene:
    """A Watcher and what is in service."""

    world: World
    service: InService
    loading: Loading
    prove_writable: Callable[[timedelta], object]
    database_size: Callable[[], int]
    broken: dict[str, str] = field(default_factory=dict)
    silent: dict[str, float] = field(default_factory=dict)
    ages: dict[str, float] = field(default_factory=lambda: {"poll": 0.5})
    counters: Counters = field(default_factory=Counters)

    def given(self, settings: WebSettings) -> Given:
        return Given(
            settings=settings,
            store=self.world.store,
            clock=self.world.clock,
            in_service=lambda: self.service,
            loading=lambda: self.loading,
            broken=lambda: self.broken,
            running=lambda: True,
            prove_writable=self.prove_writable,
            database_size=self.database_size,
            silent=lambda: self.silent,
            ages=lambda: self.ages,
            counters=self.counters,
            redacted=lambda url: url.replace("canary-key", "***"),
            versions=(("Watcher", "0.1.0"), ("Database", "SQLite 3.46.1")),
            cautions=("SQLite 3.46.1 can lose what two processes write at the same moment.",),
        )


def scene(store: SqlStore, *, hostile: bool = True) -> Scene:
    """Play a morning: news, copies, a feed that fails, a receiver that refuses."""
    rules = compile_rules(SPECS).ruleset
    assert rules is not None
    script: list[Outcome] = [Refused(reason="404 no such hook"), TryLater(reason="503 busy")]
    world = World(store, rules, feeds=(HARBOUR, GADGETS, MARKETS), script=script)
    world.publish(HARBOUR, "Flood closes the north bridge of Tarsia", "The river rose all night.")
    world.poll_and_deliver()
    world.publish(
        HARBOUR,
        "Orvane will leave Tarsia rather than open a back door to its customers’ mail",
        ORVANE,
        link="https://harbour.example/orvane",
    )
    if hostile:
        world.publish(HARBOUR, f"Flood {HOSTILE}", HOSTILE, link=NO_LINK)
    world.poll_and_deliver()
    world.publish(
        GADGETS,
        "Orvane will leave Tarsia rather than open a back door to its customers’ mail",
        SPUN,
        link="https://gadgets.example/orvane",
    )
    world.internet.break_down(MARKETS)
    world.poll_and_deliver()
    for _ in range(4):
        world.pass_time(minutes=40)
        world.poll_and_deliver()
    now = world.clock.now()
    with store.transaction() as tx:
        tx.silence(
            Silence(
                id=content_id("silence", "drill"),
                matches=(("feed", "drill*"), ("rule", "flood")),
                begins_at=now,
                ends_at=now + timedelta(hours=4),
                author="Ann",
                comment="the yearly drill",
                created_at=now,
            )
        )
    return Scene(
        world=world,
        service=_service(world),
        loading=Loading(at=now),
        prove_writable=store.prove_writable,
        database_size=store.size,
    )


def _service(world: World) -> InService:
    phone = ChannelName("phone")
    return InService(
        rules={spec.info.id: RuleCard(spec=spec, place="rules/tech.yaml:3") for spec in SPECS},
        routes={PHONE: Route(name=PHONE, channel=phone), RouteName("m"): world.route},
        feeds={feed.id: feed for feed in world.feeds.values()},
        channels={
            phone: ChannelCard(name=phone, kind="webhook", where="https://hooks.example/***")
        },
        settings=(
            Section(title="In general", rows=(("Database", "/var/lib/watcher/watcher.db"),)),
        ),
    )


class Page:
    """The served page, as one asks it."""

    def __init__(self, server: WebServer) -> None:
        self.base = f"http://127.0.0.1:{server.port}"
        self.session = requests.Session()
        self.session.trust_env = False

    def get(self, path: str, **more: object) -> requests.Response:
        more.setdefault("allow_redirects", False)
        return self.session.get(self.base + path, timeout=30, **more)  # type: ignore[arg-type]

    def post(self, path: str, **more: object) -> requests.Response:
        more.setdefault("allow_redirects", False)
        return self.session.post(self.base + path, timeout=30, **more)  # type: ignore[arg-type]

    def form_token(self, path: str = "/silences") -> str:
        return self.get(path).text.split('name="form_token" value="')[1].split('"')[0]

    def send(self, path: str, **fields: str) -> requests.Response:
        """Send a form of ours, as a browser does."""
        token = self.form_token("/login" if path == "/login/enter" else "/silences")
        headers = {"sec-fetch-site": "same-origin", "origin": self.base}
        return self.post(path, data={"form_token": token, **fields}, headers=headers)


@contextmanager
def page_of(played: Scene, settings: WebSettings | None = None) -> Iterator[Page]:
    """Serve the page until the end."""
    settings = replace(settings or WebSettings(), port=0)
    server = WebServer(site(played.given(settings)), settings)
    page = Page(server)
    try:
        yield page
    finally:
        page.session.close()
        server.close()


PASSWORD = Secret("correct horse battery")
TOKEN = Secret("canary-token-of-programs")
GUARDED = WebSettings(password=PASSWORD, token=TOKEN)
