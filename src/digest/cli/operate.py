"""``digest editions``, ``deliveries``, ``status``, ``runs``: what an operator asks."""

from __future__ import annotations

import csv
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from digest.cli.console import table
from digest.cli.session import misused, session
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
        found = _coming(app, count)
        zones = {name: edition.zone for name, edition in app.settings.editions.items()}
    if as_json:
        here.console.json(_plain_coming(found))
        return
    rows = [(str(d.key), _in_zone(d.due, zones[d.key.name]), _here(d.due), standing) for d, standing in found]
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
        found = _past(app, count)
    if as_json:
        here.console.json(found)
        return
    if not found:
        here.console.say("No editions yet: digest compose --edition NAME, or leave `digest serve` running")
        return
    rows = [(e["edition"], e["due"], e["state"], str(e["audience"]), _noted(e)) for e in found]
    for line in table(rows, ("EDITION", "DUE (UTC)", "STATE", "READERS", "LETTERS, OR REASON")):
        here.console.result(line)


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
    header = ("reader", "address", "state", "attempts", "next_attempt", "relay", "reply")
    if as_json:
        here.console.json([dict(zip(header, row, strict=True)) for row in found])
    elif as_csv:
        csv.writer(sys.stdout).writerows([header, *([guarded(cell) for cell in row] for row in found)])
    else:
        for line in table(found, [name.upper() for name in header]):
            here.console.result(line)


@click.command(short_help="Show the state of everything on one screen.")
@json_option
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Show on one screen: sources, next and last editions, what waits, what failed.

    Example: digest status
    """
    here = session(context)
    with here.app() as app:
        sources, past, due = _sources(app), _past(app, 6, begun=True), _coming(app, 1)
        aside = {kind.value: number for kind, number in app.stores.quarantine.counts().items()}
        zones = {name: edition.zone for name, edition in app.settings.editions.items()}
    if as_json:
        here.console.json({"sources": sources, "next": _plain_coming(due), "last": past, "set_aside": aside})
        return
    say = here.console.result
    fetched = f"{sources['last_fetch']} UTC" if sources["last_fetch"] else "never"
    say(f"Sources   {sources['enabled']} followed, last fetch {fetched}")
    for name, problem in sources["failing"].items():
        say(f"          {name}: {problem}")
    for each, standing in due:
        when = f"{_in_zone(each.due, zones[each.key.name])}  (here {_here(each.due)})"
        say(f"Next      {each.key}  {when}  {standing}".rstrip())
    for edition in past:
        letters = counts_in_words(edition["counts"]) if edition["audience"] else ""
        say(f"Last      {edition['edition']}  {_standing(edition)}  {letters}".rstrip())
    for edition in past:
        for trouble in edition["troubles"]:
            say(f"Look at   {edition['edition']}: {trouble}")
    if aside:
        what = ", ".join(f"{number} {kind}" for kind, number in sorted(aside.items()))
        say(f"Set aside {what}: digest failed on them; see digest quarantine list")


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
    rows = [(_utc(r.started), r.kind, f"{(r.ended - r.started) / timedelta(seconds=1):.1f} s", _sum(r)) for r in found]
    for line in table(rows, ("STARTED (UTC)", "RUN", "TOOK", "RESULT")):
        here.console.result(line)


def _coming(app: App, count: int) -> list[tuple[Occurrence, str]]:
    """Return what is due next, and how far it has come; empty words when nobody has touched it yet."""
    from digest.edition.calendar import upcoming

    now = app.clock()
    found = [due for name, edition in app.settings.editions.items() for due in upcoming(name, edition, now, count)]
    rows = ((due, app.stores.editions.get(due.key)) for due in sorted(found, key=lambda due: (due.due, due.key.name)))
    return [(due, row.in_words if row else "") for due, row in rows]


def _plain_coming(found: list[tuple[Occurrence, str]]) -> list[dict[str, str]]:
    return [{"edition": str(due.key), "due": due.due.isoformat(), "state": standing} for due, standing in found]


def _past(app: App, count: int, *, begun: bool = False) -> list[dict[str, Any]]:
    """Return the newest editions, with where their letters stand and what somebody should look at.

    ``begun`` leaves out those that were decided on ahead of their time and have nothing to show yet.
    """
    from digest.storage.deliveries import Deliveries

    found, now = [], app.clock()
    for row in app.stores.editions.latest(count):
        if begun and row.due > now and not row.seen:
            continue
        counts = Deliveries(app.stores.database, row.id).counts()
        edition = {"edition": str(row.key), "due": _utc(row.due), **_state(row)}
        troubles = [*_stuck(app, row), *_unlucky(counts)]
        found.append({**edition, **plain_counts(counts), "troubles": troubles})
    return found


def _state(row: StoredEdition) -> dict[str, str]:
    return {"state": row.state.value, "cause": row.cause.value, "reason": row.reason}


def _standing(edition: dict[str, Any]) -> str:
    from digest.model.edition import EditionState
    from digest.model.life import Cause, in_words

    return in_words(EditionState(edition["state"]), Cause(edition["cause"]), edition["reason"])


def _waits(app: App, edition: EditionKey) -> list[str]:
    from digest.pipeline.post import waiting

    return [str(wait) for wait in waiting(app.house, edition)]


def _stuck(app: App, row: StoredEdition) -> Iterator[str]:
    """Yield what an edition waits for, or that it fell out though nobody wanted that; with what to do."""
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


def _unlucky(counts: Counts) -> Iterator[str]:
    for state in (DeliveryState.REJECTED, DeliveryState.EXPIRED, DeliveryState.UNCERTAIN, DeliveryState.DEFERRED):
        if number := counts.of(state):
            yield f"{number} letters {state.value}"


def plain_counts(counts: Counts) -> dict[str, Any]:
    """Return where letters stand, for machines."""
    return {"audience": counts.audience, "counts": {state.value: number for state, number in counts.by_state}}


def _noted(edition: dict[str, Any]) -> str:
    return edition["reason"] or (counts_in_words(edition["counts"]) if edition["audience"] else "")


def counts_in_words(counts: dict[str, int]) -> str:
    """Return where letters stand, as in ``3 accepted, 1 deferred``."""
    return ", ".join(f"{number} {state}" for state, number in counts.items()) or "no letters"


def _letters(app: App, edition: str, state: str | None) -> list[tuple[str, ...]]:
    from digest.pipeline.explain import find_edition
    from digest.storage.deliveries import Deliveries

    row = find_edition(app.house, edition)
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
        )
        for letter in Deliveries(app.stores.database, row.id).rows(*wanted)
    ]


def _sources(app: App) -> dict[str, Any]:
    from digest.pipeline.sources import follow

    follow(app.stores, app.settings)
    followed, last = app.stores.sources.enabled(), app.stores.runs.last("fetch")
    failing = {stored.source.name: stored.last_result for stored in followed if stored.state.get("failures")}
    return {"enabled": len(followed), "last_fetch": _utc(last) if last else None, "failing": failing}


def _sum(run: StoredRun) -> str:
    """Return a run's report in a few words: what it brought, and the problems by name."""
    told = {"send": _sent_words, "quarantine": _set_aside_words}.get(run.kind, _fetched_words)
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


def _sent_words(report: Mapping[str, Any]) -> str:
    now, recovered = counts_in_words(report["now"]), report["recovered"]
    said = [f"{report['edition']}: {now}", f"{recovered} recovered" if recovered else "", report["stopped"]]
    return "; ".join(filter(None, [*said, report["problem"]]))


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _in_zone(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%a %d %b %Y %H:%M} {zone}"


def _here(moment: datetime) -> str:
    return f"{moment.astimezone():%a %d %b %Y %H:%M %Z}"
