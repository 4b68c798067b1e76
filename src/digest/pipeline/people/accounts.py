"""Creates and changes users, for an admin at the desk or a command of the operator; each change is in the audit log."""

from __future__ import annotations

from datetime import timedelta

from digest.errors import LastAdmin, UnknownUser, UserExists
from digest.model.user import Role, User, UserId
from digest.people.passwords import Passwords, check
from digest.pipeline.people import tickets
from digest.pipeline.people.audit import By, note
from digest.pipeline.people.signing_in import account_of
from digest.pipeline.runtime import Runtime
from digest.readers.address import parse_address
from digest.storage.sign_in import Ticket
from digest.storage.users import NewUser, StoredUser

LINK_LASTS = timedelta(hours=72)
"""How long a link to choose a password is valid. It must last over a weekend."""
LONGEST_NAME = 100


def find_user(runtime: Runtime, email: str) -> StoredUser:
    """Return the user with an address; raises UnknownUser."""
    found = runtime.stores.users.find(account_of(email))
    if found is None:
        raise UnknownUser(f"{email}: no user has that address: digest users list")
    return found


def add_user(runtime: Runtime, name: str, email: str, role: Role, by: By) -> User:
    """Add a user, who has no password yet.

    Raises BadAddress, and UserExists when somebody has that address.
    """
    address = parse_address(email)
    shown_name = " ".join(name.split())[:LONGEST_NAME] or address.given.partition("@")[0]
    new = NewUser(name=shown_name, email=address.given, identity=address.identity, role=role)
    user_id = runtime.stores.users.add(new, runtime.clock())
    if user_id is None:
        raise UserExists(f"{address.given}: there is a user of that address already: digest users role, or reset")
    _note(runtime, by, "user added", new.email, {"role": role.name.lower()})
    return _user(runtime, user_id)


def change_role(runtime: Runtime, user: User, role: Role, by: By) -> None:
    """Give a user another role. The user's sessions end, so that none keeps the old rights.

    Raises LastAdmin when no admin would be left.
    """
    if role == user.role:
        return
    if role < Role.ADMIN:
        _keep_an_admin(runtime, user)
    runtime.stores.users.set_role(user.id, role)
    _note(runtime, by, "role changed", user.email, {"from": user.role.name.lower(), "to": role.name.lower()})


def disable(runtime: Runtime, user: User, by: By) -> None:
    """Disable a user from now on; the user's past acts stay. Raises LastAdmin when no admin would be left."""
    _keep_an_admin(runtime, user)
    runtime.stores.users.disable(user.id, runtime.clock())
    _note(runtime, by, "user disabled", user.email)


def enable(runtime: Runtime, user: User, by: By) -> None:
    """Enable a user again."""
    runtime.stores.users.disable(user.id, None)
    _note(runtime, by, "user enabled", user.email)


def reset(runtime: Runtime, user: User, by: By, *, second_factor: bool) -> None:
    """Remove a user's password, and also the second factor and passkeys when asked; all sessions end."""
    runtime.stores.users.reset(user.id, second_factor=second_factor)
    _note(runtime, by, "user reset", user.email, {"second factor": second_factor})


def password_link(runtime: Runtime, user: User) -> str:
    """Make a link with which the user can choose a password once, and return its token. Older links become invalid."""
    runtime.stores.sign_in.withdraw(user.id, tickets.WELCOME)
    return tickets.give(runtime, tickets.WELCOME, {}, user.id, LINK_LASTS)


def owner_of_link(runtime: Runtime, token: str) -> User | None:
    """Return the user whose password a link may set; None when the link is invalid."""
    return _owner(runtime, tickets.look(runtime, tickets.WELCOME, token))


def choose_by_link(runtime: Runtime, passwords: Passwords, token: str, password: str, client: str) -> User | None:
    """Set the password by a link, and use the link up; None when the link is invalid.

    Raises BadPassword; then the link stays valid for another try.
    """
    user = owner_of_link(runtime, token)
    if user is None:
        return None
    mapped = check(password, known_words(runtime, user))
    hashed = passwords.hash(mapped)
    if tickets.take(runtime, tickets.WELCOME, token) is None:
        return None
    runtime.stores.users.set_password(user.id, hashed)
    _note(runtime, By(who=user, client=client), "password chosen", user.email)
    return user


def change_password(
    runtime: Runtime, passwords: Passwords, user: User, password: str, by: By, keep: int | None = None
) -> None:
    """Set a user's password; all sessions but ``keep`` end. Raises BadPassword."""
    hashed = passwords.hash(check(password, known_words(runtime, user)))
    runtime.stores.users.set_password(user.id, hashed, keep)
    _note(runtime, by, "password changed", user.email)


def known_words(runtime: Runtime, user: User) -> tuple[str, ...]:
    """Return words that are easy to guess as this user's password."""
    return (user.name, user.email, runtime.settings.site.name)


def _owner(runtime: Runtime, ticket: Ticket | None) -> User | None:
    found = runtime.stores.users.get(ticket.user_id) if ticket is not None and ticket.user_id is not None else None
    return found.user if found is not None and not found.user.disabled else None


def _user(runtime: Runtime, user_id: UserId) -> User:
    found = runtime.stores.users.get(user_id)
    if found is None:
        raise UnknownUser(f"user {user_id} is gone")
    return found.user


def _keep_an_admin(runtime: Runtime, user: User) -> None:
    if user.may(Role.ADMIN) and not runtime.stores.users.other_admins(user.id):
        raise LastAdmin(f"{user.email} is the last admin: make somebody else one first")


def _note(runtime: Runtime, by: By, what: str, email: str, about: dict[str, object] | None = None) -> None:
    note(runtime, by.who, what, {"user": email, **(about or {})}, client=by.client)
