"""A feed on loopback, inside the booted machine: its items are the lines of a file, newest first.

`/long.xml` is another one, whose only item says what matters on its page alone.

python3 feed.py PORT FILE
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

LINES = Path(sys.argv[2])


PARAGRAPH = (
    "The town has been told for years that its drains are too narrow, and on Monday evening "
    "everybody could see why: the deluge came down the hill, filled the market square to the "
    "knees of those who stood there, and left a line of mud on every door. "
)
PAGE = f"""<html><head><title>The drains</title></head><body><nav>Home News Sport</nav>
<article><h1>The drains</h1>{"".join(f"<p>{PARAGRAPH}</p>" for _ in range(6))}</article>
</body></html>"""
LONG = """<rss version="2.0"><channel><title>L</title><item><title>The drains of the town</title>
<link>http://127.0.0.1:{port}/page.html</link><guid>drains</guid>
<description>Read more</description></item></channel></rss>"""


class Feed(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/long.xml":
            self.answer(LONG.format(port=sys.argv[1]), "application/rss+xml")
        elif self.path == "/page.html":
            self.answer(PAGE, "text/html; charset=utf-8")
        elif self.path == "/paper.xml":
            self.paper()
        else:
            self.send_error(404)

    def paper(self) -> None:
        titles = LINES.read_text().split("\n")[:-1]
        items = "".join(
            f"<item><title>{title}</title><link>http://paper.example/{title.replace(' ', '-')}"
            f"</link><guid>{title}</guid></item>"
            for title in reversed(titles)
        )
        text = f'<rss version="2.0"><channel><title>P</title>{items}</channel></rss>'
        self.answer(text, "application/rss+xml")

    def answer(self, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Feed).serve_forever()
