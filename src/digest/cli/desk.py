"""``digest edit``, ``approve``, ``hold`` and ``skip``: the editor's commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli.acting import acting, operator
from digest.cli.session import left_out, misused, session

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.cli.console import Console
    from digest.pipeline.editions.composing import Composed
    from digest.pipeline.runtime import Runtime
    from digest.storage.editions import StoredEdition


@click.command(short_help="Change the draft of an edition by hand.")
@click.argument("edition")
@click.option("--note", metavar="TEXT", help="A greeting to the readers, at most 60 words; '' removes it.")
@click.option("--by", metavar="NAME", default="", help="Who signs the note.")
@click.option("--pin", metavar="STORY", multiple=True, help="Put a story first.")
@click.option("--drop", metavar="STORY", multiple=True, help="Leave a story out.")
@click.option("--restore", metavar="STORY", multiple=True, help="Bring a story back that was left out by hand.")
@click.option("--one-liner", metavar="STORY", multiple=True, help="Make a story a one-liner.")
@click.option("--order", metavar="STORY", multiple=True, help="Put these stories first, in this order.")
@click.option("--merge", metavar="STORY OTHER", nargs=2, multiple=True, help="Make OTHER a part of STORY.")
@click.option(
    "--retitle", metavar="STORY HEADLINE", nargs=2, multiple=True, help="Give a story another headline; '' the first."
)
@click.option("--subject", metavar="TEXT", help="The letter's subject; '' gives the first one back.")
@click.option("--preheader", metavar="TEXT", help="What an inbox shows after the subject; '' gives the first one back.")
@click.option("--undo", metavar="[ID]", is_flag=False, flag_value=0, type=int, help="Take back an act, or the last.")
@click.option("--redo", metavar="[ID]", is_flag=False, flag_value=0, type=int, help="Do an act again that was undone.")
@click.option("--list", "listed", is_flag=True, help="Show what was done by hand, and change nothing.")
@click.pass_context
def edit(
    context: click.Context,
    edition: str,
    note: str | None,
    by: str,
    pin: tuple[str, ...],
    drop: tuple[str, ...],
    restore: tuple[str, ...],
    one_liner: tuple[str, ...],
    order: tuple[str, ...],
    merge: tuple[tuple[str, str], ...],
    retitle: tuple[tuple[str, str], ...],
    subject: str | None,
    preheader: str | None,
    undo: int | None,
    redo: int | None,
    listed: bool,
) -> None:
    """Change the draft of an edition, and compose it again. The changes stay when it is composed later.

    EDITION is a name (today's) or name/date; STORY a part of a headline, or a story's id. One command applies
    the note first, then merges, headlines, order, pins, one-liners and drops.

    Example: digest edit morning --pin ferry --retitle barrier "Council backs the barrier"
    """
    from digest.pipeline.editions.editing import EditRequest
    from digest.pipeline.editions.editing import edit as do

    here = session(context)
    wish = EditRequest(
        note=note,
        author=by,
        pin=pin,
        drop=drop,
        restore=restore,
        one_liner=one_liner,
        order=order,
        merge=merge,
        retitle=retitle,
        subject=subject,
        preheader=preheader,
        undo=undo,
        redo=redo,
    )
    nothing = wish == EditRequest(author=by)
    if listed:
        if not nothing:
            misused("--list changes nothing: give it alone")
        _list(context, edition)
        return
    if nothing:
        misused("nothing to do: give --note, --pin, --drop or another change (digest edit --help)")
    if by and note is None:
        misused("--by signs a --note")
    with acting(context, edition) as doing:
        composed = do(doing.app.runtime, edition, wish, by or operator())
        doing.edition = str(composed.row.key)
    _show(here.console, composed)
    if composed.edition is None:
        left_out()


def _show(console: Console, composed: Composed) -> None:
    """Print the state and the stories of a draft."""
    row = composed.row
    console.result(f"{row.key}: {row.in_words}")
    for item in row.edition.items if row.edition else ():
        console.result(f"  {item.place.value:<7} {item.headline}")
    if composed.edition is None:
        console.say(f"Too few stories to be sent automatically. To send it as it is: digest approve {row.key}")


def _list(context: click.Context, edition: str) -> None:
    from digest.pipeline.editions.editing import history

    here = session(context)
    with here.app() as app:
        key, steps = history(app.runtime, edition)
    here.console.result(f"{key}: {len(steps)} acts" if steps else f"{key}: nothing was done by hand")
    for step in steps:
        mark = " (taken back)" if step.taken_back else ""
        here.console.result(f"  {step.id:>5}  {step.at:%Y-%m-%d %H:%M} UTC  {step.author or '-'}: {step.words}{mark}")


@click.command(short_help="Approve an edition for sending.")
@click.argument("edition")
@click.pass_context
def approve(context: click.Context, edition: str) -> None:
    """Approve an edition, also one that is held. It is sent as it is and not composed again.

    The quick checks of `digest check` run first: an error holds the edition with that reason.

    EDITION is a name (today's) or name/date.

    Example: digest approve morning
    """
    from digest.pipeline.check.gate import look
    from digest.pipeline.editions.editing import approve as do

    here = session(context)
    with acting(context, edition) as doing:
        row = do(doing.app.runtime, edition)
        doing.edition = str(row.key)
        warnings = look(doing.app.runtime, row.key.name).warnings
    here.console.result(f"{row.key}: {row.in_words}")
    for warning in warnings:
        here.console.warn(f"  {warning}")


@click.command(short_help="Hold an edition back until it is approved.")
@click.argument("edition")
@click.pass_context
def hold(context: click.Context, edition: str) -> None:
    """Hold a composed edition back until somebody approves it.

    EDITION is a name (today's) or name/date.

    Example: digest hold morning
    """
    from digest.pipeline.editions.editing import hold as do

    _say_state(context, edition, do)


@click.command(short_help="Skip an edition: it is never sent.")
@click.argument("edition")
@click.pass_context
def skip(context: click.Context, edition: str) -> None:
    """Skip an edition: it is never sent. This cannot be undone.

    EDITION is a name (today's) or name/date.

    Example: digest skip evening/2026-12-24
    """
    from digest.pipeline.editions.editing import skip as do

    _say_state(context, edition, do)


def _say_state(context: click.Context, edition: str, do: Callable[[Runtime, str], StoredEdition]) -> None:
    here = session(context)
    with acting(context, edition) as doing:
        row = do(doing.app.runtime, edition)
        doing.edition = str(row.key)
    here.console.result(f"{row.key}: {row.in_words}")
