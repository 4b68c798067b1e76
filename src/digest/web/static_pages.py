"""Pages that are the same for everybody: the privacy page, the style sheet, a script, the icon and robots.txt."""

from __future__ import annotations

from datetime import timedelta

from digest.model.webhook import DETAILS, ReaderDetails
from digest.pipeline.runtime import Runtime
from digest.text.credentials import host_of
from digest.web.pages import Pages
from digest.web.visit import BY_LANGUAGE, PageAnswer, Visit, kept

A_YEAR = timedelta(days=365)
A_DAY = timedelta(days=1)
PRIVATE = (
    "/leave",
    "/preferences",
    "/confirm/",
    "/choose/",
    "/address/",
    "/voice/",
    "/embed",
    "/sign-up.json",
    "/fragments/",
)
"""Paths that robots must not visit."""
OURSELVES = ("localhost", "127.0.0.1", "::1")
"""Hosts of mail servers that are on this machine, so that no third party gets data."""


class StillPages:
    """Pages that do not depend on the visitor.

    The style sheet's URL contains its version, so it may be cached forever.
    """

    def __init__(self, runtime: Runtime, pages: Pages) -> None:
        self._pages = pages
        self._settings = runtime.settings
        self._webhooks = runtime.stores.webhooks
        self._style = PageAnswer(body=pages.style, kind="text/css; charset=utf-8")
        self._script = PageAnswer(body=pages.script, kind="text/javascript; charset=utf-8")
        self._icon = PageAnswer(body=pages.icon, kind="image/svg+xml")
        lines = ("User-agent: *", *(f"Disallow: {pages.root}{path}" for path in PRIVATE))
        self._robots = PageAnswer(body=("\n".join(lines) + "\n").encode(), kind="text/plain; charset=utf-8")

    def privacy(self, visit: Visit) -> PageAnswer:
        """Show which data of readers is kept, and for how long, as the settings say."""
        mail = self._settings.mail
        urls = [relay.url for relay in mail.relays] or [mail.transport]
        hosts = dict.fromkeys(host_of(url) for url in urls)
        page = self._pages.show(
            "privacy.html",
            visit,
            headers=BY_LANGUAGE,
            contact=mail.reply_to or mail.sender,
            relays=tuple(host for host in hosts if host and host not in OURSELVES),
            told=self._told(),
            one_click=self._settings.signup.one_click,
            asks=any(each.ask_useful or each.poll for each in self._settings.editions.values()),
        )
        return kept(visit, page, A_DAY)

    def _told(self) -> str:
        """Return what webhooks tell other systems about readers: ``pseudonym``, ``address``, or empty for nothing."""
        about_readers = {each.value for each, details in DETAILS.items() if issubclass(details, ReaderDetails)}
        told = [
            each.with_addresses
            for each in self._webhooks.all()
            if each.disabled_at is None and (each.events is None or about_readers.intersection(each.events))
        ]
        return ("address" if any(told) else "pseudonym") if told else ""

    def style(self, visit: Visit) -> PageAnswer:
        """Return the style sheet."""
        return kept(visit, self._style, A_YEAR)

    def script(self, visit: Visit) -> PageAnswer:
        """Return the script of the confirmation page, which presses the button."""
        return kept(visit, self._script, A_YEAR)

    def icon(self, visit: Visit) -> PageAnswer:
        """Return the icon of the site."""
        return kept(visit, self._icon, A_YEAR)

    def robots(self, visit: Visit) -> PageAnswer:
        """Return robots.txt (RFC 9309)."""
        return kept(visit, self._robots, A_DAY)
