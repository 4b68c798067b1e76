"""Access tokens of mail accounts (XOAUTH2, in place of a password), printed by a command that the operator sets."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from functools import cache

from digest.errors import SettingsError

TIMEOUT_SECONDS = 30.0
KEPT_SECONDS = 60.0
"""Seconds for which a token is reused. A token is valid for an hour, and the command renews one that expires soon."""


@cache
def token_source(command: tuple[str, ...]) -> Callable[[], str] | None:
    """Return a function that returns the access token which ``command`` prints; None without a command."""
    return _Source(command) if command else None


class _Source:
    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command
        self._turn = threading.Lock()
        self._token = ""
        self._asked = float("-inf")

    def __call__(self) -> str:
        """Return the access token. Raises SettingsError; its message does not contain what the command printed."""
        with self._turn:
            if time.monotonic() - self._asked >= KEPT_SECONDS:
                self._token, self._asked = self._printed(), time.monotonic()
            return self._token

    def _printed(self) -> str:
        name = self._command[0]
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own command, from the settings
                self._command, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            why = "took too long" if isinstance(error, subprocess.TimeoutExpired) else error.strerror
            raise SettingsError((f"token_command: {name} gave no token ({why})",)) from error
        token = done.stdout.decode("ascii", "replace").strip()
        if done.returncode or not token.isprintable() or not token or " " in token:
            raise SettingsError((f"token_command: {name} gave no token (exit {done.returncode})",))
        return token
