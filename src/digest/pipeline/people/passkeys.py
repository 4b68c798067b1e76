"""Passkeys: registered by a signed-in user, and used to sign in or to prove the user's identity again."""

from __future__ import annotations

from dataclasses import dataclass

from digest.model.user import User
from digest.people.passkeys import Asked, Party, ask_for_known, ask_for_new, named_by, registered, used
from digest.people.tokens import token_hash
from digest.pipeline.people import tickets
from digest.pipeline.people.audit import NOBODY, note
from digest.pipeline.people.signing_in import Browser, Entered, enter
from digest.pipeline.runtime import Runtime
from digest.storage.passkeys import NewPasskey
from digest.storage.users import StoredUser

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """The request for the browser, as JSON, and the ticket that the page sends back with the browser's answer."""

    ticket: str
    options: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAnswer:
    """A browser's answer to the request for a new passkey, and the user's name for it."""

    ticket: str
    answer: str
    name: str


def begin_new(runtime: Runtime, party: Party, found: StoredUser) -> Challenge:
    """Create the request for a new passkey of a user."""
    known = [passkey.credential for passkey in runtime.stores.passkeys.of(found.user.id)]
    asked = ask_for_new(party, found.handle, found.user.email, found.user.name, known)
    ticket = tickets.give(runtime, tickets.NEW_PASSKEY, {"challenge": asked.challenge}, found.user.id)
    return Challenge(ticket=ticket, options=asked.options)


def add(runtime: Runtime, party: Party, user: User, told: NewAnswer, client: str) -> bool:
    """Store the passkey that a browser's answer registers; return whether the answer was valid."""
    waiting = tickets.take(runtime, tickets.NEW_PASSKEY, told.ticket)
    if waiting is None or waiting.user_id != user.id:
        return False
    found = registered(party, waiting.data["challenge"], told.answer)
    if found is None:
        return False
    new = NewPasskey(
        user_id=user.id,
        credential=found.credential,
        public_key=found.public_key,
        count=found.count,
        name=" ".join(told.name.split())[:LONGEST_NAME] or "Passkey",
    )
    if not runtime.stores.passkeys.add(new, runtime.clock()):
        return False
    note(runtime, user, "passkey added", {"name": new.name}, client=client)
    return True


def begin_use(runtime: Runtime, party: Party, device: str, user: User | None = None) -> Challenge:
    """Create the request for a passkey: any of this site to sign in, or one of ``user`` to prove who they are."""
    known = [passkey.credential for passkey in runtime.stores.passkeys.of(user.id)] if user else []
    asked: Asked = ask_for_known(party, known)
    data = {"challenge": asked.challenge, "device": token_hash(device)}
    ticket = tickets.give(runtime, tickets.PASSKEY, data, user.id if user else None)
    return Challenge(ticket=ticket, options=asked.options)


def prove(runtime: Runtime, party: Party, ticket: str, answer: str, browser: Browser) -> User | None:
    """Return the user whose passkey gave a valid answer; None when it is not valid. An answer is accepted once.

    A challenge made for one user accepts no passkey of another user. To sign in, the answer must name the passkey's
    owner; afterwards it may leave the owner out (WebAuthn, section 7.2, step 6).
    """
    waiting, named = tickets.take(runtime, tickets.PASSKEY, ticket), named_by(answer)
    passkey = runtime.stores.passkeys.find(named.credential) if waiting is not None else None
    found = runtime.stores.users.get(passkey.user_id) if passkey is not None else None
    if waiting is None or passkey is None or found is None or found.user.disabled:
        return None
    if waiting.data["device"] != token_hash(browser.device) or waiting.user_id not in {None, found.user.id}:
        return None
    if named.handle != found.handle and (named.handle or waiting.user_id is None):
        return None
    count = used(party, waiting.data["challenge"], answer, passkey)
    if count is None or not runtime.stores.passkeys.use(passkey, count, runtime.clock()):
        return None
    return found.user


def by_passkey(runtime: Runtime, party: Party, ticket: str, answer: str, browser: Browser) -> Entered | None:
    """Sign in by a passkey; None when its answer is not valid."""
    user = prove(runtime, party, ticket, answer, browser)
    if user is None:
        note(runtime, NOBODY, "sign-in", {"wrong": "passkey"}, client=browser.origin.client, refused=True)
        return None
    return enter(runtime, user, "passkey", browser)
