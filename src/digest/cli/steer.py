"""``digest pause``, ``resume``, ``cancel``, ``resend``, ``audit``: the operator's hand on an edition."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from digest.cli.operate import counts_in_words, json_option, plain_counts
from digest.cli.session import failed, session

if TYPE_CHECKING:
    from digest.pipeline.runtime import Runtime
    from digest.pipeline.sending.control import Steered


@click.command()
@click.argument("edition")
@json_option
@click.pass_context
def pause(context: click.Context, edition: str, as_json: bool) -> None:
    """Let no further letter of an edition leave, until `digest resume`.

    Example: digest pause morning
    """
    from digest.pipeline.sending.control import pause as act

    _steer(context, edition, act, as_json=as_json)


@click.command()
@click.argument("edition")
@json_option
@click.pass_context
def resume(context: click.Context, edition: str, as_json: bool) -> None:
    """Let a paused edition go on: `digest serve` does, or `digest send`.

    Example: digest resume morning
    """
    from digest.pipeline.sending.control import resume as act

    _steer(context, edition, act, as_json=as_json)


@click.command()
@click.argument("edition")
@json_option
@click.pass_context
def cancel(context: click.Context, edition: str, as_json: bool) -> None:
    """End an edition that is being sent or paused: who waits for it never gets it.

    Example: digest cancel morning/2026-11-23
    """
    from digest.pipeline.sending.control import cancel as act

    _steer(context, edition, act, as_json=as_json)


@click.command()
@click.argument("edition")
@click.option("--rejected", is_flag=True, help="Those that a relay refused, instead of those of unknown fate.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"]),
    help="Only letters that came to this after that time (UTC).",
)
@json_option
@click.pass_context
def resend(context: click.Context, edition: str, rejected: bool, since: datetime | None, as_json: bool) -> None:
    """Queue the letters of unknown fate again; a reader who has one already gets a second.

    With --rejected those that a relay refused: nobody has one of these. Who is suppressed meanwhile gets none.

    Example: digest resend morning/2026-11-23 --rejected --since 2026-11-23T06:00
    """
    from digest.pipeline.sending.control import resend as again

    after = since.replace(tzinfo=UTC) if since else None
    _steer(context, edition, partial(again, rejected=rejected, since=after), as_json=as_json)


@click.command()
@click.argument("edition")
@json_option
@click.pass_context
def audit(context: click.Context, edition: str, as_json: bool) -> None:
    """Add up an edition from the ledger: every reader of its audience in one state; exit 1 when it does not add up.

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


def _steer(context: click.Context, edition: str, act: Callable[[Runtime, str], Steered], *, as_json: bool) -> None:
    here = session(context)
    with here.app() as app:
        done = act(app.runtime, edition)
    if as_json:
        here.console.json(
            {"edition": str(done.key), "state": done.state.value, **plain_counts(done.counts), "changed": done.changed}
        )
    else:
        changed = f" {done.changed} letters changed." if done.changed else ""
        here.console.result(
            f"{done.key}: {done.state.value}. {counts_in_words(plain_counts(done.counts)['counts'])}.{changed}"
        )
