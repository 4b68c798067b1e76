"""The data of a request to the desk, before it is known which user sent it."""

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
from digest.web.clients import Network, client_of
from digest.web.desk.cookies import DEVICE, SESSION, Cookies
from digest.web.visit import PageAnswer, Visit, fields_of

CSRF = "csrf"
"""The form field whose token shows that one of our pages made the form."""
LONGEST_TARGET = 500
_TARGET = re.compile(r"/[A-Za-z0-9._~/?&=%+,:@-]*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A request to the desk, and the tokens in its browser's cookies."""

    visit: Visit
    token: str
    """The session's token from the cookie. Empty without one."""
    device: str
    """The token that identifies the browser. A new one if the request had none."""
    is_new: bool
    """Whether the browser's token is new, so that the answer sets its cookie."""
    origin: Origin
    target: str
    """The requested path with its query."""

    @property
    def csrf(self) -> str:
        """The form token for pages that are shown before the sign-in."""
        return form_token(self.device)

    @property
    def has_form_of_browser(self) -> bool:
        """Whether the sent form has the token that an earlier page gave to this browser before the sign-in."""
        return not self.is_new and is_form_of(self.visit.told(CSRF), self.device)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRoute:
    """One path below ``/desk`` that answers without a session, such as the sign-in page or a style sheet."""

    path: str
    show: Callable[[Caller], PageAnswer] | None = None
    act: Callable[[Caller], PageAnswer] | None = None


def caller_of(request: Request, body: bytes, trusted: tuple[Network, ...], cookies: Cookies) -> Caller:
    """Return the data of a request to the desk.

    ``body`` is the sent form (urlencoded); ``trusted`` are our own proxies.
    """
    headers = request.headers
    jar = headers.get("cookie", "")
    device = cookies.read(jar, DEVICE)
    client = client_of(request.scope, headers, trusted)
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
    """Return whether a form was sent by a page of the desk, as the browser reports it. ``origin`` is the desk's.

    The header Sec-Fetch-Site (Fetch Metadata) is the most exact. Without it, the header Origin counts. Our pages send
    it, so ``null`` comes from elsewhere. A request with neither comes from a program or an old browser; then only the
    form token proves where the form is from.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    return headers.get("origin", origin) == origin


def safe_target(told: str, root: str) -> str:
    r"""Return where to go after the sign-in: the requested path of the desk, or else the desk's start page.

    A path alone is no open redirect. But browsers read ``//host`` and ``/\\host`` as other hosts.
    """
    desk = root + DESK
    inside = told == desk or told.startswith((f"{desk}/", f"{desk}?"))
    plain = len(told) <= LONGEST_TARGET and _TARGET.fullmatch(told) and "//" not in told and "/.." not in told
    return told if inside and plain else desk
