"""A catching SMTP server for benches: it notes when a letter for whom was taken whole, and answers after a delay.

python bench/smtp_sink.py PORT DELAY_MS FILE
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path


class Sink:
    """Takes letters from any number of connections; each becomes a line ``seconds recipient`` of a file."""

    def __init__(self, delay: float, file: Path) -> None:
        self._delay = delay
        self._file = file.open("a", encoding="utf-8", buffering=1)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until it ends."""
        writer.write(b"220 sink.example ESMTP\r\n")
        recipient = ""
        try:
            while line := await reader.readline():
                verb = line[:4].upper()
                if verb == b"EHLO":
                    writer.write(b"250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
                elif verb == b"RCPT":
                    recipient = line.partition(b"<")[2].partition(b">")[0].decode()
                    writer.write(b"250 2.1.5 Ok\r\n")
                elif verb == b"DATA":
                    writer.write(b"354 Go on\r\n")
                    await reader.readuntil(b"\r\n.\r\n")
                    self._file.write(f"{time.time():.4f} {recipient}\n")
                    await asyncio.sleep(self._delay)
                    writer.write(b"250 2.0.0 Ok: queued as 3F2A1B0C9D\r\n")
                elif verb == b"QUIT":
                    writer.write(b"221 2.0.0 Bye\r\n")
                    break
                else:
                    writer.write(b"250 2.0.0 Ok\r\n")
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def main() -> None:
    """Serve until the process is ended."""
    port, delay, file = int(sys.argv[1]), float(sys.argv[2]) / 1000, Path(sys.argv[3])
    sink = Sink(delay, file)
    server = await asyncio.start_server(sink.serve, "127.0.0.1", port, limit=1 << 20)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
