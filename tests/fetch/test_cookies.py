"""Cookies live for one chain of redirects, and go only where RFC 6265 lets them go."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fetch.conftest import Serve, answer, client_of

from digest.errors import RedirectLoop
from digest.fetch.cookies import LONGEST_HEADER, MOST_COOKIES, Jar

CAP = 100_000
PAGE = "https://www.post.example.co.uk/news/today/story"


def sent(*headers: str, to: str = PAGE, set_at: str = PAGE, date: str = "") -> str:
    jar = Jar()
    jar.keep(set_at, list(headers), date)
    return jar.header(to)


@pytest.mark.parametrize(
    ("header", "to"),
    [
        ("a=1", PAGE),
        ("a=1", "https://www.post.example.co.uk/news/today/other"),
        ("a=1; Path=/", "https://www.post.example.co.uk/sport"),
        ("a=1; path=/news", "https://www.post.example.co.uk/news?page=2"),
        ("a=1; Path=/; Domain=.example.co.uk", "https://login.example.co.uk/"),
        ("a=1; Secure; HttpOnly; SameSite=Lax", PAGE),
        ("a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", PAGE),
        ("a=1; Expires=soon", PAGE),
    ],
)
def test_a_cookie_goes_back_where_it_belongs(header: str, to: str) -> None:
    assert sent(header, to=to) == "a=1"


@pytest.mark.parametrize(
    ("header", "to"),
    [
        ("a=1", "https://www.post.example.co.uk/news"),
        ("a=1; Path=/news", "https://www.post.example.co.uk/newsroom"),
        ("a=1; Path=/", "https://post.example.co.uk/"),
        ("a=1; Path=/", "https://evil-www.post.example.co.uk/"),
        ("a=1; Path=/; Domain=co.uk", PAGE),
        ("a=1; Path=/; Domain=other.example.co.uk", PAGE),
        ("a=1; Path=/; Secure", "http://www.post.example.co.uk/"),
        ("a=1; Max-Age=0", PAGE),
        ("a=1; Max-Age=-5", PAGE),
        ("a=1; Expires=Thu, 01-Jan-1970 00:00:00 GMT", PAGE),
        ("__Host-a=1; Path=/; Secure; Domain=post.example.co.uk", PAGE),
        ("__Host-a=1; Secure", PAGE),
        ("__Host-a=1; Path=/", PAGE),
        ("__Secure-a=1; Path=/", PAGE),
        ("no equals sign", PAGE),
        ("a=1\r\nX-Other: 2", PAGE),
        ("a b=1", PAGE),
        ("a=é", PAGE),
    ],
)
def test_a_cookie_goes_nowhere_else(header: str, to: str) -> None:
    assert sent(header, to=to) == ""


@pytest.mark.parametrize("header", ["__Host-a=1; Path=/; Secure", "__Secure-a=1; Secure"])
def test_a_cookie_that_keeps_the_promise_of_its_name_goes_back(header: str) -> None:
    assert sent(header) == header.partition(";")[0]


def test_an_unsafe_page_sets_no_secure_cookie_and_a_suffix_none_for_its_domains() -> None:
    assert sent("a=1; Path=/; Secure", set_at="http://www.post.example.co.uk/", to=PAGE) == ""
    shared = "a=1; Path=/; Domain=github.io"
    assert sent(shared, set_at="https://github.io/", to="https://other.github.io/") == ""
    assert sent(shared, set_at="https://github.io/", to="https://github.io/x") == "a=1"


def test_an_address_has_no_domain_above_it() -> None:
    assert sent("a=1; Path=/; Domain=0.0.1", set_at="http://10.0.0.1/", to="http://10.0.0.1/") == ""
    assert sent("a=1; Path=/; Domain=10.0.0.1", set_at="http://10.0.0.1/", to="http://10.0.0.1/") == "a=1"


def test_a_later_cookie_of_the_name_replaces_the_first_or_ends_it() -> None:
    assert sent("a=1; Path=/", "a=2; Path=/") == "a=2"
    assert sent("a=1; Path=/", "b=2; Path=/news", "a=; Path=/; Max-Age=0") == "b=2"
    assert sent("a=1; Path=/", "b=2; Path=/news") == "b=2; a=1"


def test_the_servers_own_clock_says_whether_a_cookie_is_over() -> None:
    header = "a=1; Expires=Mon, 23 Nov 2026 06:00:00 GMT"
    assert sent(header, date="Mon, 23 Nov 2026 05:00:00 GMT") == "a=1"
    assert sent(header, date="Mon, 23 Nov 2026 07:00:00 GMT") == ""
    assert sent(header, date="Mon, 23 Nov 2026 08:30:00 +0300") == "a=1"


def test_a_flood_of_cookies_is_bounded() -> None:
    jar = Jar()
    jar.keep(PAGE, [f"n{number}=1; Path=/" for number in range(1000)])
    assert jar.header(PAGE).count("=") == MOST_COOKIES == 50
    jar.keep(PAGE, ["n0=2; Path=/", "n999=1; Path=/"])
    assert (len(jar), jar.header(PAGE).count("n0=2"), jar.header(PAGE).count("n999")) == (50, 1, 0)
    assert sent(f"a={'x' * 5000}") == ""
    assert sent(*(f"n{number}={'x' * 4000}" for number in range(10))) == ""


def test_cookies_and_their_header_are_kept_up_to_their_longest() -> None:
    assert sent(f"a={'x' * 4095}") == f"a={'x' * 4095}"
    assert sent(f"a={'x' * 4096}") == ""
    assert len(sent(f"a={'x' * 4094}", f"b={'x' * 4092}")) == 8192
    assert sent(f"a={'x' * 4094}", f"b={'x' * 4093}") == ""


@given(st.lists(st.text(max_size=60), max_size=5), st.text(max_size=40))
def test_whatever_a_server_sets_the_header_is_one_line_of_ascii(headers: list[str], date: str) -> None:
    found = sent(*headers, date=date)
    assert found.isascii()
    assert found.isprintable()
    assert len(found) <= LONGEST_HEADER


def gate(connection: socket.socket, head: str) -> None:
    """Serve the story to whoever brings the cookie; send everybody else to the gate that sets it."""
    path, seen = head.split(" ", 2)[1], "cookie: pass=7" in head.lower()
    if path == "/gate":
        connection.sendall(answer(status="302 Found", Location="/story", Set_Cookie="pass=7; Path=/"))
    elif seen:
        connection.sendall(answer(b"the story"))
    else:
        connection.sendall(answer(status="302 Found", Location="/gate"))


def test_a_site_that_sets_a_cookie_and_sends_back_gives_its_page(serve: Serve) -> None:
    listener = serve(gate)
    with client_of(listener) as client:
        for _ in range(2):
            assert client.get("http://paper.example/story", accept="*/*", cap_bytes=CAP).body == b"the story"
    assert listener.paths == ["/story", "/gate", "/story"] * 2


def test_a_cookie_set_on_the_way_to_the_same_address_is_enough(serve: Serve) -> None:
    def script(connection: socket.socket, head: str) -> None:
        if "cookie: seen=1" in head.lower():
            connection.sendall(answer(b"the story"))
        else:
            connection.sendall(answer(status="302 Found", Location="/story", Set_Cookie="seen=1"))

    with client_of(serve(script)) as client:
        assert client.get("http://paper.example/story", accept="*/*", cap_bytes=CAP).body == b"the story"


def test_a_cookie_of_one_host_is_not_told_to_another(serve: Serve) -> None:
    def script(connection: socket.socket, head: str) -> None:
        if "host: paper.example" in head.lower():
            connection.sendall(answer(status="302 Found", Location="http://other.example/", Set_Cookie="id=1; Path=/"))
        else:
            connection.sendall(answer(b"there"))

    listener = serve(script)
    with client_of(listener) as client:
        assert client.get("http://paper.example/", accept="*/*", cap_bytes=CAP).body == b"there"
    assert "cookie:" not in listener.heads[1].lower()


def test_a_site_that_is_never_content_is_a_loop(serve: Serve) -> None:
    listener = serve(answer(status="302 Found", Location="/again", Set_Cookie="a=1"))
    with client_of(listener) as client, pytest.raises(RedirectLoop):
        client.get("http://paper.example/again", accept="*/*", cap_bytes=CAP)
    assert len(listener.paths) == 6
