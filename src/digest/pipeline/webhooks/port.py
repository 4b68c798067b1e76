"""What sending a webhook needs from the web: one POST to a checked URL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from digest.fetch.post_answer import PostAnswer

ANSWER_SECONDS = 15.0
"""How long a receiver may take to answer, in total."""
ANSWER_BYTES = 1000
"""Number of bytes that are read of an answer's body after a failure."""
PRIVATE_NETWORKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "100.64.0.0/10", "fc00::/7", "::1")
"""Networks in which a receiver with ``--allow-private`` may be.

Link-local addresses are not among them: clouds have their metadata services there.
"""


Post = Callable[[str, bytes, Mapping[str, str]], PostAnswer]
"""Posts a body with headers to a URL. Follows no redirect; raises FetchError."""


class OpenPost(Protocol):
    """Opens the connections to one receiver."""

    def __call__(self, *, private: bool) -> AbstractContextManager[Post]:
        """Yield a Post; with ``private`` it may reach PRIVATE_NETWORKS."""
        ...
