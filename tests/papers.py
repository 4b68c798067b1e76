"""A few invented papers on loopback, with the same news: what the examples of the docs read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NEWS = {
    "Ferry returns to Brannoch after nine days of repairs": (
        "The ferry to Brannoch sailed again on Monday after nine days ashore with a broken shaft.",
        "Islanders had relied on two fishing boats for bread, medicine and post since the breakdown.",
        "Captain Morag Bell said the crossing was smooth and that all 84 seats were taken.",
    ),
    "Council backs tidal barrier for the harbour": (
        "Councillors voted 31 to 12 on Monday for a tidal barrier that will cost £48 million.",
        "Opponents had asked for higher embankments instead, which engineers judged too weak.",
        "Construction may begin next autumn if the government pays two thirds of the sum.",
    ),
    "Nurses accept hospital pay offer": (
        "Members of the nurses' union at Wendle General accepted a pay rise of 4.5% on Monday.",
        "The ballot ends a dispute in which three strikes closed the outpatient clinic last winter.",
        "Managers will hire 60 more midwives and porters by June under the agreement.",
    ),
    "Museum buys a lost map of Tarrow": (
        "The county museum paid £19,000 at auction on Monday for a map of Tarrow drawn in 1714.",
        "Its parchment shows a windmill, two inns and a chapel that no other record mentions.",
        "Visitors can see the map from March in the new gallery beside the pottery collection.",
    ),
}
"""Title -> its article's sentences."""
OTHER_NEWS = {
    "Orchards of Ashcombe count the frost damage": (
        "Growers in Ashcombe lost two thirds of their pears to the frost of last week, their union said on Monday.",
        "Insurance covers hail and storm only, so 41 farms have asked the county for help.",
        "A decision is expected before the auctions of young trees open in December.",
    ),
    "Chess club wins the northern league": (
        "Kelder Bay won the northern chess league on Monday with a draw in the last of 22 rounds.",
        "Ada Wren, who is 15, held a lost endgame against the champion for three hours.",
        "The club moves up for the first time since it was founded in a pub in 1931.",
    ),
    "Bus drivers vote for a strike over early starts": (
        "Drivers of the Wendle buses voted nine to one on Monday for strikes over shifts that begin at 4.45am.",
        "The first walkout would fall on the day of the market, when 12,000 people travel.",
        "Managers called the vote hasty and offered talks with a mediator on Thursday.",
    ),
    "Lighthouse opens its lamp room to visitors": (
        "Visitors may climb the 188 steps of Mellin Head lighthouse from Monday for the first time in 40 years.",
        "Volunteers cleaned the lens, which weighs two tonnes and was ground in 1868.",
        "Tickets are free, and eight people are let up in an hour.",
    ),
}
"""What the papers print whose names begin with ``sample``."""


class _Papers(BaseHTTPRequestHandler):
    """Each first part of a path is a paper: its front page names its feed."""

    def do_GET(self) -> None:
        """Answer with a front page, a feed, an article, or nothing."""
        here = f"http://{self.headers['Host']}"
        paper, _, name = self.path.strip("/").rpartition("/")
        paper, name = (paper, name) if name == "feed" or name.isdecimal() else (f"{paper}/{name}".strip("/"), "")
        news = OTHER_NEWS if paper.startswith("sample") else NEWS
        if not name:
            self._answer("text/html", f'<html><head><link rel=alternate type="application/rss+xml" href=/{paper}/feed>')
        elif name == "feed":
            when = format_datetime(datetime.now(UTC) - timedelta(minutes=1))
            items = "".join(
                f"<item><title>{title}</title><link>{here}/{paper}/{n}</link><pubDate>{when}</pubDate></item>"
                for n, title in enumerate(news)
            )
            self._answer(
                "application/rss+xml", f'<rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'
            )
        elif int(name) < len(news):
            title, sentences = list(news.items())[int(name)]
            text = "".join(f"<p>{sentence}</p>" for sentence in sentences)
            self._answer("text/html", f"<html lang=en><title>{title}</title><article><h1>{title}</h1>{text}</article>")
        else:
            self.send_error(404)

    def _answer(self, kind: str, body: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
        """Say nothing."""


@contextmanager
def papers() -> Iterator[str]:
    """Serve the papers while the block runs; give their address, without a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Papers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
