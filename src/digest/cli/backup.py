"""``digest backup`` and ``restore``: save an installation into a folder, and restore it from there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.session import session

if TYPE_CHECKING:
    from digest.settings import Settings

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
MEGABYTE = 1_000_000


@click.command(short_help="Save the database, settings, keys and journals.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--keep", type=click.IntRange(1), help="How many backups to keep there; older ones are removed. Default: all."
)
@json_option
@click.pass_context
def backup(context: click.Context, folder: Path, keep: int | None, as_json: bool) -> None:
    """Save the database with its pictures, the settings with their keys, and the journals into a folder in FOLDER.

    It is safe at any time, also while letters are being sent. The backup is checked before it gets its final name. It
    does not contain environment variables. It contains readers' addresses and secret keys: nobody else may read it.

    Example: digest backup backups --keep 14
    """
    from digest.app import system_clock
    from digest.configuration import file_of, load
    from digest.pipeline.keeping.backup import Installation, back_up
    from digest.storage.engine import Database

    here = session(context)
    settings = load(here.config, os.environ)
    here.log(settings.log.level, settings.log.format)
    database = Database(settings.database.url, Path(settings.folder))
    config = file_of(here.config, os.environ)
    what = Installation(settings=settings, config=config, database=database, environment=os.environ)
    try:
        made = back_up(what, folder, system_clock(), keep)
    finally:
        database.close()
    if as_json:
        removed = [str(path) for path in made.removed]
        here.console.json(
            {"backup": str(made.folder), "bytes": made.size, "rows": made.manifest.rows} | {"removed": removed}
        )
        return
    rows, files = sum(made.manifest.rows.values()), len(made.manifest.files)
    here.console.result(
        f"{made.folder}: {rows} rows, {files} files, {made.size / MEGABYTE:.1f} MB, checked by reading it back"
    )
    if made.removed:
        here.console.say(f"Removed {len(made.removed)} older ones.")


@click.command(short_help="Restore an installation from a backup.")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Move the present database and other keys aside first.")
@json_option
@click.pass_context
def restore(context: click.Context, folder: Path, replace: bool, as_json: bool) -> None:
    """Restore a backup, or the newest in FOLDER, as the installation of this folder (or of --config).

    A database that has rows, or that others are connected to, is refused. Existing settings are kept. Nobody is mailed
    automatically: editions that may have been sent since the backup wait until you decide. The commands for this are
    printed.

    Example: digest restore backups
    """
    from msgspec import structs

    from digest.app import system_clock
    from digest.configuration import file_of, home, load
    from digest.pipeline.keeping.manifest import newest
    from digest.pipeline.keeping.restore import Target, lines
    from digest.pipeline.keeping.restore import restore as restored

    here = session(context)
    here.log()
    config = file_of(here.config, os.environ)
    place = home(config)

    def settings(file: Path) -> Settings:
        return structs.replace(load(file, os.environ), folder=str(place))

    target = Target(
        config=config, home=place, replace=replace, environment=os.environ, load=settings, clock=system_clock
    )
    done = restored(newest(folder), target)
    if as_json:
        held = [{"edition": edition, "to_send": word} for edition, word in done.held.editions]
        here.console.json(
            {"backup": str(done.folder), "made_at": done.manifest.made_at, "rows": done.manifest.rows, "held": held}
            | {"mails_ended": done.held.mails, "placed": done.placed, "kept": done.kept, "aside": done.aside}
        )
        return
    for line in lines(done):
        here.console.result(line)
