"""What the desk's pages share: templates, cookies, passwords and the provider of single sign-on."""

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
    """What the desk's pages share: the installation, its templates, and the means to check who a user is."""

    runtime: Runtime
    pages: DeskPages
    cookies: Cookies
    passwords: Passwords
    party: Party
    provider: Provider | None
    """The provider of single sign-on; None when the settings name none."""
    origin: str
    """Scheme, host and port of the desk."""

    @property
    def back(self) -> str:
        """The full URL to which the provider redirects browsers."""
        return desk_link(self.runtime.settings, BACK)

    def entered(self, found: Entered, answer: PageAnswer) -> PageAnswer:
        """Return a page's answer with the cookies of the browser's new session."""
        cookies = (self.cookies.session(found.session), self.cookies.device(found.device))
        return with_headers(answer, *cookies)


def desk_tools(runtime: Runtime, passwords: Passwords | None = None) -> DeskTools:
    """Make what the desk's pages share, as the settings say. Raises TemplateError."""
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
    """Return what a sign-in needs to know about the browser of a request."""
    return Browser(device=caller.device, session=caller.token, origin=caller.origin)


def with_headers(answer: PageAnswer, *headers: tuple[str, str]) -> PageAnswer:
    """Return an answer with further headers."""
    return PageAnswer(body=answer.body, status=answer.status, kind=answer.kind, headers=(*answer.headers, *headers))
