"""How fast letters leave, and at what cost, beside what else one would take: all in one run, on one sink.

python bench/delivery.py [--letters N] [--rounds R] [--peers FOLDER] [--json FILE]

The sink is Postfix's ``smtp-sink`` and the ceiling its ``smtp-source``; the round trip comes from delay_proxy.py.
Ours is ``dispatch`` with its ledger (SQLite, durable commits) and its journal, splicing every letter; the others get
no ledger at all. smtplib and aiosmtplib are fed spliced bytes, nodemailer and Django make each message as their
manuals show. nodemailer lies in FOLDER (``npm install --no-save --prefix FOLDER nodemailer``); what is not installed
is left out with a word. Rounds go through all candidates in turn, and medians count.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

CONNECTIONS = 10
SIZE = 30_000
POSTFIX = ("/usr/sbin", "/usr/lib/postfix/sbin", "/usr/libexec/postfix")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a candidate took for one letter: seconds on the wall, and of CPU (its own process alone)."""

    wall: float
    cpu: float


def frozen_letter() -> Any:
    """Return a frozen letter of 30 KB with the slots and headers of a real one."""
    from digest.model.ids import EditionKey  # noqa: PLC0415 - peers do not pay for our imports
    from digest.model.letter import Letter, Slot  # noqa: PLC0415 - peers do not pay for our imports

    line = b'<p style=3D"margin:0">The harbour opened its gates again on Monday.</p>\r\n'
    filler = line * ((SIZE - 1200) // len(line) // 2)
    segments = (
        b'From: "Morning Update" <news@example.com>\r\nTo: ',
        Slot.TO,
        b"\r\nSubject: Morning Update: the harbour opens\r\nDate: Mon, 23 Nov 2026 06:00:00 +0000\r\nMessage-ID: <",
        Slot.MESSAGE_ID,
        b"@example.com>\r\nList-Unsubscribe: <https://example.com/leave/",
        Slot.UNSUBSCRIBE,
        b">\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n'
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + filler + b"https://example.com/leave/",
        Slot.UNSUBSCRIBE,
        b"\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + filler,
        Slot.PREFERENCES,
        b"\r\n--b--\r\n",
    )
    key = EditionKey(name="morning", date=date(2026, 11, 23))
    return Letter(edition=key, language="en", subject="Morning", html="", text="", segments=segments)


def splicer(key: Path | None) -> Callable[[int], bytes]:
    """Return what makes the copy of reader n, signed when there is a key."""
    from digest.deliver.message.dkim import signer_of  # noqa: PLC0415
    from digest.deliver.message.splice import ReaderFields, prepare  # noqa: PLC0415

    prepared = prepare(frozen_letter(), None if key is None else signer_of(key.read_bytes(), "example.com", "s"))

    def make(n: int) -> bytes:
        fields = ReaderFields(
            address=f"reader{n}@example.org", message_id=f"m1.{n}", unsubscribe=f"k1.r{n}.tok", preferences=f"p1.r{n}"
        )
        return prepared.splice(fields)

    return make


def timed(work: Callable[[], object]) -> Taken:
    """Run the work and return what it took in all."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Taken(time.perf_counter() - wall, time.process_time() - cpu)


def ours(port: int, letters: int, key: Path | None, folder: Path) -> Taken:
    """Send with dispatch, ledger and journal."""
    from digest.deliver.protocol.smtp import Parcel  # noqa: PLC0415
    from digest.deliver.run.dispatch import dispatch  # noqa: PLC0415
    from digest.deliver.run.options import DispatchOptions  # noqa: PLC0415
    from digest.deliver.transports.of_url import transport  # noqa: PLC0415
    from digest.model.delivery import DeliveryState  # noqa: PLC0415

    ledger, make = frozen_ledger(folder, letters), splicer(key)

    def write(claim: Any) -> Parcel:
        return Parcel(claim.reader_id, "news@example.com", claim.address, make(claim.reader_id), ready=True)

    to = transport(f"smtp://127.0.0.1:{port}", folder=folder, connections=CONNECTIONS)
    orders = DispatchOptions(expires=datetime.now(UTC) + timedelta(hours=1), journals=folder / "journals")
    taken = timed(lambda: dispatch(ledger, to, write, orders=orders, clock=lambda: datetime.now(UTC)))
    assert ledger.counts().by_state == ((DeliveryState.ACCEPTED, letters),), ledger.counts()
    return taken


def frozen_ledger(folder: Path, letters: int, url: str | None = None) -> Any:
    """Return the ledger of an edition with as many readers, in a SQLite file unless ``url`` names another."""
    from digest.model.ids import EditionKey  # noqa: PLC0415
    from digest.storage.deliveries import Deliveries  # noqa: PLC0415
    from digest.storage.editions import Draft, Editions  # noqa: PLC0415
    from digest.storage.engine import Database  # noqa: PLC0415
    from digest.storage.frozen_letters import FrozenLetters  # noqa: PLC0415
    from digest.storage.schema.people import readers, subscriptions  # noqa: PLC0415

    database, now = Database(url or f"sqlite:///{folder / 'ledger.db'}"), datetime.now(UTC)
    database.require_schema()
    with database.write() as connection:
        for first in range(1, letters + 1, 10_000):
            ids = range(first, min(first + 10_000, letters + 1))
            who = [{"id": n, "address": f"reader{n}@example.org", "identity": f"reader{n}@example.org"} for n in ids]
            more = {"name": "", "language": "", "state": "active", "consent": {}, "added_at": now}
            connection.execute(readers.insert(), [one | more for one in who])
            connection.execute(
                subscriptions.insert(), [{"reader_id": n, "edition": "morning", "since": now} for n in ids]
            )
    editions, later = Editions(database), now + timedelta(hours=2)
    row = editions.plan(EditionKey(name="morning", date=now.date()), now, later, now)
    editions.draft(row.id, Draft(edition=None, telling=(), seen={}), now)
    assert FrozenLetters(database).freeze(row.id, frozen_letter(), now) == letters
    return Deliveries(database, row.id)


def with_aiosmtplib(port: int, letters: int, key: Path | None, _folder: Path) -> Taken:
    """Send spliced bytes over ten connections of aiosmtplib."""
    import aiosmtplib  # noqa: PLC0415

    make = splicer(key)

    async def lane(numbers: range) -> None:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, use_tls=False, start_tls=False)
        async with client:
            for n in numbers:
                await client.sendmail("news@example.com", [f"reader{n}@example.org"], make(n))

    async def send() -> None:
        await asyncio.gather(*(lane(range(1 + i, letters + 1, CONNECTIONS)) for i in range(CONNECTIONS)))

    return timed(lambda: asyncio.run(send()))


def with_smtplib(port: int, letters: int, key: Path | None, _folder: Path) -> Taken:
    """Send spliced bytes over one connection of smtplib."""
    import smtplib  # noqa: PLC0415

    make = splicer(key)

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", port) as client:
            for n in range(1, letters + 1):
                client.sendmail("news@example.com", [f"reader{n}@example.org"], make(n))

    return timed(send)


def with_django(port: int, letters: int, _key: Path | None, _folder: Path) -> Taken:
    """Send as Django's manual shows: one message object each, one connection."""
    from django.conf import settings  # noqa: PLC0415
    from django.core.mail import EmailMultiAlternatives, get_connection  # noqa: PLC0415

    settings.configure(EMAIL_HOST="127.0.0.1", EMAIL_PORT=port)
    parts = json.loads(Path(os.environ["PARTS"]).read_text(encoding="utf-8"))

    def message(n: int) -> EmailMultiAlternatives:
        made = EmailMultiAlternatives(
            parts["subject"], parts["text"], "news@example.com", [f"reader{n}@example.org"],
            headers={"List-Unsubscribe": f"<https://example.com/leave/{n}>"},
        )  # fmt: skip
        made.attach_alternative(parts["html"], "text/html")
        return made

    def send() -> None:
        with get_connection() as connection:
            for first in range(1, letters + 1, 100):
                connection.send_messages([message(n) for n in range(first, min(first + 100, letters + 1))])

    return timed(send)


WAYS = {"ours": ours, "aiosmtplib": with_aiosmtplib, "smtplib": with_smtplib, "django": with_django}


@dataclass(slots=True)
class Bench:
    """One run: its sink, its folders, what is there."""

    folder: Path
    peers: Path
    letters: int
    port: int = 0
    far_port: int = 0
    key: Path = Path()

    def python(self, name: str, port: int, letters: int, *, signed: bool = False) -> Taken:
        """Run one of WAYS in a process of its own."""
        with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
            given = [name, str(port), str(letters), str(self.key) if signed else "", scratch]
            said = run([sys.executable, __file__, "--as", *given], PARTS=str(self.folder / "parts.json"))
        taken = json.loads(said)
        return Taken(taken["wall"] / letters, taken["cpu"] / letters)

    def nodemailer(self, port: int, letters: int, *, signed: bool = False) -> Taken:
        """Run nodemailer's pool."""
        script = str(ROOT / "bench" / "nodemailer_peer.mjs")
        given = [str(self.folder / "parts.json"), str(port), str(letters), str(CONNECTIONS)]
        said = run(["node", script, *given, *([str(self.key)] if signed else [])], cwd=self.peers)
        taken = json.loads(said)
        return Taken(taken["seconds"] / letters, taken["cpu"] / letters)

    def smtp_source(self, port: int, letters: int) -> Taken:
        """Run Postfix's own generator: the ceiling."""
        given = ["-s", str(CONNECTIONS), "-m", str(letters), "-l", str(SIZE), f"127.0.0.1:{port}"]
        before = os.times()
        wall = time.perf_counter()
        run([postfix("smtp-source"), *given])
        wall = time.perf_counter() - wall
        after = os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        return Taken(wall / letters, cpu / letters)


def run(command: list[str], cwd: Path | None = None, **environment: str) -> str:
    """Run a command to its end and return what it printed."""
    done = subprocess.run(  # noqa: S603 - commands of this file
        command, cwd=cwd, env=os.environ | environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def postfix(name: str) -> str:
    """Return where a tool of Postfix lies; stops the bench when it is missing."""
    found = shutil.which(name, path=os.pathsep.join((*POSTFIX, os.environ.get("PATH", ""))))
    if found is None:
        sys.exit(f"{name} is missing: it comes with Postfix (Debian: apt install postfix)")
    return found


def free_port() -> int:
    """Return a port on loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def background(command: list[str], port: int) -> Iterator[None]:
    """Keep a server running, from when it listens to the end of the block."""
    process = subprocess.Popen(command)  # noqa: S603
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def bench(letters: int, peers: Path) -> Iterator[Bench]:
    """Give a bench with its sink, its proxy, its key and the parts of a letter."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    port, far = free_port(), free_port()
    sink = [postfix("smtp-sink"), *(["-u", "nobody"] if os.getuid() == 0 else []), f"127.0.0.1:{port}", "1000"]
    proxy = [sys.executable, str(ROOT / "bench" / "delay_proxy.py"), str(far), str(port), "20"]
    with tempfile.TemporaryDirectory() as scratch, background(sink, port), background(proxy, far):
        made = Bench(Path(scratch), peers, letters, port, far, Path(scratch) / "rsa.pem")
        made.key.write_bytes(
            rsa.generate_private_key(65537, 2048).private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        line = '<p style="margin:0">The harbour opened its gates again on Monday.</p>\n'
        text = line * (SIZE // len(line) // 2)
        (made.folder / "parts.json").write_text(json.dumps({"subject": "Morning", "html": text, "text": text}))
        yield made


def candidates(made: Bench) -> dict[str, Callable[[], Taken]]:
    """Return what is measured, by name; what is not installed is named and left out."""
    near, far, n = made.port, made.far_port, made.letters
    few = max(200, n // 5)
    chosen: dict[str, Callable[[], Taken]] = {
        "smtp-source": lambda: made.smtp_source(near, n),
        "ours": lambda: made.python("ours", near, n),
        "ours, RSA": lambda: made.python("ours", near, few, signed=True),
        "aiosmtplib": lambda: made.python("aiosmtplib", near, n),
        "smtplib": lambda: made.python("smtplib", near, n),
        "ours, 20 ms": lambda: made.python("ours", far, n),
        "aiosmtplib, 20 ms": lambda: made.python("aiosmtplib", far, few),
    }
    if (made.peers / "node_modules" / "nodemailer").exists():
        chosen |= {
            "nodemailer": lambda: made.nodemailer(near, few),
            "nodemailer, RSA": lambda: made.nodemailer(near, few, signed=True),
            "nodemailer, 20 ms": lambda: made.nodemailer(far, few),
        }
    else:
        print(f"nodemailer is left out: npm install --no-save --prefix {made.peers} nodemailer")
    if importlib.util.find_spec("django"):
        chosen["django"] = lambda: made.python("django", near, few)
    else:
        print("Django is left out: it is not installed")
    return chosen


RATIOS = {
    "vs_smtp_source": ("rate", "ours", "smtp-source"),
    "vs_nodemailer": ("rate", "ours", "nodemailer"),
    "vs_nodemailer_dkim": ("rate", "ours, RSA", "nodemailer, RSA"),
    "vs_aiosmtplib_20ms": ("rate", "ours, 20 ms", "aiosmtplib, 20 ms"),
    "vs_nodemailer_20ms": ("rate", "ours, 20 ms", "nodemailer, 20 ms"),
    "cpu_vs_aiosmtplib": ("cpu", "ours", "aiosmtplib"),
    "cpu_vs_nodemailer": ("cpu", "ours", "nodemailer"),
    "cpu_vs_nodemailer_dkim": ("cpu", "ours, RSA", "nodemailer, RSA"),
}


def ratios(medians: dict[str, Taken]) -> dict[str, float]:
    """Return the figures that travel from machine to machine; what was left out is missing."""
    found = {}
    for name, (kind, mine, other) in RATIOS.items():
        if mine in medians and other in medians:
            a, b = medians[mine], medians[other]
            found[name] = round(b.wall / a.wall if kind == "rate" else a.cpu / b.cpu, 3)
    return found | {"per_second_20ms": round(1 / medians["ours, 20 ms"].wall, 1)}


def measure(letters: int, rounds: int, peers: Path) -> dict[str, float]:
    """Print the table and return the ratios."""
    with bench(letters, peers) as made:
        chosen = candidates(made)
        taken: dict[str, list[Taken]] = {name: [] for name in chosen}
        for _ in range(rounds):
            for name, measured in chosen.items():
                taken[name].append(measured())
    medians = {
        name: Taken(statistics.median(t.wall for t in runs), statistics.median(t.cpu for t in runs))
        for name, runs in taken.items()
    }
    for name, one in medians.items():
        print(f"{name:20} {1 / one.wall:8.0f} letters/s {one.cpu * 1e6:8.0f} us CPU a letter")
    return ratios(medians)


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--letters", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", type=Path, default=Path(tempfile.gettempdir()) / "digest-peers")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--as", dest="way", nargs=5, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.way:
        name, port, letters, key, folder = chosen.way
        taken = WAYS[name](int(port), int(letters), Path(key) if key else None, Path(folder))
        print(json.dumps({"wall": taken.wall, "cpu": taken.cpu}))
        return
    figures = measure(chosen.letters, chosen.rounds, chosen.peers)
    print(json.dumps(figures, indent=1))
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
