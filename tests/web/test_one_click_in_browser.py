"""Confirming by one click in real browsers: the reader's own, another one, and a scanner that runs scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.web.conftest import Serve
from tests.web.sites import Site, elsewhere

pytestmark = pytest.mark.slow
ADDRESS = "ines@readers.example"
BUTTON = "Yes, send me these letters"
HIDDEN = """
let state = "hidden";
Object.defineProperty(document, "visibilityState", {get: () => state});
window.comeForth = () => { state = "visible"; document.dispatchEvent(new Event("visibilitychange")); };
"""
"""A page that was opened in the background."""


class Mailbox:
    """A site that somebody signed up on with a browser, and the mail that came of it."""

    def __init__(self, site: Site, url: str, chromium: Any) -> None:
        self.site, self.url, self.chromium = site, url.rstrip("/"), chromium
        self.reader = self.context()
        page = self.reader.new_page()
        page.goto(self.url + "/")
        page.get_by_label("Your e-mail address").fill(ADDRESS)
        site.now += timedelta(seconds=5)
        page.get_by_role("button", name="Sign up").click()
        page.get_by_role("heading", name="Check your e-mail").wait_for()
        mails: list[EmailMessage] = []
        elsewhere(lambda: mails.extend(site.mails()))
        (self.mail,) = mails
        found = [link for link in self.links() if "/confirm/" in link]
        self.link = found[0]

    def context(self, **options: Any) -> Any:
        context = self.chromium.new_context(**options)
        context.set_default_timeout(15_000)
        return context

    def links(self) -> list[str]:
        """Return all links of the mail, as its two parts have them."""
        bodies = [self.mail.get_body((kind,)) for kind in ("plain", "html")]
        texts = [body.get_content() for body in bodies if body is not None]
        found = {link for text in texts for link in re.findall(r"http://127\.0\.0\.1/[^\s\"<>]+", text)}
        return [self.url + urlsplit(link).path for link in sorted(found)]

    def has_joined(self) -> bool:
        return self.site.runtime.stores.readers.find(ADDRESS) is not None


@pytest.fixture
def mailbox(site: Site, serve: Serve, chromium: Any) -> Iterator[Mailbox]:
    made = Mailbox(site, serve(site.app()), chromium)
    yield made
    made.reader.close()


def test_one_click_in_the_browser_that_signed_up_confirms_and_leaves_no_cookie(mailbox: Mailbox) -> None:
    assert [cookie["httpOnly"] for cookie in mailbox.reader.cookies()] == [True]
    page = mailbox.reader.new_page()
    page.goto(mailbox.link)
    page.get_by_role("heading", name="Welcome").wait_for()
    assert mailbox.has_joined()
    assert mailbox.reader.cookies() == []
    page.goto(mailbox.link)
    page.get_by_text("You are signed up already").wait_for()


def test_a_scanner_that_runs_scripts_and_follows_every_link_confirms_nothing(mailbox: Mailbox) -> None:
    scanner = mailbox.context()
    seen: set[str] = set()
    waiting = mailbox.links()
    while waiting:
        link = waiting.pop()
        seen.add(link)
        page = scanner.new_page()
        page.goto(link)
        page.wait_for_load_state("networkidle")
        if link == mailbox.link:
            assert page.get_by_role("button", name=BUTTON).is_visible()
        hrefs = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        waiting += [each for each in hrefs if each.startswith(mailbox.url) and each not in {*seen, *waiting}]
        page.close()
    assert len(seen) > 3
    assert not mailbox.has_joined()
    scanner.close()
    page = mailbox.reader.new_page()  # and the reader's click still confirms
    page.goto(mailbox.link)
    page.get_by_role("heading", name="Welcome").wait_for()
    assert mailbox.has_joined()


def test_another_browser_of_the_reader_has_the_button(mailbox: Mailbox) -> None:
    other = mailbox.context()
    page = other.new_page()
    page.goto(mailbox.link)
    page.wait_for_load_state("networkidle")
    assert not mailbox.has_joined()
    page.get_by_role("button", name=BUTTON).click()
    page.get_by_role("heading", name="Welcome").wait_for()
    assert mailbox.has_joined()
    other.close()


def test_a_page_that_nobody_sees_waits_until_it_is_shown(mailbox: Mailbox) -> None:
    page = mailbox.reader.new_page()
    page.add_init_script(HIDDEN)
    page.goto(mailbox.link)
    page.wait_for_load_state("networkidle")
    assert not mailbox.has_joined()
    page.evaluate("comeForth()")
    page.get_by_role("heading", name="Welcome").wait_for()
    assert mailbox.has_joined()
