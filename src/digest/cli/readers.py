"""``digest readers``: who gets the letters."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.console import table
from digest.cli.session import left_out, misused, session
from digest.errors import UnknownReader

if TYPE_CHECKING:
    from digest.storage.readers import StoredReader

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def register(app: click.Group) -> None:
    """Hang these commands under ``digest readers``."""
    app.add_command(readers)


@click.group()
def readers() -> None:
    """Who gets the letters: add, list, remove, import, export."""


@readers.command("add")
@click.argument("address")
@click.option("--name", default="", help="How the reader is called.")
@click.option("--language", default="", help="Language of pages and notices, such as de.")
@click.option("-e", "--edition", multiple=True, help="An edition to subscribe to; repeat it for more [default: all].")
@json_option
@click.pass_context
def add(
    context: click.Context, address: str, name: str, language: str, edition: tuple[str, ...], as_json: bool
) -> None:
    """Subscribe one reader, with the operator's word as consent.

    Example: digest readers add ada@example.com --name Ada --edition morning
    """
    from digest.pipeline.enrol import Subscription, subscribe

    here = session(context)
    with here.app() as app:
        known = tuple(app.settings.editions)
        for wanted in edition:
            if wanted not in known:
                misused(f"no edition is called {wanted!r} (known: {', '.join(known)})")
        wish = Subscription(address=address, name=name, language=language, editions=edition or known)
        outcome = subscribe(app.stores, app.clock(), wish)
    if as_json:
        here.console.json({"address": address, "outcome": outcome.name.lower()})
    else:
        here.console.result(f"{address}: {outcome.value}")
    if outcome.name in {"LEFT", "SUPPRESSED"}:
        left_out()


@readers.command("list")
@click.option("--all", "everybody", is_flag=True, help="Show those that left, too.")
@json_option
@click.pass_context
def list_(context: click.Context, everybody: bool, as_json: bool) -> None:
    """List the readers.

    Example: digest readers list --json
    """
    here = session(context)
    with here.app() as app:
        if as_json:
            here.console.json([_plain(stored) for stored in app.stores.readers.walk(left=everybody)])
            return
        rows = [tuple(_plain(stored).values()) for stored in app.stores.readers.walk(left=everybody)]
    if not rows:
        here.console.say("No readers yet: digest readers add ada@example.com")
        return
    for line in table(rows, ("ID", "ADDRESS", "NAME", "LANGUAGE", "EDITIONS", "STATE", "SINCE")):
        here.console.result(line)


@readers.command("remove")
@click.argument("address")
@click.pass_context
def remove(context: click.Context, address: str) -> None:
    """Take a reader off all letters. The address is kept as one that left, and a later import respects it.

    Example: digest readers remove ada@example.com
    """
    from digest.readers.address import parse_address

    here = session(context)
    with here.app() as app:
        gone = app.stores.readers.leave(parse_address(address).identity, "removed by the operator", app.clock())
        known = app.stores.readers.find(parse_address(address).identity)
    if known is None:
        raise UnknownReader(f"nobody has the address {address}: digest readers list")
    here.console.result(f"{address}: {'removed' if gone else 'had left already'}")


@readers.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Read and report, store nothing.")
@json_option
@click.pass_context
def import_(context: click.Context, file: Path, dry_run: bool, as_json: bool) -> None:
    """Subscribe the readers of a CSV file; those that left or bounced stay away.

    FILE has a header line: address (or email), and if you like name, language, editions (parted by ;).

    Example: digest readers import readers.csv --dry-run
    """
    from digest.pipeline.enrol import enrol

    here = session(context)
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines, here.app() as app:
            known = tuple(app.settings.editions)
            with here.console.progress("Reading") as progress:
                report = enrol(app.stores, app.clock(), lines, known, dry_run=dry_run, progress=progress)
    except OSError as error:
        misused(f"{file}: {error.strerror}")
    except UnicodeDecodeError:
        misused(f"{file}: is not UTF-8; save it as CSV UTF-8")
    if as_json:
        here.console.json({"counts": report.counts, "problems": [f"{file}:{n}: {p}" for n, p in report.problems]})
    else:
        for words, count in report.counts.items():
            here.console.result(f"{count:>8}  {words}")
        for number, problem in report.problems:
            here.console.warn(f"{file}:{number}: {problem}")
        if dry_run:
            here.console.say("Nothing was stored (--dry-run).")
    if report.problems:
        left_out()


@readers.command("export")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def export(context: click.Context, file: Path | None) -> None:
    """Write all readers as CSV, those that left too; to stdout without FILE.

    Example: digest readers export readers.csv
    """
    here = session(context)
    with here.app() as app:
        target = sys.stdout if file is None else file.open("w", encoding="utf-8", newline="")
        writer = csv.writer(target)
        writer.writerow(("id", "address", "name", "language", "editions", "state", "since"))
        count = 0
        for stored in app.stores.readers.walk(left=True):
            writer.writerow(_plain(stored).values())
            count += 1
        if file is not None:
            target.close()
            here.console.say(f"{count} readers in {file}")


def _plain(stored: StoredReader) -> dict[str, str]:
    return {
        "id": str(stored.reader.id),
        "address": stored.reader.address,
        "name": stored.reader.name,
        "language": stored.reader.language,
        "editions": ";".join(stored.reader.editions),
        "state": stored.state,
        "since": (stored.left_at or stored.added_at).date().isoformat(),
    }
