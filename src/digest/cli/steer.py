"""``digest pause``, ``resume``, ``cancel``, ``resend``, ``audit``: control the sending of an edition."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from digest.cli.acting import acting
from digest.cli.operate import counts_in_words, json_option, plain_counts
from digest.cli.session import failed, session

if TYPE_CHECKING:
    from digest.pipeline.runtime import Runtime
    from digest.pipeline.sending.control import Steered


@click.command(short_help="Stop sending an edition for now.")
@click.argument("edition")
@json_option
@click.pass_context
def pause(context: click.Context, edition: str, as_json: bool) -> None:
    """Stop sending an edition until `digest resume`. Letters that left stay sent.

    Example: digest pause morning
    """
    from digest.pipeline.sending.control import pause as act

    _steer(context, edition, act, as_json=as_json)


@click.command(short_help="Continue sending a paused edition.")
@click.argument("edition")
@json_option
@click.pass_context
def resume(context: click.Context, edition: str, as_json: bool) -> None:
    """Release a paused edition: `digest serve`, or `digest send`, sends the rest.

    Example: digest resume morning
    """
    from digest.pipeline.sending.control import resume as act

    _steer(context, edition, act, as_json=as_json)


@click.command(short_help="Stop sending an edition for good.")
@click.argument("edition")
@json_option
@click.pass_context
def cancel(context: click.Context, edition: str, as_json: bool) -> None:
    """Stop an edition for good while it is being sent or paused. Readers who have not got it never will.

    Example: digest cancel morning/2026-11-23
    """
    from digest.pipeline.sending.control import cancel as act

    _steer(context, edition, act, as_json=as_json)


@click.command(short_help="Send lost or refused letters again.")
@click.argument("edition")
@click.option("--rejected", is_flag=True, help="Letters that a relay refused, instead of uncertain ones.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"]),
    help="Only letters that were refused, or became uncertain, after that time (UTC).",
)
@json_option
@click.pass_context
def resend(context: click.Context, edition: str, rejected: bool, since: datetime | None, as_json: bool) -> None:
    """Queue uncertain letters again. A reader whose letter did arrive gets a second one.

    With --rejected, queue those that a relay refused; none of these arrived. Suppressed readers get none.

    Example: digest resend morning/2026-11-23 --rejected --since 2026-11-23T06:00
    """
    from digest.pipeline.sending.control import resend as again

    after = since.replace(tzinfo=UTC) if since else None
    which = "a relay refused" if rejected else "is uncertain"
    nothing = f" No letter {which}{' since then' if since else ''}: nothing to send again."
    _steer(context, edition, partial(again, rejected=rejected, since=after), as_json=as_json, unchanged=nothing)


@click.command(short_help="Check that every reader is accounted for.")
@click.argument("edition")
@json_option
@click.pass_context
def audit(context: click.Context, edition: str, as_json: bool) -> None:
    """Count the letters of an edition by state, and check that they add up to its audience; exit 1 if not.

    Example: digest audit morning/2026-11-23
    """
    from digest.pipeline.sending.control import audit as added_up

    here = session(context)
    with here.app() as app:
        found = added_up(app.runtime, edition)
    if as_json:
        counts = plain_counts(found.counts)
        here.console.json(
            {"edition": str(found.key), "state": found.state.value, **counts}
            | {"frozen_for": found.audience, "problems": found.problems}
        )
    else:
        here.console.result(f"{found.key}: {found.state.value}")
        for state, number in found.counts.by_state:
            here.console.result(f"{number:>8}  {state.value}")
        noted = "" if found.audience is None else f", frozen for {found.audience}"
        here.console.result(f"{found.counts.audience:>8}  readers in its audience{noted}")
        for problem in found.problems:
            here.console.warn(f"  {problem}")
    if found.problems:
        failed()


def _steer(
    context: click.Context, edition: str, act: Callable[[Runtime, str], Steered], *, as_json: bool, unchanged: str = ""
) -> None:
    """Run ``act`` on an edition and print its result. ``unchanged`` is printed when no letter changed."""
    here = session(context)
    with acting(context, edition) as doing:
        done = act(doing.app.runtime, edition)
        doing.edition = str(done.key)
    if as_json:
        here.console.json(
            {"edition": str(done.key), "state": done.state.value, **plain_counts(done.counts), "changed": done.changed}
        )
    else:
        changed = f" {done.changed} letters changed." if done.changed else unchanged
        here.console.result(
            f"{done.key}: {done.state.value}. {counts_in_words(plain_counts(done.counts)['counts'])}.{changed}"
        )
