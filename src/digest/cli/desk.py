"""``digest edit``, ``approve``, ``hold`` and ``skip``: the editor's hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli.session import left_out, misused, session

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.pipeline.runtime import Runtime
    from digest.storage.editions import StoredEdition


@click.command()
@click.argument("edition")
@click.option("--note", metavar="TEXT", help="Greet the readers, in at most 60 words; '' takes the note back.")
@click.option("--by", metavar="NAME", default="", help="Who signs the note.")
@click.option("--pin", metavar="STORY", multiple=True, help="Put a story first.")
@click.option("--drop", metavar="STORY", multiple=True, help="Leave a story out.")
@click.option("--merge", metavar="STORY OTHER", nargs=2, multiple=True, help="Tell OTHER as a part of STORY.")
@click.option("--retitle", metavar="STORY HEADLINE", nargs=2, multiple=True, help="Give a story another headline.")
@click.pass_context
def edit(
    context: click.Context,
    edition: str,
    note: str | None,
    by: str,
    pin: tuple[str, ...],
    drop: tuple[str, ...],
    merge: tuple[tuple[str, str], ...],
    retitle: tuple[tuple[str, str], ...],
) -> None:
    """Change a draft by hand, and compose it again; what is done stays done whenever it is composed again.

    EDITION is a name (today's) or name/date; STORY a part of a headline, or a story's id. Of one command, notes are
    done first, then merges, headlines, pins and drops.

    Example: digest edit morning --pin ferry --retitle barrier "Council backs the barrier"
    """
    from digest.pipeline.editions.editing import EditRequest
    from digest.pipeline.editions.editing import edit as do

    here = session(context)
    if note is None and not (pin or drop or merge or retitle):
        misused("nothing to do: give --note, --pin, --drop, --merge or --retitle")
    if by and note is None:
        misused("--by signs a --note")
    wish = EditRequest(note=note, author=by, pin=pin, drop=drop, merge=merge, retitle=retitle)
    with here.app() as app:
        composed = do(app.runtime, edition, wish)
    row = composed.row
    here.console.result(f"{row.key}: {row.in_words}")
    for item in row.edition.items if row.edition else ():
        here.console.result(f"  {item.place.value:<7} {item.headline}")
    if composed.edition is None:
        here.console.say(f"Too thin to go by itself. To send it as it stands: digest approve {row.key}")
        left_out()


@click.command()
@click.argument("edition")
@click.pass_context
def approve(context: click.Context, edition: str) -> None:
    """Let an edition go as it stands, also one that was held; it is not composed again.

    What `digest check` can look at in a moment is looked at first: an error holds the edition with that reason.

    EDITION is a name (today's) or name/date.

    Example: digest approve morning
    """
    from digest.pipeline.editions.editing import approve as do
    from digest.pipeline.readiness.gate import look

    here = session(context)
    with here.app() as app:
        row = do(app.runtime, edition)
        warnings = look(app.runtime, row.key.name).warnings
    here.console.result(f"{row.key}: {row.in_words}")
    for warning in warnings:
        here.console.warn(f"  {warning}")


@click.command()
@click.argument("edition")
@click.pass_context
def hold(context: click.Context, edition: str) -> None:
    """Keep a composed edition from going until it is approved.

    EDITION is a name (today's) or name/date.

    Example: digest hold morning
    """
    from digest.pipeline.editions.editing import hold as do

    _say_state(context, edition, do)


@click.command()
@click.argument("edition")
@click.pass_context
def skip(context: click.Context, edition: str) -> None:
    """Let an edition fall out, for good.

    EDITION is a name (today's) or name/date.

    Example: digest skip evening/2026-12-24
    """
    from digest.pipeline.editions.editing import skip as do

    _say_state(context, edition, do)


def _say_state(context: click.Context, edition: str, do: Callable[[Runtime, str], StoredEdition]) -> None:
    here = session(context)
    with here.app() as app:
        row = do(app.runtime, edition)
    here.console.result(f"{row.key}: {row.in_words}")
