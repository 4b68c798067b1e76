"""Signing in at the desk: what lets somebody in, what does not, and that the answer tells no stranger more."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from starlette.types import ASGIApp
from tests.web.conftest import Serve
from tests.web.signed_in import CHEAP, cookie_of, make_user
from tests.web.sites import Reply, Site, ask

from digest.model.user import Role, User
from digest.people.codes import recovery_hash
from digest.people.passwords import Passwords, Verdict
from digest.people.sealing import seal
from digest.people.throttle import ACCOUNT_FREE, NETWORK_FREE
from digest.people.tokens import form_token
from digest.pipeline.people import accounts, tickets
from digest.web.desk.cookies import DEVICE, SESSION
from digest.web.desk.routes import desk_router
from digest.web.desk.tools import desk_tools

PASSWORD = "four quiet herons at noon"
WRONG = "five loud herons at night"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
THERE = "203.0.113.9"


class CountedPasswords(Passwords):
    """Passwords that count how often one is compared with a hash."""

    def __init__(self) -> None:
        super().__init__()
        self.compared: list[str | None] = []

    def _compare(self, stored: str, mapped: str) -> bool:
        self.compared.append(stored.rpartition("$")[0].rpartition("$")[0])  # the parameters, without salt and hash
        return super()._compare(stored, mapped)


class Visitor:
    """A browser that keeps cookies, follows no redirect, and is somewhere."""

    def __init__(self, url: str, client: str = THERE) -> None:
        self.url, self.client = url, client
        self.cookies: dict[str, str] = {}

    def _ask(self, path: str, method: str = "GET", form: dict[str, str] | None = None, **headers: str) -> Reply:
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        reply = ask(self.url, path, method, form, cookie=jar, x_forwarded_for=self.client, **headers)
        for name in (SESSION, DEVICE):
            self.cookies |= {name: found} if (found := cookie_of(reply, name)) else {}
        return reply

    def get(self, path: str, **headers: str) -> Reply:
        return self._ask(path, "GET", None, **headers)

    def post(self, path: str, form: dict[str, str], **headers: str) -> Reply:
        """Send a form of a page before the sign-in."""
        if DEVICE not in self.cookies:
            self.get("/desk/sign-in")
        return self._ask(path, "POST", {"csrf": form_token(self.cookies[DEVICE]), **form}, **headers)

    def sign_in(self, email: str, password: str = PASSWORD, after: str = "") -> Reply:
        return self.post("/desk/sign-in", {"email": email, "password": password, "next": after})

    def is_in(self) -> bool:
        return self.get("/desk/account").status == 200


def with_password(site: Site, role: Role = Role.EDITOR, password: str = PASSWORD) -> User:
    user = make_user(site, role)
    site.runtime.stores.users.set_password(user.id, CHEAP.hash(password))
    return user


def with_second_factor(site: Site) -> User:
    user = with_password(site)
    stored = site.runtime.stores.users.get(user.id)
    assert stored is not None
    sealed = seal(site.settings.keys, stored.handle, SECRET)
    site.runtime.stores.users.set_totp(user.id, sealed, 0, [recovery_hash("abcd-efgh-ijkl-mnop")])
    return user


def code(site: Site, later: timedelta = timedelta()) -> str:
    return pyotp.TOTP(SECRET).at(site.now + later)


def ticket_in(reply: Reply) -> str:
    found = reply.text.partition('name="ticket" value="')[2].partition('"')[0]
    assert found
    return found


def desk_app(site: Site, passwords: Passwords) -> ASGIApp:
    return desk_router(desk_tools(site.runtime, passwords), ()).app()


@pytest.fixture
def visitor(site: Site, serve: Serve) -> Visitor:
    return Visitor(serve(desk_app(site, CHEAP)))


def test_who_has_the_password_gets_in_where_they_wanted_to_go(site: Site, visitor: Visitor) -> None:
    user = with_password(site)
    sent = visitor.get("/desk/account")
    page = visitor.get(sent.headers["Location"])
    assert 'name="next" value="/desk/account"' in page.text
    reply = visitor.sign_in(user.email.upper(), after="/desk/account")
    assert (reply.status, reply.headers["Location"]) == (303, "/desk/account")
    assert visitor.get("/desk/account").status == 200


def test_a_wrong_password_lets_nobody_in(site: Site, visitor: Visitor) -> None:
    user = with_password(site)
    reply = visitor.sign_in(user.email, WRONG)
    assert reply.status == 422
    assert cookie_of(reply) == ""
    assert not visitor.is_in()


@pytest.mark.parametrize("after", [
    "https://evil.example/desk", "//evil.example/desk", "/\\evil.example/desk", "/desk/..//evil.example",
    "/desk//evil.example", "/deskevil", "javascript:alert(1)", "/desk/\r\nSet-Cookie: a=b", "/", "/archive",
    "/desk/" + "a" * 600, "/desk/../archive",
])  # fmt: skip
def test_a_sign_in_leads_nowhere_but_to_the_desk(site: Site, visitor: Visitor, after: str) -> None:
    reply = visitor.sign_in(with_password(site).email, after=after)
    assert (reply.status, reply.headers["Location"]) == (303, "/desk")
    assert "Set-Cookie: a" not in str(reply.headers)


def test_a_session_that_was_planted_before_the_sign_in_opens_nothing_after_it(site: Site, visitor: Visitor) -> None:
    user = with_password(site)
    visitor.cookies[SESSION] = planted = "planted-by-somebody-who-waits"
    visitor.sign_in(user.email)
    assert visitor.cookies[SESSION] != planted
    assert visitor.is_in()
    visitor.cookies[SESSION] = planted
    assert not visitor.is_in()


def test_a_sign_in_ends_the_session_that_the_browser_had(site: Site, visitor: Visitor) -> None:
    user = with_password(site)
    visitor.sign_in(user.email)
    before = visitor.cookies[SESSION]
    visitor.sign_in(user.email)
    assert visitor.cookies[SESSION] != before
    visitor.cookies[SESSION] = before
    assert not visitor.is_in()


def test_an_unknown_address_gets_the_same_answer_after_the_same_work(site: Site, serve: Serve) -> None:
    passwords = CountedPasswords()
    url = serve(desk_app(site, passwords))
    known = with_password(site)
    site.runtime.stores.users.set_password(known.id, passwords.hash(PASSWORD))
    disabled, without = make_user(site, Role.VIEWER), make_user(site, Role.ADMIN)
    site.runtime.stores.users.set_password(disabled.id, Passwords().hash(PASSWORD))
    site.runtime.stores.users.disable(disabled.id, site.now)
    tries = [(known.email, WRONG), (disabled.email, PASSWORD), (without.email, PASSWORD), ("no@one.example", PASSWORD)]
    answers = []
    for number, (email, password) in enumerate(tries):
        visitor = Visitor(url, f"198.51.100.{number}")
        reply = visitor.sign_in(email, password)
        answers.append((reply.status, reply.text.replace(email, "X").replace(form_token(visitor.cookies[DEVICE]), "T")))
    assert len(set(answers)) == 1
    assert len(passwords.compared) == len(tries)
    assert len(set(passwords.compared)) == 1


def test_tries_are_delayed_ever_longer_and_the_account_is_never_locked(site: Site, visitor: Visitor) -> None:
    user = with_password(site)
    replies = [visitor.sign_in(user.email, WRONG) for _ in range(ACCOUNT_FREE + 1)]
    assert [reply.status for reply in replies] == [422] * ACCOUNT_FREE + [429]
    assert replies[-1].headers["Retry-After"] == "2"
    assert visitor.sign_in(user.email).status == 429, "the right password waits as well"
    waits = []
    for _ in range(12):
        site.now += timedelta(seconds=int(visitor.sign_in(user.email, WRONG).headers["Retry-After"]))
        assert visitor.sign_in(user.email, WRONG).status == 422
        waits.append(int(visitor.sign_in(user.email, WRONG).headers["Retry-After"]))
    assert waits[:3] == [4, 8, 16]
    assert waits[-1] == 300
    site.now += timedelta(seconds=300)
    assert visitor.sign_in(user.email).status == 303


def test_an_unknown_address_is_delayed_like_a_known_one(site: Site, visitor: Visitor) -> None:
    with_password(site)
    replies = [visitor.sign_in("no@one.example") for _ in range(ACCOUNT_FREE + 1)]
    assert [reply.status for reply in replies] == [422] * ACCOUNT_FREE + [429]


def test_a_network_that_tries_many_accounts_is_delayed_and_others_are_not(site: Site, visitor: Visitor) -> None:
    user = with_password(site)
    for number in range(NETWORK_FREE):
        assert visitor.sign_in(f"user{number}@one.example").status == 422
    assert visitor.sign_in(user.email).status == 429
    assert Visitor(visitor.url, "192.0.2.1").sign_in(user.email).status == 303


def test_the_right_password_enters_from_a_known_browser_whatever_others_try(site: Site, visitor: Visitor) -> None:
    user = with_password(site)
    visitor.sign_in(user.email)
    attacker = Visitor(visitor.url, "192.0.2.1")
    for _ in range(ACCOUNT_FREE):
        attacker.sign_in(user.email, WRONG)
    assert Visitor(visitor.url, "192.0.2.77").sign_in(user.email).status == 429, "an unknown browser waits"
    assert visitor.sign_in(user.email).status == 303


def test_many_tries_at_once_are_no_more_than_one_after_the_other(
    site: Site, visitor: Visitor, elsewhere_all: Callable[..., list[int]]
) -> None:
    user = with_password(site)
    visitor.get("/desk/sign-in")
    done = elsewhere_all(12, lambda: visitor.sign_in(user.email, WRONG).status)
    assert sorted(done) == [422] * ACCOUNT_FREE + [429] * (12 - ACCOUNT_FREE)


@pytest.fixture
def elsewhere_all() -> Callable[..., list[int]]:
    def all_at_once(number: int, work: Callable[[], int]) -> list[int]:
        with ThreadPoolExecutor(number) as threads:
            return [future.result() for future in [threads.submit(work) for _ in range(number)]]

    return all_at_once


def test_a_second_factor_is_asked_for_after_the_password(site: Site, visitor: Visitor) -> None:
    user = with_second_factor(site)
    asked = visitor.sign_in(user.email, after="/desk/account")
    assert asked.status == 200
    assert cookie_of(asked) == ""
    assert not visitor.is_in()
    wrong = visitor.post("/desk/sign-in/code", {"ticket": ticket_in(asked), "code": "000000"})
    assert wrong.status == 422
    form = {"ticket": ticket_in(asked), "code": code(site), "next": "/desk/account"}
    assert visitor.post("/desk/sign-in/code", form).headers["Location"] == "/desk/account"
    assert visitor.is_in()


def test_a_code_that_was_used_is_refused(site: Site, visitor: Visitor) -> None:
    user = with_second_factor(site)
    used = code(site)
    asked = visitor.sign_in(user.email)
    assert visitor.post("/desk/sign-in/code", {"ticket": ticket_in(asked), "code": used}).status == 303
    other = Visitor(visitor.url)
    asked = other.sign_in(user.email)
    assert other.post("/desk/sign-in/code", {"ticket": ticket_in(asked), "code": used}).status == 422
    earlier = code(site, timedelta(seconds=-30))
    assert other.post("/desk/sign-in/code", {"ticket": ticket_in(asked), "code": earlier}).status == 422
    site.now += timedelta(seconds=30)
    assert other.post("/desk/sign-in/code", {"ticket": ticket_in(asked), "code": code(site)}).status == 303


def test_a_recovery_code_counts_once(site: Site, visitor: Visitor) -> None:
    user = with_second_factor(site)
    for typed, status in (("ABCD efgh ijkl mnop", 303), ("abcd-efgh-ijkl-mnop", 422)):
        asked = visitor.sign_in(user.email)
        assert visitor.post("/desk/sign-in/code", {"ticket": ticket_in(asked), "code": typed}).status == status


def test_the_step_to_the_code_is_for_the_browser_that_gave_the_password_and_ends(site: Site, visitor: Visitor) -> None:
    ticket = ticket_in(visitor.sign_in(with_second_factor(site).email))
    form = {"ticket": ticket, "code": code(site)}
    assert Visitor(visitor.url).post("/desk/sign-in/code", form).status == 422
    site.now += tickets.STEP
    assert visitor.post("/desk/sign-in/code", {"ticket": ticket, "code": code(site)}).status == 422
    assert not visitor.is_in()


def test_codes_cannot_be_tried_without_end(site: Site, visitor: Visitor) -> None:
    ticket = ticket_in(visitor.sign_in(with_second_factor(site).email))
    statuses = [visitor.post("/desk/sign-in/code", {"ticket": ticket, "code": "000000"}).status for _ in range(6)]
    assert statuses == [422] * ACCOUNT_FREE + [429]


def test_a_disabled_user_is_out_at_once(site: Site, visitor: Visitor) -> None:
    user = with_password(site)
    visitor.sign_in(user.email)
    assert visitor.is_in()
    site.runtime.stores.users.disable(user.id, site.now)
    assert not visitor.is_in()
    assert visitor.sign_in(user.email).status == 422


def test_a_session_ends_by_rest_and_by_age(site: Site, visitor: Visitor) -> None:
    user = with_password(site)
    desk = site.settings.desk
    visitor.sign_in(user.email)
    site.now += timedelta(minutes=desk.idle_minutes - 1)
    assert visitor.is_in()
    site.now += timedelta(minutes=desk.idle_minutes)
    assert not visitor.is_in()
    visitor.sign_in(user.email)
    began = site.now
    while site.now - began < timedelta(hours=desk.absolute_hours) - timedelta(hours=1):
        site.now += timedelta(hours=1)
        assert visitor.is_in()
    site.now += timedelta(hours=1)
    assert not visitor.is_in()


def test_a_link_lets_choose_a_password_once(site: Site, visitor: Visitor) -> None:
    user = make_user(site, Role.ADMIN)
    path = f"/desk/welcome/{accounts.password_link(site.runtime, user)}"
    page = visitor.get(path)
    assert page.status == 200
    assert user.email in page.text
    assert "Referrer-Policy" in page.headers
    short = visitor.post(path, {"password": "short"})
    assert (short.status, "at least 15 characters" in short.text) == (422, True)
    assert visitor.post(path, {"password": PASSWORD}).status == 303
    assert visitor.is_in()
    assert Visitor(visitor.url).get(path).status == 404
    assert Visitor(visitor.url).post(path, {"password": "another one that is long"}).status == 404
    assert Visitor(visitor.url).sign_in(user.email).status == 303


def test_a_link_is_over_after_three_days_and_when_there_is_a_newer_one(site: Site, visitor: Visitor) -> None:
    user = make_user(site, Role.ADMIN)
    first = accounts.password_link(site.runtime, user)
    second = accounts.password_link(site.runtime, user)
    assert visitor.get(f"/desk/welcome/{first}").status == 404
    assert visitor.get(f"/desk/welcome/{second}").status == 200
    site.now += accounts.LINK_LASTS
    assert visitor.get(f"/desk/welcome/{second}").status == 404


def test_a_link_does_not_replace_the_second_factor(site: Site, visitor: Visitor) -> None:
    user = with_second_factor(site)
    path = f"/desk/welcome/{accounts.password_link(site.runtime, user)}"
    assert visitor.post(path, {"password": "another one that is long"}).status == 200
    assert not visitor.is_in()


def test_a_hash_of_other_parameters_is_made_anew_at_the_sign_in(site: Site, serve: Serve) -> None:
    user = make_user(site, Role.EDITOR)
    site.runtime.stores.users.set_password(user.id, CHEAP.hash(PASSWORD))
    assert Visitor(serve(site.app())).sign_in(user.email).status == 303
    stored = site.runtime.stores.users.get(user.id)
    assert stored is not None
    assert "m=65536,t=3,p=4" in str(stored.password)
    assert Passwords().verify(stored.password, PASSWORD) == Verdict(right=True)


@pytest.mark.parametrize("headers", [
    {"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}, {"origin": "https://evil.example"},
    {"origin": "null"},
])  # fmt: skip
def test_a_sign_in_that_another_site_sends_is_refused(site: Site, visitor: Visitor, headers: dict[str, str]) -> None:
    user = with_password(site)
    reply = visitor.post("/desk/sign-in", {"email": user.email, "password": PASSWORD}, **headers)
    assert (reply.status, cookie_of(reply)) == (403, "")


@pytest.mark.parametrize("csrf", ["", "wrong", form_token("of-another-browser")])
def test_a_sign_in_without_this_browsers_form_token_is_refused(site: Site, visitor: Visitor, csrf: str) -> None:
    user = with_password(site)
    reply = visitor.post("/desk/sign-in", {"email": user.email, "password": PASSWORD, "csrf": csrf})
    assert (reply.status, cookie_of(reply)) == (403, "")


def test_what_is_stored_opens_nothing(site: Site, visitor: Visitor) -> None:
    user = with_second_factor(site)
    asked = visitor.sign_in(user.email)
    stored = site.dump().decode()
    secrets = [PASSWORD, SECRET, "abcdefghijklmnop", ticket_in(asked), visitor.cookies[DEVICE]]
    visitor.post("/desk/sign-in/code", {"ticket": ticket_in(asked), "code": code(site)})
    stored += site.dump().decode()
    assert [
        secret for secret in [*secrets, visitor.cookies[SESSION], visitor.cookies[DEVICE]] if secret in stored
    ] == []


def test_cookies_are_closed_to_scripts_and_other_sites(site: Site, visitor: Visitor) -> None:
    user = with_password(site)
    reply = visitor.sign_in(user.email)
    lines = reply.headers.get_all("Set-Cookie") or []
    assert len(lines) == 2
    assert all("; Path=/; HttpOnly; SameSite=Lax" in line for line in lines)
