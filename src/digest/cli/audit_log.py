"""``digest log``: who did what, at the desk or by command."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from digest.cli.console import table
from digest.cli.session import local_date, session

if TYPE_CHECKING:
    from digest.model.desk_session import AuditEntry

MOST = 100_000


@click.command(short_help="Show who did what at the desk, by command and by the API.")
@click.option("--user", "email", metavar="EMAIL", default="", help="Only what this user did, or `API token NAME`.")
@click.option("--since", metavar="DATE", help="Only what was done since the beginning of this day (UTC).")
@click.option("--last", type=click.IntRange(1, MOST), default=50, show_default=True, help="So many entries at most.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def log(context: click.Context, email: str, since: str | None, last: int, as_json: bool) -> None:
    """Show who did what at the desk, by command and by the API, when, and from where, the newest last.

    Entries are kept for retention.audit_days.

    Example: digest log --user ana@paper.example --since 2026-11-23
    """
    here = session(context)
    day = local_date(since)
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC) if day is not None else None
    with here.app() as app:
        found = app.stores.audit.entries(since=begin, who=email, most=last)[::-1]
    if as_json:
        here.console.json([_plain(entry) for entry in found])
        return
    if not found:
        here.console.say("Nothing was done.")
        return
    for line in table([_row(entry) for entry in found], ("AT (UTC)", "WHO", "FROM", "WHAT")):
        here.console.result(line)


def _row(entry: AuditEntry) -> tuple[str, str, str, str]:
    about = ", ".join(f"{name}: {value}" for name, value in entry.about.items() if value)
    what = f"{'refused: ' if entry.refused else ''}{entry.what}{f' ({about})' if about else ''}"
    return f"{entry.at:%Y-%m-%d %H:%M:%S}", entry.who, entry.client or "-", what


def _plain(entry: AuditEntry) -> dict[str, object]:
    return {
        "at": entry.at.isoformat(),
        "who": entry.who,
        "user": entry.user_id,
        "what": entry.what,
        "about": dict(entry.about),
        "from": entry.client,
        "refused": entry.refused,
    }
