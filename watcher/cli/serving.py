"""Verbs about the daemon as a service: reload, service install."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from watcher.cli.printing import json_line, say
from watcher.cli.settings import CONFIG
from watcher.clock import SystemClock

RELOAD_PATIENCE = 660.0  # seconds; more than the daemon takes to say that it still goes on

service = typer.Typer(help="Watcher as a service of systemd.", no_args_is_help=True)


def reload(
    config: CONFIG = None,
    *,
    socket: Annotated[
        Path | None,
        typer.Option(help="The daemon's control socket; else the one beside the state."),
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Wait, and tell whether it was taken.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Let the daemon load its configuration anew: whole, or not at all.

    Exit code 0 when it is in service, 2 with all faults when the one before stays, 1 when no
    daemon answers.

    - `watcher reload --json`
    """
    from watcher.daemon.control import ask

    place = socket or _socket(config)
    patience = RELOAD_PATIENCE if wait else 10.0
    answer = ask(place, {"ask": "reload", "wait": wait}, patience) if place else None
    if answer is None:
        say(
            f"no daemon runs here: nobody listens on {place or 'a control socket'}; where "
            "`state` was changed, name the socket of the one that runs with --socket"
        )
        raise typer.Exit(1)
    if as_json:
        json_line(answer)
    if "error" in answer:
        say(answer["error"])
        raise typer.Exit(1)
    if answer.get("faults"):
        say(f"{answer['faults']}\nrefused: the configuration before stays in service")
        raise typer.Exit(2)
    if as_json:
        return
    for warning in answer.get("warnings", ()):
        say(warning)
    if answer.get("state_waits"):
        say("`state` changed: it is used from the next start on")
    typer.echo(f"taken: {answer['watching']}" if wait else "asked; `watcher status` tells")


def _socket(config: Path | None) -> Path | None:
    """Find the socket of the daemon, also when the configuration has become faulty meanwhile.

    Of a service it is the one that its daemon shows: the configuration may name another by now.
    """
    from watcher.cli.settings import found
    from watcher.config import environment, state_in
    from watcher.service.places import places_of, sign_of

    sign = sign_of(environment())
    if sign is not None and sign.is_symlink():
        return sign
    return places_of(state_in(config or found(), environment()), environment()).socket


@service.command("install")
def install(
    *,
    config: Annotated[
        Path, typer.Option("--config", "-c", help="The configuration that the service uses.")
    ] = Path("/etc/watcher/watcher.yaml"),
    printed: Annotated[
        bool, typer.Option("--print", help="Only print the unit; write nothing.")
    ] = False,
    timer: Annotated[
        bool, typer.Option("--timer", help="A timer that calls `watcher once`, not the daemon.")
    ] = False,
    to: Annotated[Path, typer.Option(help="The folder of units.")] = Path("/etc/systemd/system"),
) -> None:
    """Write the unit of systemd for this installation, with the right path; again does no harm.

    Changes of your own belong into a drop-in (`systemctl edit watcher`), which this leaves alone.

    - `watcher service install --print`
    """
    from watcher.service.unit import DAEMON, TIMER, doubts, unit, write

    program = _program()
    names = TIMER if timer else DAEMON
    units = {name: unit(name, program, config.absolute()) for name in names}
    wrong = doubts(program, Path(sys.executable))
    for doubt in wrong:
        say(doubt)
    if printed:
        typer.echo("\n".join(units.values()), nl=False)
        return
    if wrong:
        raise typer.Exit(1)
    for name, text in units.items():
        done = write(name, text, to)
        say(f"{done.path}: {'written' if done.changed else 'is so already'}")
    _take_note(to)
    say(f"next: systemctl enable --now {names[-1].removesuffix('.service')}")


def _program() -> Path:
    """Find the program that runs now, by the name under which it will be there tomorrow."""
    beside = Path(sys.executable).with_name("watcher")
    return beside if beside.is_file() else Path(sys.argv[0]).absolute()


def _take_note(folder: Path) -> None:
    """Let a systemd that runs read its units anew."""
    import subprocess

    if folder != Path("/etc/systemd/system") or not Path("/run/systemd/system").is_dir():
        return
    subprocess.run(["systemctl", "daemon-reload"], check=False)  # noqa: S607


def doctor(
    config: CONFIG = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Look at everything that Watcher rests on; says what is wrong and what to do about it.

    Exit code 1 where something is wrong.

    - `watcher doctor --json`
    """
    from watcher.cli.settings import found
    from watcher.config import environment
    from watcher.service.doctor import Verdict, examined

    signs = {Verdict.GOOD: "ok", Verdict.DOUBTFUL: "?", Verdict.WRONG: "!!"}
    wrong = False
    for check in examined(config or found(), environment(), SystemClock().now()):
        wrong = wrong or check.verdict is Verdict.WRONG
        if as_json:
            json_line(
                {
                    "check": check.name,
                    "verdict": check.verdict.value,
                    "told": check.told,
                    "advice": check.advice,
                }
            )
            continue
        typer.echo(f"{signs[check.verdict]:3}{check.name:12} {check.told}")
        if check.advice:
            typer.echo(f"{'':16}do: {check.advice}")
    if wrong:
        raise typer.Exit(1)
