"""The tutorial, word for word: its commands in order, its settings by hand, in an empty folder of a new operator.

What lies elsewhere in the world is taken from this machine: newspapers, the relay, name servers, the time zone, the
port. The shell runs each line, except that ``digest`` with its arguments is a fork of a process that has loaded it.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import dns.message
import dns.rcode
import pytest
from tests.papers import papers
from tests.warm import Stable, Warm

from digest.demo.sink import Sink

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("first-letter", "own-paper", "going-live")
STEP = re.compile(r"^```(console|toml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PATIENCE = 120
"""Seconds that a command may take on a busy machine."""

NOT_HERE: Mapping[str, str] = {
    "python3 -m venv ~/digest-env": "the environment is the one that runs the tests; CI makes fresh ones",
    ". ~/digest-env/bin/activate": "the same",
    "pip install .": "the same",
    "digest demo": "test_demo runs it",
    "digest preview --edition morning --open": "it opens a browser and runs until it is told to end: test_preview",
}
"""Line of the tutorial -> why it is not run."""
MAY_FAIL = {"digest check": "example.com has no DNS records for a newsroom"}
BY_THE_SHELL = {"digest --version"}
"""The installed command is started as an operator starts it; the other lines are forked from a process."""
PROGRAM = """
import sys
import dns.resolver

dns.resolver.default_resolver = resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers, resolver.port = ["127.0.0.1"], int(sys.argv.pop(1))

from digest.cli.main import run

run()
"""
"""The command, which asks a name server of this machine; its port is the first argument."""
FOREGROUND = "digest serve"
"""Runs until it is told to end: its page says to go on in another terminal."""
READER = "ada@readers.example"


@dataclass
class Operator:
    """Somebody who follows the tutorial."""

    home: Path
    press: str
    relay: str
    port: int
    name_server: int
    programs: Stable
    folder: Path = field(init=False)
    serving: Warm | None = None

    def __post_init__(self) -> None:
        self.folder = self.home

    def follow(self, page: str) -> Iterator[str]:
        """Do what a page says, step by step; yield each command after it ran."""
        for kind, text in STEP.findall((ROOT / "docs" / "tutorial" / f"{page}.md").read_text(encoding="utf-8")):
            if kind == "toml":
                self.change(text)
            for line in re.findall(r"^\$ (.+)$", text, re.MULTILINE) if kind == "console" else ():
                if line not in NOT_HERE:
                    self.run(line)
                    yield line

    def run(self, line: str) -> str:
        """Run a line in the folder where the last one ended; return what it printed."""
        if line == FOREGROUND:
            self._serve()
            return ""
        line = line.replace("https://paper.example", f"{self.press}/paper").replace(":8080/", f":{self.port}/")
        by_shell = line in BY_THE_SHELL or not line.startswith("digest ")
        code, out, errors = self._by_shell(line) if by_shell else self._forked(line)
        assert code == 0 or line in MAY_FAIL, f"{line}\n{out}{errors}"
        if line == "cd newsroom":
            self.change("")
        return out

    def _by_shell(self, line: str) -> tuple[int, str, str]:
        ended = self.home / "ended-in"
        done = subprocess.run(  # noqa: S603 - the tutorial's own lines
            ["/bin/bash", "-c", f"{line}\ncode=$?; pwd > {ended}; exit $code"],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        self.folder = Path(ended.read_text(encoding="utf-8").strip())
        return done.returncode, done.stdout, done.stderr

    def _forked(self, line: str) -> tuple[int, str, str]:
        out, errors = self.home / "out", self.home / "errors"
        for file in (out, errors):
            file.write_bytes(b"")
        code = self._start(line, out, errors).wait(PATIENCE)
        return code, out.read_text(encoding="utf-8"), errors.read_text(encoding="utf-8")

    def _start(self, line: str, out: Path, errors: Path) -> Warm:
        _digest, *words = shlex.split(line)
        given = (str(self.name_server), *words)
        return self.programs.start(
            PROGRAM, *given, out=out, errors=errors, folder=self.folder, environment=self.environment
        )

    @property
    def environment(self) -> dict[str, str]:
        """What a new terminal of the operator has, and which port is free here."""
        return {
            "HOME": str(self.home),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "DIGEST_WEB__PORT": str(self.port),
            "DIGEST_FETCH__ALLOW_NETWORKS": '["127.0.0.0/8"]',
            "DIGEST_FETCH__HOST_PAUSE_SECONDS": "0",
            "DIGEST_EXTRACT__WORKERS": "1",
        }

    def change(self, block: str) -> None:
        """Write the lines of a block into the settings, as a person would."""
        file = self.folder / "config" / "digest.toml"
        text = merged(file.read_text(encoding="utf-8"), block)
        numbers = iter(range(100))
        text = re.sub(r'url = "https://herald\.example/', f'url = "{self.press}/herald/', text)
        text = re.sub(
            r'(\[\[sources\]\]\nname = .*\nurl = )"https://.*"',
            lambda found: f'{found[1]}"{self.press}/sample{next(numbers)}/feed"',
            text,
        )
        text = re.sub(r'^transport = "smtp.*"', f'transport = "{self.relay}"', text, flags=re.MULTILINE)
        text = re.sub(r'^zone = "[^"]*"', f'zone = "{early_zone()}"', text, flags=re.MULTILINE)
        file.write_text(text, encoding="utf-8")

    def _serve(self) -> None:
        log = self.home / "serve.log"
        self.serving = self._start(FOREGROUND, log, log)
        wait_for(lambda: log.exists() and b"pages served" in log.read_bytes(), "serve to serve its pages")

    def ask(self, path: str, **fields: str) -> str:
        """Ask a page as a browser would; with ``fields``, send its form."""
        url, data = f"http://127.0.0.1:{self.port}{path}", urlencode(fields).encode() if fields else None
        request = Request(url, data, {"Host": "letters.example.com", "Origin": "https://letters.example.com"})
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - loopback
            return str(answer.read().decode())


def early_zone() -> str:
    """Return a zone in which it is four in the morning: no edition is due yet, and the day is young."""
    ahead = 4 - datetime.now(UTC).hour
    return f"Etc/GMT{-(ahead + 24 if ahead < -12 else ahead):+d}"


def merged(text: str, block: str) -> str:
    """Return settings with the keys of a block set; its ``[[lists]]`` replace those of the file."""
    tables = re.split(r"^(?=\[)", block, flags=re.MULTILINE)[1:]
    for name in {table.splitlines()[0] for table in tables if table.startswith("[[")}:
        text = re.sub(rf"^{re.escape(name)}\n(?:(?!\[).*\n)*", "", text, flags=re.MULTILINE)
    for table in tables:
        header, _, body = table.partition("\n")
        if table.startswith("[[") or f"\n{header}\n" not in text:
            text += f"\n{table}"
            continue
        before, _, rest = text.partition(f"\n{header}\n")
        section, mark, after = re.match(r"((?:(?!\[).*\n)*)()(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr]
        for line in filter(None, body.splitlines()):
            key = line.partition(" =")[0]
            section, found = re.subn(rf"^(?:# )?{key} = .*$", line, section, count=1, flags=re.MULTILINE)
            section = section if found else f"{line}\n{section}"
        text = f"{before}\n{header}\n{section}{mark}{after}"
    return text


def wait_for(ready: object, what: str) -> None:
    for _ in range(PATIENCE * 10):
        if ready():  # type: ignore[operator]
            return
        time.sleep(0.1)
    raise AssertionError(f"waited in vain for {what}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


@contextmanager
def name_server() -> Iterator[int]:
    """Answer each DNS query on loopback with NXDOMAIN, "there is no such name"; give the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))

        def answer() -> None:
            while True:
                query, asker = listening.recvfrom(4096)
                if not query:
                    return
                reply = dns.message.make_response(dns.message.from_wire(query))
                reply.set_rcode(dns.rcode.NXDOMAIN)
                listening.sendto(reply.to_wire(), asker)

        thread = threading.Thread(target=answer)
        thread.start()
        yield int(listening.getsockname()[1])
        listening.sendto(b"", listening.getsockname())
        thread.join()


def signed_up(operator: Operator, sink: Sink) -> None:
    """Sign up on the page, and press the button of the mail that comes."""
    form = operator.ask("/")
    stamp = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    time.sleep(2.5)  # faster than a person nobody signs up
    before = len(sink.letters)
    operator.ask("/", address=READER, edition="morning", **stamp)
    wait_for(lambda: len(sink.letters) > before, "the mail that asks to confirm")
    mail = sink.letters[-1].raw.decode().replace("=\r\n", "").replace("=3D", "=")
    found = re.search(r"https://letters\.example\.com(/confirm/[\w-]+)", mail)
    assert found, mail
    page = operator.ask(found[1])
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    operator.ask(found[1], **(hidden or {"go": "1"}))


@pytest.mark.slow
def test_a_new_operator_follows_the_tutorial_word_for_word(tmp_path: Path, programs: Stable) -> None:
    with papers() as press, Sink() as sink, name_server() as names:
        operator = Operator(
            home=tmp_path,
            press=press,
            relay=f"smtp://127.0.0.1:{sink.port}",
            port=free_port(),
            name_server=names,
            programs=programs,
        )
        try:
            for _ in operator.follow("first-letter"):
                pass
            assert [letter.recipients for letter in sink.letters] == [("you@example.com",)] * 2, (
                "a copy, and one letter"
            )
            for _ in operator.follow("own-paper"):
                pass
            (operator.folder / "readers.csv").write_text("email,name\nbo@readers.example,Bo\n", encoding="utf-8")
            for line in operator.follow("going-live"):
                if line.startswith("curl"):
                    signed_up(operator, sink)
            said = operator.run("digest readers list")
            assert READER in said
            assert "bo@readers.example" in said
        finally:
            if operator.serving:
                operator.serving.send_signal(signal.SIGTERM)
                operator.serving.wait(PATIENCE)


def test_what_is_not_run_stands_in_the_tutorial() -> None:
    text = "".join((ROOT / "docs" / "tutorial" / f"{page}.md").read_text(encoding="utf-8") for page in PAGES)
    assert {line for line in (*NOT_HERE, *MAY_FAIL, FOREGROUND) if f"$ {line}\n" not in text} == set()


def test_settings_are_written_where_a_person_would_write_them() -> None:
    old = 'a\n[mail]\nsender = "old"\n# reply_to = ""  # who\n[web]\nport = 1\n'
    old += '[[sources]]\nname = "x"\n[[sources]]\nname = "y"\n'
    new = merged(old, '[mail]\nsender = "new"\nreply_to = "r"\nextra = 1\n\n[[sources]]\nname = "z"\n')
    assert tomllib.loads(new.removeprefix("a\n")) == {
        "mail": {"extra": 1, "sender": "new", "reply_to": "r"},
        "web": {"port": 1},
        "sources": [{"name": "z"}],
    }
