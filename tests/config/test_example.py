"""The shipped configuration."""

from pathlib import Path

from watcher.channels import ConsoleSettings
from watcher.config import load
from watcher.model import RouteName, Severity

EXAMPLE = Path(__file__).parents[2] / "config" / "watcher.yaml"


def test_the_shipped_example_is_without_faults_and_warnings_and_its_rules_pass_their_tests() -> (
    None
):
    config = load(EXAMPLE, {}, check_tests=True)
    assert config.warnings == ()
    assert len(config.feeds) >= 30
    assert {tag for feed in config.feeds for tag in feed.tags} > {
        "technology",
        "security",
        "policy",
    }
    assert {info.id: info.severity for info in config.rules.infos} == {
        "lawful-interception": Severity.HIGH,
        "back-door": Severity.HIGH,
        "blackberry": Severity.INFO,
        "blackberry-access": Severity.CRITICAL,
    }


def test_the_shipped_example_sends_nothing_anywhere() -> None:
    config = load(EXAMPLE, {})
    assert all(isinstance(channel, ConsoleSettings) for channel in config.channels)
    assert config.operator == "desk"
    assert {name for info in config.rules.infos for name in info.notify} == {"desk"}


def test_what_the_example_suggests_in_comments_is_right_too(tmp_path: Path) -> None:
    folder = EXAMPLE.parent
    main = (folder / "watcher.yaml").read_text(encoding="utf-8")
    head, channels = main.split("\nchannels:", 1)
    lines = [
        line.replace("  # ", "  ", 1)
        if (line.startswith("  # ") and "{" in line) or is_key(line)
        else line
        for line in channels.splitlines()
    ]
    text = head.replace("feeds.yaml", f"{folder}/feeds.yaml").replace(
        "rules/*", f"{folder}/rules/*"
    )
    (tmp_path / "watcher.yaml").write_text("\n".join([text, "channels:", *lines]), encoding="utf-8")
    (tmp_path / "smtp").write_text("secret")
    environment = {
        "SLACK_WEBHOOK": "https://hooks.slack.example/x",
        "SLACK_TOKEN": "xoxb-1-2",
        "DISCORD_WEBHOOK": "https://discord.example/api/webhooks/1/x",
        "WEBHOOK_SECRET": "whsec_" + "A" * 32,
        "CREDENTIALS_DIRECTORY": str(tmp_path),
    }
    config = load(tmp_path / "watcher.yaml", environment)
    assert [channel.name for channel in config.channels] == [
        "console", "journal", "slack", "slack-bot", "webhook", "chat", "mail/legal",
        "mail/digest",
    ]  # fmt: skip
    routes = {name: route for name, route in config.routes.items() if route.digest or route.quiet}
    assert sorted(routes) == ["digest", "night"]
    assert routes[RouteName("night")].fallback == "desk"


def is_key(line: str) -> bool:
    """Whether a commented line is a key of the suggestions, and no sentence."""
    words = line.removeprefix("  # ").split()
    return line.startswith("  # ") and bool(words) and words[0].endswith(":") and len(words) <= 3
