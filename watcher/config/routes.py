"""Routes: what goes out through which channel. A channel's name is a route without policy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from watcher.channels import ChannelSettings, EmailSettings
from watcher.config.checking import check, check_names
from watcher.config.findings import Findings
from watcher.config.nodes import Many, Node, Path, Scalar, Table, child
from watcher.config.shapes import DigestShape, QuietHoursShape, RouteShape
from watcher.config.sheet import Sheet
from watcher.config.suggest import did_you_mean, listing
from watcher.model import ChannelName, Digest, Fault, QuietHours, Route, RouteName, Takes


@dataclass(slots=True)
class Ways:
    """Where alerts can go. `silent` are channels that reach nobody without a route's `to`."""

    channels: dict[ChannelName, ChannelSettings] = field(default_factory=dict)
    routes: dict[RouteName, Route] = field(default_factory=dict)
    names: frozenset[str] = frozenset()  # all that the file names, faulty ones too
    silent: frozenset[str] = frozenset()
    written: tuple[RouteName, ...] = ()  # routes that the file has

    @property
    def only(self) -> RouteName | None:
        """The one way out there is: the only route, or without routes the only channel."""
        names = set(self.written) or self.names - self.silent
        return RouteName(min(names)) if len(names) == 1 else None

    def misnamed(self, sheet: Sheet, node: Node | None) -> tuple[Fault, ...]:
        """Find the names, of one text or a list of them, that lead nowhere."""
        names = node.items if isinstance(node, Many) else (node,)
        texts = (name for name in names if isinstance(name, Scalar) and name.value)
        found = (self._misnamed(sheet, name) for name in texts)
        return tuple(fault for fault in found if fault is not None)

    def _misnamed(self, sheet: Sheet, name: Scalar) -> Fault | None:
        if name.value in self.silent:
            message = f'"{name.value}" names no recipients; name a route that has `to`'
            return sheet.fault("C017", message, name)
        if name.value in self.names or not self.names:  # without any, that is the fault
            return None
        return unknown(sheet, name, "route or channel", self.names)


def unknown(sheet: Sheet, node: Scalar, kind: str, known: Iterable[str]) -> Fault:
    """Make the fault for a name that nothing has, with the nearest that something has."""
    names = sorted(known)
    near = did_you_mean(node.value, names)
    if near:
        hint = f' - did you mean "{near[0]}"?'
    else:
        hint = f"; there is {listing(names)}" if 0 < len(names) <= 12 else ""
    message = f'no {kind} is called "{node.value}"{hint}'
    return sheet.fault("C012", message, node, suggestions=near)


def ways_of(
    sheet: Sheet, channels: Mapping[ChannelName, ChannelSettings], findings: Findings
) -> Ways:
    """Read the routes, and make one without policy for each channel whose name is free."""
    node = child(sheet.root, "routes")
    check_names(sheet, ("routes",), findings)
    written = tuple(RouteName(name) for name in _keys(node))
    lonely = {name for name, settings in channels.items() if not _reaches_somebody(settings)}
    ways = Ways(
        channels={name: each for name, each in channels.items() if name not in lonely},
        written=written,
        names=frozenset((*written, *_keys(child(sheet.root, "channels")))),
        silent=frozenset(lonely.difference(written)),
    )
    for name in written:
        _add_route(ways, sheet, name, channels, findings)
        _check_fallback(ways, sheet, name, findings)
    for channel in channels:
        if channel not in lonely:
            alone = Route(name=RouteName(channel), channel=channel)
            ways.routes.setdefault(alone.name, alone)
    return ways


def _add_route(
    ways: Ways,
    sheet: Sheet,
    name: RouteName,
    channels: Mapping[ChannelName, ChannelSettings],
    findings: Findings,
) -> None:
    path: Path = ("routes", name)
    read = check(sheet, RouteShape, findings, path)
    named = child(sheet.root, *path, "channel")
    if not isinstance(named, Scalar) or not named.value:
        return
    if named.value not in _keys(child(sheet.root, "channels")):
        known = _keys(child(sheet.root, "channels"))
        findings.add(unknown(sheet, named, "channel", known))
    settings = channels.get(ChannelName(named.value))
    if read is None or settings is None:
        return
    channel = _addressed(name, read, settings)
    if channel is None:
        findings.add(_misaddressed(sheet, name, named, settings))
        return
    if not _timely(sheet, path, read, findings):
        return
    ways.channels[channel.name] = channel
    ways.routes[name] = _route(name, channel.name, read)


def _check_fallback(ways: Ways, sheet: Sheet, name: RouteName, findings: Findings) -> None:
    """Note a fallback that leads nowhere, or to the route itself."""
    node = child(sheet.root, "routes", name, "fallback")
    for fault in ways.misnamed(sheet, node):
        findings.add(fault)
    if isinstance(node, Scalar) and node.value == name:
        findings.add(sheet.fault("C017", "a route cannot be its own fallback", node))


def _timely(sheet: Sheet, path: Path, read: RouteShape, findings: Findings) -> bool:
    """Note quiet hours that would never end."""
    quiet = read.quiet_hours
    if quiet is None or quiet.from_ != quiet.to:
        return True
    message = "quiet hours that end when they begin would never end; write another time"
    findings.add(sheet.fault("C011", message, sheet.key_at((*path, "quiet_hours", "to"))))
    return False


def _route(name: RouteName, channel: ChannelName, read: RouteShape) -> Route:
    plain = Route(name=name, channel=channel)
    return replace(
        plain,
        group_wait=plain.group_wait if read.group_wait is None else read.group_wait,
        max_age=read.max_age or plain.max_age,
        takes=Takes(
            severities=frozenset(read.severity),
            feeds=read.feeds,
            tags=tuple(tag.casefold() for tag in read.tags),
            languages=tuple(language.lower() for language in read.languages),
        ),
        digest=_digest(read.digest),
        quiet=_quiet(read.quiet_hours),
        most_per_hour=read.max_per_hour,
        fallback=None if read.fallback is None else RouteName(read.fallback),
    )


def _digest(read: DigestShape | None) -> Digest | None:
    if read is None:
        return None
    return Digest(
        at=tuple(sorted(set(read.at))),
        zone=read.timezone,
        days=frozenset(range(7) if read.days is None else read.days),
        besides=frozenset(read.except_),
    )


def _quiet(read: QuietHoursShape | None) -> QuietHours | None:
    if read is None:
        return None
    return QuietHours(
        begin=read.from_, end=read.to, zone=read.timezone, besides=frozenset(read.except_)
    )


def _addressed(
    route: RouteName, read: RouteShape, settings: ChannelSettings
) -> ChannelSettings | None:
    """Give the channel that a route uses; with recipients of its own, a channel of its own."""
    if not read.to:
        return settings if _reaches_somebody(settings) else None
    if not isinstance(settings, EmailSettings):
        return None
    name = ChannelName(f"{settings.name}/{route}")  # no name that a file gives has a slash
    return replace(settings, name=name, recipients=read.to)


def _misaddressed(
    sheet: Sheet, route: RouteName, named: Scalar, settings: ChannelSettings
) -> Fault:
    if isinstance(settings, EmailSettings):
        message = f'channel "{settings.name}" has no recipients; write `to` here or there'
        return sheet.fault("C017", message, named)
    message = f'"to" is for e-mail; channel "{settings.name}" is none'
    return sheet.fault("C017", message, sheet.key_at(("routes", route, "to")))


def _reaches_somebody(settings: ChannelSettings) -> bool:
    return not isinstance(settings, EmailSettings) or bool(settings.recipients)


def _keys(node: Node | None) -> tuple[str, ...]:
    return tuple(node.entries) if isinstance(node, Table) else ()
