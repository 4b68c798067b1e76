"""Checks an edition's own sender, subject and blocks, as far as the settings alone show mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from digest.settings import BlockSettings, EditionSettings, MailSettings
from digest.text.sender import address_problem

Key = tuple[str, ...]
Problem = tuple[Key, str]
"""The path of a key, and the value that was expected."""
PLACES = {"headline", "title"}


def identity_problems(key: Key, edition: EditionSettings, mail: MailSettings) -> Iterator[Problem]:
    """Yield what is wrong with the sender and the subject of an edition."""
    for name in ("sender", "reply_to"):
        value = getattr(edition.brand, name)
        if value is not None and (problem := address_problem(value)):
            yield (*key, "brand", name), f"{problem} (it is {value!r:.80})"
    sender = edition.brand.sender
    if sender is not None and not address_problem(sender) and not _related(_domain(sender), _domain(mail.sender)):
        expected = f"expected an address of {_domain(mail.sender)}, of a domain below it, or of one above it"
        yield (*key, "brand", "sender"), f"{expected}: bounces and signatures are of that domain"
    if edition.subject and (problem := _pattern_problem(edition.subject)):
        yield (*key, "subject"), problem
    if edition.subject and edition.subject_prefix:
        yield (*key, "subject_prefix"), "leave it out: it belongs into the pattern of subject"


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _related(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _pattern_problem(pattern: str) -> str:
    expected = "expected a text with {headline} and, if wanted, {title}, as in {title}: {headline}"
    try:
        names = [name for _, name, _, _ in Formatter().parse(pattern) if name is not None]
    except ValueError:
        return expected
    return "" if "headline" in names and set(names) <= PLACES else f"{expected} (it is {pattern!r:.80})"


def block_problems(key: Key, edition: EditionSettings) -> Iterator[Problem]:
    """Yield what is wrong with the blocks of an edition. Only ``digest check`` finds out whether their kinds exist."""
    for number, block in enumerate(edition.blocks):
        for name, problem in _block(block):
            yield (*key, "blocks", str(number), name), problem


def _block(block: BlockSettings) -> Iterator[tuple[str, str]]:
    if block.first and block.last and block.last < block.first:
        yield "last", f"expected a date that is not before first ({block.first})"
    if block.kind in {"line", "donation"} and not block.text.strip():
        yield "text", "is missing"
    if block.kind == "donation" and not block.link:
        yield "link", "is missing"
    if block.kind in {"dates", "weather", "markets"} and not block.source:
        yield "source", "is missing: a file, or an http(s) address"
    if block.sponsor and block.kind != "line":
        yield "sponsor", "leave it out: only a line has a sponsor"
