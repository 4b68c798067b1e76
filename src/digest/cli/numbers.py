"""``digest numbers``: how many readers joined and left."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping

import click

from digest.cli.console import table
from digest.cli.session import misused, session
from digest.text.cells import guarded


@click.command(short_help="Count readers and letters by day and edition.")
@click.option("--days", type=click.IntRange(1, 3660), default=30, show_default=True, help="How many days, with today.")
@click.option("-e", "--edition", help="One edition only.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the result as CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def numbers(context: click.Context, days: int, edition: str | None, as_csv: bool, as_json: bool) -> None:
    """Count by day and edition who joined, confirmed, left and why, bounced and complained. Nobody is tracked.

    Days are UTC's. Joining and leaving are counted since the upgrade to the version that brought this.

    Example: digest numbers --days 7
    """
    from digest.pipeline.proofs.numbers import figures, totals

    if as_csv and as_json:
        misused("--csv and --json are two different things: choose one")
    here = session(context)
    with here.app() as app:
        found = figures(app.runtime, days, edition)
    sums_of = tuple(totals(found))
    rows = [each.plain() for each in found]
    if as_json:
        here.console.json(rows)
        return
    header = ("day", "edition", *sums_of, "left_by")
    cells = [
        [*(str(row[name]) for name in header[:-1]), _ways(each.left)] for row, each in zip(rows, found, strict=True)
    ]
    if as_csv:
        csv.writer(sys.stdout).writerows([header, *([guarded(cell) for cell in row] for row in cells)])
        return
    sums = totals(found)
    last = ["in all", "", *(str(sums[name]) for name in header[2:-1]), ""]
    for line in table([*cells, last], [name.upper().replace("_", " ") for name in header]):
        here.console.result(line)


def _ways(by_way: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {way}" for way, number in sorted(by_way.items()))
