"""Whom a relay's refusal can concern, and why. ``refusal_wording`` finds it out from the text of the reply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum


class About(Enum):
    """Whom or what a refusal concerns."""

    RECIPIENT = "the recipient"
    MESSAGE = "the message"
    US = "us"
    """Us: the account, sender, host or contract. Every letter would be refused."""
    NOW = "this moment"
    """This moment only: the same letter may be accepted later."""


class Reason(Enum):
    """Why a letter was refused, if the relay said so."""

    QUOTA = "the allowance at the relay is used up"
    SENDER = "the relay does not let us send from this address"
    LOGIN = "the relay wants another login"
    HELLO = "the relay does not like the name or address of this machine"
    REPUTATION = "the relay or a block list distrusts us"
    RATE = "too many letters in too short a time"
    CONNECTIONS = "too many connections"
    SESSION = "enough letters for one connection"
    GREYLIST = "the recipient's server wants to see the letter again later"
    GONE = "the address does not exist"
    FULL = "the recipient's mailbox is full"
    SIZE = "the message is too large"
    CONTENT = "something in the message"
    UNEXPLAINED = "no reason that we know"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a refusal means; ``wait`` is the pause that the relay asks for, or None."""

    about: About
    reason: Reason
    certain: bool = True
    wait: timedelta | None = None


class Asked(Enum):
    """The part of a letter that was answered; only RECIPIENT names the reader."""

    SENDER = "MAIL"
    RECIPIENT = "RCPT"
    CONTENT = "DATA"
