"""``digest mails``: mails to one person, such as confirmations, that visitors of the public pages request."""

from __future__ import annotations

import click

from digest.cli.console import table
from digest.cli.session import left_out, session

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group()
def mails() -> None:
    """List and send mails that visitors asked for."""


@mails.command("list", short_help="List requests from the public pages.")
@click.option("--count", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many, newest first.")
@json_option
@click.pass_context
def list_(context: click.Context, count: int, as_json: bool) -> None:
    """List requests from the public pages and what became of them, newest first; also why no mail was sent.

    Requests that get no mail are listed for two days; addresses of mails that were sent, for two weeks.

    Example: digest mails list --count 20
    """
    here = session(context)
    with here.app() as app:
        found = app.stores.outbox.latest(count)
    if as_json:
        fields = ("id", "asked_at", "kind", "address", "state", "reply", "next_attempt")
        here.console.json([{name: getattr(each, name) for name in fields} for each in found])
        return
    if not found:
        here.console.say("Nobody asked for a mail yet.")
        return
    rows = [(f"{m.asked_at:%Y-%m-%d %H:%M}", m.kind, m.address or "forgotten", m.state, m.reply) for m in found]
    for line in table(rows, ("ASKED (UTC)", "KIND", "ADDRESS", "STATE", "WORDS")):
        here.console.result(line)


@mails.command("send", short_help="Send the mails that are due.")
@json_option
@click.pass_context
def send(context: click.Context, as_json: bool) -> None:
    """Send the mails that are due, such as confirmations. `digest serve` does this all the time.

    Example: digest mails send
    """
    from digest.deliver.protocol.replies import Fate
    from digest.pipeline.readers.personal_mails import send_mails

    here = session(context)
    with here.app() as app:
        if not app.settings.site.url:
            here.console.say("There are no public pages (site.url is not set), so nobody can ask for a mail.")
        report = send_mails(app.runtime, recover=True)
    counts = {
        "sent": report.number(Fate.ACCEPTED) if report else 0,
        "refused": report.number(Fate.REJECTED) if report else 0,
        "waiting": report.counts.unfinished if report else 0,
    }
    if as_json:
        here.console.json(counts)
    else:
        here.console.result(", ".join(f"{number} {words}" for words, number in counts.items()))
    if report is not None and report.error is not None:
        raise report.error
    if counts["refused"] or counts["waiting"]:
        left_out()
