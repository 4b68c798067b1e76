"""``digest fetch`` and ``digest sources``: the sources of articles."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from digest.cli import opml
from digest.cli.console import Console, table
from digest.cli.session import Session, left_out, misused, session
from digest.cli.standing import HEADER, plain, row
from digest.errors import ListedInSettings

if TYPE_CHECKING:
    from digest.app import App
    from digest.pipeline.gathering.report import GatherReport
    from digest.storage.sources import StoredSource

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.command(short_help="Fetch the sources that are due.")
@json_option
@click.pass_context
def fetch(context: click.Context, as_json: bool) -> None:
    """Fetch the sources that are due and read their new articles. An interrupted fetch continues where it stopped.

    It ends with exit code 3 when a source or a page could not be read. What its publisher keeps back does not count:
    articles for subscribers, pages closed to robots or to excerpts, and items without a text, such as podcasts.

    Example: digest fetch
    """
    here = session(context)
    with here.app() as app, here.console.progress("Fetching") as progress:
        report = app.gather(progress, here.console.say)
        idle = "" if report.sources else _why_idle(app)
    if as_json:
        import msgspec

        here.console.json(msgspec.to_builtins(report))
    else:
        tell_gathered(here.console, report)
        if idle:
            here.console.say(f"  {idle}")
    if report.left_out:
        left_out()


def _why_idle(app: App) -> str:
    """Say which source is due next, and when; empty when no source pauses."""
    from digest.pipeline.gathering.source_list import accounts

    found = [each for each in accounts(app.stores) if each.asked]
    paused = [(each.state.not_before, each) for each in found if each.state.not_before is not None]
    if not paused:
        return ""
    when, first = min(paused, key=lambda pair: pair[0])
    name, number = first.stored.source.name, first.stored.source.id
    return (
        f"No source is due. The next is {name}, at {when:%Y-%m-%d %H:%M} UTC: {first.result}\n"
        f"  To fetch it before: digest sources enable {number}, then digest fetch"
    )


def tell_gathered(console: Console, report: GatherReport) -> None:
    """Print the results of a fetch, and what it left out and why."""
    from digest.fetch.address_guard import NOT_PUBLIC

    good = [source for source in report.sources if not source.problem]
    new = sum(source.new for source in report.sources)
    again = f", {report.changed} in a new version" if report.changed else ""
    console.result(
        f"{len(good)} of {len(report.sources)} sources fetched, {new} new entries, {report.articles} articles{again}."
    )
    for source in report.sources:
        if source.problem:
            console.warn(f"  {source.name}: {source.problem}")
    if any(source.problem.endswith(NOT_PUBLIC) for source in report.sources):
        console.warn("  A server of your own network may be read once fetch.allow_networks names the network.")
    if report.offline:
        console.warn("  No source answered: is this machine online? The next fetch asks all of them again.")
    elif report.sources and not good:
        console.warn("  No source answered. They are asked again later: digest sources list")
    for page in report.pages:
        console.warn(f"  {page.source}: {page.title or page.link}: {page.problem} -> {page.outcome}")
    for owed in report.owed:
        what = f"{owed.pages} pages" if owed.pages else "its list"
        console.warn(f"  {owed.source}: {what} did not come in time -> fetched the next time")
    if report.set_aside:
        console.warn(
            f"  {report.set_aside} items set aside, because digest itself failed on them: digest quarantine list"
        )


@click.group(commands=(opml.import_, opml.export))
def sources() -> None:
    """List and change the sources of articles.

    SOURCE is a source's number, name or address. Times are UTC.
    """


@sources.command("list", short_help="List the sources and their state.")
@json_option
@click.pass_context
def list_(context: click.Context, as_json: bool) -> None:
    """List the sources: state, last result, next fetch, and the new address of those that moved.

    Example: digest sources list
    """
    from digest.pipeline.gathering.source_list import accounts, follow

    here = session(context)
    with here.app() as app:
        follow(app.stores, app.settings)
        found, now = accounts(app.stores), app.clock()
    if as_json:
        here.console.json([plain(account) for account in found])
    elif not found:
        here.console.say("No sources yet: digest sources add https://paper.example/")
    else:
        for line in table([row(account, now) for account in found], HEADER):
            here.console.result(line)


@sources.command("add", short_help="Add a source by its address.")
@click.argument("url")
@click.option("--name", default="", help="Its name in letters [default: what the site calls itself].")
@click.option("--publisher", default="", help="Whose vote it is when stories are ranked [default: the site's domain].")
@click.option("--section", default="", help="Section of its articles.")
@click.option("--weight", type=click.FloatRange(0, 10, min_open=True), help="How much its vote counts [default: 1].")
@click.option("--language", help="Its language, such as de.")
@json_option
@click.pass_context
def add(
    context: click.Context,
    url: str,
    name: str,
    publisher: str,
    section: str,
    weight: float | None,
    language: str | None,
    as_json: bool,
) -> None:
    """Add a source by the address of its feed, news sitemap, or any page of its site.

    A site without feed and sitemap is read by the links of its front page.

    Example: digest sources add https://paper.example/ --section world
    """
    from digest.pipeline.gathering.source_list import SourceChange, add_source
    from digest.text.urls import absolute

    address = absolute(url if "://" in url else f"https://{url}", "")
    if address is None:
        misused(f"{url!r} is no web address such as https://paper.example/")
    here = session(context)
    wish = SourceChange(name=name, publisher=publisher, section=section, weight=weight, language=language)
    with here.app() as app:
        done = add_source(app.runtime, address, wish, lambda looked_at: here.console.say(f"Looking at {looked_at}"))
    stored, found = done.stored, done.found
    if as_json:
        entries = {"entries": found.entries} if found else {}
        here.console.json(_brief(stored, done.outcome.value) | entries)
        return
    place = "" if stored.managed else f"; it is listed in {_place(here, stored)}"
    here.console.result(f"{stored.source.name}: {done.outcome.value} as source {stored.source.id}{place}")
    if found is not None:
        here.console.result(f"  {_kinds(found.kind.value)} of {found.entries} entries: {found.url}")


@sources.command("rename", short_help="Rename a source.")
@click.argument("source")
@click.argument("name")
@click.pass_context
def rename(context: click.Context, source: str, name: str) -> None:
    """Rename a source that was added by a command. Letters and reports use the new name from now on.

    Example: digest sources rename 7 "Harbour Post"
    """
    from digest.pipeline.gathering.source_list import follow, named
    from digest.pipeline.gathering.source_list import rename as call
    from digest.text.glyphs import one_line

    if not name.strip():
        misused("the new name is empty")
    here = session(context)
    with here.app() as app:
        follow(app.stores, app.settings)
        known = named(app.stores, source)
        call(app.stores, known, name)
    here.console.result(f"{known.source.name}: renamed to {one_line(name)}")


@sources.command("remove", short_help="Remove a source.")
@click.argument("source")
@click.pass_context
def remove(context: click.Context, source: str) -> None:
    """Remove a source that was added by a command; its articles are no longer used. To stop it for a while: disable.

    Example: digest sources remove 7
    """
    from digest.pipeline.gathering.source_list import follow, named

    here = session(context)
    with here.app() as app:
        follow(app.stores, app.settings)
        known = named(app.stores, source)
        if not known.managed:
            raise ListedInSettings(
                f"{known.source.name} is listed in {_place(here, known)}: remove it there, "
                f"or stop fetching it: digest sources disable {known.source.id}"
            )
        app.stores.sources.remove(known.source.id)
    here.console.result(f"{known.source.name}: removed")


@sources.command("disable", short_help="Stop fetching a source for now.")
@click.argument("source")
@click.pass_context
def disable(context: click.Context, source: str) -> None:
    """Stop fetching a source and its pages until it is enabled again, wherever it is listed.

    Example: digest sources disable "Harbour Post"
    """
    from digest.pipeline.gathering.source_list import disable as stop

    here = session(context)
    with here.app() as app:
        known = stop(app.runtime, source)
    here.console.result(f"{known.source.name}: disabled")


@sources.command("enable", short_help="Fetch a disabled or dead source again.")
@click.argument("source")
@click.pass_context
def enable(context: click.Context, source: str) -> None:
    """Fetch a source again that was disabled, or given up because it failed for long.

    Example: digest sources enable "Harbour Post"
    """
    from digest.pipeline.gathering.source_list import enable as start

    here = session(context)
    with here.app() as app:
        known = start(app.runtime, source)
    here.console.result(f"{known.source.name}: enabled")


def _place(here: Session, known: StoredSource) -> str:
    """Return where the settings list a source: the file and the line if known, or else the environment variable."""
    from digest.configuration import file_of
    from digest.environment import PREFIX

    file = file_of(here.config, os.environ)
    written = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    line = next((number for number, text in enumerate(written, start=1) if known.source.url in text), None)
    if line is not None:
        return f"{file}:{line}"
    variables = sorted(name for name in os.environ if name.startswith(f"{PREFIX}SOURCES"))
    naming = [name for name in variables if known.source.url in os.environ[name]]
    return next(iter(naming or variables), str(file))


def _kinds(kind: str) -> str:
    return {"sitemap": "a news sitemap", "front-page": "the links of a front page"}.get(kind, "a feed")


def _brief(stored: StoredSource, outcome: str) -> dict[str, Any]:
    source = stored.source
    return {
        "outcome": outcome,
        "id": source.id,
        "name": source.name,
        "url": source.url,
        "kind": source.kind.value,
        "listed": "command" if stored.managed else "settings",
    }
