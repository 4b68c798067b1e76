"""A TCP proxy that adds a round-trip time: every byte arrives half of it later, in order, without a limit of rate.

python bench/delay_proxy.py LISTEN_PORT TARGET_PORT MILLISECONDS
"""

from __future__ import annotations

import asyncio
import sys


async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    """Copy one direction, each piece ``delay`` seconds after it came; an end is passed on like a piece."""
    loop = asyncio.get_running_loop()
    pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def deliver() -> None:
        while True:
            due, piece = await pieces.get()
            await asyncio.sleep(max(0.0, due - loop.time()))
            if not piece:
                writer.close()
                return
            writer.write(piece)

    task = asyncio.create_task(deliver())
    piece = b"\0"
    while piece:
        try:
            piece = await reader.read(262_144)
        except ConnectionError:
            piece = b""
        pieces.put_nowait((loop.time() + delay, piece))
    await task


async def serve(port: int, target: int, delay: float) -> None:
    """Serve for ever."""

    async def link(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(relay(reader, back, delay), relay(there, writer, delay), return_exceptions=True)

    server = await asyncio.start_server(link, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 2000))
