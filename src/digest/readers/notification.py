"""Reads the part of a bounce that is written for people: the recipients, and the server's replies to commands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from digest.readers.mime import Part
from digest.text.bounce_codes import Stage, codes

MOST_TEXT = 20_000
_LONGEST_BLOCK = 3000
_MOST_BLOCKS = 50

_ORIGINAL = re.compile(
    r"^(?:(?:X-)?Received|Return-Path|DKIM-Signature|Delivered-To|X-Originating-IP|X-Google-Smtp-Source):"
    r"|^[-=_* ]{2,60}.{0,40}(?:original message|original mail|copy of the (?:message|original)|returned message"
    r"|unsent message|below this line|header of the original|copy of (?:the|your) message|message header).{0,60}$"
    r"|^ {0,8}(?:original message follows|below is a copy of the original|included is a copy of the message).{0,20}$",
    re.IGNORECASE | re.MULTILINE,
)
"""The start of the returned letter: its first trace field, or the line that announces it."""
_FIELD = re.compile(r"[\w-]{2,40}:")
_FEWEST_FIELDS = 2
_MOST_FIELD_LINES = 400
_TAG = re.compile(r"<(?:/?[a-zA-Z][a-zA-Z0-9]{0,15}(?:\s[^<>]{0,500})?|!--[^<>]{0,500}--)/?>")
_ADDRESS = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]{1,64}@(?:[\w-]{1,63}\.){1,10}[\w-]{2,63}")
_HEAD = re.compile(
    rf"^[ \t*>]{{0,10}}[\"<]?({_ADDRESS.pattern})[\">]{{0,2}}[ \t]*(?:[:\[(]|$|[ \t]on[ \t]|[ \t]\w+[ \t]?\w*,)",
    re.MULTILINE,
)
"""A line that begins with an address. The text up to the next such line is about the recipient with that address."""

_STAGES = (
    (
        Stage.RECIPIENT,
        (
            r"in reply to RCPT|after RCPT|\[RCPT_TO\]|SMTP:RCPT|does not like recipient|was RCPT TO response"
            r"|rejected recipient|following RCPT|RCPT TO:<[^>]{0,300}>:|\(state 14\)|for RCPT command"
        ),
    ),
    (
        Stage.DATA,
        (
            r"in reply to (?:end of )?DATA|after (?:pipelined )?(?:end of )?data|\[(?:DATA|BODY|CONTENT)\]"
            r"|failed after I sent|SMTP command DATA|\(DATA\)|for TEXT command|\(state 1[5-8]\)|in reply to end of"
        ),
    ),
    (Stage.SENDER, r"in reply to MAIL|after MAIL FROM|sender was rejected|\[MAIL_FROM\]|\(state 13\)"),
    (Stage.CONNECTION, r"in reply to (?:EHLO|HELO)|my name was rejected|refused to talk to me"),
)
_SAID_AT = re.compile("|".join(f"(?P<{stage.name}>{words})" for stage, words in _STAGES), re.IGNORECASE)
_COMMAND = re.compile(r"^[ \t]{0,8}>>> ?([A-Z]{4})\b", re.IGNORECASE)
_REFUSAL = re.compile(r"^[ \t]{0,8}<<< ?[45]\d\d\b.{0,200}")
_NOBODY_LEFT = re.compile(r"valid recipients|need rcpt|no recipients", re.IGNORECASE)
_REPLY = re.compile(r"(?<![\w.:/@=#-])[45]\d\d(?=[ -]+[^\s\d.:/]|[ -]+[45]\.\d|:\s)")
_DEFERRED = re.compile(r"^[ \t]{0,8}4\d\d[ -]", re.MULTILINE)
"""A line in a copy of the SMTP dialogue with a temporary refusal (4xx): it is about another recipient."""
_BY_COMMAND = {"RCPT": Stage.RECIPIENT, "DATA": Stage.DATA, "BDAT": Stage.DATA, "MAIL": Stage.SENDER}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportBlock:
    """The text of a bounce about one recipient. ``address`` is empty when the text names none."""

    address: str
    words: str


def notification(parts: Sequence[Part]) -> tuple[str, str]:
    """Return the text of a bounce that is written for people, and the text of the returned letter if it follows."""
    texts = [part.text for part in parts if part.kind in {"text/plain", "text"}]
    if not texts:
        texts = [_TAG.sub(" ", part.text[: 4 * MOST_TEXT]) for part in parts if part.kind == "text/html"]
    text = "\n".join(texts[:4])
    start = _after_fields(text[:MOST_TEXT])
    found = _ORIGINAL.search(text, start, start + MOST_TEXT)
    end = found.start() if found else len(text)
    return text[start:end][:MOST_TEXT].strip(), text[end:]


def _after_fields(text: str) -> int:
    """Return the place after mail header fields that some programs repeat at the top of the text.

    0 without such fields. The header has at least two fields and ends with an empty line. Lines that begin with a blank
    continue a field.
    """
    place = len(text) - len(text.lstrip())
    fields = 0
    for _ in range(_MOST_FIELD_LINES):
        end = text.find("\n", place)
        line = text[place : len(text) if end < 0 else end]
        if not line.strip():
            return place if fields >= _FEWEST_FIELDS else 0
        if _FIELD.match(line) is not None:
            fields += 1
        elif not (fields and line[0] in " \t"):
            return 0
        if end < 0:
            return 0
        place = end + 1
    return 0


def blocks(text: str) -> tuple[ReportBlock, ...]:
    """Split the text of a bounce by recipient. If it names at most one address, all of it is one block."""
    heads = list(islice(_HEAD.finditer(text), _MOST_BLOCKS))
    if len({head[1].lower() for head in heads}) <= 1:
        address = heads[0][1] if heads else first_address(text)
        return (ReportBlock(address=address, words=text[:_LONGEST_BLOCK]),)
    ends = [*(head.start() for head in heads[1:]), len(text)]
    return tuple(
        ReportBlock(address=head[1], words=text[head.start() : end][:_LONGEST_BLOCK])
        for head, end in zip(heads, ends, strict=True)
    )


def first_address(text: str) -> str:
    """Return the first address in a text, or the empty string."""
    found = _ADDRESS.search(text)
    return found[0] if found else ""


def stage_of(text: str) -> Stage:
    """Return the step of SMTP at which the server refused the letter, as the quoted dialogue or the text says.

    UNKNOWN if neither says so.
    """
    command, refused = "", ""
    for line in text.splitlines():
        if (said := _COMMAND.match(line)) is not None:
            command = said[1].upper()
        elif command and (refusal := _REFUSAL.match(line)) is not None:
            if refused and _NOBODY_LEFT.search(refusal[0]):
                return Stage.RECIPIENT  # the commands were sent together, and the transcript shows only the last one
            refused = refused or command
    if refused:
        return _BY_COMMAND.get(refused, Stage.UNKNOWN)
    found = _SAID_AT.search(" ".join(text.split()))
    return Stage[found.lastgroup] if found and found.lastgroup else Stage.UNKNOWN


def quotes_reply(text: str) -> bool:
    """Return whether a text quotes a server's refusal: an SMTP reply code, or an enhanced status code."""
    return bool(_REPLY.search(text) or codes(text))


def server_words(text: str) -> str:
    """Return the quoted message of a server, from its reply code on; the whole text if none is quoted."""
    found = _REPLY.search(text)
    if found is None:
        return text
    said = text[found.start() :]
    if said.startswith("5") and (other := _DEFERRED.search(said)) is not None:
        return said[: other.start()]
    return said
