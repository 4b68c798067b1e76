"""``digest demo --desk``: the invented day at ten to six, for an editor who wants to try the desk in a browser.

papers on loopback ─ gather ─▶ articles ─ compose ─▶ a draft that waits for approval ─▶ DemoDesk, to be served

The database is made anew at each start, in a folder of its own. Letters and mails become files in the same folder.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from msgspec import structs

from digest.app import App, open_app, system_clock
from digest.demo.press import ZONE, Paper, load_press
from digest.demo.run import DAY, EDITIONS, FOLDER, READERS, PaperNames, demo_settings
from digest.demo.server import PressServer
from digest.errors import SettingsError
from digest.model.user import Role
from digest.people.passwords import Passwords
from digest.pipeline.editions.composing import compose_edition, occasion
from digest.pipeline.people.accounts import add_user, change_password
from digest.pipeline.people.audit import By
from digest.pipeline.progress import Progress
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.runtime import Clock
from digest.private_files import make_folder
from digest.render.links import desk_link
from digest.settings import DeskSettings, Settings, WebSettings

HOME = "desk"
"""Name of the demo's own folder, in the folder of the demo."""
DATABASE, LETTERS, JOURNALS = "demo.db", "letters", "journals"
OURS = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", LETTERS, JOURNALS, "pictures")
"""What the demo may leave in its folder. Nothing else is deleted at the next start."""
START = DAY.replace(hour=5, minute=50)
"""The time at the desk when the demo starts: ten minutes before the morning edition is due."""
USERS = (("Ana Silva", "ana@tarrowdigest.example", Role.ADMIN), ("Ben Ode", "ben@tarrowdigest.example", Role.EDITOR))
PASSWORD_BYTES = 12
"""Random bytes of a password: 16 characters, one more than a password needs."""
A_MORNING = 240
"""Minutes for which the password is not asked for again. It is only in the terminal, and this is no real newsroom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoUser:
    """A user of the demo's desk. The password is stored nowhere in this form."""

    name: str
    email: str
    role: Role
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDesk:
    """The demo's installation, ready to be served."""

    app: App
    url: str
    users: tuple[DemoUser, ...]
    letters: Path
    """Folder in which letters become files."""


@contextmanager
def demo_desk(folder: Path | None, port: int | None, progress: Progress) -> Iterator[DemoDesk]:
    """Make the demo's database with a draft of the morning edition, and yield it while its papers are served.

    ``port`` is where the desk shall listen on loopback; None takes the usual port of the public pages.

    Raises SettingsError when the folder holds something else.
    """
    home = (folder or FOLDER) / HOME
    _begin_anew(home)
    clock, papers = _running_clock(), load_press()
    with (
        PressServer(papers, clock) as server,
        open_app(_settings(home, papers, port), clock=clock, resolver=PaperNames(server.hosts)) as app,
    ):
        for address, name in READERS:
            subscribe(app.stores, clock(), Subscription(address=address, name=name, editions=EDITIONS))
        app.gather(progress)
        compose_edition(app.runtime, occasion(app.settings, "morning", DAY.date(), clock()))
        users = tuple(_add(app, *user) for user in USERS)
        yield DemoDesk(app=app, url=desk_link(app.settings), users=users, letters=home / LETTERS)


def _begin_anew(home: Path) -> None:
    """Create the demo's folder, or delete what an earlier demo left there. Raises SettingsError for another folder."""
    make_folder(home)
    found = {each.name for each in home.iterdir()}
    if found and DATABASE not in found:
        raise SettingsError((f"{home}: holds something else than the demo: choose another folder with --folder",))
    for name in found.intersection(OURS):
        path = home / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _running_clock() -> Clock:
    """Return a clock that shows START now, and runs."""
    began = system_clock()

    def clock() -> datetime:
        return (START + (system_clock() - began)).astimezone(ZONE)

    return clock


def _settings(home: Path, papers: tuple[Paper, ...], port: int | None) -> Settings:
    """Return the settings of the demo with pages on loopback. Browsers have passkeys at ``localhost`` only."""
    made = demo_settings(str(home), papers, f"file:{LETTERS}/")
    web = WebSettings(host="127.0.0.1", port=port or WebSettings().port)
    morning = structs.replace(made.editions["morning"], approval="required", approval_deadline_minutes=0)
    return structs.replace(
        made,
        site=structs.replace(made.site, url=f"http://localhost:{web.port}"),
        web=web,
        desk=DeskSettings(recent_minutes=A_MORNING),
        editions={**made.editions, "morning": morning},
        brand=structs.replace(made.brand, images="hosted"),
    )


def _add(app: App, name: str, email: str, role: Role) -> DemoUser:
    """Add a user with a new password."""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    by = By(who="digest demo")
    user = add_user(app.runtime, name, email, role, by)
    change_password(app.runtime, Passwords(), user, password, by)
    return DemoUser(name=name, email=email, role=role, password=password)
