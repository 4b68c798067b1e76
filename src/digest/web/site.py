"""The public site: all of its routes in one table, and the middlewares around them."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from digest.errors import SettingsError
from digest.pipeline.readers.leave_links import LeaveLinks
from digest.pipeline.readers.registration import form_stamp
from digest.pipeline.readers.service_events import EventInbox
from digest.pipeline.runtime import Runtime
from digest.render.links import site_origin
from digest.settings import Settings
from digest.web.api.site import Api
from digest.web.archive import ArchivePages
from digest.web.desk.editions.table import edition_routes
from digest.web.desk.site import Desk
from digest.web.embed import EmbedPages
from digest.web.front import FrontPages
from digest.web.leave import LeavePages
from digest.web.listen import ConnectionLimits, Listener, raise_descriptor_limit
from digest.web.mailed import AddressPages, ChoicePages, ConfirmPages, LinkPages
from digest.web.pages import Pages
from digest.web.routing import JSON, PageRoute, PageRouter
from digest.web.security import PAGE_CONTENT, AllowedHosts, Health, SecurityHeaders, SmallBodies, loopback_hosts
from digest.web.service_events import ServiceEvents
from digest.web.sharing import SharedPaths
from digest.web.static_pages import StillPages
from digest.web.tips import TipPages
from digest.web.voice import VoicePages

HEALTH = "/health"
EMBEDDED, ANYBODY = "/embed", "*"
SIGN_UP, FRAGMENTS = "/sign-up.json", "/fragments/"
"""The paths of the sign-up and of the headlines that other sites may use in their pages.

A person tricked into sending the sign-up only gets a mail to confirm it.
"""
LIMITS = ConnectionLimits(connections=2000)
"""Limits of the public site. Idle connections count too, and browsers keep theirs open for seconds."""


def doors(runtime: Runtime, pages: Pages) -> tuple[PageRoute, ...]:
    """Return the routes of all public pages."""
    still, archive, front = StillPages(runtime, pages), ArchivePages(runtime, pages), FrontPages(runtime, pages)
    leave, confirm, link = (
        LeavePages(pages, LeaveLinks(runtime)),
        ConfirmPages(runtime, pages),
        LinkPages(runtime, pages),
    )
    voice = VoicePages(runtime, pages)
    embed, tips = EmbedPages(runtime, pages), TipPages(runtime, pages)
    choice, address = ChoicePages(runtime, pages), AddressPages(runtime, pages)
    sign_up, embedded = "front.html", "embed.html"
    return (
        PageRoute(
            path="/",
            show=front.show(sign_up),
            at_hand=front.at_hand(sign_up),
            act=front.sign_up(sign_up, "asked.html"),
        ),
        PageRoute(
            path=EMBEDDED,
            show=front.show(embedded),
            at_hand=front.at_hand(embedded),
            act=front.sign_up(embedded, "embed_asked.html"),
        ),
        PageRoute(path=SIGN_UP, show=embed.show, act=embed.act, from_anywhere=True, takes=JSON),
        PageRoute(path=f"{FRAGMENTS}{{name}}.html", show=embed.fragment),
        PageRoute(path="/confirm/{token}", show=confirm.show, act=confirm.act),
        PageRoute(path="/leave", show=link.show),
        PageRoute(path="/leave/{token}", show=leave.show, act=leave.act, at_hand=leave.show, from_anywhere=True),
        PageRoute(path="/preferences", show=link.show, act=link.act),
        PageRoute(path="/preferences/{token}", show=link.show_by_letter, act=link.act_by_letter),
        PageRoute(path="/voice/{token}/{date}/{answer}", show=voice.show, act=voice.act),
        PageRoute(path="/choose/{token}", show=choice.show, act=choice.act),
        PageRoute(path="/address/{token}", show=address.show, act=address.act),
        PageRoute(path="/archive", show=archive.index),
        PageRoute(path="/archive/{name}/{date}", show=archive.letter),
        PageRoute(path="/cards/{name}/{date}.png", show=archive.card),
        PageRoute(path="/oembed", show=archive.oembed),
        PageRoute(path="/archive/{name}/{date}/mistake", show=tips.show, act=tips.act),
        PageRoute(path="/feeds/{name}.atom", show=archive.feed),
        PageRoute(path="/pictures/{name}.jpg", show=archive.picture),
        PageRoute(path="/pictures/{name}.png", show=archive.picture),
        PageRoute(path="/privacy", show=still.privacy),
        PageRoute(path="/confirm.js", show=still.script, at_hand=still.script),
        PageRoute(path="/style.css", show=still.style, at_hand=still.style),
        PageRoute(path="/icon.svg", show=still.icon, at_hand=still.icon),
        PageRoute(path="/favicon.ico", show=still.icon, at_hand=still.icon),  # archived letters link to no icon
        PageRoute(path="/robots.txt", show=still.robots, at_hand=still.robots),
    )


def public_site(runtime: Runtime) -> ASGIApp:
    """Return the public site, with the API and the desk, as an ASGI app.

    Raises:
        SettingsError: ``site.url`` is not set, or the brand's colours cannot be read.
        TemplateError: a template of the site is broken.
    """
    settings = runtime.settings
    if settings.site.url is None:
        raise SettingsError(("site.url: is missing; the pages need to know where readers find them",))
    pages = Pages(settings)
    form_stamp(runtime)  # raises at once when there is no key
    keeper = PageRouter(pages, doors(runtime, pages))
    inside = SmallBodies(keeper.app(), refusal=keeper.too_large)
    places = (pages.root + SIGN_UP, pages.root + FRAGMENTS)
    shared = SharedPaths(inside, places, settings.embed.origins, site_origin(settings.site), pages.root)
    posted = ServiceEvents(shared, EventInbox(runtime), runtime.clock, pages.root)
    framed = {pages.root + EMBEDDED: ANYBODY, EMBEDDED: ANYBODY}  # a proxy may have removed the root
    named = AllowedHosts(
        SecurityHeaders(Api(runtime, posted), content=PAGE_CONTENT, framed_by=framed), known_hosts(settings)
    )
    return Health(Desk(runtime, named, edition_routes), HEALTH)


def known_hosts(settings: Settings) -> tuple[str, ...]:
    """Return the host names under which the site answers: its own and, for a proxy on this machine, the loopback's."""
    return (urlsplit(settings.site.url or "").hostname or "", *loopback_hosts(settings.web.port))


class Site:
    """The present site of an installation.

    The app may be replaced while it is served; running requests keep the old one.
    """

    def __init__(self, runtime: Runtime) -> None:
        """Make the site. Raises SettingsError and TemplateError as ``public_site``."""
        self.app = public_site(runtime)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request with the present app."""
        await self.app(scope, receive, send)


def site_listener(runtime: Runtime, app: ASGIApp | None = None) -> Listener:
    """Bind the site, or ``app`` in its place, to its socket, without answering yet.

    Raises:
        AddressUnavailable: another program has the port, or the host is not of this machine.
        SettingsError, TemplateError: as ``public_site``.
    """
    settings = runtime.settings.web
    raise_descriptor_limit()
    return Listener(app or public_site(runtime), settings.host, settings.port, LIMITS)
