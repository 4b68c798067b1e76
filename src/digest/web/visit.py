"""One visit to a page, and what it is answered: values, so that a page is a function from one to the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import parse_qsl

HTML = "text/html; charset=utf-8"
BY_LANGUAGE = (("Vary", "Accept-Language"),)
"""Header of a page that caches may keep for visitors of one language."""
MOST_FIELDS = 40
"""Fields of a form at most; ours have a dozen."""
Fields = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What somebody asks for.

    ``language`` is one of the site's; ``chosen`` tells that the address asked for it, so that links keep asking.
    ``client`` is the address of the visitor's machine, as far as trusted proxies tell.
    """

    places: Mapping[str, str] = field(default_factory=dict)
    """The parts of the path that a route names."""
    query: Fields = field(default_factory=dict)
    form: Fields = field(default_factory=dict)
    language: str = "en"
    chosen: bool = False
    client: str = ""
    known: str = ""
    """The version of the page that the visitor has already (If-None-Match)."""

    def asked(self, name: str) -> str:
        """Return the first value of a query's field, without blanks around it; empty when there is none."""
        return self.query.get(name, ("",))[0].strip()

    def told(self, name: str) -> str:
        """Return the first value of a form's field, without blanks around it; empty when there is none."""
        return self.form.get(name, ("",))[0].strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAnswer:
    """What a visit gets; the headers that every page has are put around it later."""

    body: bytes
    status: HTTPStatus = HTTPStatus.OK
    kind: str = HTML
    headers: tuple[tuple[str, str], ...] = ()


def fields_of(encoded: str) -> Fields:
    """Return the fields of a query or of a form (application/x-www-form-urlencoded), each with its values in order.

    What is encoded otherwise gives fields of no use, never an error; of more than MOST_FIELDS fields none is read.
    """
    found: dict[str, tuple[str, ...]] = {}
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    for name, value in pairs:
        found[name] = (*found.get(name, ()), value)
    return found


def kept(visit: Visit, answer: PageAnswer, age: timedelta) -> PageAnswer:
    """Return an answer that browsers and caches may keep so long, or word that they have it already (RFC 9110, 13)."""
    tag = f'"{sha256(answer.body).hexdigest()[:24]}"'
    headers = (*answer.headers, ("ETag", tag), ("Cache-Control", f"public, max-age={age.total_seconds():.0f}"))
    if tag in (one.strip().removeprefix("W/") for one in visit.known.split(",")):
        return PageAnswer(body=b"", status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return PageAnswer(body=answer.body, status=answer.status, kind=answer.kind, headers=headers)
