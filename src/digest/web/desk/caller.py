"""Who asks for a page of the desk, as far as the request tells: values, before anybody is looked up."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import Request

from digest.model.desk_session import Origin
from digest.people.tokens import form_token, is_form_of, new_token
from digest.render.links import DESK
from digest.web.clients import Network, client_address, told_hops
from digest.web.desk.cookies import DEVICE, SESSION, Cookies
from digest.web.visit import PageAnswer, Visit, fields_of

CSRF = "csrf"
"""The field of every form that shows that one of our pages made it."""
LONGEST_TARGET = 500
_TARGET = re.compile(r"/[A-Za-z0-9._~/?&=%+,:@-]*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A request, and what its browser holds."""

    visit: Visit
    token: str
    """Of the session, as the cookie says; empty without one."""
    device: str
    """Of the browser; a new one when it had none."""
    is_new: bool
    """Whether the browser gets the device's cookie with this answer."""
    origin: Origin
    target: str
    """Path and query that were asked for."""

    @property
    def csrf(self) -> str:
        """The form token of pages before the sign-in."""
        return form_token(self.device)

    @property
    def has_form_of_browser(self) -> bool:
        """Whether the form was made for this browser, before the sign-in."""
        return not self.is_new and is_form_of(self.visit.told(CSRF), self.device)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRoute:
    """One path below ``/desk`` that answers without a session: signing in, and what its pages load."""

    path: str
    show: Callable[[Caller], PageAnswer] | None = None
    act: Callable[[Caller], PageAnswer] | None = None


def caller_of(request: Request, body: bytes, trusted: tuple[Network, ...], cookies: Cookies) -> Caller:
    """Return who asks; ``body`` is that of a form."""
    headers = request.headers
    jar = headers.get("cookie", "")
    device = cookies.read(jar, DEVICE)
    peer = request.client.host if request.client else ""
    told = {name: headers.getlist(name) for name in ("x-forwarded-for", "forwarded", "x-real-ip")}
    client = client_address(peer, told_hops(told), trusted)
    query = request.scope["query_string"].decode("ascii", "replace")
    visit = Visit(
        places=request.scope.get("path_params", {}),
        query=fields_of(query),
        form=fields_of(body.decode("ascii", "replace")),
        client=client,
        known=headers.get("if-none-match", ""),
    )
    return Caller(
        visit=visit,
        token=cookies.read(jar, SESSION),
        device=device or new_token(),
        is_new=not device,
        origin=Origin(client=client, agent=headers.get("user-agent", "")),
        target=quote(request.scope["path"]) + (f"?{query}" if query else ""),
    )


def is_from_desk(headers: Headers, origin: str) -> bool:
    """Tell whether a form was posted by a page of the desk, as far as the browser says.

    Fetch Metadata says it best (Sec-Fetch-Site). Without it the Origin counts: our pages tell it, so that ``null``
    comes from elsewhere. What says nothing is a program, or an old browser: the form token decides.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    return headers.get("origin", origin) == origin


def safe_target(told: str, root: str) -> str:
    r"""Return where to go after the sign-in: a path of the desk, or the desk itself for whatever else was asked.

    A path alone is no open redirect, but ``//host`` and ``/\\host`` are read as other hosts by browsers.
    """
    desk = root + DESK
    inside = told == desk or told.startswith((f"{desk}/", f"{desk}?"))
    plain = len(told) <= LONGEST_TARGET and _TARGET.fullmatch(told) and "//" not in told and "/.." not in told
    return told if inside and plain else desk
