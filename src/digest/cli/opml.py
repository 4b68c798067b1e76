"""``digest sources import`` and ``export``: exchange feeds with other feed readers as OPML."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from digest.cli.session import left_out, misused, session


@click.command("import", short_help="Add the feeds of an OPML file.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Read and report, store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def import_(context: click.Context, file: Path, dry_run: bool, as_json: bool) -> None:
    """Add the feeds of an OPML file, with its folders as sections. Known feeds are not changed.

    Example: digest sources import feeds.opml --dry-run
    """
    from digest.fetch.opml import read_opml
    from digest.pipeline.gathering.source_list import SourceOutcome, follow, take_outlines
    from digest.pipeline.quarantine import watching

    here = session(context)
    try:
        outlines = read_opml(file.read_bytes(), str(file))
    except OSError as error:
        misused(f"{file}: {error.strerror}")
    with here.app() as app:
        follow(app.stores, app.settings)
        with watching(app.runtime, "sources import") as watch:
            report = take_outlines(app.stores, outlines, dry_run=dry_run, guard=watch.item)
    if as_json:
        here.console.json(
            [
                {"url": outline.url, "name": outline.name, "section": outline.section, "outcome": outcome.value}
                for outline, outcome in report
            ]
        )
    else:
        for outline, outcome in report:
            section = f" ({outline.section})" if outline.section else ""
            here.console.result(f"{outcome.value:<14}  {outline.name}{section}  {outline.url}")
    counts = Counter(outcome.value for _, outcome in report)
    summary = ", ".join(f"{count} {words}" for words, count in counts.items()) or "no feeds in it"
    here.console.say(f"{file}: {summary}.{' Nothing was stored (--dry-run).' if dry_run else ''}")
    if counts[SourceOutcome.SET_ASIDE.value]:
        left_out()


@click.command("export", short_help="Write the sources as OPML.")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def export(context: click.Context, file: Path | None) -> None:
    """Write the enabled sources as OPML, with their present addresses; to stdout without FILE.

    Example: digest sources export feeds.opml
    """
    from digest.pipeline.gathering.source_list import follow, outlines_of

    here = session(context)
    with here.app() as app:
        follow(app.stores, app.settings)
        document = outlines_of(app.stores, app.settings.site.name)
    if file is None:
        here.console.result(document.decode("utf-8").rstrip())
        return
    try:
        file.write_bytes(document)
    except OSError as error:
        misused(f"{file}: {error.strerror}")
    here.console.say(f"{document.count(b'xmlUrl=')} sources in {file}")
