"""Sessions: created at sign-in, found by their token, ended by expiry or by a user."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.model.desk_session import Origin, Session
from digest.model.user import User
from digest.people.throttle import FORGOTTEN
from digest.people.tokens import new_token, token_hash
from digest.pipeline.runtime import Runtime
from digest.storage.user_sessions import NewSession

SEEN_EVERY = timedelta(minutes=1)
"""The last use of a session is stored at most once in this time, so most requests write nothing."""
DEVICE_KEPT = timedelta(days=180)
"""How long a browser is remembered after a sign-in."""
LONGEST_AGENT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A user signed in with a browser."""

    session: Session
    user: User


def open_session(runtime: Runtime, user: User, how: str, origin: Origin, replaced: str = "") -> str:
    """Sign a user in and return the token of the new session. The session with the token ``replaced`` ends.

    The token is always new, so a token that an attacker planted in the browser gives no access (session fixation).
    """
    token, now = new_token(), runtime.clock()
    new = NewSession(
        hash=token_hash(token),
        user_id=user.id,
        ends_at=now + timedelta(hours=runtime.settings.desk.absolute_hours),
        how=how,
        origin=Origin(client=origin.client, agent=origin.agent[:LONGEST_AGENT]),
    )
    runtime.stores.user_sessions.open(new, now, token_hash(replaced) if replaced else "")
    return token


def find_session(runtime: Runtime, token: str) -> SignedIn | None:
    """Return the session and user of a token; None when there is no such session or it has ended."""
    if not token:
        return None
    found = runtime.stores.user_sessions.find(token_hash(token))
    if found is None:
        return None
    session, user = found
    now = runtime.clock()
    if user.disabled or is_over(session, now, timedelta(minutes=runtime.settings.desk.idle_minutes)):
        return None
    if now - session.seen_at >= SEEN_EVERY:
        runtime.stores.user_sessions.see(session.id, now)
    return SignedIn(session=session, user=user)


def is_over(session: Session, now: datetime, idle: timedelta) -> bool:
    """Return whether a session has ended: it is too old, or was not used for longer than ``idle``."""
    return now >= session.ends_at or now - session.seen_at >= idle


def is_recent(runtime: Runtime, session: Session) -> bool:
    """Return whether the user proved their identity recently, by password, passkey or provider."""
    return runtime.clock() - session.proved_at < timedelta(minutes=runtime.settings.desk.recent_minutes)


def renew(runtime: Runtime, session: Session, *, proved: bool) -> str | None:
    """Give a session a new token and return the token. With ``proved``, the user has just proved their identity again.

    None when the session ended meanwhile.
    """
    token = new_token()
    now = runtime.clock() if proved else None
    return token if runtime.stores.user_sessions.renew(session.id, token_hash(token), now) else None


def forget_sign_ins(runtime: Runtime) -> None:
    """Delete ended sessions, and expired data of sign-ins."""
    now, stores = runtime.clock(), runtime.stores
    stores.user_sessions.purge(now, now - timedelta(minutes=runtime.settings.desk.idle_minutes))
    stores.sign_in.purge(now, tries_before=now - FORGOTTEN, devices_before=now - DEVICE_KEPT)
