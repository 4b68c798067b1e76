"""Signing in by a password and a second factor; the answers do not reveal whether an account exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from digest.errors import BadAddress
from digest.logs import get_logger
from digest.model.desk_session import Origin
from digest.model.user import User
from digest.people.codes import recovery_hash, step_of
from digest.people.passwords import Passwords, prepared
from digest.people.sealing import unseal
from digest.people.tokens import new_token, token_hash
from digest.pipeline.people import tickets
from digest.pipeline.people.audit import NOBODY, note
from digest.pipeline.people.desk_sessions import open_session
from digest.pipeline.people.tries import begin_try, limits_of, succeed
from digest.pipeline.runtime import Runtime
from digest.readers.address import parse_address
from digest.storage.users import StoredUser

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """What a browser sends at a sign-in: the tokens of its cookies, and its origin."""

    device: str
    session: str
    """Its present session token, which becomes invalid after the sign-in."""
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A user is signed in: the tokens of the new session and of the browser, for its cookies."""

    user: User
    session: str
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsCode:
    """The password was right, and a code is needed. The page sends ``ticket`` back with the code."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The sign-in failed. ``wait`` is how long further tries are refused."""

    wait: timedelta = timedelta()
    over: bool = False
    """Whether this sign-in has ended and must start again with the password."""


def account_of(email: str) -> str:
    """Return the key of an account: the typed e-mail address in the normalised form by which users are found."""
    try:
        return parse_address(email).identity
    except BadAddress:
        return email.strip().casefold()


def by_password(
    runtime: Runtime, passwords: Passwords, email: str, password: str, browser: Browser
) -> Entered | NeedsCode | Refused:
    """Sign in by a password; a user with a second factor must then enter a code."""
    account = account_of(email)
    found = runtime.stores.users.find(account)
    limits = limits_of(runtime, account, found.user.id if found else None, browser.origin.client, browser.device)
    if waits := begin_try(runtime, limits):
        return Refused(wait=waits)
    verdict = passwords.verify(found.password if found else None, password)
    if found is None or not verdict.right or found.user.disabled:
        _refused(runtime, found, "password", browser.origin)
        return Refused()
    succeed(runtime, limits)
    if verdict.rehash and found.password is not None:
        runtime.stores.users.rehash(found.user.id, found.password, passwords.hash(prepared(password)))
    if found.totp is not None:
        data = {"device": token_hash(browser.device)}
        return NeedsCode(ticket=tickets.give(runtime, tickets.SECOND, data, found.user.id))
    return enter(runtime, found.user, "password", browser)


def by_code(runtime: Runtime, ticket: str, code: str, browser: Browser) -> Entered | Refused:
    """Finish a sign-in with a code of the second factor, or a recovery code."""
    waiting = tickets.look(runtime, tickets.SECOND, ticket)
    if waiting is None or waiting.user_id is None or waiting.data["device"] != token_hash(browser.device):
        return Refused(over=True)
    found = runtime.stores.users.get(waiting.user_id)
    if found is None or found.user.disabled:
        return Refused(over=True)
    refused = prove_by_code(runtime, found, code, browser)
    if refused is not None:
        return refused
    if tickets.take(runtime, tickets.SECOND, ticket) is None:
        return Refused(over=True)
    return enter(runtime, found.user, "password", browser)


def prove_by_code(runtime: Runtime, found: StoredUser, code: str, browser: Browser) -> Refused | None:
    """Check a code of a user's second factor, and use it up. Return None when it is right, else the refusal."""
    limits = limits_of(runtime, f"code of {found.user.id}", found.user.id, browser.origin.client, browser.device)
    if waits := begin_try(runtime, limits):
        return Refused(wait=waits)
    if not _spend(runtime, found, code):
        _refused(runtime, found, "code", browser.origin)
        return Refused()
    succeed(runtime, limits)
    return None


def prove_by_password(
    runtime: Runtime, passwords: Passwords, found: StoredUser, password: str, browser: Browser
) -> Refused | None:
    """Check the password of a user who is signed in already. Return None when it is right, else the refusal."""
    account = account_of(found.user.email)
    limits = limits_of(runtime, account, found.user.id, browser.origin.client, browser.device)
    if waits := begin_try(runtime, limits):
        return Refused(wait=waits)
    if not passwords.verify(found.password, password).right:
        _refused(runtime, found, "password", browser.origin)
        return Refused()
    succeed(runtime, limits)
    return None


def enter(runtime: Runtime, user: User, how: str, browser: Browser) -> Entered:
    """Open a session for a user whose identity is proved, and remember the browser."""
    session = open_session(runtime, user, how, browser.origin, browser.session)
    device = new_token()
    runtime.stores.sign_in.know(token_hash(device), user.id, runtime.clock(), token_hash(browser.device))
    note(runtime, user, "signed in", {"how": how, "browser": browser.origin.agent}, client=browser.origin.client)
    log.info("signed in", user=user.id, how=how)
    return Entered(user=user, session=session, device=device)


def _spend(runtime: Runtime, found: StoredUser, code: str) -> bool:
    """Use up a code of the app, which is valid once, or a recovery code; return whether it was valid."""
    users, now = runtime.stores.users, runtime.clock()
    secret = unseal(runtime.settings.keys, found.handle, found.totp) if found.totp else None
    step = step_of(secret, code, now) if secret is not None else None
    if step is not None:
        return users.spend_step(found.user.id, step)
    return users.spend_recovery_code(found.user.id, recovery_hash(code), now)


def _refused(runtime: Runtime, found: StoredUser | None, what: str, origin: Origin) -> None:
    """Log a failed try; a mistyped address may be a password, so it is not stored."""
    who = found.user if found is not None else NOBODY
    note(runtime, who, "sign-in", {"wrong": what}, client=origin.client, refused=True)
    log.info("sign-in refused", user=found.user.id if found else None, wrong=what)
