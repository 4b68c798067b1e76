"""``digest compose``, ``send`` and ``explain``: make and send editions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from digest.cli.console import Console
from digest.cli.session import Session, draining, failed, left_out, local_date, misused, session
from digest.cli.sources import tell_gathered
from digest.pipeline.progress import unseen

if TYPE_CHECKING:
    from digest.app import App
    from digest.edition.calendar import Occurrence
    from digest.pipeline.sending.send import Request, SendReport

edition_option = click.option("-e", "--edition", required=True, help="Name of the edition, such as morning.")
date_option = click.option("--date", help="Local date, such as 2026-11-23 [default: today].")
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.command(short_help="Compose an edition from what is stored.")
@edition_option
@date_option
@json_option
@click.pass_context
def compose(context: click.Context, edition: str, date: str | None, as_json: bool) -> None:
    """Compose an edition from the stored articles. An edition that was sent is never changed.

    Example: digest compose --edition morning
    """
    from digest.pipeline.editions.composing import asked_for, compose_edition

    here, day = session(context), local_date(date)
    with here.app() as app:
        composed = compose_edition(app.runtime, asked_for(app.runtime, edition, day))
    if as_json:
        import msgspec

        here.console.json(
            {
                "edition": str(composed.row.key),
                "state": composed.row.state.value,
                "reason": composed.row.reason,
                "content": msgspec.to_builtins(composed.edition),
                "advertorials": list(composed.advertorials),
            }
        )
    else:
        here.console.result(f"{composed.row.key}: {composed.row.in_words}")
        for item in composed.edition.items if composed.edition else ():
            here.console.result(f"  {item.place.value:<7} {item.headline}  ({', '.join(item.publishers)})")
        tell_advertorials(here.console, composed.advertorials)
    if composed.edition is None or composed.set_aside:
        left_out()


def tell_advertorials(console: Console, lines: tuple[str, ...]) -> None:
    """Print the articles that an edition left out as advertising."""
    for line in lines:
        console.result(f"  left out: {line}")


@click.command(short_help="Fetch, compose and send an edition, once.")
@edition_option
@date_option
@click.option("--now", is_flag=True, help="Send before it is due.")
@click.option("--late", is_flag=True, help="Send after its window has closed.")
@click.option("--dry-run", is_flag=True, help="Write every letter as a file in dry-run/; send nothing.")
@click.option("--to", metavar="ADDRESS", help="Send one test copy to this address only.")
@json_option
@click.pass_context
def send(
    context: click.Context,
    edition: str,
    date: str | None,
    now: bool,
    late: bool,
    dry_run: bool,
    to: str | None,
    as_json: bool,
) -> None:
    """Do the remaining steps of an edition: fetch, compose, send.

    Running it twice sends once. An interrupted run continues where it stopped.

    Example: digest send --edition morning
    """
    from digest.model.delivery import DeliveryState
    from digest.model.life import Cause
    from digest.pipeline.sending.send import Request

    if dry_run and to:
        misused("--dry-run and --to are two different things: choose one")
    here = session(context)
    request = Request(name=edition, day=local_date(date), now=now, late=late)
    with here.app() as app, here.console.progress("Sending") as progress:
        aside = len(app.stores.quarantine.held())
        if dry_run:
            _rehearse(here, app, request)
            return
        if to:
            _test_copy(here, app, request, to)
            return
        report = app.send(request, progress, draining)
        aside = len(app.stores.quarantine.held()) - aside
    if as_json:
        here.console.json(plain(report))
    else:
        tell_sent(here.console, report)
    posted = report.posted
    if posted is None and report.row.cause is Cause.CHECK:
        failed()
    if posted is not None and posted.error is not None and not posted.counts.of(DeliveryState.ACCEPTED):
        failed()
    if posted is None or posted.error is not None or posted.stopped or _unsettled(report) or aside:
        left_out()


def _rehearse(here: Session, app: App, request: Request) -> None:
    from digest.pipeline.sending.dry_run import rehearse

    done = rehearse(app.runtime, request, lambda: app.gather_at_once(unseen), Path(app.settings.folder) / "dry-run")
    here.console.result(f"{done.key}: {done.audience} letters in {done.folder}; nothing was sent.")


def _test_copy(here: Session, app: App, request: Request, to: str) -> None:
    from digest.pipeline.sending.dry_run import send_test_copy

    done = send_test_copy(app.runtime, request, lambda: app.gather_at_once(unseen), to)
    here.console.result(
        f"{done.key}: a test copy went to {to}; its links to leave and to choose do nothing. {done.reply}".rstrip()
    )


def tell_sent(console: Console, report: SendReport) -> None:
    """Print the result of sending an edition: who got it, what was left out, and what comes next."""
    if report.gathered is not None:
        tell_gathered(console, report.gathered)
    row, posted = report.row, report.posted
    for warning in report.warnings:
        console.warn(f"  {warning}")
    if posted is None:
        console.warn(f"{row.key}: {row.in_words}")
    else:
        counts = ", ".join(f"{number} {state.value}" for state, number in posted.counts.by_state) or "nobody subscribed"
        console.result(
            f"{row.key}: {row.state.value}. {report.audience} readers: {counts}. Sent now: {posted.sent_now}."
        )
        if posted.error is not None:
            console.warn(f"  {posted.error}")
        elif posted.stopped:
            console.warn(f"  stopped: {posted.stopped}")
        for line in (*posted.troubles, *_unsettled(report)):
            console.warn(f"  {line}")
        if posted.next_attempt is not None:
            console.warn(f"  put off by the relay; run again after {posted.next_attempt:%Y-%m-%d %H:%M:%S} UTC")
    tell_advertorials(console, report.advertorials)
    if report.next_due is not None:
        console.result(f"Next: {in_words(report.next_due, report.next_zone)}")


def in_words(due: Occurrence, zone: str) -> str:
    """Return an edition and when it is due as text, in the edition's own time ``zone``."""
    return f"{due.key} at {due.due.astimezone(ZoneInfo(zone)):%A %d %B %Y %H:%M} {zone}"


def _unsettled(report: SendReport) -> list[str]:
    """Return a line for each letter that was not delivered and will not be sent again.

    A line has the address, the state, and the answer of the mail server.
    """
    return [
        f"{report.address(letter)}: {letter.state.value}: {letter.reply}".rstrip(": ") for letter in report.unsettled
    ]


def plain(report: SendReport) -> dict[str, object]:
    """Return the report of a sending as plain values, for JSON."""
    posted = report.posted
    return {
        "edition": str(report.row.key),
        "state": report.row.state.value,
        "reason": report.row.reason,
        "audience": report.audience,
        "counts": {state.value: number for state, number in posted.counts.by_state} if posted else {},
        "sent_now": posted.sent_now if posted else 0,
        "error": str(posted.error) if posted and posted.error else None,
        "unsettled": _unsettled(report),
        "advertorials": list(report.advertorials),
        "next": str(report.next_due.key) if report.next_due else None,
    }


@click.command(short_help="Say why each story has its place.")
@click.argument("edition")
@click.argument("story", required=False)
@json_option
@click.pass_context
def explain(context: click.Context, edition: str, story: str | None, as_json: bool) -> None:
    """Say why each story has its place, or was left out; for one story, why each sentence was chosen.

    EDITION is a name (the newest of it) or name/date; STORY a part of a headline, or a story's id.

    Example: digest explain morning ferry
    """
    from digest.pipeline.proofs.explain import explain as explained

    here = session(context)
    with here.app() as app:
        account = explained(app.runtime, edition, story)
    if as_json:
        here.console.json(account.plain())
    else:
        for line in account.lines():
            here.console.result(line)
