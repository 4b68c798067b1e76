"""The desk in a real browser: the way in, with scripts and without, passkeys, and whether everybody can use it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pyotp
import pytest
from msgspec import structs
from starlette.types import ASGIApp, Receive, Scope, Send
from tests.browser import pale
from tests.web.conftest import Judge, Serve
from tests.web.signed_in import CHEAP, make_user, sign_in
from tests.web.sites import Site, ask

from digest.model.user import Role, User
from digest.pipeline.people import accounts
from digest.web.desk.cookies import DEVICE

pytestmark = pytest.mark.slow
PASSWORD, ANOTHER = "four quiet herons at noon", "nine small boats in fog"


class Later:
    """An app that is made when its address is known."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@dataclass
class Office:
    """A desk at its own address, and somebody at a browser."""

    site: Site
    url: str
    page: Any

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)

    def press(self, name: str) -> str:
        """Press a button; return the heading of the page that comes."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()
        return self.heading

    @property
    def heading(self) -> str:
        heading: str = self.page.get_by_role("heading", level=1).inner_text()
        return heading

    def is_in(self, name: str) -> bool:
        """Tell whether that user is signed in."""
        self.open("/desk/account")
        return self.heading == "Account" and name in self.page.get_by_role("main").inner_text()

    def user(self, role: Role, name: str = "") -> User:
        user = make_user(self.site, role, name)
        self.site.runtime.stores.users.set_password(user.id, CHEAP.hash(PASSWORD))
        return user

    def sign_in(self, user: User, password: str = PASSWORD) -> str:
        self.open("/desk")
        self.page.get_by_label("E-mail address").fill(user.email)
        self.page.get_by_label("Password").fill(password)
        return self.press("Sign in")


@pytest.fixture
def place(tmp_path: Path, ready_sqlite: Path, serve: Serve) -> Iterator[tuple[Site, str]]:
    """Give a site whose public address is where it is served: passkeys belong to a host and a port."""
    later = Later()
    url = serve(later).replace("127.0.0.1", "localhost")
    shutil.copy(ready_sqlite, tmp_path / "digest.db")
    site = Site(tmp_path, url)
    oidc = structs.replace(site.settings.desk.oidc, issuer="http://127.0.0.1:1", client_id="desk", name="Press ID")
    settings = structs.replace(site.settings, desk=structs.replace(site.settings.desk, oidc=oidc))
    site.settings, site.runtime = settings, replace(site.runtime, settings=settings)
    later.app = site.app()
    yield site, url
    site.database.close()


def opened(place: tuple[Site, str], chromium: Any, **options: Any) -> Office:
    site, url = place
    context = chromium.new_context(viewport={"width": 375, "height": 800}, **options)
    page = context.new_page()
    page.set_default_timeout(15_000)
    return Office(site, url, page)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_an_admin_comes_in_by_a_link_adds_a_factor_and_a_colleague(
    place: tuple[Site, str], chromium: Any, *, scripts: bool
) -> None:
    office = opened(place, chromium, java_script_enabled=scripts)
    page, site = office.page, office.site
    admin = make_user(site, Role.ADMIN, "Ana Silva")
    office.open(f"/desk/welcome/{accounts.password_link(site.runtime, admin)}")
    page.get_by_label("Password").fill(PASSWORD)
    office.press("Set the password and sign in")
    assert office.is_in("Ana Silva")

    page.get_by_role("link", name="Account").first.click()
    assert office.press("Set up an app") == "Set up an app"
    app = pyotp.TOTP(page.locator("code.secret").inner_text())
    page.get_by_label("The code that the app shows now").fill(app.at(site.now))
    assert office.press("Switch it on") == "Your recovery codes"
    recovery = page.locator(".codes code").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    assert office.press("Sign out") == "Sign in"

    assert office.sign_in(admin) == "Your code"
    page.get_by_label("Code").fill(recovery)
    office.press("Go on")
    assert office.is_in("Ana Silva")

    site.now += timedelta(minutes=30)
    page.get_by_role("link", name="People").first.click()
    page.get_by_label("Name").fill("Bo Lind")
    page.get_by_label("E-mail address").fill("bo@paper.example")
    page.get_by_label("viewer").check()
    assert office.press("Add, and make a link") == "Is it you?"
    page.get_by_label("Password of").fill(PASSWORD)
    page.get_by_label("Code of your").fill(app.at(site.now))
    assert office.press("Go on") == "People"
    assert "Bo Lind is added." in page.get_by_role("main").inner_text()
    link = page.locator("code.secret").inner_text()

    assert office.press("Sign out") == "Sign in"
    page.goto(link)
    page.get_by_label("Password").fill(ANOTHER)
    office.press("Set the password and sign in")
    assert office.is_in("Bo Lind")
    assert page.get_by_role("link", name="People").count() == 0
    page.context.close()


def with_authenticator(office: Office) -> None:
    """Give the browser an authenticator that verifies its user and asks nobody."""
    devtools = office.page.context.new_cdp_session(office.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_signs_in_and_proves_again_who_one_is(place: tuple[Site, str], chromium: Any) -> None:
    office = opened(place, chromium)
    with_authenticator(office)
    page, site = office.page, office.site
    user = office.user(Role.ADMIN)
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    office.sign_in(user)
    office.open("/desk/account")
    assert office.press("Add a passkey") == "Add a passkey"
    page.get_by_label("What you call the device").fill("My phone")
    assert office.press("Create the passkey") == "Account"
    assert "The passkey is added." in page.get_by_role("main").inner_text()
    assert office.press("Add a passkey") == "Add a passkey"
    page.get_by_label("What you call the device").fill("My phone again")
    page.get_by_role("button", name="Create the passkey").click()
    page.get_by_text("This device has a passkey for your account already.").wait_for()

    assert office.press("Sign out") == "Sign in"
    assert office.press("Sign in with a passkey") == "Sign in with a passkey"
    office.press("Use a passkey")
    assert office.is_in("Pat Admin")

    site.now += timedelta(minutes=30)
    office.open("/desk/users")
    page.get_by_label("Name").fill("Bo Lind")
    page.get_by_label("E-mail address").fill("bo@paper.example")
    office.press("Add, and make a link")
    assert office.press("With a passkey") == "Is it you?"
    assert office.press("Use a passkey") == "People"
    assert "Bo Lind is added." in page.get_by_role("main").inner_text()
    what = [entry.what for entry in site.runtime.stores.audit.entries()]
    assert what == ["user added", "signed in", "signed out", "passkey added", "signed in"]

    office.open("/desk/account")
    office.press("Take out the passkey My phone")
    office.press("Sign out")
    office.press("Sign in with a passkey")
    assert office.press("Use a passkey") == "Sign in", "the authenticator has it still, the desk no more"
    assert said == []
    page.context.close()


def kept_answer(office: Office) -> str:
    """Let the browser answer the request for a passkey, and return the form, which is not sent."""
    sent: list[str] = []

    def keep(route: Any) -> None:
        sent.append(route.request.post_data)
        route.fulfill(body="<h1>Kept</h1>", content_type="text/html")

    office.open("/desk/sign-in")
    office.press("Sign in with a passkey")
    office.page.route("**/sign-in/passkey", keep)
    assert office.press("Use a passkey") == "Kept"
    office.page.unroute("**/sign-in/passkey")
    return sent[0]


def for_user(form: str, handle: str | None) -> str:
    """Return the form of a passkey's answer with another handle of a user in it, or with none."""
    fields = dict(parse_qsl(form))
    answer = json.loads(fields["answer"])
    assert answer["response"].pop("userHandle")
    answer["response"] |= {} if handle is None else {"userHandle": handle}
    return urlencode({**fields, "answer": json.dumps(answer)})


def test_the_answer_of_a_passkey_counts_once_and_for_its_owner_alone(place: tuple[Site, str], chromium: Any) -> None:
    office = opened(place, chromium)
    with_authenticator(office)
    page = office.page
    office.sign_in(office.user(Role.EDITOR))
    office.open("/desk/account")
    office.press("Add a passkey")
    page.get_by_label("What you call the device").fill("My phone")
    office.press("Create the passkey")
    office.press("Sign out")
    sent = kept_answer(office)
    (device,) = [each["value"] for each in page.context.cookies() if each["name"] == DEVICE]
    local = office.url.replace("localhost", "127.0.0.1")

    def post(body: str, cookie: str) -> int:
        return ask(local, "/desk/sign-in/passkey", "POST", body, cookie=f"{DEVICE}={cookie}", host="localhost").status

    assert post(re.sub("ticket=[^&]+", "ticket=guessed", sent), device) == 422
    assert post(sent, device) == 303
    assert post(sent, device) == 422, "once"
    assert post(for_user(kept_answer(office), "YW5vdGhlcg"), device) == 422, "made for another user"
    assert post(for_user(kept_answer(office), None), device) == 422, "says not for whom it was made"
    page.context.close()


def test_the_keyboard_is_enough_to_sign_in(place: tuple[Site, str], chromium: Any) -> None:
    office = opened(place, chromium)
    user = office.user(Role.EDITOR)
    page = office.page
    office.open("/desk/account")
    assert page.evaluate("document.activeElement.id") == "email"
    page.keyboard.type(user.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert office.heading == "Account"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.context.close()


PAGES = ("/account", "/users", "/log", "/nowhere")
OPEN_PAGES = ("/sign-in", "/welcome/unknown")


def test_everybody_can_use_every_page(place: tuple[Site, str], chromium: Any, axe: Judge) -> None:
    office = opened(place, chromium, bypass_csp=True)  # for axe alone
    page, site = office.page, office.site
    for name in ("Ana Silva", "Bo Lind-Wintersteinhausen"):
        make_user(site, Role.EDITOR, name)
    site.runtime.stores.users.disable(make_user(site, Role.VIEWER).id, site.now)
    admin = office.user(Role.ADMIN)
    faults: list[str] = []

    def judge(name: str) -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": 375 if scheme == "light" else 1280, "height": 900})
            faults.extend(
                f"{name}, {scheme}: {fault}" for fault in axe(page, contrast=(scheme, name) == ("light", "/users"))
            )
            faults.extend(f"{name}, {scheme}: below 7:1: {fault}" for fault in pale(page))
        page.set_viewport_size({"width": 320, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        faults.extend([f"{name} is {wide} wide at 320"] if wide > 320 else [])

    def pressed(path: str, button: str) -> None:
        office.open(path)
        page.evaluate("for (const form of document.forms) form.noValidate = true")
        office.press(button)
        judge(f"{path}: {button}")

    for path in OPEN_PAGES:
        office.open(f"/desk{path}")
        judge(path)
    pressed("/desk/sign-in", "Sign in")
    pressed("/desk/sign-in", "Sign in with a passkey")
    office.open(f"/desk/welcome/{accounts.password_link(site.runtime, admin)}")
    judge("welcome")
    page.context.add_cookies([sign_in(site, office.url, Role.ADMIN).cookie])
    for path in PAGES:
        office.open(f"/desk{path}")
        for details in page.locator("details").all():
            details.evaluate("node => node.open = true")
        judge(path)
    pressed("/desk/account", "Set up an app")
    page.get_by_label("The code that the app shows now").fill(
        pyotp.TOTP(page.locator("code.secret").inner_text()).at(site.now)
    )
    office.press("Switch it on")
    judge("recovery codes")
    pressed("/desk/account", "Add a passkey")
    pressed("/desk/account", "Change the password")
    pressed("/desk/users", "Add, and make a link")
    office.open("/desk/users")
    page.get_by_label("Name").fill("Kim Doe")
    page.get_by_label("E-mail address").fill("kim@paper.example")
    office.press("Add, and make a link")
    judge("a link")
    site.now += timedelta(minutes=30)
    pressed("/desk/account", "Add a passkey")
    page.context.close()
    assert faults == []
