"""``digest quarantine``: show and retry items at which the program itself failed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from digest.cli.console import table
from digest.cli.session import failed, misused, session

if TYPE_CHECKING:
    from digest.model.quarantine import SetAside

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
LONGEST = 60
"""Most characters of a key or an error in the list."""


@click.group()
def quarantine() -> None:
    """List and retry items on which digest itself failed.

    A fault of the program costs one item (a source, a page, a mail, a picture). The rest of the run goes on.

    Example: digest quarantine list
    """


@quarantine.command("list", short_help="List the items that were set aside.")
@json_option
@click.pass_context
def list_(context: click.Context, as_json: bool) -> None:
    """List the items that were set aside, newest first.

    Example: digest quarantine list
    """
    here = session(context)
    with here.app() as app:
        found = app.stores.quarantine.all()
    if as_json:
        here.console.json([_plain(item) for item in found])
        return
    if not found:
        here.console.say("Nothing is set aside.")
        return
    rows = [(str(i.id), f"{i.at:%Y-%m-%d %H:%M}", i.kind.value, i.key[:LONGEST], i.error[:LONGEST]) for i in found]
    for line in table(rows, ("NUMBER", "AT (UTC)", "KIND", "ITEM", "ERROR")):
        here.console.result(line)


@quarantine.command(short_help="Show one item with its error and input.")
@click.argument("number", type=click.IntRange(1), required=False)
@click.option("--input", "as_input", is_flag=True, help="Write the stored part of its input, byte for byte.")
@json_option
@click.pass_context
def show(context: click.Context, number: int | None, as_input: bool, as_json: bool) -> None:
    """Show one item (without NUMBER the newest): the error, its place in the program, and the input.

    Example: digest quarantine show
    """
    here = session(context)
    with here.app() as app:
        store = app.stores.quarantine
        number = number or next((item.id for item in store.all()), None)
        item = None if number is None else store.get(number)
    if number is None:
        here.console.say("Nothing is set aside.")
        return
    if item is None:
        here.console.warn(f"nothing is set aside under number {number}: digest quarantine list")
        failed()
    if as_input:
        sys.stdout.buffer.write(item.data)
    elif as_json:
        text = item.data.decode("utf-8", "replace")
        here.console.json({**_plain(item), "trace": item.trace, "input": text})
    else:
        for line in (f"{item.kind.value}: {item.key}", f"at {item.at:%Y-%m-%d %H:%M} UTC: {item.error}", ""):
            here.console.result(line)
        for line in item.trace.splitlines():
            here.console.result(line)
        here.console.result(f"\n{len(item.data)} bytes of its input are kept: digest quarantine show {number} --input")


@quarantine.command(short_help="Let the next run try items again.")
@click.argument("numbers", type=click.IntRange(1), nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All of them.")
@json_option
@click.pass_context
def retry(context: click.Context, numbers: tuple[int, ...], everything: bool, as_json: bool) -> None:
    """Let the next run try items again, for instance after an update of the program.

    A letter that did not go for such a fault is queued again, until its edition expires.

    Example: digest quarantine retry --all
    """
    from digest.pipeline.operations.retry import retry as try_again

    if bool(numbers) == everything:
        misused("name the numbers of `digest quarantine list`, or --all")
    here = session(context)
    with here.app() as app:
        store = app.stores.quarantine
        released = [item for item in store.all() if everything or item.id in numbers]
        for item in released:
            try_again(app.runtime, item)
    if as_json:
        here.console.json([_plain(item) for item in released])
    else:
        here.console.result(f"{len(released)} items will be tried again by the next run.")
    if len(released) < len(set(numbers)):
        missing = ", ".join(str(n) for n in sorted(set(numbers) - {item.id for item in released}))
        here.console.warn(f"nothing is set aside under number {missing}")
        failed()


def _plain(item: SetAside) -> dict[str, object]:
    return {
        "number": item.id,
        "kind": item.kind.value,
        "item": item.key,
        "at": item.at.isoformat(),
        "error": item.error,
    }
