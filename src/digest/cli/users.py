"""``digest users``: the users of the desk in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from digest.cli.acting import command_line
from digest.cli.console import table
from digest.cli.session import session
from digest.errors import MissingExtra, SettingsError

if TYPE_CHECKING:
    from digest.app import App
    from digest.cli.console import Console
    from digest.model.user import Role, User
    from digest.pipeline.people.audit import By
    from digest.storage.users import StoredUser

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
ROLES = click.Choice(["viewer", "editor", "publisher", "admin"])
EXTRA = "the desk needs libraries that are not installed: pip install 'digest-press[desk]'"


@click.group()
def users() -> None:
    """Manage who may work at the desk in the browser.

    A viewer reads; an editor changes drafts; a publisher approves and sends; an admin also manages users.

    Example: digest users add ana@paper.example --role admin
    """


@users.command(short_help="Add a user.")
@click.argument("email")
@click.option("--name", default="", help="Name shown at the desk [default: the first part of the address].")
@click.option("--role", type=ROLES, default="editor", show_default=True, help="What the user may do.")
@click.option("--prompt", is_flag=True, help="Ask for the password here, in place of a link to choose it.")
@json_option
@click.pass_context
def add(context: click.Context, email: str, name: str, role: str, prompt: bool, as_json: bool) -> None:
    """Add a user, and print a link that works once. The user opens it to choose a password.

    The first admin is made like this; there is no default account.

    Example: digest users add ana@paper.example --name "Ana Silva" --role admin
    """
    require_extra()
    here = session(context)
    password = _asked_password() if prompt else None
    with here.app() as app:
        from digest.pipeline.people.accounts import add_user

        _require_pages(app, prompt=prompt)
        _check(app, password, name, email)
        user = add_user(app.runtime, name, email, _role(role), by_operator())
        link = _enter(app, user, password)
    _say_user(here.console, user, link, as_json=as_json)


@users.command("list", short_help="List all users.")
@json_option
@click.pass_context
def list_(context: click.Context, as_json: bool) -> None:
    """List all users with their roles.

    Example: digest users list
    """
    require_extra()
    here = session(context)
    with here.app() as app:
        found = app.stores.users.all()
    if as_json:
        here.console.json([_plain(stored) for stored in found])
        return
    if not found:
        here.console.say("No users yet: digest users add ana@paper.example --role admin")
        return
    rows = [(s.user.email, s.user.role.name.lower(), s.user.name, _standing(s)) for s in found]
    for line in table(rows, ("ADDRESS", "ROLE", "NAME", "SIGNS IN BY")):
        here.console.result(line)


@users.command(short_help="Give a user another role.")
@click.argument("email")
@click.argument("role", type=ROLES)
@click.pass_context
def role(context: click.Context, email: str, role: str) -> None:
    """Give a user another role. The user's sessions end.

    Example: digest users role ana@paper.example publisher
    """
    require_extra()
    from digest.pipeline.people.accounts import change_role

    with _user(context, email) as (app, user):
        change_role(app.runtime, user, _role(role), by_operator())
    session(context).console.result(f"{user.email} is {role} now.")


@users.command(short_help="Forbid a user to sign in.")
@click.argument("email")
@click.pass_context
def disable(context: click.Context, email: str) -> None:
    """Forbid a user to sign in from now on. What the user did stays in the log.

    Example: digest users disable ana@paper.example
    """
    require_extra()
    from digest.pipeline.people.accounts import disable as do

    with _user(context, email) as (app, user):
        do(app.runtime, user, by_operator())
    session(context).console.result(f"{user.email} cannot sign in any more.")


@users.command(short_help="Let a user in again.")
@click.argument("email")
@click.pass_context
def enable(context: click.Context, email: str) -> None:
    """Let a user in again who was kept out.

    Example: digest users enable ana@paper.example
    """
    require_extra()
    from digest.pipeline.people.accounts import enable as do

    with _user(context, email) as (app, user):
        do(app.runtime, user, by_operator())
    session(context).console.result(f"{user.email} can sign in again.")


@users.command(short_help="Make a user choose a new password.")
@click.argument("email")
@click.option("--second-factor", is_flag=True, help="Remove the second factor and the passkeys as well.")
@click.option("--prompt", is_flag=True, help="Ask for the new password here, in place of a link to choose it.")
@json_option
@click.pass_context
def reset(context: click.Context, email: str, second_factor: bool, prompt: bool, as_json: bool) -> None:
    """Remove a user's password, end all sessions, and print a link to choose a new one.

    Example: digest users reset ana@paper.example --second-factor
    """
    require_extra()
    from digest.pipeline.people.accounts import reset as do

    password = _asked_password() if prompt else None
    with _user(context, email) as (app, user):
        _require_pages(app, prompt=prompt)
        _check(app, password, user.name, user.email)
        do(app.runtime, user, by_operator(), second_factor=second_factor)
        link = _enter(app, user, password)
    _say_user(session(context).console, user, link, as_json=as_json)


@contextmanager
def _user(context: click.Context, email: str) -> Iterator[tuple[App, User]]:
    """Open the app, and yield it with the user who has an e-mail address. Raises UnknownUser when there is none."""
    from digest.pipeline.people.accounts import find_user

    with session(context).app() as app:
        yield app, find_user(app.runtime, email).user


def _require_pages(app: App, *, prompt: bool) -> None:
    """Raise SettingsError when a link for the user is needed and the settings have no public pages.

    With ``prompt`` no link is needed.
    """
    if app.settings.site.url is None and not prompt:
        raise SettingsError(("site.url: is missing; without public pages there is no desk: set it, or use --prompt",))


def require_extra() -> None:
    """Raise MissingExtra when the libraries of the desk are not installed."""
    from digest.people.extra import missing_libraries

    if missing_libraries():
        raise MissingExtra(EXTRA)


def _role(name: str) -> Role:
    from digest.model.user import Role

    return Role[name.upper()]


def by_operator() -> By:
    """Return who runs the command, in the form in which the audit log records it."""
    from digest.pipeline.people.audit import By

    return By(who=command_line())


def _asked_password() -> str:
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return answer


def _check(app: App, password: str | None, name: str, email: str) -> None:
    """Raise BadPassword when a new password is too weak.

    It is called before anything is changed; None is not checked.
    """
    from digest.people.passwords import check

    if password is not None:
        check(password, (name, email, app.settings.site.name))


def _enter(app: App, user: User, password: str | None) -> str:
    """Set the given password and return an empty text; without a password, return a link where the user chooses one."""
    from digest.people.passwords import Passwords
    from digest.pipeline.people.accounts import change_password, password_link
    from digest.render.links import desk_link

    if password is not None:
        change_password(app.runtime, Passwords(), user, password, by_operator())
        return ""
    return desk_link(app.settings, f"/welcome/{password_link(app.runtime, user)}")


def _say_user(console: Console, user: User, link: str, *, as_json: bool) -> None:
    if as_json:
        console.json({"email": user.email, "name": user.name, "role": user.role.name.lower(), "link": link or None})
        return
    console.say(f"{user.email} is a user with the role {user.role.name.lower()}.")
    if link:
        console.say("With this link the user chooses a password, once, within 72 hours:")
        console.result(link)


def _standing(stored: StoredUser) -> str:
    """Return how a user can sign in, as text, such as ``password and code``."""
    if stored.user.disabled:
        return "disabled"
    ways = ["password"] if stored.password else []
    return " and ".join([*ways, *(["code"] if stored.totp else [])]) or "nothing yet"


def _plain(stored: StoredUser) -> dict[str, object]:
    user = stored.user
    return {
        "email": user.email,
        "name": user.name,
        "role": user.role.name.lower(),
        "disabled": user.disabled,
        "password": stored.password is not None,
        "second_factor": stored.totp is not None,
        "added_at": stored.added_at.isoformat(),
    }
