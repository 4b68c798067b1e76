"""Another program that uses the API: what the tests of the API ask with."""

from __future__ import annotations

import http.client
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from digest.model.api_token import Scope
from digest.pipeline.people.api_tokens import add_token
from digest.pipeline.people.audit import By
from digest.pipeline.runtime import Runtime

PATH = "/api/v1"
EDITION = "/editions/morning/2026-11-23"
ARTICLE = {
    "url": "https://paper1.example/lighthouse",
    "title": "Lighthouse at Sand Point gets a new lamp after ninety years",
    "html": "<p>The lighthouse at Sand Point gets a new lamp, the harbour office said on Monday.</p>"
    "<p>The old lamp was lit in 1936 and was seen from 19 miles away on clear nights.</p>",
}
PROOF = {"source": "account page", "given_at": "2026-11-20T10:00:00Z", "wording": "Yes, send me the letters."}
BODIES: Mapping[tuple[str, str], Mapping[str, object]] = {
    ("POST", "/sign-ups"): {"address": "new@reader.example", "editions": ["morning"]},
    ("POST", "/readers"): {"address": "ada@reader.example", "editions": ["morning"], "consent": PROOF},
    ("POST", "/readers/find"): {"address": "ada@reader.example"},
    ("PATCH", "/readers/{reader}"): {"name": "Ada Lark"},
    ("PUT", "/readers/{reader}/pause"): {"until": "2026-12-24"},
    ("POST", f"{EDITION}/test"): {"address": "editor@paper.example"},
    ("POST", "/editions/{edition}/{date}/test"): {"address": "editor@paper.example"},
    ("POST", "/sources"): {"url": "https://paper1.example/feed"},
    ("PUT", "/articles/{article}"): ARTICLE,
    ("POST", "/articles"): {"articles": [{"id": "lighthouse", **ARTICLE}]},
}
"""A body that fits, for each method and path that takes one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer of the API."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.body)

    @property
    def problem(self) -> str:
        """The kind of error; empty for an answer that is none."""
        if self.headers.get("Content-Type") != "application/problem+json":
            return ""
        return str(self.json["type"]).rpartition("/")[2]


@dataclass(slots=True)
class Program:
    """A program with a token, on one connection."""

    url: str
    token: str = ""
    _open: list[http.client.HTTPConnection] = field(default_factory=list)

    def __call__(self, method: str, path: str, body: object = None, token: str | None = None, **headers: str) -> Told:
        """Ask once; the words of header names are joined by underscores. ``body`` is JSON; bytes are sent as is."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        bearer = self.token if token is None else token
        if bearer:
            sent["Authorization"] = f"Bearer {bearer}"
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        if not self._open:
            self._open.append(http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30))
        connection = self._open[0]
        connection.request(method, PATH + path, body=data, headers=sent)
        answer = connection.getresponse()
        return Told(status=answer.status, headers=answer.headers, body=answer.read())

    def close(self) -> None:
        """Close the connection."""
        for each in self._open:
            each.close()
        self._open.clear()


def make_token(runtime: Runtime, name: str = "cms", scopes: Collection[Scope] = tuple(Scope)) -> str:
    """Make a token and return its text."""
    return add_token(runtime, name, scopes, None, By(who="tests"))[1]
