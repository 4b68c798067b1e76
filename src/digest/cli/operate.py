"""``digest editions``, ``deliveries``, ``runs``: coming and past editions, their letters, and what the program did."""

from __future__ import annotations

import csv
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from digest.cli.console import table
from digest.cli.session import misused, session
from digest.errors import UnknownEdition
from digest.model.delivery import DeliveryState
from digest.text.cells import guarded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from digest.app import App
    from digest.bookkeeping import Counts
    from digest.edition.calendar import Occurrence
    from digest.model.ids import EditionKey
    from digest.storage.editions import StoredEdition
    from digest.storage.runs import StoredRun

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
LONGEST_NOTE = 100


@click.group()
def editions() -> None:
    """List coming and past editions.

    Example: digest editions next
    """


@editions.command("next", short_help="List when editions are due.")
@click.option("--count", type=click.IntRange(1, 100), default=3, show_default=True, help="How many of each edition.")
@json_option
@click.pass_context
def coming(context: click.Context, count: int, as_json: bool) -> None:
    """List when editions are due, in their own time zone and in yours.

    Example: digest editions next
    """
    here = session(context)
    with here.app() as app:
        found = coming_editions(app, count)
        zones = {name: edition.zone for name, edition in app.settings.editions.items()}
    if as_json:
        here.console.json(plain_coming(found))
        return
    rows = [(str(d.key), in_zone(d.due, zones[d.key.name]), here_in_words(d.due), standing) for d, standing in found]
    for line in table(rows, ("EDITION", "IN ITS ZONE", "IN YOURS", "STATE")):
        here.console.result(line)


@editions.command("list", short_help="List past editions and their letters.")
@click.option("--count", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many, newest first.")
@json_option
@click.pass_context
def list_(context: click.Context, count: int, as_json: bool) -> None:
    """List past editions: their state, the reason for it, and the states of their letters.

    Example: digest editions list
    """
    here = session(context)
    with here.app() as app:
        found = past_editions(app, count)
    if as_json:
        here.console.json(found)
        return
    if not found:
        here.console.say("No editions yet: digest compose --edition NAME, or leave `digest serve` running")
        return
    rows = [(e["edition"], e["due"], e["state"], str(e["audience"]), _noted(e)) for e in found]
    for line in table(rows, ("EDITION", "DUE (UTC)", "STATE", "READERS", "LETTERS, OR REASON")):
        here.console.result(line)


@editions.command("rename", short_help="Take the readers of an edition along to its new name.")
@click.argument("old")
@click.argument("new")
@click.pass_context
def rename(context: click.Context, old: str, new: str) -> None:
    """Move the readers of an edition to its new name, after the settings have it.

    Drafts, and the memory of told stories, move too. Sent editions keep their name: archive addresses, figures of past
    days and links in old letters stay as they are. Readers who leave by one of these links leave the new name.

    Example: digest editions rename morning daily
    """
    from digest.pipeline.editions.renaming import rename_edition

    here = session(context)
    with here.app() as app:
        try:
            done = rename_edition(app.runtime, old, new)
        except UnknownEdition as error:
            misused(str(error))
    twice = f"; {done.already} of them had subscribed to {new} already" if done.already else ""
    here.console.result(f"{old} is {new}: {done.readers} readers{twice}, {done.drafts} unsent editions")


@editions.command("end", short_help="End the subscriptions to an edition that is over.")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask: it cannot be taken back.")
@click.pass_context
def end(context: click.Context, name: str, yes: bool) -> None:
    """End all subscriptions to an edition that the settings no longer have. The readers stay, with their other letters.

    Example: digest editions end weekly --yes
    """
    from digest.pipeline.editions.renaming import end_edition, lost_names

    here = session(context)
    with here.app() as app:
        if not yes:
            click.confirm(f"End {lost_names(app.runtime).get(name, 0)} subscriptions to {name}?", abort=True, err=True)
        try:
            ended = end_edition(app.runtime, name)
        except UnknownEdition as error:
            misused(str(error))
    here.console.result(f"{name}: {ended} subscriptions ended")


@click.command(short_help="List who got an edition, and who did not.")
@click.option("-e", "--edition", required=True, help="Name of the edition (its newest), or name/date.")
@click.option(
    "--state", type=click.Choice([state.value for state in DeliveryState]), help="Only letters in this state."
)
@click.option("--csv", "as_csv", is_flag=True, help="Print the result as CSV.")
@json_option
@click.pass_context
def deliveries(context: click.Context, edition: str, state: str | None, as_csv: bool, as_json: bool) -> None:
    """List who got an edition, who did not, and what the mail server answered.

    Example: digest deliveries --edition morning --state rejected
    """
    if as_csv and as_json:
        misused("--csv and --json are two different things: choose one")
    here = session(context)
    with here.app() as app:
        found = _letters(app, edition, state)
    header = ("reader", "address", "state", "attempts", "next_attempt", "relay", "reply", "letter")
    if as_json:
        here.console.json([dict(zip(header, row, strict=True)) for row in found])
    elif as_csv:
        csv.writer(sys.stdout).writerows([header, *([guarded(cell) for cell in row] for row in found)])
    else:
        for line in table(found, [name.upper() for name in header]):
            here.console.result(line)


@click.command(short_help="List what commands and jobs did.")
@click.option("--count", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many, newest first.")
@json_option
@click.pass_context
def runs(context: click.Context, count: int, as_json: bool) -> None:
    """List what commands and jobs did: when, how long it took, and what went wrong.

    Example: digest runs --count 5
    """
    here = session(context)
    with here.app() as app:
        found = app.stores.runs.latest(count)
    if as_json:
        here.console.json(
            [{"id": r.id, "kind": r.kind, "started": r.started, "ended": r.ended, "report": r.report} for r in found]
        )
        return
    if not found:
        here.console.say("Nothing was fetched or sent yet: digest fetch")
        return
    rows = [(utc(r.started), r.kind, f"{(r.ended - r.started) / timedelta(seconds=1):.1f} s", _sum(r)) for r in found]
    for line in table(rows, ("STARTED (UTC)", "RUN", "TOOK", "RESULT")):
        here.console.result(line)


def coming_editions(app: App, count: int) -> list[tuple[Occurrence, str]]:
    """Return the next editions that were not sent, each with its state in words.

    ``count`` is the number of dates for each edition. The state is empty when nothing was done yet.
    """
    from digest.edition.calendar import upcoming
    from digest.model.life import FROZEN

    now = app.clock()
    found = [due for name, edition in app.settings.editions.items() for due in upcoming(name, edition, now, count)]
    rows = ((due, app.stores.editions.get(due.key)) for due in sorted(found, key=lambda due: (due.due, due.key.name)))
    return [(due, row.in_words if row else "") for due, row in rows if row is None or row.state not in FROZEN]


def plain_coming(found: list[tuple[Occurrence, str]]) -> list[dict[str, str]]:
    """Return the result of ``coming_editions`` as plain values, for JSON."""
    return [{"edition": str(due.key), "due": due.due.isoformat(), "state": standing} for due, standing in found]


def past_editions(app: App, count: int, *, begun: bool = False) -> list[dict[str, Any]]:
    """Return the newest editions as plain values, with the states of their letters and what needs attention.

    With ``begun``, editions are left out that are not due yet and have no draft yet.
    """
    from digest.storage.deliveries import Deliveries

    found, now = [], app.clock()
    for row in app.stores.editions.latest(count):
        if begun and row.due > now and not row.seen:
            continue
        ledger = Deliveries(app.stores.database, row.id)
        counts, mornings = ledger.counts(), ledger.mornings() if row.state.value == "sending" else ()
        edition = {"edition": str(row.key), "due": utc(row.due), **_state(row)}
        troubles = [*_stuck(app, row), *_unlucky(counts, sum(number for _moment, number in mornings))]
        later = [{"at": moment.isoformat(), "letters": number} for moment, number in mornings]
        found.append({**edition, **plain_counts(counts), "troubles": troubles, "later": later})
    return found


def _state(row: StoredEdition) -> dict[str, str]:
    return {"state": row.state.value, "cause": row.cause.value, "reason": row.reason}


def _waits(app: App, edition: EditionKey) -> list[str]:
    from digest.pipeline.relays import waiting

    return [str(wait) for wait in waiting(app.runtime, edition)]


def _stuck(app: App, row: StoredEdition) -> Iterator[str]:
    """Yield what an edition waits for, and what to do about it.

    For an edition that was skipped automatically, say so.
    """
    from digest.model.edition import EditionState
    from digest.model.life import Cause, waits_for_approval

    plan, standing = app.settings.editions.get(row.key.name), row.in_words
    if row.state is EditionState.SENDING:
        yield from _waits(app, row.key)
    elif row.state is EditionState.PAUSED:
        yield f"it is {standing}; to go on: digest resume {row.key}"
    elif row.state is EditionState.HELD:
        yield f"it is {standing}; to let it go: digest approve {row.key}"
    elif row.state is EditionState.READY and plan and waits_for_approval(plan, row.state, row.due, app.clock()):
        yield f"it waits for its editor: digest approve {row.key}"
    elif row.state is EditionState.SKIPPED and row.cause is not Cause.EDITOR:
        yield f"it is {standing}"


def _unlucky(counts: Counts, in_time: int) -> Iterator[str]:
    """Yield how many letters are in each state that needs attention, as text.

    ``in_time`` deferred letters are not counted: they wait only for the time in their readers' zones.
    """
    for state in (DeliveryState.REJECTED, DeliveryState.EXPIRED, DeliveryState.UNCERTAIN, DeliveryState.DEFERRED):
        number = counts.of(state) - (in_time if state is DeliveryState.DEFERRED else 0)
        if number > 0:
            yield f"{number} letters {state.value}"


def plain_counts(counts: Counts) -> dict[str, Any]:
    """Return the size of the audience and the number of letters in each state, for JSON."""
    return {"audience": counts.audience, "counts": {state.value: number for state, number in counts.by_state}}


def _noted(edition: dict[str, Any]) -> str:
    return edition["reason"] or letters_in_words(edition)


def letters_in_words(edition: Mapping[str, Any]) -> str:
    """Return the numbers of an edition's letters by state, as text; empty before its sending begins."""
    if edition["audience"]:
        return counts_in_words(edition["counts"])
    return "to nobody: no reader had subscribed in time" if edition["state"] == "sent" else ""


def counts_in_words(counts: dict[str, int]) -> str:
    """Return the numbers of letters by state as text, such as ``3 accepted, 1 deferred``."""
    return ", ".join(f"{number} {state}" for state, number in counts.items()) or "no letters"


def _letters(app: App, edition: str, state: str | None) -> list[tuple[str, ...]]:
    from digest.pipeline.editions.lookup import find_edition
    from digest.storage.deliveries import Deliveries

    row = find_edition(app.runtime, edition)
    wanted = (DeliveryState(state),) if state else ()
    addresses = {stored.reader.id: stored.reader.address for stored in app.stores.readers.walk(left=True)}
    return [
        (
            str(letter.reader_id),
            addresses.get(letter.reader_id, ""),
            letter.state.value,
            str(letter.attempts),
            letter.next_attempt.isoformat() if letter.next_attempt else "",
            letter.relay,
            letter.reply,
            str(letter.letter),
        )
        for letter in Deliveries(app.stores.database, row.id).rows(*wanted)
    ]


def _sum(run: StoredRun) -> str:
    """Return the result of a run and the names of what had problems, in at most LONGEST_NOTE characters."""
    told = {"send": _sent_words, "quarantine": _set_aside_words, "prune": _pruned_words}.get(run.kind, _fetched_words)
    words = told(run.report)
    return words if len(words) <= LONGEST_NOTE else f"{words[:LONGEST_NOTE]}..."


def _fetched_words(report: Mapping[str, Any]) -> str:
    sources, pages = report.get("sources", ()), report.get("pages", ())
    problems = [each.get("name", "") for each in sources if each.get("problem")]
    said = [f"{report.get('articles', 0)} articles of {len(sources)} sources"]
    said += [f"{len(pages)} pages left out"] if pages else []
    said += [f"problems: {', '.join(problems)}"] if problems else []
    return "; ".join(said)


def _set_aside_words(report: Mapping[str, Any]) -> str:
    kinds = ", ".join(sorted({item["kind"] for item in report["items"]}))
    return f"{report['work']}: {report['set_aside']} set aside ({kinds}): digest quarantine list"


def _pruned_words(report: Mapping[str, Any]) -> str:
    gone = ", ".join(f"{number} {name}" for name, number in report["gone"].items() if number)
    return f"taken out: {gone or 'nothing'}{'' if report['whole'] else '; more is left for the next time'}"


def _sent_words(report: Mapping[str, Any]) -> str:
    now, recovered = counts_in_words(report["now"]), report["recovered"]
    said = [f"{report['edition']}: {now}", f"{recovered} recovered" if recovered else "", report["stopped"]]
    return "; ".join(filter(None, [*said, report["problem"]]))


def utc(moment: datetime) -> str:
    """Return an instant in UTC as text, to the minute."""
    return f"{moment:%Y-%m-%d %H:%M}"


def in_zone(moment: datetime, zone: str) -> str:
    """Return an instant as text, in the local time of ``zone``."""
    return f"{moment.astimezone(ZoneInfo(zone)):%a %d %b %Y %H:%M} {zone}"


def here_in_words(moment: datetime) -> str:
    """Return an instant as text, in this machine's local time."""
    return f"{moment.astimezone():%a %d %b %Y %H:%M %Z}"
