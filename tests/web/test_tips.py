"""The tip line: readers report mistakes in sent letters, editors see them at the desk and by mail, and settle them."""

from __future__ import annotations

import re
import threading
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from tests.browser import pale
from tests.letters.editions import samples
from tests.web.conftest import Judge, Serve
from tests.web.signed_in import SignedInUser, sign_in
from tests.web.sites import Reply, Site, ask

from digest.model.user import Role
from digest.pipeline.readers.tips import LONGEST_TIP, mail_tips
from digest.pipeline.webhooks.receivers import Wanted, add
from digest.readers.forms import USES
from digest.settings import SignupSettings

LETTER = "/archive/morning/2026-11-23"
FORM = f"{LETTER}/mistake"
DESK = "/desk/editions/morning/2026-11-23"
WRONG = "The bridge closes on Saturday, not on Friday: https://town.example/bridge"


def give_tips(site: Site, **settings: Any) -> None:
    """Let the site offer the tip line."""
    changed = structs.replace(site.settings.site, **(settings or {"tips": True}))
    site.settings = structs.replace(site.settings, site=changed)
    site.runtime = site.runtime.__class__(settings=site.settings, stores=site.runtime.stores, clock=lambda: site.now)


@pytest.fixture
def url(site: Site, serve: Serve) -> str:
    give_tips(site)
    site.send(samples()[0].edition)
    return serve(site.app())


def tip(site: Site, url: str, **fields: str) -> Reply:
    return ask(url, FORM, "POST", site.form(url, FORM, **({"words": WRONG} | fields)))


def stored(site: Site) -> list[tuple[str, str]]:
    (row,) = site.runtime.stores.editions.latest(1)
    return [(each.words, each.contact) for each in site.runtime.stores.tips.of(row.id)]


def words(reply: Reply) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", reply.text)).split())


def test_a_letter_in_the_archive_leads_to_the_form(site: Site, url: str) -> None:
    page = ask(url, LETTER)
    assert f'href="{site.settings.site.url}{FORM}"' in page.text
    assert "Report a mistake" in words(page)
    assert "Report a mistake" in words(ask(url, FORM))


def test_a_report_is_stored_and_thanked_for(site: Site, url: str) -> None:
    reply = tip(site, url, contact="ada@example.org")
    assert (reply.status, "Thank you" in words(reply)) == (200, True)
    assert stored(site) == [(WRONG, "ada@example.org")]


def test_a_get_changes_nothing(site: Site, url: str) -> None:
    before = site.dump()
    assert ask(url, FORM).status == 200
    assert ask(url, f"{FORM}?words=x&stamp=y").status == 200
    assert site.dump() == before


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"words": "   "}, "Please write what is wrong"),
        ({"words": "\u200b\u202e"}, "Please write what is wrong"),
        ({"memo": "filled"}, "A program filled in a field"),
        ({"stamp": "made up"}, "Please press the button once more."),
    ],
)
def test_a_form_that_is_not_filled_in_well_stores_nothing_and_keeps_what_was_typed(
    site: Site, url: str, fields: dict[str, str], says: str
) -> None:
    reply = tip(site, url, **({"contact": "ada@example.org"} | fields))
    assert reply.status == 422
    assert says in words(reply)
    assert 'value="ada@example.org"' in reply.text
    assert stored(site) == []


def test_a_long_report_is_cut_and_a_huge_one_refused(site: Site, url: str) -> None:
    assert tip(site, url, words="wrong " * 2000, contact="x" * 900).status == 200
    ((said, contact),) = stored(site)
    assert LONGEST_TIP * 0.9 < len(said) <= LONGEST_TIP
    assert len(contact) <= 254
    assert tip(site, url, words="x" * 70_000).status == 413
    assert len(stored(site)) == 1


def test_markup_in_a_report_is_shown_as_text_at_the_desk(site: Site, url: str) -> None:
    tip(site, url, words="<script>alert(1)</script> is wrong\nand so is this")
    page = sign_in(site, url, Role.EDITOR).get(DESK)
    assert "<script>alert(1)" not in page.text
    assert "<script>alert(1)</script> is wrong and so is this" in words(page)


def test_one_form_and_one_network_have_a_limit(site: Site, url: str) -> None:
    form = site.form(url, FORM, words=WRONG)
    replies = [ask(url, FORM, "POST", form).status for _ in range(USES + 1)]
    assert replies == [200] * USES + [422]
    site.settings = structs.replace(site.settings, signup=SignupSettings(per_address_hour=7))
    give_tips(site)


def test_one_network_is_throttled_apart_from_sign_ups(site: Site, serve: Serve) -> None:
    site.settings = structs.replace(site.settings, signup=SignupSettings(per_address_hour=2))
    give_tips(site)
    site.send(samples()[0].edition)
    url = serve(site.app())
    assert [tip(site, url).status for _ in range(3)] == [200, 200, 429]
    signed = ask(url, "/", "POST", site.form(url, "/", address="new@receiver.test", edition="morning"))
    assert signed.status == 200
    assert len(stored(site)) == 2


@pytest.mark.parametrize(
    "path", ["/archive/morning/2026-11-24/mistake", "/archive/x/y/mistake", "/archive/morning/2026-02-31/mistake"]
)
def test_there_is_no_form_for_what_was_not_sent(url: str, path: str) -> None:
    assert ask(url, path).status == 404
    assert ask(url, path, "POST", {"words": WRONG}).status == 404


def test_without_the_setting_there_is_no_form_and_no_link(site: Site, serve: Serve) -> None:
    site.send(samples()[0].edition)
    url = serve(site.app())
    assert ask(url, FORM).status == 404
    assert "mistake" not in ask(url, LETTER).text


def test_editors_see_tips_and_settle_them(site: Site, url: str) -> None:
    tip(site, url, contact="ada@example.org")
    tip(site, url, words="Another mistake")
    editor, viewer = sign_in(site, url, Role.EDITOR, "Ed"), sign_in(site, url, Role.VIEWER, "Vi")
    assert "Tips of readers" in words(editor.get(DESK))
    assert WRONG in words(viewer.get(DESK))
    assert f'action="{DESK}/tip"' not in viewer.get(DESK).text
    first = number_of(site, WRONG)
    assert viewer.post(f"{DESK}/tip", {"tip": first}).status == 403
    assert editor.post(f"{DESK}/tip", {"tip": first}).status == 303
    assert "settled by Ed" in words(editor.get(DESK))
    assert site.runtime.stores.tips.open() == 1
    for again in (first, "99", "x", ""):
        assert editor.post(f"{DESK}/tip", {"tip": again}).status == 422


def number_of(site: Site, said: str) -> str:
    (row,) = site.runtime.stores.editions.latest(1)
    return next(str(each.id) for each in site.runtime.stores.tips.of(row.id) if each.words == said)


def test_a_tip_of_another_edition_is_not_settled_by_this_ones_form(site: Site, url: str) -> None:
    site.send(samples()[1].edition)
    tip(site, url)
    evening = samples()[1].edition.key
    editor = sign_in(site, url, Role.EDITOR)
    number = next(str(each.id) for each in site.runtime.stores.tips.unmailed(site.now.replace(year=2020), 9))
    assert editor.post(f"/desk/editions/{evening.name}/{evening.day}/tip", {"tip": number}).status == 422
    assert site.runtime.stores.tips.open() == 1


def test_tips_are_mailed_once_with_the_links(site: Site, serve: Serve) -> None:
    give_tips(site, tips_to=("desk@paper.example",))
    site.send(samples()[0].edition)
    url = serve(site.app())
    tip(site, url, contact="ada@example.org")
    for _ in range(2):
        mail_tips(site.runtime, threading.Event())
    (file,) = Path(site.settings.folder).glob("outbox/tips-*/*.eml")
    text = file.read_bytes().decode()
    assert "desk@paper.example" in text
    assert "The bridge closes on Saturday" in text
    assert "ada@example.org" in text
    assert f"{site.settings.site.url}{DESK}" in text.replace("=\r\n", "")


def test_a_tip_that_no_relay_takes_is_mailed_later(site: Site, serve: Serve) -> None:
    give_tips(site, tips_to=("desk@paper.example",))
    site.send(samples()[0].edition)
    tip(site, serve(site.app()))
    good = site.settings.mail
    site.settings = structs.replace(site.settings, mail=structs.replace(good, transport="smtp://127.0.0.1:1"))
    give_tips(site, tips_to=("desk@paper.example",))
    mail_tips(site.runtime, threading.Event())
    assert len(site.runtime.stores.tips.unmailed(site.now.replace(year=2020), 9)) == 1
    site.settings = structs.replace(site.settings, mail=good)
    give_tips(site, tips_to=("desk@paper.example",))
    mail_tips(site.runtime, threading.Event())
    assert site.runtime.stores.tips.unmailed(site.now.replace(year=2020), 9) == ()


def test_an_erased_address_is_erased_from_tips_too(site: Site, url: str) -> None:
    site.reader("ada@example.org")
    tip(site, url, contact="Ada@Example.org")
    assert site.runtime.stores.corrections.erase("ada@example.org", "erased:k:1", site.now)
    assert stored(site) == [(WRONG, "")]


def test_the_privacy_page_says_what_other_systems_are_told(site: Site, url: str) -> None:
    def page() -> str:
        return words(ask(url, "/privacy"))

    assert "other systems" not in page()
    add(site.runtime, Wanted(name="cms", url="https://cms.example/", events=("edition.sent",)))
    assert "other systems" not in page()
    add(site.runtime, Wanted(name="crm", url="https://crm.example/"))
    assert "a code in place of your address" in page()
    add(site.runtime, Wanted(name="mail", url="https://mail.example/", with_addresses=True))
    assert "notified, with your address" in page()
    site.runtime.stores.webhooks.disable("mail", site.now)
    assert "a code in place of your address" in page()


def test_settled_tips_are_forgotten_after_a_while(site: Site, url: str) -> None:
    tip(site, url)
    tip(site, url, words="Another mistake")
    (row,) = site.runtime.stores.editions.latest(1)
    assert site.runtime.stores.tips.settle(row.id, int(number_of(site, WRONG)), "Ed", site.now)
    later = site.now.replace(year=2028)
    assert sum(site.runtime.stores.tips.prune(later, dry=True)) == 1
    assert sum(site.runtime.stores.tips.prune(later, dry=False)) == 1
    assert [said for said, _ in stored(site)] == ["Another mistake"]


def test_everybody_can_use_the_form_its_errors_and_its_thanks_and_the_desks_list(
    site: Site, url: str, chromium: Any, axe: Judge
) -> None:
    editor: SignedInUser = sign_in(site, url, Role.EDITOR)
    context = chromium.new_context(bypass_csp=True, java_script_enabled=True)
    context.add_cookies([editor.cookie])
    page, faults = context.new_page(), list[str]()

    def judge(name: str) -> None:
        for scheme, width in (("light", 375), ("dark", 1280)):  # no rule of the style sheets depends on both
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            judged = axe(page, contrast=(scheme, name) == ("light", "form"))
            faults.extend(f"{name}, {scheme}, {width}: {fault}" for fault in (*judged, *pale(page)))

    page.goto(url + LETTER)
    judge("letter")
    page.goto(url + FORM)
    judge("form")
    page.evaluate("for (const form of document.forms) form.noValidate = true")
    with page.expect_navigation():
        page.get_by_role("button", name="Tell the editors").click()
    judge("error")
    page.get_by_label("What is wrong, and what is right?").fill(WRONG)
    page.get_by_label("Your e-mail address (optional)").fill("ada@example.org")
    site.now = site.now.replace(second=(site.now.second + 7) % 60, minute=site.now.minute + 1)
    with page.expect_navigation():
        page.get_by_role("button", name="Tell the editors").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Thank you"
    judge("thanks")
    page.goto(url + DESK)
    assert page.get_by_role("heading", name="Tips of readers").is_visible()
    judge("desk")
    page.get_by_role("button", name="Settled").focus()
    page.keyboard.press("Enter")
    page.locator("#tips").get_by_text("settled by").wait_for()
    context.close()
    assert faults == []
