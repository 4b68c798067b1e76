"""Single sign-on against a small provider on loopback: who is let in, and whose answer opens nothing."""

from __future__ import annotations

import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from msgspec import structs
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tests.web.conftest import Serve
from tests.web.signed_in import cookie_of, make_user
from tests.web.sites import Reply, Site
from tests.web.test_desk_sign_in import Visitor

from digest.model.user import Role
from digest.people.tokens import form_token
from digest.pipeline.people import tickets
from digest.web.desk.cookies import SESSION

CLIENT, SECRET = "digest-desk", "known to both"
KEY, OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one"}), RSAKey.generate_key(2048, {"kid": "one"})


@dataclass
class Press:
    """A provider: what it says of who signs in, and how it may misbehave."""

    site: Site
    url: str = ""
    claims: dict[str, Any] = field(default_factory=lambda: {"email": "ana@paper.example", "email_verified": True})
    changes: dict[str, Any] = field(default_factory=dict)
    """What its token says in place of what is right."""
    key: RSAKey = field(default_factory=lambda: KEY)
    algorithm: str = "RS256"
    in_page: bool = False
    """Whether the address stands in the page about the user, not in the token."""
    issuer: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    exchanged: list[dict[str, str]] = field(default_factory=list)

    def app(self) -> Starlette:
        """Return its pages."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._about),
                Route("/token", self._token, methods=["POST"]),
                Route("/keys", lambda _: JSONResponse(KeySet([KEY]).as_dict(private=False))),
                Route("/me", self._me),
            ]
        )

    def sign_in(self, where: str) -> str:
        """Let somebody sign in at the address where a browser was sent; return the query that it comes back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(where).query).items()}
        assert where.startswith(f"{self.url}/authorize?")
        self.asked.append(asked)
        return urlencode({"code": "a-code", "state": asked["state"]})

    def _about(self, _: Request) -> Response:
        found = {
            "issuer": self.issuer or self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/me",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }
        return JSONResponse(found)

    async def _token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        self.exchanged.append(form)
        challenge = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        name, _, secret = b64decode(request.headers["authorization"].removeprefix("Basic ")).decode().partition(":")
        good = (name, secret, form["code"], challenge) == (CLIENT, SECRET, "a-code", self.asked[-1]["code_challenge"])
        if not good:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(self.site.now.timestamp())
        said = {"iss": self.url, "sub": "7", "aud": CLIENT, "iat": now, "exp": now + 300, "auth_time": now}
        said |= {"nonce": self.asked[-1]["nonce"], **({} if self.in_page else self.claims), **self.changes}
        token = jwt.encode({"alg": self.algorithm, "kid": "one"}, said, self.key, algorithms=[self.algorithm])
        return JSONResponse({"access_token": "bearer-token", "token_type": "Bearer", "id_token": token})

    def _me(self, request: Request) -> Response:
        if request.headers["authorization"] != "Bearer bearer-token":
            return Response(status_code=401)
        return JSONResponse({"sub": "7", **self.claims})


@pytest.fixture
def press(site: Site, serve: Serve) -> Press:
    made = Press(site)
    made.url = serve(made.app())
    oidc = structs.replace(
        site.settings.desk.oidc, issuer=made.url, client_id=CLIENT, client_secret=SECRET, name="Press ID"
    )
    site.settings = structs.replace(site.settings, desk=structs.replace(site.settings.desk, oidc=oidc))
    site.runtime = replace(site.runtime, settings=site.settings)
    return made


@pytest.fixture
def visitor(site: Site, press: Press, serve: Serve) -> Visitor:
    assert press.url
    make_user(site, Role.EDITOR, "Ana")
    make_user(site, Role.ADMIN)
    return Visitor(serve(site.app()))


def set_out(visitor: Visitor, path: str = "/desk/sign-in/provider", **form: str) -> str:
    """Press the button; return where the browser is sent."""
    page = visitor.post(path, form)
    assert page.status == 200
    where = page.text.partition('http-equiv="refresh" content="0; url=')[2].partition('"')[0].replace("&amp;", "&")
    assert where
    return where


def come_back(visitor: Visitor, press: Press, **form: str) -> Reply:
    return visitor.get(f"/desk/oidc/back?{press.sign_in(set_out(visitor, **form))}")


def is_out(visitor: Visitor, reply: Reply) -> bool:
    return reply.status == 422 and cookie_of(reply) == "" and not visitor.is_in()


def test_a_user_whom_the_provider_vouches_for_gets_in(visitor: Visitor, press: Press) -> None:
    reply = come_back(visitor, press, next="/desk/account")
    assert (reply.status, reply.headers["Location"]) == (303, "/desk/account")
    assert visitor.is_in()
    asked = press.asked[0]
    assert (asked["response_type"], asked["scope"], asked["code_challenge_method"]) == (
        "code",
        "openid email profile",
        "S256",
    )
    assert asked["redirect_uri"] == "http://127.0.0.1/desk/oidc/back"
    assert len(asked["state"]) > 40
    assert len(asked["nonce"]) > 40
    assert press.exchanged[0]["code_verifier"] not in json.dumps(asked)


def test_an_address_in_the_page_about_the_user_counts_as_well(visitor: Visitor, press: Press) -> None:
    press.in_page = True
    assert come_back(visitor, press).status == 303


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-program"},
        {"nonce": "of-another-walk"},
        {"nonce": None},
        {"exp": 1},
        {"email_verified": False},
        {"email_verified": None},
        {"email": None},
        {"at_hash": "wrong"},
        {"azp": "another-program"},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_walk_opens_nothing(
    visitor: Visitor, press: Press, changes: dict[str, Any]
) -> None:
    press.changes = changes
    assert is_out(visitor, come_back(visitor, press))


def test_a_token_of_another_key_opens_nothing(visitor: Visitor, press: Press) -> None:
    press.key = OTHER_KEY
    assert is_out(visitor, come_back(visitor, press))


def test_a_provider_that_calls_itself_otherwise_is_not_asked(visitor: Visitor, press: Press) -> None:
    press.issuer = "https://evil.example"
    assert visitor.post("/desk/sign-in/provider", {}).status == 422


def test_a_provider_that_is_away_is_said(press: Press, site: Site, serve: Serve) -> None:
    make_user(site, Role.EDITOR)
    oidc = structs.replace(site.settings.desk.oidc, issuer="http://127.0.0.1:1")
    site.settings = structs.replace(site.settings, desk=structs.replace(site.settings.desk, oidc=oidc))
    site.runtime = replace(site.runtime, settings=site.settings)
    reply = Visitor(serve(site.app())).post("/desk/sign-in/provider", {})
    assert (reply.status, press.asked) == (422, [])


def test_what_came_back_counts_once(visitor: Visitor, press: Press) -> None:
    query = press.sign_in(set_out(visitor))
    assert visitor.get(f"/desk/oidc/back?{query}").status == 303
    del visitor.cookies[SESSION]
    assert is_out(visitor, visitor.get(f"/desk/oidc/back?{query}"))


def test_a_walk_that_another_browser_began_opens_nothing_here(visitor: Visitor, press: Press) -> None:
    query = press.sign_in(set_out(visitor))
    victim = Visitor(visitor.url)
    victim.get("/desk/sign-in")
    assert is_out(victim, victim.get(f"/desk/oidc/back?{query}"))


@pytest.mark.parametrize("query", ["", "code=a-code", "code=a-code&state=guessed", "state=guessed", "error=denied"])
def test_an_answer_that_nobody_asked_for_opens_nothing(visitor: Visitor, press: Press, query: str) -> None:
    assert is_out(visitor, visitor.get(f"/desk/oidc/back?{query}"))
    assert press.exchanged == []


def test_a_walk_that_takes_too_long_opens_nothing(visitor: Visitor, press: Press, site: Site) -> None:
    query = press.sign_in(set_out(visitor))
    site.now += tickets.STEP
    assert is_out(visitor, visitor.get(f"/desk/oidc/back?{query}"))


def test_a_disabled_user_stays_out(visitor: Visitor, press: Press, site: Site) -> None:
    site.runtime.stores.users.disable(make_user(site, Role.EDITOR, "Ana").id, site.now)
    assert is_out(visitor, come_back(visitor, press))


@contextmanager
def made_by_provider(site: Site, serve: Serve, **changes: Any) -> Iterator[Visitor]:
    oidc = structs.replace(site.settings.desk.oidc, **changes)
    site.settings = structs.replace(site.settings, desk=structs.replace(site.settings.desk, oidc=oidc))
    site.runtime = replace(site.runtime, settings=site.settings)
    yield Visitor(serve(site.app()))


@pytest.mark.parametrize(
    ("changes", "role"),
    [
        ({}, None),
        ({"new_users": "viewer"}, Role.VIEWER),
        ({"new_users": "editor", "domains": ("Paper.example",)}, Role.EDITOR),
        ({"new_users": "editor", "domains": ("other.example",)}, None),
    ],
    ids=str,
)
def test_who_is_no_user_becomes_one_only_where_the_settings_say_so(
    visitor: Visitor, press: Press, site: Site, serve: Serve, changes: dict[str, Any], role: Role | None
) -> None:
    assert visitor.url
    press.claims = {"email": "new@paper.example", "email_verified": True, "name": "New Person"}
    with made_by_provider(site, serve, **changes) as newcomer:
        reply = come_back(newcomer, press)
        found = site.runtime.stores.users.find("new@paper.example")
        assert reply.status == (422 if role is None else 303)
        assert (found.user.role if found else None) == role


class TestProvingAgain:
    """A user without a password proves again who it is by the provider, and the act goes on."""

    def late(self, visitor: Visitor, press: Press, site: Site) -> str:
        come_back(visitor, press)
        site.now += timedelta(minutes=site.settings.desk.recent_minutes)
        csrf = form_token(visitor.cookies[SESSION])
        form = {"csrf": csrf, "act": "passkey", "again": "provider"}
        return set_out(visitor, "/desk/account", **form)

    def test_goes_on_with_the_form_that_waited(self, visitor: Visitor, press: Press, site: Site) -> None:
        where = self.late(visitor, press, site)
        before = visitor.cookies[SESSION]
        page = visitor.get(f"/desk/oidc/back?{press.sign_in(where)}")
        assert (press.asked[-1]["prompt"], press.asked[-1]["max_age"]) == ("login", "0")
        assert page.status == 200
        assert 'action="/desk/account"' in page.text
        assert '<input type="hidden" name="act" value="passkey">' in page.text
        assert visitor.cookies[SESSION] != before
        form = {"csrf": form_token(visitor.cookies[SESSION]), "act": "passkey"}
        assert "Create the passkey" in visitor.post("/desk/account", form).text

    @pytest.mark.parametrize("minutes", [6, None])
    def test_is_refused_when_the_provider_did_not_ask_again(
        self, visitor: Visitor, press: Press, site: Site, minutes: int | None
    ) -> None:
        where = self.late(visitor, press, site)
        then = None if minutes is None else int((site.now - timedelta(minutes=minutes)).timestamp())
        press.changes = {"auth_time": then}
        assert visitor.get(f"/desk/oidc/back?{press.sign_in(where)}").status == 422

    def test_is_refused_when_somebody_else_signs_in_there(self, visitor: Visitor, press: Press, site: Site) -> None:
        where = self.late(visitor, press, site)
        press.claims = {"email": "pat.admin@paper.example", "email_verified": True}
        assert visitor.get(f"/desk/oidc/back?{press.sign_in(where)}").status == 422
