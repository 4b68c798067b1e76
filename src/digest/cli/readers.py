"""``digest readers``: the readers of the letters."""

from __future__ import annotations

import csv
import json
import os
import sys
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.console import table
from digest.cli.session import failed, left_out, misused, session
from digest.errors import EditionsNotNamed
from digest.private_files import private
from digest.text.cells import guarded

if TYPE_CHECKING:
    from digest.storage.readers import StoredReader

PAGE = 1000
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group()
def readers() -> None:
    """List and change the readers."""


@readers.command("add", short_help="Subscribe one reader.")
@click.argument("address")
@click.option("--name", default="", help="The reader's name.")
@click.option("--language", default="", help="Language of pages and notices, such as de.")
@click.option("--zone", default="", help="The reader's time zone, such as Europe/Berlin.")
@click.option("-e", "--edition", multiple=True, help="An edition to subscribe to; repeat it for more [default: all].")
@json_option
@click.pass_context
def add(
    context: click.Context, address: str, name: str, language: str, zone: str, edition: tuple[str, ...], as_json: bool
) -> None:
    """Subscribe one reader. You state that this person agreed to get the letters.

    Example: digest readers add ada@example.com --name Ada --edition morning
    """
    from digest.cli.import_editions import choice_of
    from digest.pipeline.readers.enrol import Subscription, subscribe

    here = session(context)
    with here.app() as app:
        known = tuple(app.settings.editions)
        named = choice_of(edition, known).default if edition else known
        wish = Subscription(address=address, name=name, language=language, zone=zone, editions=named or known)
        outcome = subscribe(app.stores, app.clock(), wish)
    if as_json:
        here.console.json({"address": address, "outcome": outcome.name.lower()})
    else:
        here.console.result(f"{address}: {outcome.value}")
    if outcome.name in {"LEFT", "SUPPRESSED"}:
        left_out()


@readers.command("list", short_help="List the readers.")
@click.option("--all", "everybody", is_flag=True, help="Show those that left, too.")
@json_option
@click.pass_context
def list_(context: click.Context, everybody: bool, as_json: bool) -> None:
    """List the readers.

    Example: digest readers list --json
    """
    here = session(context)
    with here.app() as app:
        stored = (each for each in app.stores.readers.walk(left=everybody) if each.state != "erased")
        if as_json:
            here.console.json([_plain(each) for each in stored])
            return
        any_at_all = False
        while page := list(islice(stored, PAGE)):  # page by page: a million readers need no more memory
            shown = len(_HEADER) - (not everybody)  # only readers who left have words
            rows = [tuple(_plain(each).values())[:shown] for each in page]
            lines = table(rows, _HEADER[:shown])
            for line in islice(lines, int(any_at_all), None):
                here.console.result(line)
            any_at_all = True
    if not any_at_all:
        here.console.say("No readers yet: digest readers add ada@example.com")


@readers.command("show", short_help="Show everything about one reader.")
@click.argument("address")
@json_option
@click.pass_context
def show(context: click.Context, address: str, as_json: bool) -> None:
    """Show everything about one reader: what they get or why not, consent, pauses, bounces, last letters.

    Example: digest readers show ada@example.com
    """
    from digest.cli.dossier import as_lines, as_plain
    from digest.pipeline.readers.explain_reader import explain_reader

    here = session(context)
    with here.app() as app:
        found = explain_reader(app.runtime, address)
    if as_json:
        here.console.json(as_plain(found))
    else:
        for line in as_lines(found):
            here.console.result(line)
    if found.dossier.reader is None and found.dossier.suppression is None:
        failed()


@readers.command("remove", short_help="Unsubscribe a reader from all letters.")
@click.argument("address")
@click.pass_context
def remove(context: click.Context, address: str) -> None:
    """Unsubscribe a reader from all letters. The address is kept as one that left; imports do not bring it back.

    Example: digest readers remove ada@example.com
    """
    from digest.pipeline.readers.corrections import remove_reader

    here = session(context)
    with here.app() as app:
        gone, _ = remove_reader(app.runtime, address)
    here.console.result(f"{address}: {'removed' if gone else 'had left already'}")


@readers.command("edit", short_help="Correct what is known of a reader.")
@click.argument("address")
@click.option("--address", "new_address", help="Where letters go from now on; links mailed to the old one end.")
@click.option("--name", help="How the reader is called.")
@click.option("--language", help="Language of pages and notices, such as de.")
@click.option("--zone", help="The reader's time zone, such as Europe/Berlin; empty: the edition's own.")
@click.option("-e", "--edition", multiple=True, help="An edition to get; repeat it: these are all from now on.")
@json_option
@click.pass_context
def edit(
    context: click.Context,
    address: str,
    new_address: str | None,
    name: str | None,
    language: str | None,
    zone: str | None,
    edition: tuple[str, ...],
    as_json: bool,
) -> None:
    """Change the data of a reader who gets letters; data without an option stays. Nobody is mailed.

    Example: digest readers edit ada@example.com --name "Ada Lark" --edition evening
    """
    from digest.pipeline.readers.corrections import ReaderChange, correct_reader

    here = session(context)
    with here.app() as app:
        known = (*app.settings.editions, *app.stores.editions.names())
        for wanted in edition:
            if wanted not in known:
                misused(f"no edition is called {wanted!r} (known: {', '.join(dict.fromkeys(known))})")
        change = ReaderChange(address=new_address, name=name, language=language, zone=zone, editions=edition or None)
        stored = correct_reader(app.runtime, address, change)
    if as_json:
        here.console.json(_plain(stored))
        return
    for line in table([tuple(_plain(stored).values())], _HEADER):
        here.console.result(line)


@readers.command("erase", short_help="Forget an address for good.")
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do not ask: it cannot be taken back.")
@click.pass_context
def erase(context: click.Context, address: str, yes: bool) -> None:
    """Forget an address, of a reader or not. Only a number in the ledger and a hash that blocks imports remain.

    Sent letters, backups and the mail server's logs are not changed.

    Example: digest readers erase ada@example.com --yes
    """
    from digest.pipeline.readers.corrections import erase_address

    here = session(context)
    with here.app() as app:
        if not yes:
            click.confirm(f"Forget {address} for good?", abort=True, err=True)
        erase_address(app.runtime, address)
    here.console.result(f"{address}: erased")


@readers.command("reasons", short_help="List who left, and why.")
@click.option(
    "--count", type=click.IntRange(1, 1_000_000), default=50, show_default=True, help="How many, newest first."
)
@click.option("--csv", "as_csv", is_flag=True, help="Print the result as CSV.")
@json_option
@click.pass_context
def reasons(context: click.Context, count: int, as_csv: bool, as_json: bool) -> None:
    """List who left, the newest first: when, by which way, and why, in their own words if they gave any.

    Example: digest readers reasons --count 20
    """
    if as_csv and as_json:
        misused("--csv and --json are two different things: choose one")
    here = session(context)
    with here.app() as app:
        found = [_reason(stored) for stored in app.stores.readers.departed(count)]
    header = ("left_at", "address", "way", "words")
    if as_json:
        here.console.json([dict(zip(header, row, strict=True)) for row in found])
    elif as_csv:
        csv.writer(sys.stdout).writerows([header, *([guarded(cell) for cell in row] for row in found)])
    else:
        for line in table(found, [name.upper() for name in header]):
            here.console.result(line)


def _reason(stored: StoredReader) -> tuple[str, ...]:
    left = f"{stored.left_at:%Y-%m-%d %H:%M}" if stored.left_at else ""
    return left, stored.reader.address, stored.suppressed or "left", stored.left_why


@readers.command("suppress", short_help="Never send anything to an address.")
@click.argument("address")
@click.pass_context
def suppress(context: click.Context, address: str) -> None:
    """Never send anything to an address, whether it is known or not. Signing up does not lift this.

    Example: digest readers suppress ada@example.com
    """
    from digest.readers.address import parse_address

    here = session(context)
    with here.app() as app:
        new = app.stores.readers.suppress(parse_address(address).identity, "suppressed by the operator", app.clock())
    here.console.result(f"{address}: {'suppressed' if new else 'was suppressed already'}")


@readers.command("unsuppress", short_help="Allow sending to an address again.")
@click.argument("address")
@click.pass_context
def unsuppress(context: click.Context, address: str) -> None:
    """Allow sending to an address again that bounced, complained, or was suppressed by hand.

    Readers who left stay unsubscribed: only they can come back, by signing up.

    Example: digest readers unsuppress ada@example.com
    """
    from digest.readers.address import parse_address

    here = session(context)
    with here.app() as app:
        why = app.stores.readers.unsuppress(parse_address(address).identity)
    here.console.result(f"{address}: {f'no longer suppressed (it was: {why})' if why else 'was not suppressed'}")


@readers.command("import", short_help="Subscribe the readers of a CSV file.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report what would happen; store nothing.")
@click.option("-e", "--edition", multiple=True, help="An edition that its readers get, or all; repeat it for more.")
@click.option("--most", type=click.IntRange(min=1), help="How many become readers at most; again, and it goes on.")
@click.option(
    "--status", multiple=True, metavar="WORD=STATUS", help="What an unknown status word means; repeat it for more."
)
@json_option
@click.pass_context
def import_(
    context: click.Context,
    file: Path,
    dry_run: bool,
    edition: tuple[str, ...],
    most: int | None,
    status: tuple[str, ...],
    as_json: bool,
) -> None:
    """Subscribe the readers of a CSV file. Those that left or bounced, here or in the other system, are not subscribed.

    FILE is an export of listmonk, Mailchimp, Ghost, Buttondown or `digest readers export`, a bare list of addresses, or
    has a header line: address (or email), and optionally name, language, zone, editions (separated by ;), state,
    confirmed_at. It may be UTF-8, UTF-16 or a western code page, separated by comma, semicolon or tab.

    Its readers get the editions that its column `editions` names, and those of --edition where it is empty or missing.
    With several editions one of both is needed; in a terminal you are asked.

    With --most only so many become readers, in the order of the file: import it again on another day, and it goes on.

    A reader whose time zone is no IANA name is imported without one. The line is listed, and the exit code is 3.

    A status word that is not known stops the import before anything is stored, and is listed. Import the file again and
    say with --status what the word means: subscribed, unsubscribed, bounced, complained or unconfirmed.

    Example: digest readers import readers.csv --edition morning --dry-run
    """
    from digest.cli.import_editions import asked_choice, choice_of
    from digest.cli.imports import RosterFile, errors_name, show_report, statuses, tell_guess
    from digest.pipeline.readers.enrol import enrol

    here = session(context)
    told = statuses(status)
    with errors_name(file), here.app() as app, here.console.progress("Reading") as progress:
        lines, known = RosterFile(file), tuple(app.settings.editions)
        tell_guess(here.console, file, lines)
        take = partial(
            enrol,
            app.runtime,
            lines,
            dry_run=dry_run,
            progress=progress,
            total_lines=lines.count,
            told=told,
            most=most,
        )
        try:
            report = take(choice_of(edition, known))
        except EditionsNotNamed as error:
            report = take(asked_choice(error, known, file))
    show_report(here.console, file, report, as_json=as_json)
    if report.unknown:
        failed()
    if dry_run and not as_json:
        here.console.say("Nothing was stored (--dry-run).")
    if report.left_out:
        left_out()


@readers.command("export", short_help="Write all readers as CSV.")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def export(context: click.Context, file: Path | None) -> None:
    """Write all readers as CSV, also those that left or bounced; to stdout without FILE.

    FILE begins with a byte order mark, so that spreadsheets read it as UTF-8. A cell that they would take for a formula
    begins with a quote.

    `digest readers import` reads it back, states and consent included.

    Example: digest readers export readers.csv
    """
    here = session(context)
    with here.app() as app:
        target = sys.stdout if file is None else os.fdopen(private(file), "w", encoding="utf-8-sig", newline="")
        writer = csv.writer(target)
        writer.writerow((*_COLUMNS, "added_at", "left_at", "confirmed_at", "consent"))
        count = 0
        for stored in app.stores.readers.walk(left=True):
            if stored.state == "erased":
                continue
            confirmed = stored.consent.get("confirmed_at") or stored.consent.get("at", "")
            dates = (stored.added_at.isoformat(), stored.left_at.isoformat() if stored.left_at else "", confirmed)
            consent = json.dumps(dict(stored.consent), ensure_ascii=False)
            writer.writerow([guarded(str(cell)) for cell in (*_plain(stored).values(), *dates, consent)])
            count += 1
        if file is not None:
            target.close()
            here.console.say(f"{count} readers in {file}")
        unreadable = app.stores.database.has_unreadable
    if unreadable:
        here.console.warn("some readers cannot be read, and are not in it: digest quarantine list")
        left_out()


_COLUMNS = ("id", "address", "name", "language", "zone", "editions", "state", "since", "words")
"""``words`` is the reason for leaving in the reader's own words."""
_HEADER = ("ID", "ADDRESS", "NAME", "LANGUAGE", "ZONE", "EDITIONS", "STATE", "SINCE", "WORDS")


def _plain(stored: StoredReader) -> dict[str, str]:
    values = (
        str(stored.reader.id),
        stored.reader.address,
        stored.reader.name,
        stored.reader.language,
        stored.reader.zone,
        ";".join(stored.reader.editions),
        stored.shown_state,
        (stored.left_at or stored.added_at).date().isoformat(),
        stored.left_why,
    )
    return dict(zip(_COLUMNS, values, strict=True))
