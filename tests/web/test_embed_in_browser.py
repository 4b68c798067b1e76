"""A reader's way from a foreign page, with the snippets of the how-to: sign up, confirm, get a letter, answer."""

from __future__ import annotations

import email
import email.policy
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from tests.browser import pale
from tests.letters.editions import samples
from tests.web.api_client import make_token
from tests.web.conftest import Judge, Serve
from tests.web.sites import Site, elsewhere

from digest.demo.sink import Sink
from digest.model.api_token import Scope
from digest.model.voice import USEFUL
from digest.pipeline.readers.personal_mails import PersonalMailSender
from digest.settings import EmbedSettings, SignupSettings

pytestmark = pytest.mark.slow
ADDRESS = "ines@readers.example"
HOWTO = (Path(__file__).parents[2] / "docs" / "howto" / "embedding.md").read_text(encoding="utf-8")
FRAME, FORM, BY_API, LATEST = re.findall(r"```html\n(.*?)```", HOWTO, re.DOTALL)

(SERVER,) = re.findall(r"```python\n(.*?)```", HOWTO, re.DOTALL)
_SERVED: dict[str, Any] = {}
exec(SERVER, _SERVED)  # noqa: S102 - the example of our own page
SUBSCRIBE: Callable[[str, str, str], int] = _SERVED["subscribe"]


class Street:
    """The letters' site, a foreign site with the how-to's snippets, a sink for mails, and a browser."""

    def __init__(self, site: Site, sink: Sink, serve: Serve, page: Any) -> None:
        self.site, self.sink, self.page = site, sink, page
        self.pages: dict[str, str] = {}
        self.scripts = True
        backend = Route("/subscribe", self._subscribe, methods=["POST"])
        self.paper = serve(Starlette(routes=[backend, Route("/{name}", self._foreign)])).rstrip("/")
        mail = structs.replace(site.settings.mail, transport=f"smtp://127.0.0.1:{sink.port}", connections=1)
        morning = structs.replace(site.settings.editions["morning"], ask_useful=True)
        site.settings = structs.replace(
            site.settings,
            mail=mail,
            embed=EmbedSettings(origins=(self.paper,)),
            signup=SignupSettings(welcome_letter=True),
            editions=site.settings.editions | {"morning": morning},
        )
        site.runtime = replace(site.runtime, settings=site.settings)
        self.key = site.send(samples()[0].edition)
        self.url = serve(site.app()).rstrip("/")
        self.token = make_token(site.runtime, "paper", [Scope.READERS_WRITE])

    async def _foreign(self, request: Request) -> HTMLResponse:
        snippet = self.pages.get(request.path_params["name"], "<p>Thanks</p>")
        ours = snippet.replace("https://letters.example.com", self.url).replace("https://www.example.com", self.paper)
        return HTMLResponse(f'<!DOCTYPE html><html lang="en"><title>Paper</title><main><h1>Paper</h1>{ours}</main>')

    async def _subscribe(self, request: Request) -> Response:
        """Pass a sign-up on to the API: the foreign site's own server, as the how-to has it."""
        told = await request.json()
        status = await run_in_threadpool(SUBSCRIBE, f"{self.url}/api/v1", self.token, told["address"])
        return Response(status_code=status)

    def open(self, link: str) -> None:
        """Open a page of the letters' site, as it stands in a mail."""
        answer = self.page.goto(self.url + link.removeprefix("http://127.0.0.1"))
        assert answer.status == 200

    def press(self, name: str) -> str:
        """Press a button; return the heading and the text of the page that comes."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()
        text: str = self.page.get_by_role("main").inner_text()
        return text

    def mails(self) -> list[EmailMessage]:
        """Let mails go out; return all in the sink."""
        elsewhere(PersonalMailSender(self.site.runtime, threading.Event()).tick)
        parse = email.message_from_bytes
        return [parse(each.raw, policy=email.policy.default) for each in self.sink.letters]


def link_in(message: EmailMessage, place: str, end: str = "") -> str:
    body = message.get_body(("html",))
    assert body is not None
    found = re.search(rf'href="(http://127\.0\.0\.1/{place}/[^"#]+{end})"', body.get_content())
    assert found is not None
    return found[1]


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def street(request: pytest.FixtureRequest, site: Site, relay: Sink, serve: Serve, chromium: Any) -> Iterator[Street]:
    context = chromium.new_context(java_script_enabled=request.param)
    page = context.new_page()
    page.set_default_timeout(15_000)
    made = Street(site, relay, serve, page)
    made.scripts = request.param
    made.pages = {"sign-up": FORM if request.param else FRAME, "latest": LATEST}
    yield made
    context.close()


def sign_up(street: Street) -> None:
    """Sign up on the foreign page: by its script, or in the frame."""
    page = street.page
    page.goto(f"{street.paper}/sign-up")
    frame = page.frame_locator("iframe") if page.locator("iframe").count() else None
    if frame is None:
        page.get_by_text("confirm").or_(page.locator("#letters-consent:not(:empty)")).first.wait_for()
        street.site.now += timedelta(seconds=5)
        page.get_by_label("Your e-mail address").fill(ADDRESS)
        page.get_by_role("button", name="Sign up").click()
        page.locator("#letters-answer:not(:empty)").wait_for()
        return
    street.site.now += timedelta(seconds=5)
    assert frame.get_by_label("Morning Update").is_checked()
    assert not frame.get_by_label("Evening Update").is_checked()
    frame.get_by_label("Your e-mail address").fill(ADDRESS)
    frame.get_by_role("button", name="Sign up").click()
    frame.get_by_role("link", name="Back to the page").click()
    page.wait_for_url(f"{street.paper}/thanks")


def test_a_reader_signs_up_on_a_foreign_page_confirms_gets_a_letter_and_answers(street: Street, axe: Judge) -> None:
    sign_up(street)
    (mail,) = street.mails()
    street.open(link_in(mail, "confirm"))
    assert "Your first Morning Update comes on" in street.press("Yes, send me these letters")
    _, letter = street.mails()
    assert (letter["To"], letter["Subject"]) == (ADDRESS, samples()[0].edition.subject)
    street.open(link_in(letter, "voice", "/yes"))
    assert "Was this letter useful? Yes" in street.page.get_by_role("main").inner_text()
    judge = street.scripts  # it is a script itself
    assert not judge or [*axe(street.page, contrast=False), *pale(street.page)] == []
    assert "is counted" in street.press("Send the answer")
    assert not judge or [*axe(street.page, contrast=False), *pale(street.page)] == []
    (row,) = street.site.runtime.stores.editions.latest(1)
    assert street.site.runtime.stores.votes.counts([row.id])[row.id].by_question == {USEFUL: {"yes": 1}}


def test_a_reader_signs_up_by_a_site_that_passes_it_on_to_the_api_and_confirms(
    site: Site, relay: Sink, serve: Serve, chromium: Any
) -> None:
    """The site's form asks the site's own server, and that the API; another browser than ours opens the mail."""
    context = chromium.new_context()
    street = Street(site, relay, serve, context.new_page())
    street.pages = {"join": BY_API}
    page = street.page
    page.goto(f"{street.paper}/join")
    page.get_by_label("Your e-mail address").fill("nobody@nowhere.invalid")
    page.get_by_role("button", name="Sign up").click()
    page.get_by_text("That did not work.").wait_for()
    page.get_by_label("Your e-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Sign up").click()
    page.get_by_text("Check your e-mail.").wait_for()
    assert context.cookies() == []
    (mail,) = street.mails()
    assert mail["To"] == ADDRESS
    body = mail.get_body(("plain",))
    assert body is not None
    assert "The next Morning Update comes on" in body.get_content()
    street.open(link_in(mail, "confirm"))
    assert "Your first Morning Update comes on" in street.press("Yes, send me these letters")
    assert site.stored(ADDRESS).editions == ("morning",)
    _, letter = street.mails()
    assert (letter["To"], letter["Subject"]) == (ADDRESS, samples()[0].edition.subject)
    context.close()


def test_a_foreign_page_shows_the_latest_letter(site: Site, relay: Sink, serve: Serve, chromium: Any) -> None:
    page = chromium.new_context().new_page()
    street = Street(site, relay, serve, page)
    street.pages = {"latest": LATEST}
    page.goto(f"{street.paper}/latest")
    page.get_by_role("heading", name="Morning Update").wait_for()
    assert page.locator(".digest-latest-list a").count() > 1
    site.settings = structs.replace(site.settings, embed=EmbedSettings())
    site.runtime = replace(site.runtime, settings=site.settings)
    street.url = serve(site.app()).rstrip("/")
    page.goto(f"{street.paper}/latest")
    page.wait_for_load_state("networkidle")
    assert page.locator(".digest-latest").count() == 0
    page.context.close()
