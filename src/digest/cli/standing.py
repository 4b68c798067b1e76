"""The state of a source, as a line of a table and as plain values for programs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from digest.pipeline.gathering.source_list import SourceAccount

HEADER = ("ID", "NAME", "SECTION", "KIND", "LISTED", "STATE", "FETCHED", "NEXT", "RESULT", "ADDRESS")


def row(account: SourceAccount, now: datetime) -> tuple[str, ...]:
    """Return the cells of a source for the table of all sources, in the order of HEADER. Times are UTC."""
    source, state = account.stored.source, account.state
    moved = f" -> {state.url}" if state.url else ""
    return (
        str(source.id),
        source.name,
        source.section,
        source.kind.value,
        account.listed,
        account.standing,
        _minute(state.last_fetch),
        _next(account, now),
        account.result,
        f"{source.url}{moved}",
    )


def _next(account: SourceAccount, now: datetime) -> str:
    if not account.asked:
        return "never"
    allowed = account.state.not_before
    return "any time" if allowed is None or allowed <= now else _minute(allowed)


def _minute(when: datetime | None) -> str:
    return "" if when is None else f"{when:%Y-%m-%d %H:%M}"


def plain(account: SourceAccount) -> dict[str, Any]:
    """Return all data of a source as plain values, for JSON."""
    stored, state = account.stored, account.state
    return {
        "id": stored.source.id,
        "name": stored.source.name,
        "publisher": stored.source.publisher,
        "section": stored.source.section,
        "kind": stored.source.kind.value,
        "weight": stored.source.weight,
        "language": stored.source.language,
        "url": stored.source.url,
        "moved_to": state.url,
        "listed": account.listed,
        "standing": account.standing,
        "last_fetch": state.last_fetch and state.last_fetch.isoformat(),
        "last_success": state.last_success and state.last_success.isoformat(),
        "last_result": state.last_result,
        "failures": state.failures,
        "not_before": state.not_before and state.not_before.isoformat(),
    }
