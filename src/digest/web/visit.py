"""A request for a page and its answer, as values. So a page is a function from a Visit to a PageAnswer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from json import loads
from urllib.parse import parse_qsl

HTML = "text/html; charset=utf-8"
BY_LANGUAGE = (("Vary", "Accept-Language"),)
"""Header of a page that differs by language, so that caches store one for each language."""
MOST_FIELDS = 40
"""Most fields of a form. Ours have a dozen."""
Fields = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request for a page.

    ``language`` is the language of the answer, one of the site's. ``chosen`` says that the URL named it, so that links
    keep it. ``client`` is the IP address of the visitor's machine, as reported by trusted proxies.
    """

    places: Mapping[str, str] = field(default_factory=dict)
    """The parameters in the path, by name."""
    query: Fields = field(default_factory=dict)
    form: Fields = field(default_factory=dict)
    language: str = "en"
    chosen: bool = False
    client: str = ""
    cookie: str = ""
    """The value of the Cookie header. The pages use one cookie, see ``sign_up_cookie``."""
    known: str = ""
    """The version of the page that the visitor already has (If-None-Match)."""

    def asked(self, name: str) -> str:
        """Return the first value of a query field, without surrounding blanks. Empty when there is none."""
        return self.query.get(name, ("",))[0].strip()

    def told(self, name: str) -> str:
        """Return the first value of a form field, without surrounding blanks. Empty when there is none."""
        return self.form.get(name, ("",))[0].strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAnswer:
    """The answer to a request for a page. The headers that all pages have are added later."""

    body: bytes
    status: HTTPStatus = HTTPStatus.OK
    kind: str = HTML
    headers: tuple[tuple[str, str], ...] = ()


def fields_of(encoded: str) -> Fields:
    """Return the fields of a query or of a form (application/x-www-form-urlencoded), each with its values in order.

    Other encodings give useless fields, but never an error. With more than MOST_FIELDS fields, none is read.
    """
    found: dict[str, tuple[str, ...]] = {}
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    for name, value in pairs:
        found[name] = (*found.get(name, ()), value)
    return found


def json_fields_of(body: bytes) -> Fields:
    """Return the members of a JSON object as the fields of a form. Each must be a text or a list of texts.

    Empty for anything else.
    """
    try:
        found = loads(body)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict) or len(found) > MOST_FIELDS:
        return {}
    lists = {name: [value] if isinstance(value, str) else value for name, value in found.items()}
    if not all(isinstance(one, list) and all(isinstance(text, str) for text in one) for one in lists.values()):
        return {}
    return {
        name: tuple(text.encode("utf-8", "replace").decode() for text in texts)  # without lone surrogates
        for name, texts in lists.items()
        if texts
    }


def kept(visit: Visit, answer: PageAnswer, age: timedelta) -> PageAnswer:
    """Return an answer that caches may store for ``age``; 304 if the visitor has this version (RFC 9110, 13)."""
    tag = f'"{sha256(answer.body).hexdigest()[:24]}"'
    headers = (*answer.headers, ("ETag", tag), ("Cache-Control", f"public, max-age={age.total_seconds():.0f}"))
    if tag in (one.strip().removeprefix("W/") for one in visit.known.split(",")):
        return PageAnswer(body=b"", status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return PageAnswer(body=answer.body, status=answer.status, kind=answer.kind, headers=headers)
