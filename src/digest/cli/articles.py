"""``digest articles``: the articles that were read, and the outcome of each."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from digest.cli.session import misused, session

if TYPE_CHECKING:
    from digest.app import App
    from digest.pipeline.editions.fates import Reading, Seen


@click.command(short_help="List the articles and what became of them.")
@click.option("-e", "--edition", help="Name of an edition (the newest of it), or name/date [default: all].")
@click.option("--since", help="How far back: 36h, 7d, or a date such as 2026-11-23 [default: the edition's window].")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def articles(context: click.Context, edition: str | None, since: str | None, as_json: bool) -> None:
    """List the articles that were read: when, from where, in which edition and place, or why they were left out.

    Times are in the zone of the edition.

    Example: digest articles --edition morning --since 36h
    """
    from digest.pipeline.editions.fates import editions_of, readings

    here = session(context)
    with here.app() as app:
        editions = editions_of(app.runtime, edition)
        found = readings(app.runtime, editions, _start(app, since, editions))
    if as_json:
        here.console.json([_plain(reading) for reading in found])
        return
    if not found:
        here.console.say("No article was read in that time.")
    for reading in found:
        for line in _lines(reading, ZoneInfo(editions[0].plan.zone)):
            here.console.result(line)


def _start(app: App, since: str | None, editions: tuple[Seen, ...]) -> datetime:
    """Return the start of the listed period, from ``--since`` or else from how far back the editions take articles.

    A date begins at midnight in the zone of the first edition. A wrong option is a usage error.
    """
    now = app.clock()
    if since is None:
        return min(min(now, edition.cut) - edition.plan.window for edition in editions)
    if length := re.fullmatch(r"(\d{1,4})([hd])", since):
        return now - timedelta(hours=int(length[1])) * (24 if length[2] == "d" else 1)
    try:
        return datetime.combine(date.fromisoformat(since), time(), ZoneInfo(editions[0].plan.zone)).astimezone(UTC)
    except ValueError:
        misused(f"--since {since!r} is neither a length such as 36h or 7d nor a date such as 2026-11-23")


def _lines(reading: Reading, zone: ZoneInfo) -> list[str]:
    seen = f"{reading.seen_at.astimezone(zone):%Y-%m-%d %H:%M}"
    fates = [f"    {fate.edition}: {_in_words(fate.outcome)}{fate.words}" for fate in reading.fates]
    return [f"{seen}  {reading.source}: {reading.title}  ({reading.read})", *fates]


def _in_words(outcome: str) -> str:
    """Return what precedes an outcome's text, such as ``left out: ``. An article that a letter told needs nothing."""
    return {"told": "", "same-story": "", "waiting": "waits: "}.get(outcome, "left out: ")


def _plain(reading: Reading) -> dict[str, Any]:
    return {
        "seen_at": reading.seen_at.isoformat(),
        "source": reading.source,
        "title": reading.title,
        "link": reading.link,
        "read": reading.read,
        "editions": [{"edition": fate.edition, "outcome": fate.outcome, "why": fate.words} for fate in reading.fates],
    }
