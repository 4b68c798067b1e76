"""Fetch 500 sources of 500 names twice, and measure it beside a fetcher without duties.

    python -m bench.fetching [--sources 500] [--latency-ms 50] [--entries 10] [--threads 20]

The names lead to a server on loopback in a process of its own, through the same door as the demo's: a resolver that
knows them and an allow-list that names loopback. The yardstick is httpx and feedparser in a pool of threads, without
guard, bounds, politeness, conditions or states. CPU is this process's alone.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from multiprocessing.connection import Connection

import feedparser
import httpx

from digest.fetch.address_guard import Target
from digest.fetch.client import Client
from digest.fetch.fetcher import Fetcher
from digest.fetch.politeness import SourceState
from digest.fetch.robots import MemoryShelf
from digest.model.ids import SourceId
from digest.model.source import Source
from digest.settings import FetchSettings

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
PARAGRAPH = "<p>The ferry between the two harbours is withdrawn until the spring, the company said on Monday.</p>" * 4


def feed(host: str, entries: int) -> bytes:
    """Return an RSS feed of ``entries`` articles of one paper."""
    item = (
        "<item><title>Headline {n} of {host}</title><link>http://{host}/2026/11/23/headline-{n}</link>"
        "<guid>http://{host}/{n}</guid><pubDate>Mon, 23 Nov 2026 05:{n:02}:00 GMT</pubDate>"
        "<description><![CDATA[{text}]]></description></item>"
    )
    items = "".join(item.format(n=n, host=host, text=PARAGRAPH) for n in range(entries))
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>'.encode()


class Server:
    """Serves a feed for every name, late by ``latency`` seconds, and counts what it was asked."""

    def __init__(self, latency: float, entries: int) -> None:
        self._latency = latency
        self._entries = entries
        self.requests = self.conditional = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                host = head.partition("\r\nhost: ")[2].partition("\r\n")[0]
                self.requests += 1
                await asyncio.sleep(self._latency)
                writer.write(self._response(host, conditional="\r\nif-none-match:" in head))
                await writer.drain()
        writer.close()

    def _response(self, host: str, *, conditional: bool) -> bytes:
        if conditional:
            self.conditional += 1
            return b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'
        body = feed(host, self._entries)
        head = f'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nETag: "a"\r\nContent-Length: {len(body)}\r\n\r\n'
        return head.encode() + body


def serve(pipe: Connection, latency: float, entries: int) -> None:
    """Serve until told to stop; answer every other word with the counts since the last one."""

    async def main() -> None:
        server = Server(latency, entries)
        listening = await asyncio.start_server(server.answer, "127.0.0.1", 0, backlog=1000)
        pipe.send(listening.sockets[0].getsockname()[1])
        while (await asyncio.to_thread(pipe.recv)) != "stop":
            pipe.send((server.requests, server.conditional))
            server.requests = server.conditional = 0
        listening.close()

    asyncio.run(main())


@dataclass(frozen=True, slots=True)
class Loopback:
    """Every name leads to one port of loopback, and no port shows in a link."""

    port: int

    def resolve(self, host: str, timeout_seconds: float) -> tuple[Target, ...]:
        """Return the bench's server."""
        del host, timeout_seconds
        return (Target(address=ip_address("127.0.0.1"), port=self.port),)


@contextlib.contextmanager
def server(latency: float, entries: int) -> Iterator[tuple[int, Connection]]:
    """Run the server in a process of its own; yield its port and the pipe that asks for its counts."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, latency, entries))
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        ours.send("stop")
        process.join()


def measured(name: str, pipe: Connection, work: Callable[[], int]) -> float:
    """Run ``work``, print its figures, and return its CPU milliseconds for each request."""
    started, cpu = time.perf_counter(), time.process_time()
    entries = work()
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
    pipe.send("count")
    requests, conditional = pipe.recv()
    each: float = 1000 * cpu_seconds / requests
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:26} {seconds:6.2f} s  {requests / seconds:6.0f} requests/s  {requests} requests"
        f" ({conditional} conditional)  {entries} entries  {each:.2f} ms CPU a request  {memory:.0f} MB at most"
    )
    return each


def ours(pipe: Connection, port: int, count: int, threads: int) -> float:
    """Fetch every source twice with the program's own fetcher; return the first fetch's CPU a request."""
    settings = FetchSettings(allow_networks=("127.0.0.0/8",), connections=threads)
    states: dict[SourceId, tuple[Source, SourceState]] = {}
    for number in range(count):
        name = f"paper{number}.example"
        source = Source(id=SourceId(number), url=f"http://{name}/feed", name=name, publisher=name)
        states[source.id] = (source, SourceState())

    def round_at(now: datetime) -> int:
        entries = 0
        with Client(settings, resolver=Loopback(port)) as client:
            for fetched in Fetcher(client, settings, MemoryShelf()).sources(list(states.values()), now):
                assert fetched.error is None, fetched.error
                entries += len(fetched.entries)
                states[fetched.source.id] = (fetched.source, fetched.state)
        return entries

    each = measured("digest, first fetch", pipe, lambda: round_at(NOW))
    measured("digest, second fetch", pipe, lambda: round_at(NOW + timedelta(minutes=30)))
    return each


def yardstick(pipe: Connection, port: int, count: int, threads: int) -> float:
    """Fetch every source once with httpx and feedparser and no duties; return the CPU a request."""

    def one(client: httpx.Client, number: int) -> int:
        answer = client.get(f"http://127.0.0.1:{port}/feed", headers={"host": f"paper{number}.example"})
        return len(feedparser.parse(answer.content).entries)

    def all_of_them() -> int:
        with httpx.Client() as client, ThreadPoolExecutor(threads) as pool:
            return sum(pool.map(lambda number: one(client, number), range(count)))

    return measured("httpx + feedparser", pipe, all_of_them)


def main() -> None:
    """Print the figures of both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=500)
    parser.add_argument("--latency-ms", type=float, default=50)
    parser.add_argument("--entries", type=int, default=10)
    parser.add_argument("--threads", type=int, default=20)
    args = parser.parse_args()
    with server(args.latency_ms / 1000, args.entries) as (port, pipe):
        each = ours(pipe, port, args.sources, args.threads)
        bare = yardstick(pipe, port, args.sources, args.threads)
    print(f"{'CPU beside the yardstick':26} {each / bare:.2f}")


if __name__ == "__main__":
    main()
