"""A site of feeds on loopback for `bench/fetch.py`: nginx, with and without TLS.

Feeds are `FOLDER/N.xml`; every host name leads to them. Under `/always/` they have no validators,
so that they come whole every time. The certificate is of an authority made for the occasion.
"""

import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from getpass import getuser
from pathlib import Path
from socket import socket

import certifi
import trustme

DOMAIN = "feeds.example"
NGINX = """
daemon off; user {user}; worker_processes 1; pid {folder}/pid; error_log {folder}/errors.log crit;
events {{ worker_connections 4096; }}
http {{
  access_log off; default_type application/xml; types {{ }}
  gzip on; gzip_types *; gzip_comp_level 1; gzip_min_length 1; gzip_proxied any;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{http} backlog=4096; listen 127.0.0.1:{https} ssl backlog=4096;
    ssl_certificate {folder}/site.pem; ssl_certificate_key {folder}/site.key;
    location /always/ {{
      alias {feeds}/; etag off; if_modified_since off; add_header Last-Modified "";
    }}
    location / {{ root {feeds}; gzip off; }}
  }}
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where the feeds are."""

    http: int
    https: int
    authority: Path  # its certificate alone
    bundle: Path  # the public certificates and this one

    def urls(self, count: int, *, tls: bool = False, always: bool = False) -> list[str]:
        """Give the addresses of so many feeds, each on a host of its own."""
        start, port = ("https", self.https) if tls else ("http", self.http)
        path = "/always" if always else ""
        return [f"{start}://h{n}.{DOMAIN}:{port}{path}/{n}.xml" for n in range(count)]


@contextmanager
def site(bodies: Sequence[bytes], folder: Path) -> Iterator[Site]:
    """Serve these documents while the block runs."""
    if shutil.which("nginx") is None:
        sys.exit("LOUDLY: there is no nginx here to serve the feeds: apt-get install nginx-light")
    feeds = folder / "feeds"
    feeds.mkdir(parents=True)
    for number, body in enumerate(bodies):
        (feeds / f"{number}.xml").write_bytes(body)
    http, https = _free_ports()
    config = folder / "nginx.conf"
    config.write_text(
        NGINX.format(folder=folder, feeds=feeds, http=http, https=https, user=getuser())
    )
    authority = _certificates(folder)
    bundle = folder / "bundle.pem"
    bundle.write_bytes(Path(certifi.where()).read_bytes() + authority.read_bytes())
    server = subprocess.Popen(["nginx", "-c", str(config), "-p", str(folder)])
    try:
        _wait_for(f"http://127.0.0.1:{http}/0.xml")
        yield Site(http=http, https=https, authority=authority, bundle=bundle)
    finally:
        server.terminate()
        server.wait()


def _certificates(folder: Path) -> Path:
    authority = trustme.CA()
    issued = authority.issue_cert(f"*.{DOMAIN}")
    issued.private_key_pem.write_to_path(folder / "site.key")
    for number, blob in enumerate(issued.cert_chain_pems):
        blob.write_to_path(folder / "site.pem", append=number > 0)
    authority.cert_pem.write_to_path(folder / "authority.pem")
    return folder / "authority.pem"


def _free_ports() -> tuple[int, int]:
    with socket() as one, socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def _wait_for(url: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.URLError:
            time.sleep(0.05)
        else:
            return
    sys.exit(f"LOUDLY: nginx does not answer at {url}")
