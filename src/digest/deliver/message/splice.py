"""Makes the bytes to send from a letter and a reader: the letter's segments with the reader's values in the slots.

letter -> prepare (once for each dispatch) -> Prepared.splice (once for each reader)
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from hashlib import sha256

from digest.deliver.message.dkim import Signer, relaxed
from digest.errors import BadAddress
from digest.model.letter import Letter, Slot
from digest.text.header import a_labels, mailbox

TOKEN = re.compile(r"[A-Za-z0-9_-](?:[A-Za-z0-9._~-]{0,70}[A-Za-z0-9_~-])?")
"""The form of a token: it needs no escaping in a URL, a header or quoted-printable, and fits on an encoded line."""
MAILBOX = re.compile(
    r'[^\s<>()\[\]\\,;:"@\x00-\x1f\x7f-\x9f\ud800-\udfff]+@[^\s<>()\[\]\\,;:"@\x00-\x1f\x7f-\x9f\ud800-\udfff]+'
)
LONGEST_ADDRESS = 254
"""Most characters of an address (RFC 5321, section 4.5.3.1.3), without the angle brackets."""
Segment = bytes | Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderFields:
    """The values that differ from reader to reader.

    ``message_id`` is the left part of the Message-ID; it and the tokens consist of ``[A-Za-z0-9._~-]``, 1 to 72
    characters, with no dot at either end. Without a name the To header holds only the address.

    Raises:
        ValueError: a token is malformed.
        BadAddress: the address cannot be written in a header.
    """

    address: str
    message_id: str
    unsubscribe: str
    preferences: str
    name: str = ""

    def __post_init__(self) -> None:
        for value in (self.message_id, self.unsubscribe, self.preferences):
            if not TOKEN.fullmatch(value):
                raise ValueError("a token must be 1 to 72 characters of [A-Za-z0-9._~-], with no dot at an end")
        if not MAILBOX.fullmatch(self.address) or len(self.address) > LONGEST_ADDRESS:
            raise BadAddress(f"{self.address[:60]!r} is not an address that a header can hold")
        try:
            a_labels(self.address.rpartition("@")[2])
        except ValueError as error:
            raise BadAddress(f"{self.address[:60]!r}: no such domain can be: {error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRun:
    """A part of a message with slots.

    ``parts`` are its pieces, ``slots`` pairs of a piece's index and the slot that fills it.

    With ``base64`` the parts are not encoded yet, and the filled run is encoded as a whole.
    """

    parts: tuple[bytes, ...]
    slots: tuple[tuple[int, Slot], ...]
    base64: bool = False

    def filled(self, values: dict[Slot, bytes]) -> bytes:
        """Return the bytes of this part with ``values`` in its slots."""
        parts = list(self.parts)
        for place, slot in self.slots:
            parts[place] = values[slot]
        whole = b"".join(parts)
        return base64.encodebytes(whole).replace(b"\n", b"\r\n") if self.base64 else whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A letter ready for inserting the values of many readers.

    No line begins with a dot, whatever the values (see ``Letter``).
    """

    header: SlotRun
    body: tuple[SlotRun, ...]
    fields: tuple[tuple[bytes, SlotRun], ...] = ()
    """Name and relaxed form of each header field, for the signature."""
    signer: Signer | None = field(default=None, repr=False)

    def splice(self, reader: ReaderFields) -> bytes:
        """Return the whole message for one reader, with CRLF line ends; the same reader always gives the same bytes."""
        values = {
            Slot.TO: mailbox(reader.name, reader.address).encode(),
            Slot.MESSAGE_ID: reader.message_id.encode(),
            Slot.UNSUBSCRIBE: reader.unsubscribe.encode(),
            Slot.PREFERENCES: reader.preferences.encode(),
        }
        body = b"".join([run.filled(values) for run in self.body])
        message = self.header.filled(values) + body
        return message if self.signer is None else self._signature(self.signer, values, body) + message

    def _signature(self, signer: Signer, values: dict[Slot, bytes], body: bytes) -> bytes:
        """Return the DKIM-Signature fields; the body ends with one CRLF, so it is already in simple form."""
        unfolded = {**values, Slot.TO: b" ".join(values[Slot.TO].split())}
        canonical = {name: run.filled(unfolded) for name, run in self.fields}
        return signer.fields(canonical, sha256(body).digest())


def prepare(letter: Letter, signer: Signer | None = None) -> Prepared:
    """Return ``letter`` ready for inserting readers' values. Its copies are signed by ``signer``, if one is given."""
    header, body = _split(letter.segments)
    return Prepared(
        header=_run(header),
        body=_runs(body),
        fields=tuple(map(_relaxed_field, _fields(header))) if signer else (),
        signer=signer,
    )


def splice(letter: Letter, reader: ReaderFields, signer: Signer | None = None) -> bytes:
    """Return one reader's copy of the letter, as bytes.

    For many readers, call ``prepare`` once and splice its result.
    """
    return prepare(letter, signer).splice(reader)


def _split(segments: tuple[Segment, ...]) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    """Return the segments of the header, its empty line included, and those of the body."""
    for place, segment in enumerate(segments):
        if isinstance(segment, bytes) and b"\r\n\r\n" in segment:
            head, empty, rest = segment.partition(b"\r\n\r\n")
            return (*segments[:place], head + empty), (rest, *segments[place + 1 :])
    raise ValueError("a letter has an empty line between header and body")


def _run(segments: tuple[Segment, ...], *, encode: bool = False) -> SlotRun:
    return SlotRun(
        parts=tuple(b"" if isinstance(segment, Slot) else segment for segment in segments),
        slots=tuple((place, segment) for place, segment in enumerate(segments) if isinstance(segment, Slot)),
        base64=encode,
    )


def _runs(segments: tuple[Segment, ...]) -> tuple[SlotRun, ...]:
    """Return the parts between the BASE64 slots. Every second part is to be encoded."""
    stretches: list[list[Segment]] = [[]]
    for segment in segments:
        if segment is Slot.BASE64:
            stretches.append([])
        else:
            stretches[-1].append(segment)
    return tuple(_run(tuple(stretch), encode=bool(place % 2)) for place, stretch in enumerate(stretches))


def _fields(header: tuple[Segment, ...]) -> list[tuple[Segment, ...]]:
    """Return the fields of the header one by one, each without its folds, with its slots."""
    fields: list[list[Segment]] = [[]]
    for segment in header:
        if isinstance(segment, Slot):
            fields[-1].append(segment)
            continue
        first, *others = re.sub(rb"\r\n(?=[ \t])", b"", segment).split(b"\r\n")
        fields[-1].append(first)
        fields += [[other] for other in others]
    return [tuple(made) for made in fields if made[0]]


def _relaxed_field(segments: tuple[Segment, ...]) -> tuple[bytes, SlotRun]:
    """Return a field's lower-case name and its relaxed form (RFC 6376, section 3.4.2), with its slots."""
    places = {f"\0{slot.value}\0".encode(): slot for slot in Slot}
    flat = b"".join(f"\0{one.value}\0".encode() if isinstance(one, Slot) else one for one in segments)
    parts = re.split(b"(\0[a-z0-9-]+\0)", relaxed(flat) + b"\r\n")
    return parts[0].partition(b":")[0], _run(tuple(places.get(part, part) for part in parts))
