"""``digest alert``: alerts to the operator, and a test of their delivery."""

from __future__ import annotations

from datetime import timedelta

import click

from digest.cli.console import table
from digest.cli.operate import json_option, utc
from digest.cli.session import failed, misused, session

LISTED = timedelta(days=30)


@click.group()
def alert() -> None:
    """Show and test the alerts: see [alerts] in the settings.

    Example: digest alert list
    """


@alert.command("test", short_help="Send a test alert.")
@click.pass_context
def test(context: click.Context) -> None:
    """Send a test to every address of alerts.mail and to alerts.webhook; exits with 1 when one cannot be reached.

    Example: digest alert test
    """
    from digest.app import webhook
    from digest.pipeline.operations.alerting import tell_trial

    here = session(context)
    with here.app() as app:
        outcome = tell_trial(app.runtime, webhook(app))
    if not outcome:
        misused("nobody is told: set alerts.mail or alerts.webhook")
    for channel, trouble in outcome.items():
        words = trouble or "told"
        here.console.finding("error" if trouble else "ok", f"{channel}: {words}", colour="red" if trouble else "green")
    if any(outcome.values()):
        failed()


@alert.command("list", short_help="List the alerts of the last 30 days.")
@json_option
@click.pass_context
def list_(context: click.Context, as_json: bool) -> None:
    """List the alerts of the last 30 days: start, end, and text.

    Example: digest alert list
    """
    here = session(context)
    with here.app() as app:
        found = app.stores.alerts.known(app.clock() - LISTED)
    if as_json:
        here.console.json(
            [
                {
                    "key": one.key,
                    "kind": one.kind.value,
                    "words": one.words,
                    "raised": one.raised_at.isoformat(),
                    "cleared": one.cleared_at.isoformat() if one.cleared_at else None,
                    "told": {channel: phase.value for channel, phase in one.told.items()},
                }
                for one in found
            ]
        )
        return
    if not found:
        here.console.say("No alerts: digest alert test")
        return
    rows = [(utc(one.raised_at), utc(one.cleared_at) if one.cleared_at else "goes on", one.words) for one in found]
    for line in table(rows, ("SINCE (UTC)", "UNTIL (UTC)", "WHAT")):
        here.console.result(line)
