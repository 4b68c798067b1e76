"""``digest tokens``: the tokens with which other programs use the API."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from digest.cli.console import table
from digest.cli.session import misused, session
from digest.cli.users import by_operator

if TYPE_CHECKING:
    from digest.model.api_token import ApiToken

SCOPES = (
    "readers:read",
    "readers:write",
    "editions:read",
    "editions:write",
    "editions:send",
    "sources:read",
    "sources:write",
    "articles:read",
    "articles:write",
    "numbers:read",
)
"""The names of the scopes, for the help. A test compares them with the table of ``model/api_token.py``."""
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group(short_help="Manage the tokens of the API.")
def tokens() -> None:
    """Manage the tokens with which other programs use the API of the public pages (/api/v1).

    `digest log` shows what each program did.
    """


@tokens.command(short_help="Make a token, and print it once.")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(SCOPES),
    multiple=True,
    required=True,
    help="What it allows; repeat it for more.",
)
@click.option("--expires", metavar="TIME", help="How long it is valid, such as 90d, 12h or 1y [default: for ever].")
@json_option
@click.pass_context
def add(context: click.Context, name: str, scopes: tuple[str, ...], expires: str | None, as_json: bool) -> None:
    """Make a token and print it. It is shown only now, since only its hash is stored.

    NAME identifies the program in the audit log.

    Example: digest tokens add cms --scope articles:write --expires 90d
    """
    from digest.model.api_token import Scope
    from digest.pipeline.people.api_tokens import add_token

    lasts = _lifetime(expires)
    here = session(context)
    with here.app() as app:
        made, text = add_token(app.runtime, name, [Scope(scope) for scope in scopes], lasts, by_operator())
        url = app.settings.site.url
    if as_json:
        here.console.json(_plain(made) | {"token": text})
        return
    here.console.say(f"{made.name}: {_words(made)}, {_end(made.expires_at)}. This is the token; keep it secret:")
    here.console.result(text)
    if url is None:
        here.console.warn("There is no API yet: site.url is missing in the configuration.")


@tokens.command("list", short_help="List the tokens.")
@json_option
@click.pass_context
def list_(context: click.Context, as_json: bool) -> None:
    """List the tokens with their scopes and their last use. Times are UTC.

    Example: digest tokens list
    """
    here = session(context)
    with here.app() as app:
        found, now = app.stores.api_tokens.all(), app.clock()
    if as_json:
        here.console.json([_plain(token) for token in found])
        return
    if not found:
        here.console.say("No tokens yet: digest tokens add cms --scope articles:write")
        return
    rows = [(token.name, _state(token, now), _at(token.used_at), _words(token)) for token in found]
    for line in table(rows, ("NAME", "STATE", "LAST USED", "SCOPES")):
        here.console.result(line)


@tokens.command(short_help="Make a token invalid.")
@click.argument("name")
@click.pass_context
def revoke(context: click.Context, name: str) -> None:
    """Make a token invalid from now on. Its name stays in the list and in the log.

    Example: digest tokens revoke cms
    """
    from digest.pipeline.people.api_tokens import revoke_token

    here = session(context)
    with here.app() as app:
        done = revoke_token(app.runtime, name, by_operator())
    here.console.result(f"{name}: {'revoked' if done else 'was revoked already'}")


def _lifetime(expires: str | None) -> timedelta | None:
    from digest.people.api_tokens import lifetime

    if expires is None:
        return None
    found = lifetime(expires)
    if found is None:
        misused(f"--expires {expires!r} is no time such as 90d, 12h, 6w or 1y, or more than ten years")
    return found


def _state(token: ApiToken, now: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return _end(token.expires_at) if token.works(now) else "expired"


def _end(expires: datetime | None) -> str:
    return f"until {_at(expires)}" if expires else "does not expire"


def _at(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M}" if time else "never"


def _words(token: ApiToken) -> str:
    return " ".join(sorted(scope.value for scope in token.scopes))


def _plain(token: ApiToken) -> dict[str, object]:
    times = {"made_at": token.made_at, "expires_at": token.expires_at, "used_at": token.used_at}
    return {
        "name": token.name,
        "scopes": sorted(scope.value for scope in token.scopes),
        **{name: time.isoformat() if time else None for name, time in times.items()},
        "revoked_at": token.revoked_at.isoformat() if token.revoked_at else None,
    }
