"""``digest demo --desk``: after one command two users sign in, edit and approve, and nothing is sent."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from tests.journeys.conftest import PROGRAM, digest

pytestmark = pytest.mark.slow
MORNING = "/editions/morning/2026-10-14"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody without a browser: keeps cookies, follows redirects, and sends the fields that a page's forms have."""

    url: str
    opener: Any

    def get(self, path: str = "") -> str:
        with self.opener.open(self.url + path, timeout=60) as answer:
            text: str = answer.read().decode()
        return text

    def send(self, path: str, **fields: str) -> str:
        origin = self.url.removesuffix("/desk")
        request = Request(self.url + path, urlencode(fields).encode(), {"Origin": origin})  # noqa: S310 - loopback
        with self.opener.open(request, timeout=60) as answer:
            text: str = answer.read().decode()
        return text


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, page[:2000]
    return found[1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port: int = bound.getsockname()[1]
        return port


@contextmanager
def running(folder: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """Run the command until it says where the desk is; end it as Ctrl-C does."""
    words = ("demo", "--desk", "--json", "--folder", str(folder), "--port", str(free_port()))
    command = [sys.executable, "-c", PROGRAM, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline()]
            while lines[-1] and lines[-1] != "}\n":
                lines.append(process.stdout.readline())
            yield process, json.loads("".join(lines))
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0
        finally:
            process.kill()


def signed_in(made: dict[str, Any], number: int) -> Visitor:
    visitor = Visitor(url=made["url"], opener=build_opener(HTTPCookieProcessor(CookieJar())))
    user = made["users"][number]
    form = visitor.get("/sign-in")
    page = visitor.send("/sign-in", csrf=hidden(form, "csrf"), email=user["email"], password=user["password"])
    assert user["name"] in page
    return visitor


def test_the_demo_is_edited_and_approved_at_the_desk_and_letters_stay_files(tmp_path: Path) -> None:
    with running(tmp_path / "demo") as (_, made):
        assert re.fullmatch(r"http://localhost:\d+/desk", made["url"])
        assert [user["role"] for user in made["users"]] == ["admin", "editor"]
        ana, ben = signed_in(made, 0), signed_in(made, 1)
        page = ana.get(MORNING)
        assert "Waits for approval" in page
        story = re.findall(r'data-story="([0-9a-f]+)"', page)[2]
        page = ben.send(
            MORNING, csrf=hidden(ben.get(MORNING), "csrf"), seen=hidden(page, "seen"), act="drop", story=story
        )
        assert "Dropped: " in page
        assert f'data-story="{story}"' not in page
        page = ana.get(MORNING)
        assert "Ben Ode" in page
        ana.send(f"{MORNING}/test", csrf=hidden(page, "csrf"), version=hidden(page, "version"))
        page = ana.get(MORNING)
        letters = Path(made["letters"])
        copies = list(letters.rglob("*.eml"))
        assert any(made["users"][0]["email"].encode() in copy.read_bytes() for copy in copies)
        page = ana.send(f"{MORNING}/approve", csrf=hidden(page, "csrf"), version=hidden(page, "version"))
        assert "Approved. It goes as you see it." in page


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "letters").write_text("mine", encoding="utf-8")
    refused = digest("demo", "--desk", "--folder", tmp_path)
    assert refused.code == 1
    assert "choose another folder" in refused.err
    assert (tmp_path / "desk" / "letters").read_text(encoding="utf-8") == "mine"


def test_the_port_is_for_the_desk(tmp_path: Path) -> None:
    wrong = digest("demo", "--port", "8080", "--folder", tmp_path)
    assert (wrong.code, "use it with --desk" in wrong.err) == (2, True)
