"""``digest db``: the database's tables."""

from __future__ import annotations

import os
from pathlib import Path

import click

from digest.cli.session import session


def register(app: click.Group) -> None:
    """Hang these commands under ``digest db``."""
    app.add_command(db)


@click.group()
def db() -> None:
    """Look after the database.

    Example: digest db upgrade
    """


@db.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def upgrade(context: click.Context, as_json: bool) -> None:
    """Bring the tables to what this program needs; safe to repeat. Back up first.

    Example: digest db upgrade
    """
    from digest.configuration import load
    from digest.storage.engine import REVISION, Database

    here = session(context)
    settings = load(here.config, os.environ)
    database = Database(settings.database.url, Path(settings.folder))
    try:
        database.upgrade()
        database.require_schema()
    finally:
        database.close()
    if as_json:
        here.console.json({"database": database.name, "schema": REVISION})
    else:
        here.console.result(f"{database.name}: schema {REVISION}")
