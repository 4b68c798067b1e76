"""Confirming without a press: only in the browser that signed up, and never by opening a link alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from msgspec import structs
from tests.web.conftest import Serve
from tests.web.sites import Reply, Site, ask

from digest.settings import SignupSettings

ADDRESS = "ines@receiver.test"
SCRIPT = "/confirm.js?"


@pytest.fixture
def url(site: Site, serve: Serve) -> str:
    return serve(site.app())


def sign_up(site: Site, url: str, path: str = "/", address: str = ADDRESS) -> Reply:
    answer = ask(url, path, "POST", site.form(url, path, address=address, edition="morning"))
    assert answer.status == 200
    return answer


def cookie_of(answer: Reply) -> str:
    """Return the Cookie header of a browser that got this answer."""
    return answer.headers.get("Set-Cookie", "").partition(";")[0]


def is_reader(site: Site) -> bool:
    return site.runtime.stores.readers.find(ADDRESS) is not None


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_the_browser_that_signed_up_gets_a_page_that_presses_by_itself(site: Site, url: str, path: str) -> None:
    cookie = cookie_of(sign_up(site, url, path))
    link = site.mailed("confirm")
    page = ask(url, link, cookie=cookie)
    assert SCRIPT in page.text
    assert "<button" in page.text  # for a browser without scripts
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not is_reader(site)  # opening it changed nothing
    done = ask(url, link, "POST", {}, cookie=cookie)
    assert (done.status, is_reader(site)) == (200, True)
    assert "Max-Age=0" in done.headers["Set-Cookie"]


def test_any_other_browser_gets_the_button_alone(site: Site, url: str) -> None:
    sign_up(site, url)
    link = site.mailed("confirm")
    for headers in ({}, {"cookie": "digest-sign-up=k.00000000." + "0" * 64}, {"cookie": "x=y; digest-sign-up="}):
        page = ask(url, link, **headers)
        assert "<button" in page.text
        assert "<script" not in page.text
        assert "script-src" not in page.headers["Content-Security-Policy"]
    assert not is_reader(site)


def test_the_cookie_of_another_sign_up_does_not_confirm_this_one(site: Site, url: str) -> None:
    sign_up(site, url)
    link = site.mailed("confirm")
    other = cookie_of(sign_up(site, url, address="mallory@receiver.test"))
    assert "<script" not in ask(url, link, cookie=other).text


def test_after_an_hour_the_button_is_back(site: Site, url: str) -> None:
    cookie = cookie_of(sign_up(site, url))
    link = site.mailed("confirm")
    site.now += timedelta(hours=1)
    assert "<script" not in ask(url, link, cookie=cookie).text


def test_the_cookie_is_short_lived_sent_to_confirmations_alone_and_closed_to_scripts(site: Site, url: str) -> None:
    kept = SimpleCookie(sign_up(site, url).headers["Set-Cookie"])["digest-sign-up"]
    found = {name: kept[name] for name in ("path", "max-age", "httponly", "samesite", "secure", "domain")}
    assert found == {
        "path": "/confirm",
        "max-age": "3600",
        "httponly": True,
        "samesite": "Lax",
        "secure": "",
        "domain": "",
    }


def test_on_an_https_site_below_a_path_the_cookie_is_for_tls_and_that_path(site: Site, serve: Serve) -> None:
    site.settings = structs.replace(
        site.settings, site=structs.replace(site.settings.site, url="https://127.0.0.1/letters")
    )
    site.runtime = replace(site.runtime, settings=site.settings)
    url = serve(site.app())
    form = site.form(url, "/letters/", address=ADDRESS, edition="morning")
    set_cookie = ask(url, "/letters/", "POST", form).headers["Set-Cookie"]
    assert set_cookie.startswith("__Secure-digest-sign-up=")
    assert "Path=/letters/confirm;" in set_cookie
    assert set_cookie.endswith("; Secure")
    page = ask(url, site.mailed("confirm"), cookie=set_cookie.partition(";")[0])
    assert '<script src="/letters/confirm.js?' in page.text


def test_every_address_gets_the_same_kind_of_cookie(site: Site, url: str) -> None:
    site.reader()
    known, unknown = (
        sign_up(site, url, address=each).headers["Set-Cookie"] for each in (site.stored().address, ADDRESS)
    )
    assert [len(part) for part in known.split(";")] == [len(part) for part in unknown.split(";")]


def test_the_setting_turns_it_off(site: Site, serve: Serve) -> None:
    site.settings = structs.replace(site.settings, signup=SignupSettings(one_click=False))
    site.runtime = replace(site.runtime, settings=site.settings)
    url = serve(site.app())
    assert "Set-Cookie" not in sign_up(site, url).headers
    assert "<script" not in ask(url, site.mailed("confirm")).text
    assert "cookie stays" not in ask(url, "/privacy").text


def test_no_other_page_sets_a_cookie_or_has_a_script_and_the_privacy_page_says_so(url: str) -> None:
    for path in ("/", "/archive", "/preferences", "/leave", "/privacy", "/embed", "/sign-up.json"):
        page = ask(url, path)
        assert "Set-Cookie" not in page.headers, path
        assert "<script" not in page.text, path
        assert "script-src" not in page.headers["Content-Security-Policy"], path
    assert "one cookie stays in your browser for an hour" in ask(url, "/privacy").text


def test_the_script_is_served_as_one_that_caches_may_keep(url: str) -> None:
    script = ask(url, "/confirm.js")
    assert (script.status, script.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert "max-age=31536000" in script.headers["Cache-Control"]
