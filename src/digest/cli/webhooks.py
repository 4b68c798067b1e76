"""``digest webhooks``: other systems that are notified of events."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.console import table
from digest.cli.operate import json_option, utc
from digest.cli.session import failed, misused, session

if TYPE_CHECKING:
    from digest.cli.console import Console
    from digest.storage.webhooks import Endpoint, Message

secret_option = click.option(
    "--secret-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File with a secret (whsec_...).",
)


@click.group()
def webhooks() -> None:
    """Notify other systems of what happens to readers and editions.

    Each receiver gets signed messages by POST, in the form of Standard Webhooks (docs/howto/webhooks.md).

    Example: digest webhooks list
    """


@webhooks.command(short_help="Add a receiver.")
@click.argument("name")
@click.argument("url")
@click.option("--event", "events", multiple=True, help="Type of events to send, repeated for several; default all.")
@click.option("--addresses", is_flag=True, help="Put readers' e-mail addresses into the messages.")
@click.option("--allow-private", is_flag=True, help="The URL may be http, and lead into a private network.")
@secret_option
@click.pass_context
def add(
    context: click.Context,
    name: str,
    url: str,
    events: tuple[str, ...],
    addresses: bool,
    allow_private: bool,
    secret_file: Path | None,
) -> None:
    """Add a receiver, and print its secret. It is shown this one time: the receiver needs it to verify messages.

    Messages name readers by number and pseudonym; with --addresses also by their e-mail address.

    Example: digest webhooks add crm https://crm.example.com/digest --event reader.confirmed --event reader.left
    """
    here = session(context)
    with here.app() as app:
        from digest.pipeline.webhooks.receivers import Wanted
        from digest.pipeline.webhooks.receivers import add as do

        secret = do(
            app.runtime,
            Wanted(
                name=name,
                url=url,
                events=events,
                secret=_read(secret_file),
                allow_private=allow_private,
                with_addresses=addresses,
            ),
        )
    here.console.say(f"{name} gets events from now on. To try it: digest webhooks test {name}. Its secret:")
    here.console.result(secret)


@webhooks.command("list", short_help="List all receivers.")
@json_option
@click.pass_context
def list_(context: click.Context, as_json: bool) -> None:
    """List all receivers: whether they accept messages, and how many wait or were given up.

    Example: digest webhooks list
    """
    here = session(context)
    with here.app() as app:
        found = app.stores.webhooks.all()
    if as_json:
        here.console.json([_plain(each) for each in found])
        return
    if not found:
        here.console.say("No receivers: digest webhooks add NAME URL")
        return
    rows = [(e.name, _health(e), str(e.waiting), str(e.dead), _events(e), e.url) for e in found]
    for line in table(rows, ("NAME", "HEALTH", "WAITING", "DEAD", "EVENTS", "URL")):
        here.console.result(line)


@webhooks.command(short_help="Remove a receiver.")
@click.argument("name")
@click.pass_context
def remove(context: click.Context, name: str) -> None:
    """Remove a receiver, with its messages and its secret.

    Example: digest webhooks remove crm
    """
    here = session(context)
    with here.app() as app:
        _require(name, known=app.stores.webhooks.remove(name))
    here.console.result(f"{name} is removed.")


@webhooks.command(short_help="Send nothing more to a receiver.")
@click.argument("name")
@click.pass_context
def disable(context: click.Context, name: str) -> None:
    """Send nothing more to a receiver. Waiting messages stay; later events are not kept for it.

    Example: digest webhooks disable crm
    """
    here = session(context)
    with here.app() as app:
        _require(name, known=app.stores.webhooks.disable(name, app.clock()))
    here.console.result(f"{name} gets nothing more.")


@webhooks.command(short_help="Send to a receiver again.")
@click.argument("name")
@click.pass_context
def enable(context: click.Context, name: str) -> None:
    """Send to a receiver again that was disabled, first the messages that still wait.

    Example: digest webhooks enable crm
    """
    here = session(context)
    with here.app() as app:
        _require(name, known=app.stores.webhooks.enable(name))
    here.console.result(f"{name} gets events again.")


@webhooks.command(short_help="Give a receiver a new secret.")
@click.argument("name")
@click.option(
    "--both-hours",
    type=click.IntRange(0, 720),
    default=24,
    show_default=True,
    help="Hours in which messages are signed with both secrets.",
)
@secret_option
@click.pass_context
def rotate(context: click.Context, name: str, both_hours: int, secret_file: Path | None) -> None:
    """Give a receiver a new secret, and print it. Messages are signed with both for a while.

    Example: digest webhooks rotate crm --both-hours 48
    """
    here = session(context)
    with here.app() as app:
        from digest.pipeline.webhooks.receivers import rotate as do

        secret = do(app.runtime, name, _read(secret_file), timedelta(hours=both_hours))
    here.console.say(f"The old secret of {name} signs too for {both_hours} hours. The new one:")
    here.console.result(secret)


@webhooks.command(short_help="Send a test message, and print the answer.")
@click.argument("name")
@click.pass_context
def test(context: click.Context, name: str) -> None:
    """Send a test message of the type `ping` to a receiver, and print its answer; exits with 1 when it refuses.

    Example: digest webhooks test crm
    """
    here = session(context)
    with here.app() as app:
        from digest.app import webhook_client
        from digest.pipeline.webhooks.receivers import found
        from digest.pipeline.webhooks.sending import send_ping

        answer = send_ping(app.runtime, webhook_client(app), found(app.runtime, name))
    good = answer.accepted
    here.console.finding("ok" if good else "error", f"{name}: {answer.words}", colour="green" if good else "red")
    if not good:
        failed()


@webhooks.command(short_help="List messages to receivers.")
@click.option("--endpoint", help="Only messages to this receiver.")
@click.option("--failed", "only_failed", is_flag=True, help="Only messages that were given up.")
@click.option(
    "--last",
    "most",
    type=click.IntRange(1, 10_000),
    default=50,
    show_default=True,
    help="Show at most so many messages.",
)
@json_option
@click.pass_context
def deliveries(context: click.Context, endpoint: str | None, only_failed: bool, most: int, as_json: bool) -> None:
    """List messages to receivers, the newest first, with the last answer to each.

    Example: digest webhooks deliveries --endpoint crm --failed
    """
    here = session(context)
    with here.app() as app:
        from digest.pipeline.webhooks.receivers import found
        from digest.storage.webhooks import DEAD, DELIVERED, WAITING

        if endpoint is not None:
            found(app.runtime, endpoint)
        states = (DEAD,) if only_failed else (WAITING, DELIVERED, DEAD)
        listed = app.stores.webhooks.messages(endpoint, states, most)
    _list(here.console, listed, as_json=as_json)


@webhooks.command(short_help="Send messages again.")
@click.argument("numbers", type=click.IntRange(1, 2**31 - 1), nargs=-1)
@click.option("--failed-of", help="Send all messages again that were given up for this receiver.")
@click.pass_context
def resend(context: click.Context, numbers: tuple[int, ...], failed_of: str | None) -> None:
    """Send messages again, delivered or not, by their numbers in `digest webhooks deliveries`. They keep their ids.

    `digest serve` sends them, or `digest webhooks deliver`.

    Example: digest webhooks resend --failed-of crm
    """
    if bool(numbers) == bool(failed_of):
        misused("name the numbers of messages, or --failed-of NAME")
    here = session(context)
    with here.app() as app:
        from digest.pipeline.webhooks.receivers import found

        if failed_of:
            again = app.stores.webhooks.resend_dead(found(app.runtime, failed_of).name, app.clock())
        else:
            again = app.stores.webhooks.resend(numbers, app.clock())
    here.console.result(f"{again} message{'' if again == 1 else 's'} to be sent again.")
    if again < len(numbers):
        failed()


@webhooks.command(short_help="Send the messages that are due now.")
@click.pass_context
def deliver(context: click.Context) -> None:
    """Send all messages that are due, once, as `digest serve` does every two seconds.

    Example: digest webhooks deliver
    """
    here = session(context)
    with here.app() as app:
        from digest.app import webhook_client
        from digest.pipeline.webhooks.sending import deliver_all

        results = deliver_all(app.runtime, webhook_client(app), threading.Event())
    if not results:
        here.console.say("Nothing is due.")
    for name, done in sorted(results.items()):
        here.console.result(f"{name}: {', '.join(f'{number} {result}' for result, number in sorted(done.items()))}")
    if any(set(done) - {"delivered"} for done in results.values()):
        failed()


def _require(name: str, *, known: bool) -> None:
    """Raise an error that says that there is no receiver of this name, unless it is ``known``."""
    from digest.pipeline.webhooks.receivers import unknown

    if not known:
        raise unknown(name)


def _read(file: Path | None) -> str:
    return "" if file is None else file.read_text(encoding="utf-8").strip()


def _health(endpoint: Endpoint) -> str:
    if endpoint.disabled_at is not None:
        return f"disabled ({endpoint.disabled_why}) since {utc(endpoint.disabled_at)}"
    if endpoint.failing_since is not None:
        return f"fails since {utc(endpoint.failing_since)}"
    return f"accepted {utc(endpoint.answered_at)}" if endpoint.answered_at else "not tried yet"


def _events(endpoint: Endpoint) -> str:
    return "all" if endpoint.events is None else " ".join(endpoint.events)


def _plain(endpoint: Endpoint) -> dict[str, object]:
    return {
        "name": endpoint.name,
        "url": endpoint.url,
        "events": None if endpoint.events is None else list(endpoint.events),
        "addresses": endpoint.with_addresses,
        "allow_private": endpoint.allow_private,
        "waiting": endpoint.waiting,
        "dead": endpoint.dead,
        "failures": endpoint.failures,
        "failing_since": endpoint.failing_since.isoformat() if endpoint.failing_since else None,
        "answered_at": endpoint.answered_at.isoformat() if endpoint.answered_at else None,
        "disabled": endpoint.disabled_why or None,
    }


def _list(console: Console, listed: tuple[Message, ...], *, as_json: bool) -> None:
    if as_json:
        console.json(
            [
                {
                    "number": each.id,
                    "id": each.name,
                    "endpoint": each.endpoint,
                    "type": each.type,
                    "at": each.at.isoformat(),
                    "state": each.state,
                    "attempts": each.attempts,
                    "next_attempt": each.next_attempt.isoformat() if each.state == "waiting" else None,
                    "status": each.status,
                    "answer": each.answer,
                }
                for each in listed
            ]
        )
        return
    if not listed:
        console.say("No messages.")
        return
    rows = [(str(m.id), utc(m.at), m.endpoint, m.type, m.state, str(m.attempts), m.answer) for m in listed]
    for line in table(rows, ("NUMBER", "AT (UTC)", "RECEIVER", "TYPE", "STATE", "TRIES", "LAST ANSWER")):
        console.result(line)
