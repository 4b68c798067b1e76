"""``digest prune``: remove data older than the settings keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli.console import Console, table
from digest.cli.session import left_out, session

if TYPE_CHECKING:
    from digest.pipeline.keeping.prune import Gone


@click.command(short_help="Remove data that is older than the settings keep.")
@click.option("--dry-run", is_flag=True, help="Tell what would go, and take nothing out.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def prune(context: click.Context, dry_run: bool, as_json: bool) -> None:
    """Remove data older than the settings keep it ([retention]); `digest serve` does it once a day.

    Editions, letters, the articles that a letter quotes and the pictures that it shows stay. A SQLite file keeps its
    size, and reuses the freed space.

    Example: digest prune --dry-run
    """
    from digest.pipeline.keeping.prune import prune as take_out

    here = session(context)
    with here.app() as app:
        found = take_out(app.runtime, dry=dry_run)
    if as_json:
        here.console.json(
            [{"what": each.name, "days": each.days, "before": each.before, "number": each.number} for each in found]
        )
    else:
        _show(here.console, found, dry_run=dry_run)
    if any(each.failed for each in found):
        left_out()


def _show(console: Console, found: tuple[Gone, ...], *, dry_run: bool) -> None:
    rows = [
        (each.name, f"{each.before:%Y-%m-%d %H:%M}" if each.before else _without_time(each), str(each.number))
        for each in found
    ]
    for line in table(rows, ("WHAT", "OLDER THAN (UTC)", "WOULD GO" if dry_run else "WENT")):
        console.result(line)


def _without_time(gone: Gone) -> str:
    return "failed: digest quarantine list" if gone.failed else "kept for ever"
