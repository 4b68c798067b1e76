"""The desk's router: who may see and act, from where, and under which name it answers at all."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp
from tests.web.conftest import Serve, SignIn
from tests.web.signed_in import CHEAP, SignedInUser, cookie_of, sign_in
from tests.web.sites import Site, ask

from digest.model.user import Role
from digest.people.tokens import form_token
from digest.web.desk.caller import is_from_desk, safe_target
from digest.web.desk.cookies import DEVICE, SESSION, Cookies
from digest.web.desk.doors import open_routes, own_routes
from digest.web.desk.routes import DeskRoute, DeskVisit
from digest.web.desk.site import Desk, desk_path
from digest.web.desk.tools import desk_tools
from digest.web.listen import Listener
from digest.web.site import public_site
from digest.web.visit import PageAnswer

PASSWORD = "four quiet herons at noon"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
OWN: dict[str, tuple[Role | None, Role | None]] = {
    "/account": (Role.VIEWER, Role.VIEWER),
    "/sign-out": (None, Role.VIEWER),
    "/sign-out/everywhere": (None, Role.VIEWER),
    "/users": (Role.ADMIN, Role.ADMIN),
    "/log": (Role.ADMIN, None),
}
"""Path -> the role that GET and POST need; None where the method is none of the page's."""
SAMPLES: dict[str, tuple[Role | None, Role | None]] = {
    "/": (Role.VIEWER, None),
    "/sample/{name}": (Role.VIEWER, Role.EDITOR),
    "/sample/{name}/look": (Role.EDITOR, None),
    "/sample/{name}/approve": (Role.PUBLISHER, Role.PUBLISHER),
}
"""The same of routes as the editions have them."""
EDITION = "/editions/{name}/{date}"
EDITIONS: dict[str, tuple[Role | None, Role | None]] = {
    "/": (Role.VIEWER, None),
    EDITION: (Role.VIEWER, Role.EDITOR),
    f"{EDITION}/story/{{story}}": (Role.VIEWER, Role.EDITOR),
    f"{EDITION}/letter": (Role.VIEWER, None),
    f"{EDITION}/version": (Role.VIEWER, None),
    **{
        f"{EDITION}/{name}": (Role.VIEWER, Role.PUBLISHER)
        for name in (
            *("approve", "hold", "skip", "pause", "resume", "refreeze"),
            *("preview-correction", "correct", "withdraw"),
        )
    },
    **{f"{EDITION}/{name}": (Role.VIEWER, Role.EDITOR) for name in ("compose", "test", "add", "tip")},
    "/edition.css": (Role.VIEWER, None),
    "/edition.js": (Role.VIEWER, None),
    "/unsaved.js": (Role.VIEWER, None),
}
"""The same of the editions' own routes."""
WEIGHTY = {f"{EDITION}/approve", f"{EDITION}/refreeze"}
"""What asks for the password again after a while."""
WRONGS = ("no token", "another session's", "the browser's", "cross-site", "same-site", "origin")
OPEN = {
    "/sign-in": "GET POST",
    "/sign-in/code": "POST",
    "/sign-in/passkey": "POST",
    "/sign-in/provider": "POST",
    "/oidc/back": "GET",
    "/welcome/{token}": "GET POST",
    "/desk.css": "GET",
    "/desk.js": "GET",
    "/icon.svg": "GET",
}
"""What answers before the sign-in."""


class Newsroom:
    """A desk with sample routes, whose acts are counted."""

    def __init__(self, site: Site, serve: Serve) -> None:
        self.site = site
        self.acts: list[tuple[str, dict[str, tuple[str, ...]]]] = []
        samples = [self._sample(path, see, change) for path, (see, change) in SAMPLES.items()]
        self.url = serve(Desk(site.runtime, PlainTextResponse("public\n", 404), lambda _runtime: samples))

    def _sample(self, path: str, see: Role | None, change: Role | None) -> DeskRoute:
        def show(visit: DeskVisit) -> PageAnswer:
            return PageAnswer(body=f"{visit.visit.places.get('name', 'first')} for {visit.user.name}".encode())

        def act(visit: DeskVisit) -> PageAnswer:
            self.acts.append((visit.visit.places["name"], dict(visit.visit.form)))
            return PageAnswer(body=f"done {visit.csrf}".encode())

        assert see is not None
        recent = path.endswith("approve")
        return DeskRoute(
            path=path, show=show, act=act if change else None, see=see, change=change or Role.ADMIN, recent=recent
        )

    def enter(self, role: Role, password: str = "") -> SignedInUser:
        someone = sign_in(self.site, self.url, role)
        if password:
            self.site.runtime.stores.users.set_password(someone.user.id, CHEAP.hash(password))
            someone = sign_in(self.site, self.url, role)
        return someone


@pytest.fixture
def newsroom(site: Site, serve: Serve) -> Newsroom:
    return Newsroom(site, serve)


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory, ready_sqlite: Path) -> Iterator[Newsroom]:
    """Give a desk, with somebody signed in, to tests of what changes nothing: one for all of them."""
    folder = tmp_path_factory.mktemp("refusing")
    shutil.copy(ready_sqlite, folder / "digest.db")
    site = Site(folder)
    with ExitStack() as running:

        def serve(app: ASGIApp) -> str:
            return running.enter_context(Listener(app, "127.0.0.1", 0).in_background()).url

        made = Newsroom(site, serve)
        made.enter(Role.ADMIN)
        yield made
    site.database.close()


PLACES = {"{name}": "morning", "{date}": "2026-11-23", "{story}": "7", "{token}": "unknown"}


def filled(path: str) -> str:
    for place, value in PLACES.items():
        path = path.replace(place, value)
    return f"/desk{path}".removesuffix("/")


def routes_of_editions(site: Site) -> Sequence[DeskRoute]:
    """Return the editions' own routes; skips in a program without them."""
    table = pytest.importorskip("digest.web.desk.editions.table", reason="this program has no pages of editions")
    found: Sequence[DeskRoute] = table.edition_routes(site.runtime)
    return found


def expected(method: str, see: Role | None, change: Role | None, role: Role) -> bool | None:
    """Return whether a role is let through; None when the page knows no such method."""
    if method in {"GET", "HEAD"}:
        return None if see is None else role >= see
    return None if method != "POST" or change is None else role >= change


def test_the_table_has_every_route(site: Site) -> None:
    tools = desk_tools(site.runtime)
    assert {route.path for route in own_routes(tools)} == set(OWN)
    methods = {r.path: " ".join((["GET"] * bool(r.show)) + (["POST"] * bool(r.act))) for r in open_routes(tools)}
    assert methods == OPEN


@pytest.mark.parametrize("path", [*OWN, *SAMPLES])
def test_each_role_may_do_what_the_table_says_and_nothing_more(newsroom: Newsroom, path: str) -> None:
    see, change = {**OWN, **SAMPLES}[path]
    for role in Role:
        for method in METHODS:
            someone = newsroom.enter(role)  # anew, since some acts sign out
            before = len(newsroom.acts)
            form = {"csrf": someone.csrf} if method == "POST" else None
            reply = ask(newsroom.url, filled(path), method, form, cookie=f"{SESSION}={someone.token}")
            may = expected(method, see, change, role)
            got = None if reply.status == 405 else reply.status != 403
            assert got == may, (role, method, reply.status)
            assert len(newsroom.acts) - before == bool(may and method == "POST" and path in SAMPLES)


def test_the_table_has_every_route_of_the_editions(site: Site) -> None:
    found = routes_of_editions(site)
    assert {route.path: (route.see, route.change if route.act else None) for route in found} == EDITIONS
    assert {route.path for route in found if route.recent} == WEIGHTY


@pytest.mark.parametrize("path", EDITIONS)
def test_each_role_may_do_with_editions_what_the_table_says(site: Site, serve: Serve, path: str) -> None:
    answer = PageAnswer(body=b"let through")
    (route,) = [route for route in routes_of_editions(site) if route.path == path]
    probe = replace(route, show=lambda _visit: answer, act=(lambda _visit: answer) if route.act else None)
    url = serve(Desk(site.runtime, PlainTextResponse("public", 404), lambda _runtime: [probe]))
    see, change = EDITIONS[path]
    for role in Role:
        someone = sign_in(site, url, role)
        for method in METHODS:
            form = {"csrf": someone.csrf} if method == "POST" else None
            reply = ask(url, filled(path), method, form, cookie=f"{SESSION}={someone.token}")
            may = expected(method, see, change, role)
            assert (None if reply.status == 405 else reply.status == 200) == may, (role, method, reply.status)
            if method in {"GET", "POST"}:
                assert ask(url, filled(path), method, form).status == 303, "without a session"


@pytest.mark.parametrize("path", [*OWN, *SAMPLES])
@pytest.mark.parametrize("cookie", ["", f"{SESSION}=unknown", f"{SESSION}=", f"{DEVICE}=unknown"])
def test_nothing_answers_without_a_session(refusing: Newsroom, path: str, cookie: str) -> None:
    for method in METHODS:
        form = {"csrf": form_token("unknown")} if method == "POST" else None
        reply = ask(refusing.url, filled(path), method, form, cookie=cookie)
        if method in {"GET", "HEAD", "POST"}:
            assert reply.status == 303
            assert reply.headers["Location"].startswith("/desk/sign-in")
            assert reply.body == b""
        else:
            assert reply.status == 405
    assert refusing.acts == []


def test_where_somebody_wanted_to_go_is_kept_for_after_the_sign_in(refusing: Newsroom) -> None:
    refusing.enter(Role.ADMIN)
    reply = ask(refusing.url, "/desk/sample/morning?view=phone")
    assert reply.headers["Location"] == "/desk/sign-in?next=%2Fdesk%2Fsample%2Fmorning%3Fview%3Dphone"


@pytest.mark.parametrize("path", [*OWN, *SAMPLES, *OPEN])
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost", ""])
def test_nothing_answers_under_another_name(refusing: Newsroom, path: str, host: str) -> None:
    someone = refusing.enter(Role.ADMIN)
    for method in ("GET", "POST"):
        form = {"csrf": someone.csrf} if method == "POST" else None
        reply = ask(refusing.url, filled(path), method, form, cookie=f"{SESSION}={someone.token}", host=host)
        assert reply.status in {400, 421}
        assert "Set-Cookie" not in reply.headers
    assert refusing.acts == []


@pytest.mark.parametrize("path", [path for path, (_see, change) in {**OWN, **SAMPLES}.items() if change])
@pytest.mark.parametrize(
    "wrong", ["no token", "another session's", "the browser's", "cross-site", "same-site", "origin"]
)
def test_a_form_that_the_desk_did_not_make_does_nothing(refusing: Newsroom, path: str, wrong: str) -> None:
    someone, other = refusing.enter(Role.ADMIN), refusing.enter(Role.PUBLISHER)
    csrf = {"no token": "", "another session's": other.csrf, "the browser's": form_token("device")}
    headers: dict[str, dict[str, str]] = {
        "cross-site": {"sec_fetch_site": "cross-site"},
        "same-site": {"sec_fetch_site": "same-site"},
        "origin": {"origin": "https://evil.example"},
    }
    form = {"csrf": csrf.get(wrong, someone.csrf), "act": "add", "email": "x@paper.example", "role": "admin"}
    stores = refusing.site.runtime.stores
    before = (stores.users.all(), stores.user_sessions.of(someone.user.id))
    cookie = f"{SESSION}={someone.token}; {DEVICE}=device"
    reply = ask(refusing.url, filled(path), "POST", form, cookie=cookie, **headers.get(wrong, {}))
    assert reply.status == 403
    assert (stores.users.all(), stores.user_sessions.of(someone.user.id)) == before
    assert refusing.acts == []


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, True),
        ({"origin": "https://paper.example"}, True),
        ({"origin": "https://paper.example.evil.example"}, False),
        ({"origin": "http://paper.example"}, False),
        ({"origin": "null"}, False),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "https://paper.example"}, False),
    ],
)
def test_a_browser_says_which_site_sent_a_form(*, headers: dict[str, str], ours: bool) -> None:
    assert is_from_desk(Headers(headers), "https://paper.example") == ours


class TestAnActThatWeighs:
    """It asks for the password again after a while, and goes on as it was sent."""

    PATH = "/desk/sample/morning/approve"

    def test_goes_through_soon_after_the_sign_in(self, newsroom: Newsroom) -> None:
        newsroom.enter(Role.PUBLISHER, PASSWORD).post(self.PATH, {"note": "ready"})
        assert len(newsroom.acts) == 1

    @pytest.fixture
    def late(self, newsroom: Newsroom) -> SignedInUser:
        someone = newsroom.enter(Role.PUBLISHER, PASSWORD)
        newsroom.site.now += timedelta(minutes=newsroom.site.settings.desk.recent_minutes)
        return someone

    def test_waits_for_the_password_and_then_goes_on_with_all_its_fields(
        self, newsroom: Newsroom, late: SignedInUser
    ) -> None:
        page = late.post(self.PATH, {"note": 'a "quoted" <note>', "story": "7"})
        assert (page.status, newsroom.acts) == (403, [])
        assert f'action="{self.PATH}"' in page.text
        fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
        assert ("note", "a &#34;quoted&#34; &lt;note&gt;") in fields
        form = {"note": 'a "quoted" <note>', "story": "7", "again": "password", "again_password": PASSWORD}
        done = late.post(self.PATH, form)
        assert done.status == 200
        assert newsroom.acts == [("morning", {"note": ('a "quoted" <note>',), "story": ("7",)})]
        renewed = cookie_of(done)
        assert renewed != late.token
        assert done.text == f"done {form_token(renewed)}"
        assert late.get("/desk/account").status == 303, "the old token opens nothing more"
        assert replace(late, token=renewed).post(self.PATH, {}).status == 200
        assert len(newsroom.acts) == 2

    def test_does_not_go_on_with_a_wrong_password(self, newsroom: Newsroom, late: SignedInUser) -> None:
        form = {"note": "ready", "again": "password", "again_password": "another one that is wrong"}
        replies = [late.post(self.PATH, form) for _ in range(6)]
        assert [reply.status for reply in replies] == [422] * 5 + [429]
        assert all('name="note" value="ready"' in reply.text for reply in replies)
        assert newsroom.acts == []

    def test_asks_for_the_role_before_the_password(self, newsroom: Newsroom) -> None:
        someone = newsroom.enter(Role.EDITOR, PASSWORD)
        newsroom.site.now += timedelta(minutes=newsroom.site.settings.desk.recent_minutes)
        form = {"again": "password", "again_password": PASSWORD}
        assert someone.post(self.PATH, form).status == 403
        assert newsroom.acts == []

    def test_keeps_no_password_in_the_log(self, newsroom: Newsroom, late: SignedInUser) -> None:
        late.post(self.PATH, {"note": "ready", "again": "password", "again_password": PASSWORD})
        entries = newsroom.site.runtime.stores.audit.entries()
        assert [(entry.what, entry.about) for entry in entries] == [
            ("/sample/{name}/approve", {"name": "morning", "note": "ready"})
        ]
        assert PASSWORD not in newsroom.site.dump().decode()


def test_acts_and_refusals_are_noted_with_who_and_from_where(newsroom: Newsroom) -> None:
    editor = newsroom.enter(Role.EDITOR)
    editor.post("/desk/sample/morning", {"act": "drop", "story": "7"}, x_forwarded_for="203.0.113.50")
    editor.post("/desk/sample/morning/approve", x_forwarded_for="203.0.113.50")
    entries = newsroom.site.runtime.stores.audit.entries()
    assert [(e.who, e.what, e.about, e.client, e.refused) for e in entries] == [
        (editor.user.email, "/sample/{name}/approve", {"name": "morning"}, "203.0.113.50", True),
        (editor.user.email, "/sample/{name}", {"name": "morning", "act": "drop", "story": "7"}, "203.0.113.50", False),
    ]


def test_there_is_no_desk_before_there_is_a_user_and_none_when_it_is_off(
    site: Site, serve: Serve, signed_in: SignIn
) -> None:
    url = serve(site.app())
    assert ask(url, "/desk").status == 404
    assert ask(url, "/desk/sign-in").status == 404
    signed_in(Role.VIEWER)
    assert ask(url, "/desk/sign-in").status == 200
    site.runtime = replace(
        site.runtime, settings=structs.replace(site.settings, desk=structs.replace(site.settings.desk, off=True))
    )
    assert ask(serve(site.app()), "/desk/sign-in").status == 404


@pytest.mark.parametrize("role", Role)
def test_who_is_signed_in_sees_the_places_of_the_own_role(signed_in: SignIn, role: Role) -> None:
    someone = signed_in(role)
    page = someone.get("/desk/account/")
    assert page.status == 200
    assert f"{someone.user.name}, {someone.user.email}, {role.name.lower()}" in page.text
    assert ("/desk/users" in page.text) == (role is Role.ADMIN)


def test_every_answer_of_the_desk_is_closed(newsroom: Newsroom) -> None:
    someone = newsroom.enter(Role.ADMIN)
    for path in ("/desk", "/desk/account", "/desk/users", "/desk/log", "/desk/nothing", "/desk/sign-in"):
        headers = someone.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["Referrer-Policy"] == "same-origin"


class TestOnAHostOfItsOwn:
    """The desk answers at another name than the public pages, and only there."""

    @pytest.fixture
    def url(self, site: Site, serve: Serve) -> str:
        desk = structs.replace(site.settings.desk, host="desk.paper.example")
        public = structs.replace(site.settings.site, url="https://paper.example/letters")
        settings = structs.replace(site.settings, desk=desk, site=public)
        site.runtime = replace(site.runtime, settings=settings)
        return serve(public_site(site.runtime))

    def test_it_answers_there_alone(self, site: Site, url: str) -> None:
        sign_in(site, url, Role.ADMIN)
        assert ask(url, "/desk/sign-in", host="desk.paper.example").status == 200
        assert ask(url, "/", host="desk.paper.example").headers["Location"] == "/desk"
        assert ask(url, "/archive", host="desk.paper.example").status == 404
        assert ask(url, "/desk/sign-in", host="paper.example").status == 421
        assert ask(url, "/letters/desk/sign-in", host="paper.example").status == 404
        assert ask(url, "/letters/archive", host="paper.example").status == 200

    def test_its_cookies_are_of_that_host_and_of_tls_alone(self, site: Site, url: str) -> None:
        sign_in(site, url, Role.ADMIN)
        line = ask(url, "/desk/sign-in", host="desk.paper.example").headers["Set-Cookie"]
        assert line.startswith(f"__Host-{DEVICE}=")
        assert "; Path=/; HttpOnly; SameSite=Lax; Secure" in line
        assert "Domain" not in line


@pytest.mark.parametrize(
    ("path", "root", "found"),
    [
        ("/desk", "", "/desk"),
        ("/desk/", "", "/desk"),
        ("/desk/users/", "", "/desk/users"),
        ("/desktop", "", ""),
        ("/letters/desk", "/letters", "/letters/desk"),
        ("/desk/users", "/letters", "/letters/desk/users"),
        ("/letters/archive", "/letters", ""),
        ("/archive", "", ""),
    ],
)
def test_the_desk_knows_its_paths(path: str, root: str, found: str) -> None:
    assert desk_path(path, root) == found


@pytest.mark.parametrize("root", ["", "/letters"])
def test_a_target_stays_on_the_desk(root: str) -> None:
    for good in ("", "/users", "/sample/morning?view=phone&a=%20b", "?x=1"):
        assert safe_target(f"{root}/desk{good}", root) == f"{root}/desk{good}"
    for bad in ("//evil.example", "https://evil.example/desk", "/archive", "/desk\\evil", "/desk/../x", "/desk\n"):
        assert safe_target(bad, root) == f"{root}/desk"


def test_a_page_that_breaks_tells_nothing_of_itself(site: Site, serve: Serve, ignoring: Callable[[], None]) -> None:
    def broken(_visit: DeskVisit) -> PageAnswer:
        raise ZeroDivisionError("a secret of the inside")

    url = serve(
        Desk(site.runtime, PlainTextResponse("public"), lambda _runtime: [DeskRoute(path="/broken", show=broken)])
    )
    someone = sign_in(site, url, Role.ADMIN)
    ignoring()
    reply = someone.get("/desk/broken")
    assert (reply.status, "secret" in reply.text) == (500, False)


@pytest.fixture
def ignoring(caplog: pytest.LogCaptureFixture) -> Callable[[], None]:
    """Let the server log a broken page without a failing test."""
    return lambda: caplog.set_level("CRITICAL")


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("", ""),
        ("digest-desk=abc", "abc"),
        ('other="a b; digest-desk=abc; x', "abc"),
        ("a=b c;digest-desk=abc ;", "abc"),
        ("digest-desk=", ""),
        ("digest-desk=a b", ""),
        ("digest-desk=" + "a" * 101, ""),
        ("xdigest-desk=abc", ""),
        ("__Host-digest-desk=abc", ""),
    ],
)
def test_a_cookie_is_found_among_those_of_others(header: str, token: str) -> None:
    assert Cookies(secure=False).read(header, SESSION) == token
    assert Cookies(secure=True).read(header, SESSION) == ("abc" if header.startswith("__Host-") else "")
