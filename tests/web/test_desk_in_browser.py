"""An editor's morning in a real browser: on a phone and at a desk, with JavaScript and without it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from tests.browser import pale
from tests.web.conftest import Serve
from tests.web.desks import PATH, EditorsDesk
from tests.web.signed_in import SignedInUser
from tests.web.sites import elsewhere

from digest.demo.sink import Sink
from digest.model.edition import EditionState
from digest.model.user import Role
from digest.pipeline.gathering.gather import GatherReport
from digest.pipeline.progress import unseen
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.send import Request, send_edition

PHONE, SCREEN, TALL = (375, 800), (1280, 900), (1280, 2400)


@contextmanager
def browser_of(chromium: Any, someone: SignedInUser, size: tuple[int, int], **options: Any) -> Iterator[Any]:
    """Give a page of a browser in which somebody is signed in; what its scripts complain about fails the test."""
    context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, **options)
    context.add_cookies([someone.cookie])
    page, complaints = context.new_page(), list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_default_timeout(60_000)
    yield page
    context.close()
    assert complaints == []


def press(page: Any, name: str | re.Pattern[str], within: str = "body") -> None:
    """Press a button by its name, and wait until the page shows what came of it, loaded again or not."""
    button = page.locator(within).get_by_role("button", name=name).first
    if page.locator("html.js").count() == 0:
        with page.expect_navigation():
            button.press("Enter")  # a click right after a page was loaded is lost at times, on a phone without script
        return
    version = page.locator("#edition").get_attribute("data-version")
    button.click()
    page.wait_for_function(
        """version => {
            const edition = document.getElementById("edition");
            return edition.dataset.version !== version || document.querySelector("[role=alert]");
        }""",
        arg=version,
    )


def row(words: str) -> str:
    return f'[data-part="stories"] .row:has-text("{words}")'


def send_now(desk: EditorsDesk) -> None:
    report = GatherReport(sources=(), articles=0, pages=())
    send_edition(desk.runtime, Request(name="morning", now=True), lambda: report, unseen)


@pytest.mark.parametrize("size", [PHONE, SCREEN], ids=["phone", "screen"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_an_editor_makes_the_edition_and_what_is_shown_is_what_leaves(  # noqa: PLR0915 - one morning, step by step
    desk: EditorsDesk, serve: Serve, chromium: Any, relay: Sink, size: tuple[int, int], *, script: bool
) -> None:
    subscribe(desk.stores, desk.now, Subscription(address="reader@receiver.test", editions=("morning",)))
    editor = desk.sign_in(serve(desk.app()), Role.PUBLISHER, "Ana Ruiz")
    with browser_of(chromium, editor, size, java_script_enabled=script, reduced_motion="reduce") as page:
        page.goto(editor.url + "/desk")
        page.get_by_role("link", name=re.compile("Morning Update")).first.click()
        page.wait_for_selector("html.js" if script else "#edition")
        press(page, re.compile("^Drop"), row("Museum"))
        assert not any("Museum" in line for line in desk.headlines())
        press(page, re.compile("^Undo"), '[data-part="top"]')
        assert any("Museum" in line for line in desk.headlines())
        press(page, re.compile("^First"), row("Otters"))
        assert desk.headlines()[0].startswith("Otters")
        press(page, re.compile("^Down"), row("Otters"))
        assert desk.headlines()[1].startswith("Otters")

        page.locator(row("Otters")).get_by_role("link", name=re.compile("^Edit")).click()
        page.locator("#headline").fill("The otters are back")
        press(page, "Use this headline")
        assert "The otters are back" in desk.headlines()
        press(page, "Remove bullet 1")
        otters = next(item for item in desk.edition().items if item.headline == "The otters are back")
        left = [bullet.text for bullet in otters.bullets]
        spare = page.locator("li, .sentence").filter(has=page.get_by_role("button", name=re.compile("^Print")))
        fresh = next(one for one in spare.all() if not any(text in (one.text_content() or "") for text in left))
        fresh.locator("select").select_option("0")
        with page.expect_navigation():
            fresh.get_by_role("button", name=re.compile("^Print")).click()
        otters = next(item for item in desk.edition().items if item.headline == "The otters are back")
        assert otters.bullets[0].text != left[0]
        assert len(otters.bullets) == len(left)
        page.get_by_role("link", name=re.compile("^Back to")).click()
        page.wait_for_selector("html.js" if script else "#edition")

        number = len(desk.headlines())
        page.locator(row("bridge")).first.get_by_role("link", name=re.compile("^Edit")).click()
        page.get_by_text("Split the story").click()
        page.locator("input[name=url][type=checkbox]").last.check()
        press(page, re.compile("^Split$"))
        assert len(desk.headlines()) == number + 1
        page.get_by_role("link", name=re.compile("^Back to")).click()
        page.wait_for_selector("html.js" if script else "#edition")

        page.locator("#note").fill("Good to have you back.")
        press(page, "Greet the readers")
        page.locator("#subject").fill("Otters, a bridge and a map")
        press(page, "Use this subject")
        edition = desk.edition()
        assert edition.note is not None
        assert (edition.note.text, edition.subject) == ("Good to have you back.", "Otters, a bridge and a map")

        elsewhere(lambda: editor.post(f"{PATH}/test"))
        assert relay.letters[-1].recipients == (editor.user.email,)

        shown = editor.get(f"{PATH}/letter").body
        with page.expect_navigation():
            page.get_by_role("button", name="Approve").click()
        assert desk.row().state is EditionState.APPROVED
    elsewhere(lambda: send_now(desk))
    assert desk.row().state is EditionState.SENT
    assert editor.get(f"{PATH}/letter").body == shown
    assert [letter.recipients for letter in relay.letters[1:]] == [("reader@receiver.test",)]
    assert b"Otters, a bridge and a map" in relay.letters[-1].raw


def test_the_keyboard_alone_moves_drops_and_undoes(desk: EditorsDesk, serve: Serve, chromium: Any) -> None:
    editor = desk.sign_in(serve(desk.app()), Role.EDITOR)
    with browser_of(chromium, editor, SCREEN) as page:
        page.goto(editor.url + PATH)
        page.wait_for_selector(".js")
        first, second = desk.headlines()[:2]
        page.locator(row(second)).focus()
        page.keyboard.press("u")
        page.wait_for_function("words => document.querySelector('[data-story] h4').textContent === words", arg=second)
        assert desk.headlines()[:2] == [second, first]
        assert second in page.evaluate("document.activeElement.closest('[data-story]').textContent")
        page.keyboard.press("x")
        page.wait_for_function("words => document.querySelector('[data-story] h4').textContent !== words", arg=second)
        assert second not in desk.headlines()
        page.locator("[data-story]").first.focus()
        page.keyboard.press("z")
        page.wait_for_function("words => document.querySelector('[data-story] h4').textContent === words", arg=second)
        assert desk.headlines()[:2] == [second, first]


def test_a_story_is_dragged_before_another(desk: EditorsDesk, serve: Serve, chromium: Any) -> None:
    editor = desk.sign_in(serve(desk.app()), Role.EDITOR)
    with browser_of(chromium, editor, TALL) as page:
        page.goto(editor.url + PATH)
        page.wait_for_selector(".js")
        first, *_, last = desk.headlines()
        page.locator(row(last)).drag_to(
            page.locator(row(first)), source_position={"x": 40, "y": 20}, target_position={"x": 40, "y": 20}
        )
        page.wait_for_function("words => document.querySelector('[data-story] h4').textContent === words", arg=last)
        assert desk.headlines()[0] == last


def test_what_another_editor_does_shows_within_two_seconds_and_what_is_being_written_stays(
    desk: EditorsDesk, serve: Serve, chromium: Any
) -> None:
    editor = desk.sign_in(serve(desk.app()), Role.EDITOR, "Ana Ruiz")
    other = desk.sign_in(editor.url, Role.EDITOR, "Ben Ode")
    with browser_of(chromium, editor, SCREEN) as page:
        page.goto(editor.url + PATH)
        page.wait_for_selector(".js")
        museum = desk.story("Museum")
        assert other.post(PATH, {"act": "drop", "seen": "0", "story": museum}).status == 303
        page.wait_for_selector('[data-part="history"] >> text=Ben Ode')
        assert page.locator(row("Museum")).locator(".acts >> text=Bring back").count() == 1
        page.locator("#note").fill("Half a sentence")
        otters = desk.story("Otters")
        assert other.post(PATH, {"act": "move", "seen": desk.seen(), "story": otters, "where": "first"}).status == 303
        page.wait_for_function("document.getElementById('live').textContent.includes('Somebody changed')")
        assert page.locator("#note").input_value() == "Half a sentence"
        press(page, "Greet the readers")
        assert desk.headlines()[0].startswith("Otters")
        note = desk.edition().note
        assert note is not None
        assert note.text == "Half a sentence"


@pytest.mark.parametrize(("scheme", "judged"), [("light", PHONE), ("dark", SCREEN)], ids=["light", "dark"])
def test_every_page_and_state_is_free_of_barriers(
    desk: EditorsDesk,
    serve: Serve,
    chromium: Any,
    axe: Callable[[Any], list[str]],
    scheme: str,
    judged: tuple[int, int],
) -> None:
    """axe-core looks at each scheme and each size: no rule of the style sheets depends on both."""
    editor = desk.sign_in(serve(desk.app()), Role.PUBLISHER)
    editor.post(PATH, {"act": "drop", "seen": "0", "story": desk.story("Museum")})
    editor.post(PATH, {"act": "undo", "of": desk.seen(), "seen": desk.seen()})
    bridge, found = desk.story("bridge"), dict[str, list[str]]()

    def look(page: Any, name: str, path: str) -> None:
        for size in (PHONE, SCREEN):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.goto(editor.url + path)
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            found[f"{name} {size[0]}"] = pale(page) + (axe(page) if size == judged else [])
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (name, size)

    with browser_of(chromium, editor, PHONE, color_scheme=scheme, reduced_motion="reduce") as page:
        for name, path in {
            "list": "/desk",
            "draft": f"{PATH}?done=1",
            "text": f"{PATH}?view=text",
            "story": f"{PATH}/story/{bridge}",
            "missing": "/desk/editions/noon/2026-11-23",
        }.items():
            look(page, name, path)
        page.goto(editor.url + PATH)
        page.locator("#note").fill("word " * 61)
        press(page, "Greet the readers")
        found["refused"] = axe(page)
        desk.now += timedelta(hours=1)
        elsewhere(lambda: send_now(desk))
        item = desk.edition().items[0]
        editor.post(
            f"{PATH}/correct", {"anchor": item.anchor, "wrong": item.headline, "right": "It is another bridge."}
        )
        look(page, "sent", PATH)
        look(page, "archive", "/archive/morning/2026-11-23")
    assert {name: lines for name, lines in found.items() if lines} == {}
