"""A page that only sends its visitors on is followed like a redirect; one that has something to read is not."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fetch.conftest import Serve, answer, client_of

from digest.errors import RedirectLoop, RefusedAddress
from digest.fetch.client import HttpAnswer
from digest.fetch.refresh import MOST_TEXT, target

CAP = 100_000
URL = "http://paper.example/a"
READ = f"<p>{'The ferry sailed again on Monday. ' * 30}</p>"


def page(content: str, body: str = "<p>One moment, please.</p>", around: str = "%s") -> str:
    meta = f'<meta http-equiv=refresh content="{content}">'
    return f"<!doctype html><html><head>{around % meta}</head>{body}"


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("0;url=/story", "/story"),
        ("0; URL=/story", "/story"),
        ("3 ; url = '/story'", "/story"),
        ("0.5; url=/story", "/story"),
        ("0,/story", "/story"),
        ("0; url=/story?a=1&amp;b=2", "/story?a=1&b=2"),
        ("10;url=https://paper.example/story", "https://paper.example/story"),
        (";url=/story", "/story"),
        ("0;url=/story?a=b>c", "/story?a=b>c"),
    ],
)
def test_a_refresh_of_a_few_seconds_leads_on(written: str, link: str) -> None:
    assert target(page(written)) == link
    assert target("", written.replace("&amp;", "&")) == link


@pytest.mark.parametrize(
    "written", ["300;url=/story", "11;url=/story", "0", "5", "", "url", "soon;url=/story", "0;url="]
)
def test_other_refreshes_lead_nowhere(written: str) -> None:
    assert target(page(written)) is None


def test_what_no_browser_reads_does_not_count() -> None:
    for around in ("<!-- %s -->", "<script>'%s'</script>", "<template>%s</template>", "<textarea>%s</textarea>"):
        assert target(page("0;url=/story", around=around)) is None
    assert target(page("0;url=/story", around="<noscript>%s</noscript><script>location='/story'</script>")) == "/story"
    assert target('<META CONTENT="0;url=/b" HTTP-EQUIV="Refresh">') == "/b"


def test_a_page_with_something_to_read_is_read() -> None:
    assert len(READ) > MOST_TEXT
    assert target(page("0;url=/", body=READ)) is None
    assert target(page("0;url=/story", body=f"<script>{READ}</script>")) == "/story"


@given(st.text(alphabet="<>!-/metascript \"'=;0url\n", max_size=300))
def test_any_page_has_an_answer(written: str) -> None:
    link = target(written, written)
    assert link is None or link


@pytest.mark.parametrize("piece", ["<script", "<!--", "<meta ", "<meta http-equiv=refresh content=", "<", "0; "])
def test_a_hostile_page_is_read_once(piece: str) -> None:
    assert target((piece * 65_536)[:65_536], " " * 65_536) is None


def fetch(serve: Serve, *bodies: bytes, refreshes: bool = True) -> HttpAnswer:
    def script(connection: socket.socket, head: str) -> None:
        number = ord(head.split(" ", 2)[1][1]) - ord("a")
        connection.sendall(answer(bodies[number], Content_Type="text/html", Set_Cookie=f"n{number}=1"))

    with client_of(serve(script)) as client:
        return client.get(URL, accept="*/*", cap_bytes=CAP, refreshes=refreshes)


def test_a_client_follows_it_when_asked_to(serve: Serve) -> None:
    on = page("1;url=b").encode()
    assert fetch(serve, on, READ.encode()).url == "http://paper.example/b"
    assert fetch(serve, on, READ.encode(), refreshes=False).body == on


def test_it_goes_through_the_guard_and_counts_as_a_redirect(serve: Serve) -> None:
    with pytest.raises(RefusedAddress):
        fetch(serve, page("0;url=http://10.0.0.1/router").encode())
    with pytest.raises(RedirectLoop):
        fetch(serve, page("0;url=b").encode(), page("0;url=a").encode())


def test_a_page_that_sends_to_itself_is_asked_again_only_with_a_new_cookie(serve: Serve) -> None:
    here = page("0;url=/a").encode()
    assert fetch(serve, here).body == here
    listener = serve(answer(here))
    with client_of(listener) as client:
        client.get(URL, accept="*/*", cap_bytes=CAP, refreshes=True)
    assert listener.paths == ["/a"]


def test_a_link_that_is_no_address_leaves_the_page_as_it_is(serve: Serve) -> None:
    here = page("0;url=mailto:desk@paper.example").encode()
    assert fetch(serve, here).body == here
