"""Fills the templates of the public pages: in the visitor's language, with the letters' colours and own links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import urlsplit

from digest.render.catalogue import FALLBACK, Catalogue, catalogue, languages, written_as
from digest.render.environment import fill, page_environment, require
from digest.render.palette import palette
from digest.settings import Settings, SiteSettings
from digest.text.glyphs import shown
from digest.web.visit import HTML, PageAnswer, Visit

Headers = tuple[tuple[str, str], ...]
TROUBLES: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "bad_request",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "bad_request",
    HTTPStatus.TOO_MANY_REQUESTS: "too_many",
    HTTPStatus.SERVICE_UNAVAILABLE: "unavailable",
}
"""Status with an explanation of its own -> name of that text. All other statuses are reported as our own error."""


def imprint(site: SiteSettings) -> str:
    """Return the publisher's name and postal address on one line. A name that the address contains is not repeated."""
    name = shown(site.name)
    lines = [shown(line) for line in site.postal_address.splitlines() if shown(line)]
    return ", ".join(lines if name in lines else [name, *lines])


class Pages:
    """Fills the templates of the site. One object serves all threads."""

    def __init__(self, settings: Settings) -> None:
        """Read the catalogues and templates once.

        Raises:
            TemplateError: a catalogue or a template cannot be read. This includes the operator's own.
            SettingsError: the brand's colours cannot be read.
        """
        brand = settings.brand
        self.settings = settings
        self.root = urlsplit(settings.site.url or "").path.rstrip("/")
        self.languages = languages(brand.templates, "web")
        self._editions = self._of_editions(settings)
        self.default = next(iter(self._editions), FALLBACK)
        self._words = {tag: catalogue(tag, brand.templates, "web") for tag in self.languages}
        self._door = page_environment(brand.templates)
        require(self._door, "web/", brand.templates)
        self._colours = palette(brand, evening=False)
        self.style = fill(self._door, "web/style.css", colours=self._colours).encode()
        self.icon = fill(self._door, "web/icon.svg", colours=self._colours).encode()
        self.script = fill(self._door, "web/confirm.js").encode()
        self._imprint = imprint(settings.site)
        self._version = sha256(self.style + self.icon + self.script).hexdigest()[:12]

    def _of_editions(self, settings: Settings) -> tuple[str, ...]:
        """Return the languages of the editions, in order, as far as the pages are translated into them."""
        wanted = (written_as(edition.language.partition("-")[0].lower()) for edition in settings.editions.values())
        return tuple(dict.fromkeys(tag for tag in wanted if tag in self.languages))

    def words(self, visit: Visit) -> Catalogue:
        """Return the texts of the pages in the visitor's language."""
        return self._words[visit.language]

    def link(self, path: str, visit: Visit) -> str:
        """Return the URL of one of our pages. If the visitor chose a language, it contains the language."""
        joint = "&" if "?" in path else "?"
        return f"{self.root}{path}{joint}lang={visit.language}" if visit.chosen else self.root + path

    def fill(self, name: str, visit: Visit, **values: object) -> str:
        """Return the template ``web/NAME`` filled for this visit."""

        def to(path: str) -> str:
            return self.link(path, visit)

        return fill(
            self._door,
            f"web/{name}",
            words=self.words(visit),
            visit=visit,
            to=to,
            root=self.root,
            site=self.settings.site,
            brand=self.settings.brand,
            imprint=self._imprint,
            version=self._version,
            choices=self._named(self.languages),
            offered_languages=self._named(tag for tag in self.languages if tag in {*self._editions, visit.language}),
            **values,
        )

    def show(
        self, name: str, visit: Visit, *, status: HTTPStatus = HTTPStatus.OK, headers: Headers = (), **values: object
    ) -> PageAnswer:
        """Return the template ``web/NAME``, filled for this visit, as an HTML page that no cache may store."""
        return PageAnswer(body=self.fill(name, visit, **values).encode(), status=status, kind=HTML, headers=headers)

    def trouble(self, visit: Visit, status: HTTPStatus, headers: Headers = ()) -> PageAnswer:
        """Return the page that explains an error and what to do."""
        name = TROUBLES.get(status, "broken")
        return self.show("trouble.html", visit, status=status, headers=headers, trouble=name)

    def _named(self, tags: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Return pairs of language tag and the language's name in itself, such as ``de`` and ``Deutsch``."""
        return tuple((tag, self._own_name(tag)) for tag in tags)

    def _own_name(self, tag: str) -> str:
        name = self._words[tag].locale.get_display_name(tag) or tag
        return name[0].upper() + name[1:]
