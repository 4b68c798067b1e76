"""The pages in a real browser: a reader's whole way, with scripts and without, and whether everybody can use them."""

from __future__ import annotations

import email
import email.policy
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from msgspec import structs
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp
from tests.browser import pale
from tests.letters.editions import samples
from tests.web.conftest import Judge
from tests.web.sites import Site, ask, elsewhere

from digest.demo.sink import Sink
from digest.model.ids import EditionKey
from digest.pipeline.progress import unseen
from digest.pipeline.readers.personal_mails import PersonalMailSender
from digest.pipeline.sending.deliver_edition import post
from digest.readers.tokens import LinkPurpose

pytestmark = pytest.mark.slow
Serve = Callable[[ASGIApp], str]
LEFT_BEHIND = "net::ERR_ABORTED"
"""What becomes of a request, such as the icon's, when its page is left before the answer came."""
ADDRESS = "ines@readers.example"


class Town:
    """A site on loopback, the sink that its mails end in, and a reader at a browser."""

    def __init__(self, site: Site, sink: Sink, url: str, page: Any) -> None:
        self.site, self.sink, self.url, self.page = site, sink, url, page
        self.scripts = True

    def open(self, link: str) -> None:
        """Follow a link to the site, as it stands in a mail or on a page."""
        answer = self.page.goto(self.url + link.removeprefix("http://127.0.0.1"))
        assert answer.status == 200
        self.site.now += timedelta(seconds=5)  # people read before they press

    def press(self, name: str) -> str:
        """Press a button; return the heading of the page that comes."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()
        heading: str = self.page.get_by_role("heading", level=1).inner_text()
        return heading

    def mail(self) -> EmailMessage:
        """Let mails go out; return the newest in the sink."""
        elsewhere(PersonalMailSender(self.site.runtime, threading.Event()).tick)
        raw = self.sink.letters[-1].raw
        message: EmailMessage = email.message_from_bytes(raw, policy=email.policy.default)
        return message

    def post(self, key: EditionKey) -> None:
        """Send an edition to everybody who gets it."""
        row = self.site.runtime.stores.editions.get(key)
        assert row is not None
        elsewhere(lambda: post(self.site.runtime, row, progress=unseen))


def link_in(message: EmailMessage, place: str) -> str:
    body = message.get_body(("html",))
    assert body is not None
    found = re.search(rf'href="(http://127\.0\.0\.1/{place}/[^"#]+)"', body.get_content())
    assert found is not None
    return found[1]


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as running:
        yield running


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def town(request: pytest.FixtureRequest, site: Site, sink: Sink, serve: Serve, chromium: Any) -> Iterator[Town]:
    mail = structs.replace(site.settings.mail, transport=f"smtp://127.0.0.1:{sink.port}", connections=1)
    site.settings = structs.replace(site.settings, mail=mail)
    site.runtime = replace(site.runtime, settings=site.settings)
    context = chromium.new_context(java_script_enabled=request.param, viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.set_default_timeout(15_000)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("requestfailed", lambda asked: said.append(asked.url) if asked.failure != LEFT_BEHIND else None)
    made = Town(site, sink, serve(site.app()), page)
    made.scripts = request.param
    yield made
    assert said == []
    assert context.cookies() == []
    context.close()


def test_a_reader_signs_up_gets_the_morning_letter_chooses_and_leaves(town: Town) -> None:
    page, stores = town.page, town.site.runtime.stores
    town.open("/")
    page.get_by_label("Your e-mail address").fill(ADDRESS)
    page.get_by_label("Evening Update").uncheck()
    assert town.press("Sign up") == "Check your e-mail"

    town.open(link_in(town.mail(), "confirm"))
    if not town.scripts:  # with scripts, the browser that signed up presses by itself
        assert ADDRESS in page.get_by_role("main").inner_text()
        assert town.press("Yes, send me these letters") == "Welcome"
    page.get_by_role("heading", name="Welcome").wait_for()
    assert "Your first Morning Update comes on" in page.get_by_role("main").inner_text()

    key = town.site.send(samples()[0].edition)
    town.post(key)
    letter = town.mail()
    assert (letter["To"], letter["From"]) == (ADDRESS, "Morning Update <news@example.com>")
    town.open(link_in(letter, "archive"))
    assert page.get_by_role("heading", level=1).inner_text() == "Morning Update"

    town.open(link_in(letter, "preferences"))
    assert town.press("Mail me a link") == "Check your e-mail"
    town.open(link_in(town.mail(), "choose"))
    page.get_by_label("Evening Update").check()
    page.get_by_label("Language of our pages and mails").select_option("fr")
    assert town.press("Save my choices") == "Vos choix"
    assert town.site.stored(ADDRESS).editions == ("evening", "morning")
    assert town.site.stored(ADDRESS).language == "fr"

    town.open(link_in(letter, "leave"))
    assert ADDRESS not in page.content()
    assert town.press("Leave Morning Update") == "You have left Morning Update"
    assert town.site.stored(ADDRESS).editions == ("evening",)
    page.get_by_label("Why did you leave?").fill("Too early for me")
    assert town.press("Send") == "Thank you"
    town.open(link_in(letter, "leave"))
    assert town.press("Leave all letters") == "You have left all letters"
    found = stores.readers.find(ADDRESS)
    assert found is not None
    assert found.state == "left"


def test_a_form_in_another_sites_frame_works_there(town: Town, serve: Serve) -> None:
    frame_of = f'<!doctype html><link rel=icon href="data:,"><iframe src="{town.url}/embed" height=700></iframe>'
    town.page.goto(serve(HTMLResponse(frame_of)).replace("127.0.0.1", "localhost"))
    frame = town.page.frame_locator("iframe")
    frame.get_by_label("Your e-mail address").fill(ADDRESS)
    town.site.now += timedelta(seconds=5)
    frame.get_by_role("button", name="Sign up").click()
    frame.get_by_role("heading", name="Check your e-mail").wait_for()
    assert link_in(town.mail(), "confirm")


def pages_of(site: Site, url: str) -> dict[str, str]:
    """Return a path to every kind of page, by its name."""
    reader = site.reader()
    asked = ask(url, "/", "POST", site.form(url, "/", address="new@receiver.test", edition="morning"))
    assert asked.status == 200
    confirm = site.mailed("confirm")
    form = site.form(url, "/preferences", address=reader.address)
    assert ask(url, "/preferences", "POST", form).status == 200
    choose = site.mailed("choose")
    moving = {"act": "address", "address": "moved@receiver.test"}
    assert ask(url, choose, "POST", moving).status == 200
    address = site.mailed("address")
    site.now += timedelta(days=1)
    assert ask(url, "/preferences", "POST", site.form(url, "/preferences", address=reader.address)).status == 200
    return {
        "front": "/",
        "embed": "/embed",
        "confirm": confirm,
        "choose": site.mailed("choose"),
        "used": choose,
        "address": address,
        "preferences": "/preferences",
        "by letter": f"/preferences/{site.token(reader, LinkPurpose.CHOOSE)}",
        "leave": f"/leave/{site.token(reader)}",
        "leave unknown": "/leave/unknown",
        "leave test": "/leave/test-copy",
        "archive": "/archive",
        "search": "/archive?q=barrier",
        "nothing found": "/archive?q=unicorn",
        "letter": "/archive/morning/2026-11-23",
        "privacy": "/privacy",
        "not found": "/nowhere",
        "german": "/?lang=de",
        "arabic": "/?lang=ar",
        "arabic archive": "/archive?lang=ar",
        "japanese": "/?lang=ja",
    }


POSTED = {
    "asked wrongly": ("/", "Sign up"),
    "left": ("leave", "Leave Morning Update"),
    "paused": ("leave", "Pause for 2 weeks"),
    "erase": ("choose", "Erase my data"),
    "chosen": ("choose", "Save my choices"),
    "confirmed": ("confirm", "Yes, send me these letters"),
}
"""Pages behind a button: where it stands, and what it says."""


JUDGED = {("light", 375), ("dark", 1280)}
"""Where axe-core looks: at each scheme and each width. No rule of the style sheets depends on both."""
CONTRASTS = {"front", "letter"}
"""Pages of each style sheet, whose contrast axe-core judges, too."""


def test_everybody_can_use_every_page(site: Site, serve: Serve, chromium: Any, axe: Judge) -> None:
    for sample in samples()[:2]:
        site.send(sample.edition)
    url = serve(site.app())
    paths = pages_of(site, url)
    page = chromium.new_page(bypass_csp=True)  # for axe alone: no script of ours runs, and none may
    faults: list[str] = []

    def judge(name: str) -> None:
        for scheme, width in (("light", 375), ("light", 1280), ("dark", 1280), ("dark", 375)):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            judged = axe(page, contrast=scheme == "light" and name in CONTRASTS) if (scheme, width) in JUDGED else []
            faults.extend(f"{name}, {scheme}, {width}: {fault}" for fault in (*judged, *pale(page)))
        page.set_viewport_size({"width": 320, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        faults.extend([f"{name} is {wide} wide at 320"] if wide > 320 else [])

    for name, path in paths.items():
        page.goto(url + path)
        judge(name)
    for name, (place, button) in POSTED.items():
        page.goto(url + paths.get(place, place))
        page.evaluate("for (const form of document.forms) form.noValidate = true")
        with page.expect_navigation():
            page.get_by_role("button", name=button, exact=True).click()
        judge(name)
    page.close()
    assert faults == []


def test_the_keyboard_is_enough(site: Site, serve: Serve, chromium: Any) -> None:
    url = serve(site.app())
    page = chromium.new_page()
    page.goto(url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_label("Your e-mail address").focus()
    page.keyboard.type(ADDRESS)
    site.now += timedelta(seconds=5)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_role("heading", level=1).inner_text() == "Check your e-mail"
    page.close()
