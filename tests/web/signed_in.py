"""Somebody signed in at the desk, without a browser: what the tests of its pages ask with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from argon2 import PasswordHasher
from tests.web.sites import Reply, Site, ask

from digest.model.desk_session import Origin
from digest.model.user import Role, User
from digest.people.passwords import Passwords
from digest.people.tokens import form_token
from digest.pipeline.people.desk_sessions import open_session
from digest.storage.users import NewUser
from digest.web.desk.cookies import SESSION

CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
"""Hashes in no time; what it made is compared in no time as well."""


def make_user(site: Site, role: Role, name: str = "") -> User:
    """Store a user of that role, without a password, or return the one that was made before."""
    name = name or f"Pat {role.name.title()}"
    email = f"{name.lower().replace(' ', '.')}@paper.example"
    users = site.runtime.stores.users
    users.add(NewUser(name=name, email=email, identity=email, role=role), site.now)
    found = users.find(email)
    assert found is not None
    return found.user


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInUser:
    """A user's browser: it sends the session's cookie, and each form with its token."""

    url: str
    user: User
    token: str

    @property
    def cookie(self) -> dict[str, Any]:
        """The session's cookie for a context of Playwright: ``context.add_cookies([someone.cookie])``."""
        return {"name": SESSION, "value": self.token, "url": self.url}

    @property
    def csrf(self) -> str:
        """The token that this session's forms carry."""
        return form_token(self.token)

    def get(self, path: str, **headers: str) -> Reply:
        """Ask for a page; ``path`` is the whole one, such as ``/desk/account``."""
        return ask(self.url, path, cookie=f"{SESSION}={self.token}", **headers)

    def post(self, path: str, form: Mapping[str, str] | None = None, **headers: str) -> Reply:
        """Send a form as our own pages do."""
        fields = {"csrf": self.csrf, **(form or {})}
        return ask(self.url, path, "POST", fields, cookie=f"{SESSION}={self.token}", **headers)


def sign_in(site: Site, url: str, role: Role, name: str = "") -> SignedInUser:
    """Sign a user of that role in at the desk served at ``url``, as if the password had been given now."""
    user = make_user(site, role, name)
    return SignedInUser(
        url=url, user=user, token=open_session(site.runtime, user, "password", Origin(client="203.0.113.7"))
    )


def cookie_of(reply: Reply, name: str = SESSION) -> str:
    """Return the value of a cookie that an answer sets; empty when it sets none."""
    found = [m[1] for line in reply.headers.get_all("Set-Cookie") or () if (m := re.match(rf"{name}=([^;]*)", line))]
    return found[-1] if found else ""
