"""The data of a request to the desk, before any user is looked up."""

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
    """A request, and the tokens in its browser's cookies."""

    visit: Visit
    token: str
    """The session's token from the cookie. Empty without one."""
    device: str
    """The browser's token. A new one if it had none."""
    is_new: bool
    """Whether this response sets the device cookie."""
    origin: Origin
    target: str
    """Requested path and query."""

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
    """One path below ``/desk`` that answers without a session: sign-in pages, and their style sheets and scripts."""

    path: str
    show: Callable[[Caller], PageAnswer] | None = None
    act: Callable[[Caller], PageAnswer] | None = None


def caller_of(request: Request, body: bytes, trusted: tuple[Network, ...], cookies: Cookies) -> Caller:
    """Return the data of a request. ``body`` is the form's."""
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
    """Return whether a form was posted by a page of the desk, as reported by the browser.

    Fetch Metadata is the most exact (Sec-Fetch-Site). Without it, the Origin counts. Our pages send it, so ``null``
    comes from elsewhere. A request with neither comes from a program or an old browser; then the form token decides.
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
