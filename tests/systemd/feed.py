"""A feed on loopback, inside the booted machine: its items are the lines of a file, newest first.

python3 feed.py PORT FILE
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

LINES = Path(sys.argv[2])


class Feed(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        titles = LINES.read_text().split("\n")[:-1]
        items = "".join(
            f"<item><title>{title}</title><link>http://paper.example/{title.replace(' ', '-')}"
            f"</link><guid>{title}</guid></item>"
            for title in reversed(titles)
        )
        body = f'<rss version="2.0"><channel><title>P</title>{items}</channel></rss>'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Feed).serve_forever()
