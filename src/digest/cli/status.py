"""``digest status``: one screen with the state of the installation, and whether something needs action."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from digest.cli.operate import (
    coming_editions,
    here_in_words,
    in_zone,
    json_option,
    letters_in_words,
    past_editions,
    plain_coming,
    utc,
)
from digest.cli.session import failed, session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from digest.alerts.facts import Facts
    from digest.app import App
    from digest.cli.console import Console
    from digest.edition.calendar import Occurrence
    from digest.model.alert import Alert
    from digest.model.course import Movement

DAYS = 7
"""For how many days the screen shows readers who joined or left, and missed editions."""


@click.command(short_help="Show what needs a hand, and exit with 1 then.")
@json_option
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Show the state of serving processes, sources, readers and editions, what waits, and what failed.

    Exits with 1 when something needs action: what `digest serve` would alert of, or a `digest serve` that died.

    Example: digest status
    """
    from digest.alerts.rules import found
    from digest.pipeline.operations.outlook import facts

    here = session(context)
    with here.app() as app:
        sources, past, due = _sources(app), past_editions(app, 6, begun=True), coming_editions(app, 1)
        aside = {kind.value: number for kind, number in app.stores.quarantine.counts().items()}
        zones = {name: edition.zone for name, edition in app.settings.editions.items()}
        known = facts(app.runtime)
        alerts = found(known, app.settings.alerts)
        moved, missed = _moved(app), _missed(app, alerts)
    if as_json:
        plain = {"sources": sources, "next": plain_coming(due), "last": past, "set_aside": aside}
        here.console.json(plain | _plain(known, alerts, moved, missed))
    else:
        console = here.console
        _say_alerts(console, alerts)
        _say_service(console, known)
        _say_sources(console, sources)
        _say_readers(console, moved)
        _say_editions(console, due, past, zones)
        if missed:
            console.result(f"Missed    {', '.join(missed)}: digest editions list")
        if aside:
            what = ", ".join(f"{number} {kind}" for kind, number in sorted(aside.items()))
            console.result(f"Set aside {what}: digest failed at them and leaves them alone; digest quarantine list")
    if alerts:
        failed()


def _plain(
    known: Facts, alerts: Iterable[Alert], moved: Mapping[str, Movement], missed: Iterable[str]
) -> dict[str, Any]:
    from digest.alerts.rules import relays_of

    return {
        "needs_a_hand": [{"kind": each.kind.value, "about": each.about, "words": each.words} for each in alerts],
        "serve": [
            {
                "process": sign.process,
                "host": sign.host,
                "version": sign.version,
                "state": sign.life(known.now).value,
                "started": sign.started_at.isoformat(),
                "last_heard_seconds": round((known.now - sign.beat_at).total_seconds(), 1),
            }
            for sign in known.signs
        ],
        "relays": {
            name: {
                "trouble": state.trouble.value,
                "since": state.since.isoformat(),
                "certificate_ends": state.certificate_ends.isoformat() if state.certificate_ends else None,
            }
            for name, state in relays_of(known.signs).items()
        },
        "readers_by_day": {day: asdict(movement) for day, movement in moved.items()},
        "missed": list(missed),
    }


def _say_alerts(console: Console, alerts: Iterable[Alert]) -> None:
    for alert in alerts:
        console.result(f"Trouble   {alert.words}")


def _say_service(console: Console, known: Facts) -> None:
    from digest.alerts.rules import relays_of

    for line in _processes(known):
        console.result(f"Serve     {line}")
    for name, state in relays_of(known.signs).items():
        ends = f"; its certificate ends {utc(state.certificate_ends)} UTC" if state.certificate_ends else ""
        console.result(f"Relay     {name} {state.trouble.value or 'takes letters'} since {utc(state.since)} UTC{ends}")


def _processes(known: Facts) -> Iterator[str]:
    """Yield a line for each live and each dead process. Without any, yield a line for the one that was stopped last."""
    from digest.alerts.rules import missing
    from digest.model.sign import Life

    lost = missing(known.signs, known.now)
    alive = [sign for sign in known.signs if sign.life(known.now) is Life.ALIVE]
    stopped = [sign for sign in known.signs if sign.life(known.now) is Life.STOPPED]
    for sign in [*alive, *lost] or stopped[:1]:
        silent = max(0, int((known.now - sign.beat_at).total_seconds()))
        yield f"{sign.life(known.now).value} on {sign.host}, last heard of {timedelta(seconds=silent)} ago (h:mm:ss)"
    if not known.signs:
        yield "no process was heard of: digest serve"


def _say_sources(console: Console, sources: Mapping[str, Any]) -> None:
    fetched = f"{sources['last_fetch']} UTC" if sources["last_fetch"] else "never"
    console.result(f"Sources   {sources['enabled']} followed, last fetch {fetched}")
    for name, problem in sources["failing"].items():
        console.result(f"          {name}: {problem}")


def _say_readers(console: Console, moved: Mapping[str, Movement]) -> None:
    for day, each in moved.items():
        hard, complaints = each.bounces.get("hard", 0), each.bounces.get("complaint", 0)
        if each.joined or each.left or each.suppressed or hard or complaints:
            said = f"{each.joined} joined, {each.left} left, {hard} bounced, {complaints} complained"
            console.result(f"Readers   {day}  {said}")


def _say_editions(
    console: Console,
    due: Iterable[tuple[Occurrence, str]],
    past: Iterable[Mapping[str, Any]],
    zones: Mapping[str, str],
) -> None:
    for each, standing in due:
        when = f"{in_zone(each.due, zones[each.key.name])}  (here {here_in_words(each.due)})"
        console.result(f"Next      {each.key}  {when}  {standing}".rstrip())
    for edition in past:
        letters = letters_in_words(edition)
        console.result(f"Last      {edition['edition']}  {_standing(edition)}  {letters}".rstrip())
        if edition["later"]:
            console.result(f"Waits     {edition['edition']}  {_later(edition['later'])}")
    for edition in past:
        for trouble in edition["troubles"]:
            console.result(f"Look at   {edition['edition']}: {trouble}")


def _later(mornings: list[Mapping[str, Any]]) -> str:
    """Return how many letters wait for the time in their readers' zones, and when the next of them leave, as text."""
    number, first = sum(each["letters"] for each in mornings), mornings[0]
    at = utc(datetime.fromisoformat(first["at"]))
    return f"{number} letters for the time in their readers' zones: {first['letters']} at {at} UTC"


def _standing(edition: Mapping[str, Any]) -> str:
    from digest.model.edition import EditionState
    from digest.model.life import Cause, in_words

    return in_words(EditionState(edition["state"]), Cause(edition["cause"]), edition["reason"])


def _moved(app: App) -> dict[str, Movement]:
    """Return how many readers joined and left, by day, for the last DAYS days in the zone of the first edition."""
    plan = next(iter(app.settings.editions.values()), None)
    zone = ZoneInfo(plan.zone if plan else "UTC")
    today = app.clock().astimezone(zone).date()
    days = [today - timedelta(days=back) for back in range(DAYS)]
    begins = {day: datetime.combine(day, time(), zone).astimezone(UTC) for day in (*days, today + timedelta(days=1))}
    return {day.isoformat(): app.stores.figures.movement(begins[day], begins[day + timedelta(days=1)]) for day in days}


def _missed(app: App, alerts: Iterable[Alert]) -> list[str]:
    """Return the editions of the last DAYS days that were skipped automatically, without an editor's decision."""
    from digest.model.alert import AlertKind
    from digest.model.edition import EditionState
    from digest.model.life import Cause

    now = app.clock()
    courses = app.stores.figures.courses(now - timedelta(days=DAYS), now)
    missed = [str(c.key) for c in courses if c.state is EditionState.SKIPPED and c.cause is Cause.CLOCK]
    missed += [alert.about for alert in alerts if alert.kind is AlertKind.SKIPPED]
    return sorted(set(missed))


def _sources(app: App) -> dict[str, Any]:
    from digest.pipeline.gathering.source_list import follow

    follow(app.stores, app.settings)
    followed, last = app.stores.sources.enabled(), app.stores.runs.last("fetch")
    failing = {stored.source.name: stored.last_result for stored in followed if stored.state.get("failures")}
    return {"enabled": len(followed), "last_fetch": utc(last) if last else None, "failing": failing}
