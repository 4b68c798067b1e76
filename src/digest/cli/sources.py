"""``digest fetch``: what the sources have, read and stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from digest.cli.console import Console
from digest.cli.session import left_out, session

if TYPE_CHECKING:
    from digest.pipeline.gather import GatherReport


def register(app: click.Group) -> None:
    """Hang these commands under ``digest``."""
    app.add_command(fetch)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_context
def fetch(context: click.Context, as_json: bool) -> None:
    """Fetch the sources that are due and read their new articles; an interrupted fetch goes on where it stopped.

    Example: digest fetch
    """
    here = session(context)
    with here.app() as app, here.console.progress("Fetching") as progress:
        report = app.gather(progress)
    if as_json:
        here.console.json(msgspec.to_builtins(report))
    else:
        tell_gathered(here.console, report)
    if report.left_out:
        left_out()


def tell_gathered(console: Console, report: GatherReport) -> None:
    """Say what a fetch brought, and what it left out and why."""
    good = [source for source in report.sources if not source.problem]
    new = sum(source.new for source in report.sources)
    console.result(
        f"{len(good)} of {len(report.sources)} sources fetched, {new} new entries, {report.articles} articles."
    )
    for source in report.sources:
        if source.problem:
            console.warn(f"  {source.name}: {source.problem}")
    for page in report.pages:
        console.warn(f"  {page.source}: {page.title or page.link}: {page.problem} -> {page.outcome}")
