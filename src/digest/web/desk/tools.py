"""The tools of the desk's pages, made once per site."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from digest.people.oidc import Provider
from digest.people.passkeys import Party
from digest.people.passwords import Passwords
from digest.pipeline.people.signing_in import Browser, Entered
from digest.pipeline.runtime import Runtime
from digest.render.links import desk_link, desk_origin
from digest.web.desk.caller import Caller
from digest.web.desk.cookies import Cookies
from digest.web.desk.pages import DeskPages
from digest.web.visit import PageAnswer

BACK = "/oidc/back"
"""Path to which the provider of single sign-on redirects browsers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskTools:
    """The installation, its pages, and the means to check identities."""

    runtime: Runtime
    pages: DeskPages
    cookies: Cookies
    passwords: Passwords
    party: Party
    provider: Provider | None
    """None where the settings name no provider."""
    origin: str
    """Scheme, host and port of the desk."""

    @property
    def back(self) -> str:
        """The full URL to which the provider redirects browsers."""
        return desk_link(self.runtime.settings, BACK)

    def entered(self, found: Entered, answer: PageAnswer) -> PageAnswer:
        """Return a response that gives the browser its new session."""
        cookies = (self.cookies.session(found.session), self.cookies.device(found.device))
        return with_headers(answer, *cookies)


def desk_tools(runtime: Runtime, passwords: Passwords | None = None) -> DeskTools:
    """Return the tools that the settings describe. Raises TemplateError."""
    settings, origin = runtime.settings, desk_origin(runtime.settings)
    return DeskTools(
        runtime=runtime,
        pages=DeskPages(settings),
        cookies=Cookies(secure=origin.startswith("https:")),
        passwords=passwords or Passwords(),
        party=Party(host=urlsplit(origin).hostname or "", origin=origin, name=settings.site.name),
        provider=Provider(settings.desk.oidc) if settings.desk.oidc.issuer else None,
        origin=origin,
    )


def browser_of(caller: Caller) -> Browser:
    """Return the data of a caller's browser for a sign-in."""
    return Browser(device=caller.device, session=caller.token, origin=caller.origin)


def with_headers(answer: PageAnswer, *headers: tuple[str, str]) -> PageAnswer:
    """Return a response with more headers."""
    return PageAnswer(body=answer.body, status=answer.status, kind=answer.kind, headers=(*answer.headers, *headers))
