"""``digest db``: check, upgrade and copy the database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.session import Session, misused, session
from digest.errors import DatabaseBusy, SchemaMismatch, StorageError

if TYPE_CHECKING:
    from digest.storage.engine import Database


@click.group()
def db() -> None:
    """Upgrade or copy the database.

    Example: digest db upgrade
    """


@db.command(short_help="Upgrade the tables to this version.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def upgrade(context: click.Context, as_json: bool) -> None:
    """Upgrade the tables to what this version needs. Safe to repeat. Back up first.

    With many machines: stop all of them, upgrade once, start the new version everywhere.

    Example: digest db upgrade
    """
    from digest.storage.engine import REVISION

    here = session(context)
    with _opened(here) as (database, _):
        database.upgrade()
        database.require_schema()
        _upgrade_crew(database)
    if as_json:
        here.console.json({"database": database.name, "schema": REVISION})
    else:
        here.console.result(f"{database.name}: schema {REVISION}")


def _upgrade_crew(database: Database) -> None:
    """Recreate the tables of the cluster's job engine when they are of another version.

    Do nothing without such tables.
    """
    from digest.app import system_clock
    from digest.storage.engine import has_schema

    if not has_schema(database, "digest_crew"):
        return
    from digest.crew.cluster import ClusterCrew

    ClusterCrew(database, system_clock).prepare(replace_old=True)


@db.command(short_help="Check that the database answers and fits.")
@click.pass_context
def check(context: click.Context) -> None:
    """Query the database, and compare its tables with what this program needs; exit 1 when there is a problem.

    Example: digest db check
    """
    from digest.storage.engine import REVISION

    here = session(context)
    with _opened(here) as (database, _):
        database.require_encoding()
        if (found := database.revision) != REVISION:
            raise SchemaMismatch(f"{database.name} has schema {found or 'none'}, this program needs {REVISION}")
    here.console.result(f"{database.name}: it answers, schema {REVISION}")


@db.command(short_help="Copy everything into another database.")
@click.argument("target", metavar="TARGET_URL")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def copy(context: click.Context, target: str, as_json: bool) -> None:
    """Copy everything into another, empty database, for instance from SQLite into PostgreSQL; all of it or nothing.

    Stop `digest serve` first: changes after the copy began are not copied. A password may be left out of TARGET_URL
    (postgresql://user@host/name) and be in ~/.pgpass or PGPASSWORD.

    Example: digest db copy postgresql://digest@localhost/digest
    """
    from digest.app import system_clock
    from digest.storage.leases import Leases
    from digest.storage.transfer import transfer

    here = session(context)
    with _opened(here) as (source, folder), _named(target, folder) as into:
        source.require_schema()
        into.require_schema()
        if work := Leases(source).in_hand(system_clock()):
            raise DatabaseBusy(
                f"{source.name}: a process is at work ({', '.join(work)}): stop it and try again; the work of one that "
                "was killed is free after three minutes"
            )
        with here.console.progress("Copy") as progress:
            counts = transfer(source, into, progress)
    if as_json:
        here.console.json({"source": source.name, "target": into.name, "rows": dict(counts)})
        return
    for table, rows in counts.items():
        here.console.result(f"{rows:>9}  {table}")
    here.console.result(f"{sum(counts.values()):>9}  rows, all of them in {into.name}")
    here.console.say("Next: set database.url in the configuration to it. The old database was not changed.")


@contextmanager
def _opened(here: Session) -> Iterator[tuple[Database, Path]]:
    """Yield the database of the settings, even with outdated tables, and the folder of the installation."""
    from digest.configuration import load
    from digest.storage.engine import Database

    settings = load(here.config, os.environ)
    folder = Path(settings.folder)
    database = Database(settings.database.url, folder)
    try:
        yield database, folder
    finally:
        database.close()


@contextmanager
def _named(url: str, folder: Path) -> Iterator[Database]:
    from digest.storage.engine import Database

    try:
        database = Database(url, folder)
    except StorageError as error:
        misused(str(error))
    try:
        yield database
    finally:
        database.close()
