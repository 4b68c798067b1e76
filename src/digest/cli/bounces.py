"""``digest bounces``: bounces, complaints, and their effect on readers."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from digest.cli.console import Console, table
from digest.cli.session import left_out, misused, session
from digest.errors import DigestError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from digest.pipeline.readers.bounce_handling import BounceEffect

TEMPORARY_FAILURE = 75
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group()
def bounces() -> None:
    """Read and list bounces and complaints."""


@bounces.command("read", short_help="Read bounces from files or from a pipe.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@json_option
@click.pass_context
def read(context: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Read bounces and complaints from files or from a pipe, and update the readers.

    Each of FILES is a mail, an mbox, a Maildir, or a folder of .eml files; without FILES one mail (or an mbox) is read
    from stdin, as mail servers pipe it into a program.

    Addresses that do not exist and readers who complain are unsubscribed at once; so are addresses with 5 soft bounces
    in 30 days. A mail that does not prove that it answers one of your letters changes nothing.

    A mail from a pipe that cannot be stored now ends with exit code 75: the mail server then keeps it and comes again.
    One that was set aside is stored in the quarantine, and ends with exit code 0.

    Example: digest bounces read < returned.eml
    """
    from digest.pipeline.readers.bounce_handling import take_all

    here = session(context)
    try:
        with here.app() as app, here.console.progress("Reading") as progress:
            counts = take_all(app.runtime, _mails(files), progress)
    except Exception as error:
        if not files:
            _come_again(here.console, error)
        if isinstance(error, OSError) and error.filename is not None:
            misused(f"{error.filename}: {error.strerror}")
        raise
    _tell(here.console, counts, as_json=as_json)
    if files:
        _end(counts)


@bounces.command("fetch", short_help="Read the new mails of the mailbox.")
@json_option
@click.pass_context
def fetch(context: click.Context, as_json: bool) -> None:
    """Read the new mails of the mailbox bounces.url, and update the readers.

    New are unread mails, and those that came since the last time even if somebody opened them. Mails that were read are
    marked as read, or moved to bounces.done_folder. `digest serve` does the same every few minutes.

    Example: digest bounces fetch
    """
    from digest.pipeline.readers.bounce_mailbox import collect

    here = session(context)
    with here.app() as app, here.console.progress("Reading") as progress:
        counts = collect(app.runtime, progress)
    _tell(here.console, counts, as_json=as_json)
    _end(counts)


@bounces.command("list", short_help="List bounces and refused addresses.")
@click.option("--count", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many, newest first.")
@json_option
@click.pass_context
def list_(context: click.Context, count: int, as_json: bool) -> None:
    """List bounces, complaints and refused addresses, newest first, with what the servers answered.

    Example: digest bounces list --count 20
    """
    here = session(context)
    with here.app() as app:
        both = (*app.stores.bounces.latest(count), *app.stores.bounces.refused(count))
    found = sorted(both, key=lambda each: each.at, reverse=True)[:count]
    if as_json:
        fields = ("at", "kind", "address", "edition", "status", "words")
        here.console.json([{name: getattr(each, name) for name in fields} for each in found])
        return
    if not found:
        here.console.say("Nothing came back yet.")
        return
    rows = [(f"{b.at:%Y-%m-%d %H:%M}", b.kind, b.address or "not ours", b.edition, b.status, b.words) for b in found]
    for line in table(rows, ("AT (UTC)", "KIND", "READER", "EDITION", "STATUS", "WORDS")):
        here.console.result(line)


@bounces.command("events", short_help="Count what sending services posted.")
@json_option
@click.pass_context
def events(context: click.Context, as_json: bool) -> None:
    """Count the events that the services of [events] posted, by service and by what came of them.

    "waiting" are those that `digest serve` takes next; "taken" ones were read. About "unknown" ones there is nothing to
    do. At "failed" ones the program failed: see `digest quarantine list`.

    Example: digest bounces events
    """
    here = session(context)
    with here.app() as app:
        counts = app.stores.service_events.counts()
    rows = [(sender, state, str(number)) for (sender, state), number in sorted(counts.items())]
    if as_json:
        here.console.json([{"service": sender, "state": state, "events": int(n)} for sender, state, n in rows])
    elif not rows:
        here.console.say("No service posted anything yet: see docs/howto/bounces.md.")
    else:
        for line in table(rows, ("SERVICE", "STATE", "EVENTS")):
            here.console.result(line)


def _come_again(console: Console, error: Exception) -> NoReturn:
    """End so that a mail server keeps the mail and delivers it again later (EX_TEMPFAIL of sysexits.h).

    A server returns a mail to its sender after any other failure, and nobody reads what returns from a bounce.
    """
    if not isinstance(error, DigestError | OSError):
        traceback.print_exception(error)
    console.warn(f"digest: {error}")
    raise click.exceptions.Exit(TEMPORARY_FAILURE)


def _mails(files: tuple[Path, ...]) -> Iterator[bytes]:
    from digest.readers.letterbox import mails_in, mails_of

    if not files:
        yield from mails_of(sys.stdin.buffer)
    for file in files:
        yield from mails_in(file)


def _tell(console: Console, counts: Mapping[BounceEffect, int], *, as_json: bool) -> None:
    from digest.pipeline.readers.bounce_handling import BounceEffect

    if as_json:
        console.json({upshot.name.lower(): counts[upshot] for upshot in BounceEffect})
        return
    for upshot in BounceEffect:
        if counts[upshot]:
            console.result(f"{counts[upshot]:>8}  {upshot.value}")
    if not sum(counts.values()):
        console.say("No mail to read.")


def _end(counts: Mapping[BounceEffect, int]) -> None:
    """End with exit code 3 when a mail was set aside."""
    from digest.pipeline.readers.bounce_handling import BounceEffect

    if counts[BounceEffect.SET_ASIDE]:
        left_out()
