"""A newsroom whose draft is edited at the desk: what the desk's pages are tried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any, cast

from msgspec import structs
from PIL import Image as Picture
from starlette.types import ASGIApp
from tests.letters.editions import BRAND, SITE
from tests.pipeline.conftest import STORIES, Newsroom
from tests.web.signed_in import SignedInUser, sign_in
from tests.web.sites import Site

from digest.demo.sink import Sink
from digest.fetch.discovery import FoundSource
from digest.model.article import Image
from digest.model.edition import Edition
from digest.model.user import Role
from digest.pipeline.kept import Kept
from digest.pipeline.runtime import Runtime
from digest.settings import MailSettings
from digest.storage.editions import StoredEdition
from digest.storage.engine import Database
from digest.web.site import public_site

PATH = "/desk/editions/morning/2026-11-23"
SECOND = (
    "The harbour bridge at Lindau will close to 9,000 cars and 400 lorries a day from Friday until 20 March, officials "
    "confirmed on Sunday evening. "
    "Engineers found cracks in 14 bearings of the bridge and want to replace them before the summer. "
    "The ferry across the harbour will run every ten minutes while the bridge is closed for repairs."
)
OTTERS = (
    "Otters are breeding on the river Sallow for the first time since 1986, the county's biologists reported on "
    "Monday. "
    "Cameras filmed a female with two cubs near the weir at Marsh End on 3 nights in November, the first young in the "
    "county since 1986. "
    "Anglers will leave 3 kilometres of the bank to the animals until June, their club said on Monday."
)
"""Has three sentences that are good bullets."""
MOST_TICKS = 1000
"""How often a desk looks at its clock while it makes its draft, at most."""


class Newspaper(Newsroom):
    """A newsroom with public pages and two sources, but neither articles nor a draft."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.discover: Callable[[str], FoundSource] | None = None
        super().__init__(database, folder, ())
        mail = MailSettings(sender="news@example.com", reply_to="editors@example.com")
        site = structs.replace(SITE, url="http://127.0.0.1")
        self.settings = structs.replace(self.settings, site=site, brand=BRAND, mail=mail)

    @property
    def runtime(self) -> Runtime:
        """The house, which looks at sites by ``discover``."""
        return replace(super().runtime, discover=self.discover)

    def app(self) -> ASGIApp:
        """Return the pages."""
        return public_site(self.runtime)


class EditorsDesk(Newsroom):
    """A newsroom at five in the morning with a composed draft, its pages, and a relay that takes what leaves."""

    def __init__(
        self, database: Database, folder: Path, relay: Sink | None = None, *, is_drafted: bool = False
    ) -> None:
        """Print the stories and compose the draft, unless the database ``is_drafted`` by another desk."""
        self.kept = Kept()
        self._ticks = count(MOST_TICKS if is_drafted else 0)
        super().__init__(database, folder, ())
        mail = MailSettings(sender="news@example.com", reply_to="editors@example.com", connections=1)
        if relay is not None:
            mail = structs.replace(mail, transport=f"smtp://127.0.0.1:{relay.port}")
        site = structs.replace(SITE, url="http://127.0.0.1")
        self.settings = structs.replace(self.settings, site=site, brand=BRAND, mail=mail)
        if not is_drafted:
            self._draft()

    def _draft(self) -> None:
        for title, text in STORIES[:-1]:
            self.print_(title, text)
        self.print_(STORIES[-1][0], OTTERS, image=Image(url="https://paper1.example/otters.jpg", alt="Two otters"))
        self.print_("Lindau harbour bridge closes for repairs until spring", SECOND, source=2)
        self.stores.runs.record("fetch", self.now, self.now, {})
        self.compose()

    @property
    def runtime(self) -> Runtime:
        """The house, which keeps what it made; its clock can be set, and goes on by a microsecond at each look.

        So a draft that is composed again has another time, by which pages see that it changed.
        """
        return replace(super().runtime, kept=self.kept, clock=self._clock)

    def _clock(self) -> datetime:
        return self.now + timedelta(microseconds=next(self._ticks))

    def with_pictures(self) -> None:
        """Let letters show the picture of their lead story."""
        drawn = BytesIO()
        Picture.linear_gradient("L").resize((1200, 800)).save(drawn, "JPEG")
        self.picture = lambda _url: drawn.getvalue()
        self.settings = structs.replace(self.settings, brand=structs.replace(BRAND, images="hosted"))

    def app(self) -> ASGIApp:
        """Return the pages."""
        return public_site(self.runtime)

    def row(self) -> StoredEdition:
        """Return the edition's row as it is now."""
        found = self.stores.editions.get(self.due().key)
        assert found is not None
        return found

    def edition(self) -> Edition:
        """Return the draft as it is now."""
        found = self.row().edition
        assert found is not None
        return found

    def headlines(self) -> list[str]:
        """Return the headlines of the draft in its order."""
        return [item.headline for item in self.edition().items]

    def story(self, words: str) -> str:
        """Return the id of the story whose headline has these words, in the draft or not."""
        return next(str(s["id"]) for s in self.row().seen["stories"] if words in s["headline"])

    def seen(self) -> str:
        """Return the number of the newest act, as forms carry it."""
        return str(self.stores.desk.last(self.row().id))

    @property
    def as_site(self) -> Site:
        """The same installation, as what signs people in takes it."""
        return cast("Site", cast("Any", self))

    def sign_in(self, url: str, role: Role, name: str = "") -> SignedInUser:
        """Sign somebody in."""
        return sign_in(self.as_site, url, role, name)


def drafted(database: Database) -> None:
    """Fill a database with the stories and the draft of a desk."""
    EditorsDesk(database, Path())
