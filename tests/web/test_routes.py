"""Every route, by every kind of visitor, in every way: one table, and what stands around all of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import urljoin

import pytest
from msgspec import structs
from starlette.types import ASGIApp
from tests.letters.editions import samples
from tests.web.sites import BOTH, FORM, Reply, Site, ask

from digest.pipeline.readers.registration import SignupRequest, Visitor
from digest.pipeline.readers.registration import ask as ask_by_function
from digest.readers.forms import Form
from digest.readers.tokens import LinkPurpose
from digest.render.catalogue import languages
from digest.settings import SignupSettings, WebSettings
from digest.storage.readers import NewReader
from digest.web.pages import Pages
from digest.web.site import doors

Serve = Callable[[ASGIApp], str]
SHOWN = (200, 200, 200)
BY_TOKEN = (404, 200, 404)
ONLY_SHOWN = ((200, 200, 200), (405, 405, 405), (405, 405, 405))
ONLY_404 = ((404, 404, 404), (405, 405, 405), (405, 405, 405))
FORMS = ((200, 200, 200), (200, 200, 200), (403, 403, 403))
LINKS = (BY_TOKEN, BY_TOKEN, (404, 403, 403))
TIP = "/archive/{name}/{date}/mistake"
TABLE: Mapping[str, tuple[tuple[int, int, int], tuple[int, int, int], tuple[int, int, int]]] = {
    "/": FORMS,
    "/embed": FORMS,
    "/sign-up.json": ((200, 200, 200), (415, 415, 415), (403, 403, 403)),
    "/fragments/{name}.html": ((200, 200, 200), (405, 405, 405), (403, 403, 403)),
    "/confirm/{token}": LINKS,
    "/leave": ONLY_SHOWN,
    "/leave/{token}": (BY_TOKEN, BY_TOKEN, BY_TOKEN),
    "/preferences": FORMS,
    "/preferences/{token}": LINKS,
    "/voice/{token}/{date}/{answer}": LINKS,
    "/choose/{token}": LINKS,
    "/address/{token}": LINKS,
    "/archive": ONLY_SHOWN,
    "/archive/{name}/{date}": ONLY_SHOWN,
    TIP: FORMS,
    "/cards/{name}/{date}.png": ONLY_SHOWN,
    "/oembed": ONLY_404,
    "/feeds/{name}.atom": ONLY_SHOWN,
    "/pictures/{name}.jpg": ONLY_SHOWN,
    "/pictures/{name}.png": ONLY_SHOWN,
    "/privacy": ONLY_SHOWN,
    "/confirm.js": ONLY_SHOWN,
    "/style.css": ONLY_SHOWN,
    "/icon.svg": ONLY_SHOWN,
    "/favicon.ico": ONLY_SHOWN,
    "/robots.txt": ONLY_SHOWN,
}
"""Path -> statuses of (GET, POST, POST from another origin), each for (anonymous, reader, wrong token)."""
SIGNS_UP = {"/", "/embed"}
"""Where a sign-up sets the only cookie; see ``test_one_click``."""
FOREIGN = {"origin": "https://evil.example", "sec_fetch_site": "cross-site"}
WRONG = "A" * 43


class Walk:
    """A site, its readers' links, and the way through the table."""

    def __init__(self, site: Site, url: str) -> None:
        self.site = site
        self.url = url
        self.reader = site.reader()

    def places(self, path: str, token: str) -> str:
        """Return a path of the table as it is asked for."""
        stored = self.site.runtime.stores.pictures.of("https://paper.example/a.jpg")
        assert stored is not None
        named = "pictures" in path
        return path.format(token=token, name=stored.name if named else "morning", date="2026-11-23", answer="yes")

    def good_token(self, path: str) -> str:
        """Return a token that opens the page, fresh from a mail where it must be."""
        match path.split("/")[1]:
            case "leave":
                return self.site.token(self.reader)
            case "preferences" | "voice":
                return self.site.token(self.reader, LinkPurpose.CHOOSE)
            case "confirm":
                fields = {"address": "new@receiver.test", "edition": "morning"}
                assert ask(self.url, "/", "POST", self.site.form(self.url, **fields)).status == 200
                return self.site.mailed("confirm").split("/")[2]
            case place:
                link = self.choices()
                if place == "choose":
                    return link.split("/")[2]
                form = {"act": "address", "address": "moved@receiver.test"}
                assert ask(self.url, link, "POST", form).status == 200
                return self.site.mailed("address").split("/")[2]

    def choices(self) -> str:
        """Return the reader's link to their choices."""
        form = self.site.form(self.url, "/preferences", address=self.reader.address)
        assert ask(self.url, "/preferences", "POST", form).status == 200
        return self.site.mailed("choose")

    def filled(self, path: str, asked: str) -> dict[str, str]:
        """Return what somebody with a good form posts there."""
        match path:
            case "/" | "/embed":
                return self.site.form(self.url, path, address="other@receiver.test", edition="morning")
            case _ if path == TIP:
                return self.site.form(self.url, asked, words="The bridge closes on Saturday.")
            case "/preferences":
                return self.site.form(self.url, path, address="other@receiver.test")
            case "/preferences/{token}" if self.site.token(self.reader, LinkPurpose.CHOOSE) in asked:
                return self.site.form(self.url, asked)
            case "/choose/{token}":
                return {"act": "choose", "edition": "evening"}
            case _:
                return {"act": "leave"}


@pytest.fixture
def walk(site: Site, serve: Serve) -> Walk:
    open_for_tips = structs.replace(site.settings.site, tips=True)
    limits = SignupSettings(per_address_hour=1000)
    site.settings = structs.replace(site.settings, signup=limits, site=open_for_tips)
    asking = structs.replace(site.settings.editions["morning"], ask_useful=True)
    site.settings = structs.replace(site.settings, editions=site.settings.editions | {"morning": asking})
    site.runtime = replace(site.runtime, settings=site.settings)
    site.reader()
    site.send(samples()[0].edition)
    site.runtime.stores.pictures.keep("https://paper.example/a.jpg", b"\xff\xd8", 1, 1, site.now)
    return Walk(site, serve(site.app()))


def roles(walk: Walk, path: str) -> Iterator[tuple[str, str]]:
    """Yield (role, path as that role asks for it); a page without a token in its path gets one as a parameter."""
    if "{token}" in path:
        good = walk.good_token(path)
        yield from (("anonymous", walk.places(path, "")), ("reader", walk.places(path, good)))
        yield "wrong", walk.places(path, WRONG)
    else:
        plain = walk.places(path, "")
        yield from (("anonymous", plain), ("reader", f"{plain}?token={walk.site.token(walk.reader)}"))
        yield "wrong", f"{plain}?token={WRONG}"


def test_the_table_has_every_route(site: Site) -> None:
    assert {door.path for door in doors(site.runtime, Pages(site.settings))} == set(TABLE)


@pytest.mark.parametrize("path", TABLE)
def test_each_route_answers_each_visitor_as_the_table_says(walk: Walk, path: str) -> None:
    shown, posted, foreign = TABLE[path]
    visitors = [asked for _, asked in roles(walk, path)]
    before = walk.site.dump()
    assert tuple(ask(walk.url, asked).status for asked in visitors) == shown
    assert tuple(ask(walk.url, asked, "HEAD").status for asked in visitors) == shown
    if path != "/leave/{token}":
        strangers = [ask(walk.url, asked, "POST", walk.filled(path, asked), **FOREIGN) for asked in visitors]
        assert tuple(answer.status for answer in strangers) == foreign
    assert walk.site.dump() == before
    answers = [ask(walk.url, asked, "POST", walk.filled(path, asked)) for asked in visitors]
    assert tuple(answer.status for answer in answers) == posted
    for answer in answers:
        assert (answer.headers["Set-Cookie"] is not None) == (path in SIGNS_UP)
        assert answer.headers["Location"] is None
    changed = walk.site.dump() != before
    assert changed == (200 in posted)


def test_a_leave_link_is_followed_from_anywhere(walk: Walk) -> None:
    asked = f"/leave/{walk.good_token('/leave/{token}')}"
    assert ask(walk.url, asked, "POST", "List-Unsubscribe=One-Click", **FOREIGN).status == 200
    assert walk.site.stored().editions == ("evening",)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"])
def test_other_methods_do_nothing_and_are_told_which_there_are(walk: Walk, method: str) -> None:
    before = walk.site.dump()
    for path in ("/", "/archive", f"/leave/{walk.site.token(walk.reader)}"):
        answer = ask(walk.url, path, method)
        assert answer.status == 405
        assert set(answer.headers["Allow"].split(", ")) >= {"GET", "HEAD"}
        assert "That cannot be done here" in answer.text
    assert walk.site.dump() == before


def closed(answer: Reply) -> None:
    """Assert what every answer of ours says to browsers."""
    policy = answer.headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors "):
        assert part in policy
    assert "script-src" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Set-Cookie"] is None
    assert answer.headers["Server"] is None


def test_security_headers_stand_on_every_answer_and_only_the_embedded_form_may_be_framed(walk: Walk) -> None:
    asked = [(path, one) for path in TABLE for _, one in roles(walk, path)]
    for path, one in [*asked, ("", "/nowhere"), ("", "/archive/morning/never")]:
        answer = ask(walk.url, one)
        closed(answer)
        framed = path == "/embed"
        assert ("frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]) != framed
        assert answer.headers["X-Frame-Options"] == (None if framed else "DENY")
        secret = any(part in path for part in ("token", "/leave", "/preferences")) or path in {
            "/",
            "/embed",
            "/sign-up.json",
            TIP,
        }
        assert (answer.headers["Cache-Control"] == "no-store") == (secret or answer.status == 404)


def test_what_is_too_large_is_refused_unread(walk: Walk) -> None:
    for path in ("/", "/nowhere", f"/leave/{walk.site.token(walk.reader)}"):
        answer = ask(walk.url, path, "POST", "x=" + "y" * 70_000)
        assert (answer.status, answer.headers["Connection"]) == (413, "close")
        assert "That was too much" in answer.text
        closed(answer)
    assert walk.site.stored().editions == BOTH


def test_a_form_of_many_fields_or_of_nonsense_is_a_form_without_any(walk: Walk) -> None:
    for body in ("&".join(f"f{n}=1" for n in range(1000)), "%ff%fe=%zz&==&&&", "\x00", "edition=morning" * 50):
        assert ask(walk.url, "/", "POST", body).status == 422


def honest(walk: Walk, number: int, **headers: str) -> Reply:
    fields = {"address": f"r{number}@receiver.test", "edition": "morning"}
    return ask(walk.url, "/", "POST", walk.site.form(walk.url, **fields), **headers)


def limited(site: Site, serve: Serve, trusted: tuple[str, ...]) -> Walk:
    settings = structs.replace(
        site.settings, signup=SignupSettings(per_address_hour=2), web=WebSettings(trusted_proxies=trusted)
    )
    site.settings, site.runtime = settings, replace(site.runtime, settings=settings)
    return Walk(site, serve(site.app()))


def test_a_forged_forwarded_header_lifts_no_limit(site: Site, serve: Serve) -> None:
    walk = limited(site, serve, ("10.0.0.1",))  # the visitor is none of our proxies
    answers = [honest(walk, n, x_forwarded_for=f"203.0.113.{n}", forwarded=f"for=203.0.113.{n}") for n in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) <= 3600
    assert "Too many tries" in answers[2].text


def test_behind_a_proxy_of_ours_each_visitor_has_a_limit_of_their_own(site: Site, serve: Serve) -> None:
    walk = limited(site, serve, ("127.0.0.0/8",))
    assert [honest(walk, n, x_forwarded_for=f"203.0.113.{n}").status for n in range(3)] == [200] * 3
    forged = [honest(walk, n, x_forwarded_for=f"198.51.100.{n}, 203.0.113.9").status for n in range(3, 6)]
    assert forged == [200, 200, 429]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "a b"])
def test_a_forged_host_gets_nothing_and_changes_nothing(walk: Walk, host: str) -> None:
    before, form = walk.site.dump(), walk.site.form(walk.url, address="r@receiver.test", edition="morning")
    answer = ask(walk.url, "/", "POST", form, host=host)
    assert answer.status in {400, 421}
    assert "evil" not in answer.text
    closed(answer)
    assert walk.site.dump() == before


def test_links_come_from_the_settings_whatever_the_host_is_called(walk: Walk) -> None:
    form = walk.site.form(walk.url, address="r@receiver.test", edition="morning")
    assert ask(walk.url, "/", "POST", form, host="localhost:8080", x_forwarded_host="evil.example").status == 200
    assert walk.site.mailed("confirm").startswith("/confirm/")
    assert "evil" not in ask(walk.url, "/feeds/morning.atom", host="localhost:8080").text


def kept(answer: Reply) -> Iterator[tuple[str, str]]:
    """Yield the header without its date."""
    yield from ((name, value) for name, value in answer.headers.items() if name != "date")


def test_the_answer_is_the_same_byte_for_byte_whoever_the_address_is(walk: Walk) -> None:
    stores, now = walk.site.runtime.stores, walk.site.now
    stores.readers.add([NewReader(address="gone@x.test", identity="gone@x.test", editions=BOTH, consent={})], now)
    stores.readers.leave("gone@x.test", "bounced", now)
    wish = SignupRequest(address="pending@x.test", editions=("morning",), language="en")
    form = walk.site.form(walk.url)
    ask_by_function(walk.site.runtime, wish, Form(stamp=form["stamp"]), Visitor(address="192.0.2.1"))
    walk.site.mails()
    addresses = ("unknown@x.test", "pending@x.test", walk.reader.address, "gone@x.test")
    for path in ("/", "/embed", "/preferences"):
        answers = []
        for address in addresses:
            filled = walk.site.form(walk.url, path, address=address, edition="morning")
            answers.append(ask(walk.url, path, "POST", filled))
        assert {answer.status for answer in answers} == {200}
        assert len({answer.body for answer in answers}) == 1
        shapes = {re.sub(r"=k\.[0-9a-f]{8}\.[0-9a-f]{64};", "=;", str(sorted(kept(answer)))) for answer in answers}
        assert len(shapes) == 1


def test_what_is_wrong_with_a_form_is_said_and_what_was_typed_is_kept(walk: Walk) -> None:
    wrong = ask(walk.url, "/", "POST", walk.site.form(walk.url, address='<b>"nobody', edition="evening"))
    assert wrong.status == 422
    assert "This is not an e-mail address" in wrong.text
    assert 'value="&lt;b&gt;&#34;nobody"' in wrong.text
    assert 'aria-invalid="true"' in wrong.text
    assert re.search(r'value="evening" checked', wrong.text)
    assert not re.search(r'value="morning" checked', wrong.text)
    none = ask(walk.url, "/", "POST", walk.site.form(walk.url, address="r@receiver.test"))
    assert "choose at least one letter" in none.text
    stale = ask(walk.url, "/", "POST", {"address": "r@receiver.test", "edition": "morning", "stamp": "forged"})
    assert "Please press the button once more" in stale.text
    assert walk.site.mails() == []


def test_a_program_that_fills_every_field_is_told_and_no_mail_goes(walk: Walk) -> None:
    form = walk.site.form(walk.url, address="r@receiver.test", edition="morning") | {"memo": "https://spam.example"}
    told = ask(walk.url, "/", "POST", form)
    assert (told.status, "A program filled in a field" in told.text) == (422, True)
    assert 'value="r@receiver.test"' in told.text
    assert walk.site.mails() == []


def test_a_reader_signs_up_chooses_moves_takes_out_and_erases(walk: Walk) -> None:
    link = f"/confirm/{walk.good_token('/confirm/{token}')}"
    assert "new@receiver.test" in ask(walk.url, link).text
    done = ask(walk.url, link, "POST", {})
    assert "Your first Morning Update comes on" in done.text
    assert "/archive/morning/2026-11-23" in done.text
    used = ask(walk.url, link, "POST", {})
    assert (used.status, "You are signed up already" in used.text) == (200, True)
    assert "You are signed up already" in ask(walk.url, link).text

    choices = walk.choices()
    shown = ask(walk.url, choices, "POST", {"act": "choose", "edition": "evening", "until": "2026-12-24"})
    assert "Your choices are saved." in shown.text
    assert 'value="2026-12-24"' in shown.text
    assert walk.site.stored().editions == ("evening",)
    again = ask(walk.url, choices, "POST", {"act": "choose", "edition": "morning"})
    assert (again.status, "Your choices are saved." in again.text) == (200, True)
    assert walk.site.stored().editions == ("evening",)
    following = re.search(r'action="(/choose/[\w-]+)"', shown.text)
    assert following is not None

    moving = ask(walk.url, following[1], "POST", {"act": "address", "address": "moved@receiver.test"})
    assert "A mail is on its way" in moving.text
    link = walk.site.mailed("address")
    assert "moved@receiver.test" in ask(walk.url, link).text
    for _ in range(2):
        assert "Letters go to moved@receiver.test from now on." in ask(walk.url, link, "POST", {}).text
    assert "Letters go to moved@receiver.test from now on." in ask(walk.url, link).text
    assert walk.site.stored("moved@receiver.test").editions == ("evening",)

    walk.reader = walk.site.stored("moved@receiver.test")
    choices = walk.choices()
    data = ask(walk.url, choices, "POST", {"act": "export"})
    assert data.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert "moved@receiver.test" in json.dumps(json.loads(data.body))
    assert "Erase everything?" in ask(walk.url, choices, "POST", {"act": "erase"}).text
    assert walk.site.stored("moved@receiver.test").editions == ("evening",)
    for _ in range(2):
        assert "Everything is erased" in ask(walk.url, choices, "POST", {"act": "erase-now"}).text
    assert walk.site.runtime.stores.readers.find("moved@receiver.test") is None
    assert b"moved@receiver.test" not in walk.site.dump().split(b"CREATE TABLE outbox")[0]


def test_a_wrong_new_address_and_an_unknown_wish_change_nothing(walk: Walk) -> None:
    choices = walk.choices()
    before = walk.site.dump()
    wrong = ask(walk.url, choices, "POST", {"act": "address", "address": "nobody"})
    assert (wrong.status, "This is not an e-mail address" in wrong.text) == (422, True)
    assert ask(walk.url, choices, "POST", {"act": "fly"}).status == 400
    assert walk.site.dump() == before


def test_a_letters_link_to_choices_opens_nothing_and_has_one_mailed(walk: Walk) -> None:
    path = f"/preferences/{walk.site.token(walk.reader, LinkPurpose.CHOOSE)}"
    page = ask(walk.url, path)
    assert walk.reader.address not in page.text
    assert ask(walk.url, path, "POST", walk.site.form(walk.url, path)).status == 200
    assert walk.site.mails()[-1]["To"] == walk.reader.address
    too_fast = ask(walk.url, path, "POST", {"stamp": "forged"})
    assert (too_fast.status, "Please press the button once more" in too_fast.text) == (422, True)


def test_a_readers_language_rules_their_pages(walk: Walk) -> None:
    choices = walk.choices()
    shown = ask(walk.url, choices, "POST", {"act": "choose", "edition": "morning", "language": "de"})
    assert '<html lang="de"' in shown.text
    assert "Ihre Einstellungen sind gespeichert." in shown.text


def test_a_page_that_cannot_reach_its_database_says_so(walk: Walk) -> None:
    with walk.site.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE letters RENAME TO elsewhere")
    answer = ask(walk.url, "/archive")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert "Please try again in a moment" in answer.text


def test_a_site_below_a_path_stays_there(site: Site, serve: Serve) -> None:
    site.settings = structs.replace(
        site.settings, site=structs.replace(site.settings.site, url="http://127.0.0.1/news")
    )
    site.runtime = replace(site.runtime, settings=site.settings)
    key = site.send(samples()[0].edition)
    url = serve(site.app())
    page = ask(url, "/news/")
    assert page.status == 200
    links = set(re.findall(r'(?:href|action|src)="([^"#]+)', page.text))
    assert {link for link in links if not link.startswith(("/news/", "?lang="))} == set()
    for link in sorted(links):
        assert ask(url, urljoin("/news/", link.replace("&amp;", "&"))).status == 200, link
    assert ask(url, "/").status == 200  # of a proxy that takes the path off
    assert ask(url, "/archive").status == 200
    reader = site.reader()
    assert f"<http://127.0.0.1/news/leave/{site.token(reader)}>".encode() in site.copy(key, reader)
    assert ask(url, f"/news/leave/{site.token(reader)}", "POST", "List-Unsubscribe=One-Click").status == 200


def test_every_link_of_every_page_leads_somewhere_in_every_language(walk: Walk) -> None:
    seen: set[str] = set()
    waiting = ["/", *(f"/?lang={tag}" for tag in languages(kind="web"))]
    while waiting:
        link = waiting.pop()
        if link in seen:
            continue
        seen.add(link)
        answer = ask(walk.url, link)
        assert answer.status == 200, link
        if answer.headers["Content-Type"].startswith("text/html") and "/archive/morning" not in link:
            found = re.findall(r'(?:href|src)="([/?][^"#]*)', answer.text)
            waiting += [urljoin(link, one.replace("&amp;", "&")) for one in found if "month=" not in one]
    assert {"/?lang=fr", "/privacy?lang=de", "/archive?lang=es", "/archive/morning/2026-11-23"} <= seen


def test_pages_say_nothing_of_other_machines(walk: Walk) -> None:
    for path in ("/", "/archive", "/privacy", "/preferences", "/embed"):
        page = ask(walk.url, path).text
        loaded = re.findall(r'(?:src=|<link rel="(?:stylesheet|icon)" href=)"([^"]+)', page)
        assert all(one.startswith("/") for one in loaded)
        assert "<script" not in page
        assert "style=" not in page
    assert FORM["Content-Type"] == "application/x-www-form-urlencoded"


def test_the_footer_offers_the_languages_of_the_editions_and_of_the_visitor(site: Site, serve: Serve) -> None:
    site.runtime.settings.editions["evening"] = structs.replace(site.settings.editions["evening"], language="fr-CA")
    url = serve(site.app())

    def offered(path: str) -> list[str]:
        return re.findall(r'<(?:a|span)[^>]* lang="(\w+)"', ask(url, path).text)

    assert offered("/privacy") == ["en", "fr"]
    assert offered("/privacy?lang=de") == ["de", "en", "fr"]


def test_a_paper_of_one_language_offers_none(site: Site, serve: Serve) -> None:
    assert "hreflang" not in ask(serve(site.app()), "/privacy").text
