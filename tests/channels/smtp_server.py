"""An SMTP server on this machine that keeps what it takes, and answers as it is told to."""

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult

LOGIN = (b"watcher", b"canary-password")


def _drop(server: SMTP) -> None:
    """Break the connection, whatever was said last."""
    transport = server.transport
    assert isinstance(transport, asyncio.Transport)
    transport.abort()


@dataclass
class Script:
    """What the server answers; by recipient where it matters. Empty: it takes everything."""

    mail: dict[str, str] = field(default_factory=dict)  # sender -> answer
    rcpt: dict[str, str] = field(default_factory=dict)  # recipient -> answer
    data: dict[str, str] = field(default_factory=dict)  # recipient -> answer, `drop` or `hang`
    login: bool = True
    commands: dict[str, str] = field(default_factory=dict)  # EHLO, STARTTLS … -> answer
    most: int = 10**9  # bytes of a letter
    too_big: str = "552 5.3.4 too big"  # what is said of larger ones


class _Session(SMTP):
    """A conversation in which single commands are answered as it was told."""

    script: Script

    async def _scripted(
        self, command: str, usual: Callable[[str], Awaitable[None]], rest: str
    ) -> None:
        answer = self.script.commands.get(command)
        if answer is None:
            await usual(rest)
            return
        await self.push(answer)
        if answer.startswith("421"):
            _drop(self)

    async def smtp_EHLO(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's names
        await self._scripted("EHLO", super().smtp_EHLO, arg)

    async def smtp_HELO(self, arg: str) -> None:  # noqa: N802
        await self._scripted("EHLO", super().smtp_HELO, arg)

    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802
        await self._scripted("STARTTLS", super().smtp_STARTTLS, arg)

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        await self._scripted("AUTH", super().smtp_AUTH, arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        await self._scripted("DATA", super().smtp_DATA, arg)


@dataclass
class Letter:
    """What the server took."""

    sender: str
    recipients: list[str]
    content: bytes
    tls: bool
    login: object


class MailServer:
    """Listens on 127.0.0.1 until the `with` block ends."""

    def __init__(
        self,
        script: Script | None = None,
        *,
        starttls: ssl.SSLContext | None = None,
        implicit: ssl.SSLContext | None = None,
    ) -> None:
        self.script = script or Script()
        self.letters: list[Letter] = []
        self.connections = 0
        self.tries = 0  # letters, also those that it did not take
        self.port = 0
        self._starttls = starttls
        self._implicit = implicit
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening; from now on connections are refused."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join()

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        listening = await self._loop.create_server(
            self._session, "127.0.0.1", 0, ssl=self._implicit
        )
        self.port = listening.sockets[0].getsockname()[1]
        self._ready.set()
        await self._over.wait()
        listening.close()
        await listening.wait_closed()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # let the transports close

    def _session(self) -> SMTP:
        self.connections += 1
        session = _Session(
            self,
            hostname="mail.example",
            loop=self._loop,
            tls_context=self._starttls,
            authenticator=self._authenticate,
            auth_require_tls=self._implicit is None,
        )
        session.script = self.script
        return session

    def _authenticate(self, *arguments: Any) -> AuthResult:
        data = arguments[-1]
        good = self.script.login and (data.login, data.password) == LOGIN
        return AuthResult(success=good, handled=False, auth_data=data.login)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self.script.mail.get(address, "250 OK")
        envelope.mail_from = address if answer.startswith("250") else None
        return answer

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self.script.rcpt.get(address, "250 OK")
        if answer == "drop":
            _drop(server)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        self.tries += 1
        usual = "250 2.0.0 taken"
        if len(envelope.original_content) > self.script.most:
            usual = self.script.too_big
        answer = self.script.data.get(envelope.rcpt_tos[0], usual)
        if answer.startswith("250") or answer == "drop":
            self.letters.append(
                Letter(
                    sender=envelope.mail_from,
                    recipients=list(envelope.rcpt_tos),
                    content=envelope.original_content,
                    tls=session.ssl is not None or self._implicit is not None,
                    login=session.auth_data,
                )
            )
        if answer == "drop":
            _drop(server)
        if answer == "hang":
            await asyncio.sleep(3600)
        return answer
