"""``digest readers``: who gets the letters."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.console import table
from digest.cli.session import left_out, misused, session
from digest.errors import UnknownReader

if TYPE_CHECKING:
    from digest.storage.readers import StoredReader

readers = typer.Typer(no_args_is_help=True, help="Who gets the letters: add, list, remove, import, export.")

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def register(app: typer.Typer) -> None:
    """Hang these commands under ``digest readers``."""
    app.add_typer(readers, name="readers")


@readers.command("add")
def add(
    context: typer.Context,
    address: str,
    name: Annotated[str, typer.Option(help="How the reader is called.")] = "",
    language: Annotated[str, typer.Option(help="Language of pages and notices, such as de.")] = "",
    edition: Annotated[list[str] | None, typer.Option(help="An edition to subscribe to [default: all].")] = None,
    as_json: AsJson = False,
) -> None:
    """Subscribe one reader, with the operator's word as consent.

    Example: digest readers add ada@example.com --name Ada --edition morning
    """
    from digest.pipeline.enrol import Subscription, subscribe

    here = session(context)
    with here.app() as app:
        known = tuple(app.settings.editions)
        for wanted in edition or ():
            if wanted not in known:
                misused(f"no edition is called {wanted!r} (known: {', '.join(known)})")
        wish = Subscription(address=address, name=name, language=language, editions=tuple(edition or known))
        outcome = subscribe(app.stores, app.clock(), wish)
    if as_json:
        here.console.json({"address": address, "outcome": outcome.name.lower()})
    else:
        here.console.result(f"{address}: {outcome.value}")
    if outcome.name in {"LEFT", "SUPPRESSED"}:
        left_out()


@readers.command("list")
def list_(
    context: typer.Context,
    everybody: Annotated[bool, typer.Option("--all", help="Show those that left, too.")] = False,
    as_json: AsJson = False,
) -> None:
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
def remove(context: typer.Context, address: str) -> None:
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
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV with a header line: address, and name, language, editions.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and report, store nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Subscribe the readers of a CSV file; those that left or bounced stay away.

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
def export(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="Where to write [default: stdout].")] = None,
) -> None:
    """Write all readers as CSV, those that left too.

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
