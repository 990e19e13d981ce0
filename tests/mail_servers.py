"""A real Postfix and a real Dovecot on loopback, with folders, ports and a CA of their own.

    with mail_servers() as servers:
        … hand mail in at 127.0.0.1, servers.starttls or servers.implicit, as LOGIN …
        with servers.mailbox("ann") as box:
            box.wait_for(1)

Postfix takes mail of whoever logs in (asking Dovecot about the password) for the known readers,
and hands it to Dovecot, which is asked over IMAPS what arrived. Nothing can leave the machine: all
other destinations are an error. Both need root, and then serve as users of their packages.
"""

import imaplib
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from time import monotonic

import trustme

DOMAIN = "example.test"
LOGIN = ("watcher", "canary-password")
READERS = ("ann", "bob")
TOO_BIG = 60_000  # bytes of a letter
PATIENCE = 60.0  # seconds; a busy machine is slow
NEEDED = {
    "/usr/sbin/postfix": "postfix",
    "/usr/lib/dovecot/imap": "dovecot-imapd",
    "/usr/lib/dovecot/lmtp": "dovecot-lmtpd",
}
_MASTER = "/usr/lib/postfix/sbin/master"
_KEEPER = '"$@" & trap "kill $!" TERM; wait; wait'  # Postfix itself forgets whose death ends it
_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


def missing() -> str:
    """Say what must be done before these servers can run here; empty: nothing."""
    packages = [package for file, package in NEEDED.items() if not Path(file).exists()]
    if packages:
        return f"Postfix and Dovecot are not here: apt-get install {' '.join(packages)}"
    return "" if os.geteuid() == 0 else "Postfix and Dovecot must be started by root"


class Mailbox:
    """What one reader sees over IMAP."""

    def __init__(self, imap: imaplib.IMAP4) -> None:
        self.imap = imap

    def count(self) -> int:
        self.imap.noop()
        return len(self._data(self.imap.search(None, "ALL")).split())

    def wait_for(self, letters: int) -> None:
        """Wait until so many letters are there; fail if they are not or others are."""
        until(lambda: self.count() >= letters, f"{letters} letters")
        assert self.count() == letters

    def letter(self, number: int) -> bytes:
        answer = self.imap.fetch(str(number), "(BODY.PEEK[])")[1][0]
        assert isinstance(answer, tuple)
        return bytes(answer[1])

    def threads(self) -> str:
        """Tell how the server strings the letters together (RFC 5256)."""
        return self._data(self.imap.thread("REFERENCES", "UTF-8", "ALL")).decode()

    def empty(self) -> None:
        if self.count():
            self.imap.store("1:*", "+FLAGS", "\\Deleted")
            self.imap.expunge()

    @staticmethod
    def _data(answer: tuple[str, list[bytes | None]]) -> bytes:
        assert answer[0] == "OK", answer
        return answer[1][0] or b""


@dataclass(frozen=True, kw_only=True)
class MailServers:
    """Both servers, running."""

    starttls: int  # ports
    implicit: int
    imaps: int
    ca_file: str

    @contextmanager
    def mailbox(self, reader: str) -> Iterator[Mailbox]:
        trust = ssl.create_default_context(cafile=self.ca_file)
        with imaplib.IMAP4_SSL("127.0.0.1", self.imaps, ssl_context=trust, timeout=30) as imap:
            imap.login(reader, LOGIN[1])
            imap.select("INBOX")
            yield Mailbox(imap)


@contextmanager
def mail_servers() -> Iterator[MailServers]:
    """Run both for as long as this is open; they end with the test process, however it ends."""
    folder = Path(tempfile.mkdtemp(prefix="watcher-mail-"))  # short: sockets lie in it
    try:
        folder.chmod(0o755)  # both serve as other users
        ca_file = _certify(folder)
        with ExitStack() as running:
            yield _started(folder, ca_file, running)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _certify(folder: Path) -> str:
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1", f"mail.{DOMAIN}")
    certificate.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    (folder / "server.pem").chmod(0o600)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    return str(folder / "ca.pem")


def _started(folder: Path, ca_file: str, running: ExitStack) -> MailServers:
    starttls, implicit, imaps, lmtp, auth = _free_ports(5)
    dovecot = _written(folder / "dovecot.conf", _dovecot(folder, imaps, lmtp, auth))
    readers = "".join(f"{name}:{{PLAIN}}{LOGIN[1]}\n" for name in (*READERS, LOGIN[0]))
    _written(folder / "users", readers)
    (folder / "homes").mkdir()
    shutil.chown(folder / "homes", "mail", "mail")
    _run(running, folder, ["dovecot", "-F", "-c", str(dovecot)], (imaps, lmtp, auth))
    _prepare_postfix(folder, starttls, implicit, lmtp, auth)
    _run(running, folder, [_MASTER, "-s"], (starttls, implicit))
    return MailServers(starttls=starttls, implicit=implicit, imaps=imaps, ca_file=ca_file)


def _prepare_postfix(folder: Path, starttls: int, implicit: int, lmtp: int, auth: int) -> None:
    etc = folder / "etc"
    for name in ("etc", "queue", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    _written(etc / "main.cf", _main_cf(folder, lmtp, auth))
    _written(etc / "master.cf", _master_cf(starttls, implicit))
    if not (_checked(folder) or _checked(folder)):  # the first one may complain of what it makes
        raise RuntimeError(f"postfix check\n{_logs(folder)}")


def _checked(folder: Path) -> bool:
    checked = subprocess.run(
        ["postfix", "check"], env=_environment(folder), capture_output=True, check=False
    )
    return checked.returncode == 0


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": _PATH, "MAIL_CONFIG": str(folder / "etc")}


def _run(running: ExitStack, folder: Path, command: Sequence[str], ports: Sequence[int]) -> None:
    """Start a server and wait until it listens; it is stopped with the stack, or with us."""
    process = subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", "sh", "-c", _KEEPER, "keeper", *command],
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    running.callback(_stop, process)

    def listens() -> bool:
        if process.poll() is not None:
            raise RuntimeError(f"{command[0]} ended at once\n{_logs(folder)}")
        return all(map(_is_open, ports))

    until(listens, f"{command[0]} on ports {ports}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()  # both take their children with them
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _logs(folder: Path) -> str:
    logs = (folder / "dovecot.log", folder / "postfix.log")
    return "\n".join(log.read_text(errors="replace")[-3_000:] for log in logs if log.exists())


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait until this holds; fail after a while."""
    end = monotonic() + PATIENCE
    while not holds():
        if monotonic() > end:
            raise AssertionError(f"waited {PATIENCE:g} s in vain: {what}")
        threading.Event().wait(0.05)


def _is_open(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False


def _free_ports(number: int) -> list[int]:
    with ExitStack() as held:
        found = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [each.getsockname()[1] for each in found]


def _written(file: Path, text: str) -> Path:
    file.write_text(dedent(text))
    return file


def _dovecot(folder: Path, imaps: int, lmtp: int, auth: int) -> str:
    return f"""\
        base_dir = {folder}/run
        state_dir = {folder}/state
        log_path = {folder}/dovecot.log
        protocols = imap lmtp
        listen = 127.0.0.1
        ssl = required
        ssl_cert = <{folder}/server.pem
        ssl_key = <{folder}/server.pem
        first_valid_uid = 1
        mail_location = maildir:~/mail
        auth_mechanisms = plain login
        auth_failure_delay = 0
        passdb {{
          driver = passwd-file
          args = username_format=%n {folder}/users
        }}
        userdb {{
          driver = static
          args = uid=mail gid=mail home={folder}/homes/%n
        }}
        service imap-login {{
          inet_listener imap {{
            port = 0
          }}
          inet_listener imaps {{
            port = {imaps}
            ssl = yes
          }}
        }}
        service lmtp {{
          inet_listener lmtp {{
            port = {lmtp}
          }}
        }}
        service auth {{
          inet_listener auth {{
            port = {auth}
          }}
        }}
        """


def _main_cf(folder: Path, lmtp: int, auth: int) -> str:
    known = " ".join(f"{{{reader}@{DOMAIN} = {reader}}}" for reader in READERS)
    return f"""\
        compatibility_level = 3.6
        queue_directory = {folder}/queue
        data_directory = {folder}/data
        maillog_file = {folder}/postfix.log
        maillog_file_prefixes = {folder}
        myhostname = mail.{DOMAIN}
        inet_interfaces = loopback-only
        inet_protocols = ipv4
        mydestination =
        mynetworks =
        alias_maps =
        local_recipient_maps =
        virtual_mailbox_domains = {DOMAIN}
        virtual_mailbox_maps = inline:{{ {known} }}
        virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
        default_transport = error:nothing leaves this machine
        message_size_limit = {TOO_BIG}
        smtpd_tls_security_level = may
        smtpd_tls_auth_only = yes
        smtpd_tls_chain_files = {folder}/server.pem
        smtpd_sasl_auth_enable = yes
        smtpd_sasl_type = dovecot
        smtpd_sasl_path = inet:127.0.0.1:{auth}
        smtpd_relay_restrictions = permit_sasl_authenticated, reject
        smtpd_recipient_restrictions = permit_sasl_authenticated, reject
        smtpd_error_sleep_time = 0
        smtpd_client_event_limit_exceptions = static:all
        """


def _master_cf(starttls: int, implicit: int) -> str:
    daemons = "rewrite:trivial-rewrite error retry:error lmtp proxymap anvil"
    unlimited = "cleanup bounce defer:bounce trace:bounce"
    return "".join(
        (
            f"127.0.0.1:{starttls} inet n - n - - smtpd\n",
            f"127.0.0.1:{implicit} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes\n",
            "postlog unix-dgram n - n - 1 postlogd\n",
            "qmgr unix n - n 300 1 qmgr\n",
            "tlsmgr unix - - n 300 1 tlsmgr\n",
            *(_service(daemon, "-") for daemon in daemons.split()),
            *(_service(daemon, "0") for daemon in unlimited.split()),
        )
    )


def _service(daemon: str, at_most: str) -> str:
    """Write a line of master.cf; nothing here may run in a chroot."""
    name, _, program = daemon.partition(":")
    private = "n" if name == "cleanup" else "-"
    return f"{name} unix {private} - n - {at_most} {program or name}\n"
