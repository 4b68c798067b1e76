"""Limits on tries to sign in. Each try is counted before it is made, so parallel tries cannot exceed a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from digest.model.desk_session import Failures
from digest.model.user import UserId
from digest.people.throttle import (
    ACCOUNT_FREE,
    DEVICE_FREE,
    LONGEST,
    NETWORK_FREE,
    Limit,
    counted,
    wait,
)
from digest.people.tokens import token_hash
from digest.pipeline.runtime import Runtime
from digest.readers.mac import fingerprint
from digest.readers.networks import networks

NO_USER = UserId(0)


def limits_of(runtime: Runtime, account: str, user_id: UserId | None, client: str, device: str) -> tuple[Limit, ...]:
    """Return the limits that apply to a try at an account.

    In a browser in which the user signed in before, only the limit of that browser applies.
    """

    def scope(*parts: str) -> str:
        return fingerprint(runtime.settings.keys, "desk tries", *parts)

    if runtime.stores.sign_in.is_known(token_hash(device), user_id or NO_USER):
        return (Limit(scope=scope("device", account, device), free=DEVICE_FREE, longest=LONGEST),)
    return (
        Limit(scope=scope("account", account), free=ACCOUNT_FREE, longest=LONGEST),
        Limit(scope=scope("network", networks(client).near), free=NETWORK_FREE, longest=LONGEST),
    )


def begin_try(runtime: Runtime, limits: Sequence[Limit]) -> timedelta:
    """Count a try as a failure and return zero; or return how long to wait, and count nothing."""
    now, waits = runtime.clock(), timedelta()

    def decide(known: Mapping[str, Failures]) -> Mapping[str, Failures]:
        nonlocal waits
        waits = wait(limits, known, now)
        return {} if waits else counted(limits, known, now)

    runtime.stores.sign_in.count([limit.scope for limit in limits], decide)
    return waits


def succeed(runtime: Runtime, limits: Sequence[Limit]) -> None:
    """Delete the failures of the account or browser, and subtract this try from its network's count.

    Called after a try with the right password or code.
    """
    own, shared = limits[:1], limits[1:]

    def decide(known: Mapping[str, Failures]) -> Mapping[str, Failures]:
        return {
            limit.scope: Failures(number=known[limit.scope].number - 1, last_at=known[limit.scope].last_at)
            for limit in shared
            if limit.scope in known
        }

    runtime.stores.sign_in.forgive([limit.scope for limit in own])
    if shared:
        runtime.stores.sign_in.count([limit.scope for limit in shared], decide)
