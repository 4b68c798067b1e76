"""The preview in a real browser: open to everybody, in the scheme that is asked for, and up to date by itself."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs
from tests.browser import pale
from tests.web.conftest import Judge
from tests.web.test_preview import Desk, desk, newsroom, ours, watch

from digest.pipeline.editions.editing import EditRequest, edit
from digest.web.listen import Listener
from digest.web.preview.pages import preview_app
from digest.web.preview.view import VIEWS

__all__ = ["desk", "newsroom"]
pytestmark = pytest.mark.slow


def open_page(chromium: Any, url: str, **how: Any) -> tuple[Any, list[str]]:
    """Open a page, and collect what the browser complains about."""
    page = chromium.new_page(**how)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(url)
    return page, said


def test_every_view_is_open_to_everybody(desk: Desk, chromium: Any, axe: Judge) -> None:
    desk.newsroom.compose()
    edit(desk.newsroom.runtime, "morning", EditRequest(note="Hello.", author="Ana", drop=("museum",)))
    page, said = open_page(chromium, desk.url)

    def faults(*, contrast: bool = False) -> list[str]:
        page.emulate_media(color_scheme="light")
        found = [*axe(page, contrast=contrast), *pale(page, 4.5)]
        page.emulate_media(color_scheme="dark")
        return [*found, *pale(page, 4.5)]

    for view in VIEWS:
        page.goto(f"{desk.url}/?view={view}")
        for width in (320, 375, 640, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (view, width)
        assert faults(contrast=view == "headers") == [], view
    page.set_viewport_size({"width": 375, "height": 900})
    assert faults() == []
    page.goto("about:blank")  # a page that is open loads again by itself, which would break off the visit
    desk.template("morning.html", "{% if %}")
    page.goto(desk.url)
    assert faults() == []
    assert said == []
    page.close()


def test_the_frames_show_the_scheme_that_they_say_whatever_the_browser_prefers(desk: Desk, chromium: Any) -> None:
    desk.newsroom.compose()
    ground = "getComputedStyle(document.querySelector('.card')).backgroundColor"
    for preferred in ("light", "dark"):
        page, _ = open_page(chromium, desk.url, color_scheme=preferred, viewport={"width": 1280, "height": 900})
        for view, colour in (
            ("light", "rgb(255, 255, 255)"),
            ("dark", "rgb(26, 32, 43)"),
            ("plain", "rgb(255, 255, 255)"),
        ):
            page.goto(f"{desk.url}/?view={view}")
            frames = page.frames[1:]
            assert [frame.evaluate(ground) for frame in frames] == [colour, colour]
            assert [frame.evaluate("innerWidth") for frame in frames] == [375, 640]
        page.close()


def test_a_template_a_setting_and_an_act_show_by_themselves(desk: Desk, chromium: Any) -> None:
    desk.newsroom.compose()
    file = desk.template("morning.html", ours("morning.html"))
    page, said = open_page(chromium, desk.url)

    def wait_for(words: str) -> None:
        page.wait_for_function("words => document.body.innerText.includes(words)", arg=words, timeout=60_000)

    file.write_text("one\n{% if %}", encoding="utf-8")
    wait_for(f"{file}, line 2: Expected an expression")
    file.write_text(ours("morning.html"), encoding="utf-8")
    wait_for("Nothing to mend.")
    newsroom = desk.newsroom
    newsroom.settings = structs.replace(
        newsroom.settings, mail=structs.replace(newsroom.settings.mail, sender="desk@paper.example")
    )
    wait_for("desk@paper.example")
    edit(newsroom.runtime, "morning", EditRequest(retitle=(("otters", "Otters, at last"),), pin=("otters",)))
    wait_for("Otters, at last")
    assert said == []
    page.close()


def test_a_preview_that_ended_says_so(desk: Desk, chromium: Any) -> None:
    with Listener(preview_app(watch(desk)), "127.0.0.1", 0).in_background() as listener:
        page, _ = open_page(chromium, listener.url)
        assert page.inner_text("#live") == ""
    page.get_by_text("The preview has ended").wait_for()
    page.close()


def test_without_scripts_a_plain_reload_shows_what_is_new(desk: Desk, chromium: Any) -> None:
    desk.newsroom.compose()
    page, _ = open_page(chromium, f"{desk.url}/?view=text", java_script_enabled=False)
    assert "Harbour bridge" in page.inner_text("pre")
    edit(desk.newsroom.runtime, "morning", EditRequest(note="Bring an umbrella."))
    page.reload()
    assert "Bring an umbrella." in page.inner_text("pre")
    page.click("text=Dark")
    page.wait_for_url("**/?view=dark#letter")
    assert len(page.frames) == 3
    page.close()
