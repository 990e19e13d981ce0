"""The verb that makes a hash of a password for the status page."""

import typer


def web_password() -> None:
    """Ask for a password and print its hash, for `web.password` in watcher.yaml.

    - `watcher web-password > web-password.txt`, then `password: file:web-password.txt`
    """
    from watcher.web.passwords import hashed

    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    typer.echo(hashed(password))
