"""Verbs about the status page: web password."""

import typer

web = typer.Typer(help="The status page.", no_args_is_help=True)


@web.command("password")
def make_password() -> None:
    """Ask for a password and print its hash, for `web.password` in watcher.yaml.

    - `watcher web password > web-password.txt`, then `password: file:web-password.txt`
    """
    from watcher.web.passwords import hashed

    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    typer.echo(hashed(password))
