"""Logs: a constant phrase and keys, on stderr, as text or as JSON. Only this module decides their format.

Events hold ids and counts. As a second protection, every text value loses e-mail addresses, tokens, logins and the
query of URLs before it is written, since the text of an error may quote foreign input. ``docs/logs.md`` lists the
events. This module imports structlog only at the first log event, since small commands log nothing.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

Level = Literal["error", "warning", "info", "debug"]
Format = Literal["text", "json"]

SILENT = logging.CRITICAL
"""Above the level of all our events."""
LEVELS = {"error": logging.ERROR, "warning": logging.WARNING, "info": logging.INFO, "debug": logging.DEBUG}
_QUERY = r"[?#][^\s,;)\"'<>]*"
_REDACTIONS = (
    (re.compile(rf"(https?://[\w.-]+(?::\d+)?/[^\s?#@]*){_QUERY}"), r"\1"),
    (re.compile(r"://\S*@(?=[\w.\[-])"), "://"),
    (re.compile(rf"(://[^\s?#]*){_QUERY}"), r"\1"),
    (re.compile(r"(?:\"[^\"\n]{1,64}\"|[^\s<>()\[\]\",;:=@]+)(?:@|%40)[^\s<>()\[\]\",;:=@]+"), "(address)"),
    (re.compile(r"\b[lcbm]\w{1,40}\.[0-9a-f]{1,16}\.[a-z2-7]{24}\b|\b[a-z2-7]{24}\b|[A-Za-z0-9_-]{40,}"), "(token)"),
)
"""Pairs of a pattern that no log may contain and its replacement: a URL's query and login, an address, a token.

A password may hold any character, so everything before the last ``@`` of a URL counts as a login.
"""


@dataclass(frozen=True, slots=True)
class _Choice:
    level: int = SILENT
    form: Format = "text"


class _State:
    choice = _Choice()


def set_up(level: Level | None, form: Format = "text") -> None:
    """Write events of ``level`` and above to stderr from now on; with None, write no events."""
    _State.choice = _Choice(SILENT if level is None else LEVELS[level], form)
    if "structlog" in sys.modules:
        _configure(_State.choice)


def get_logger() -> FilteringBoundLogger:
    """Return a logger. Later calls of ``set_up`` change its level and form, too."""
    import structlog  # noqa: PLC0415 - a tenth of a second

    if not structlog.is_configured():
        _configure(_State.choice)
    found: FilteringBoundLogger = structlog.get_logger()
    return found


def include_libraries() -> None:
    """Log warnings and errors of libraries as events of digest: a service has no other place for them."""
    root = logging.getLogger()
    if not any(isinstance(handler, _Bridge) for handler in root.handlers):
        root.addHandler(_Bridge(logging.WARNING))


def redacted(text: str) -> str:
    """Return ``text`` without addresses, tokens, logins and queries of URLs."""
    for pattern, instead in _REDACTIONS:
        text = pattern.sub(instead, text)
    return text


class _Bridge(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        """Log a library's message, with the name of its exception."""
        kind = record.exc_info[0] if record.exc_info else None
        get_logger().log(
            record.levelno,
            "library message",
            library=record.name,
            why=record.getMessage(),
            error=kind.__name__ if kind else None,
        )


def _configure(choice: _Choice) -> None:
    import structlog  # noqa: PLC0415 - the same

    text = choice.form == "text"
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_secrets,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0, sort_keys=False)
            if text
            else structlog.processors.JSONRenderer(default=str, ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(choice.level),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _without_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Redact every text of an event, and each element of a collection as text; line breaks become spaces."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = " ".join(redacted(value).split()) if key != "timestamp" else value
        elif isinstance(value, list | tuple):
            event[key] = [redacted(str(each)) for each in value]
    return event
