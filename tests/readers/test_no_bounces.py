"""Mails that are no bounce, in eight languages: none of them counts against a reader."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from digest.readers.bounces import read_bounce
from digest.text.bounce_codes import Kind

AGAINST = frozenset({Kind.HARD, Kind.SOFT, Kind.COMPLAINT})
WRITTEN = (Path(__file__).parent / "mails" / "no_bounces.txt").read_text()
MAILS = dict(re.findall(r"^##### (.+)\n((?:(?!#####).*\n)+)", WRITTEN, re.MULTILINE))


def mail(sender: str, subject: str, body: str, *fields: str) -> bytes:
    return "\n".join([f"From: {sender}", f"Subject: {subject}", *fields, "", body, ""]).encode()


@pytest.mark.parametrize("name", MAILS)
def test_what_is_no_bounce_counts_against_nobody(name: str) -> None:
    assert read_bounce(MAILS[name].encode()).kind not in AGAINST


def test_there_are_many_of_them() -> None:
    assert len(MAILS) >= 59


BOUNCES = {
    "a sentence and an address, from nobody": mail(
        "Gate <gate@post.example>",
        "Undeliverable message",
        "The message to lena@post.example could not be delivered.",
        "Return-Path: <>",
    ),
    "a reply, from nobody": mail(
        "Gate <gate@post.example>", "Sorry", "It could not be delivered: 550 5.1.1 no such user", "Return-Path: <>"
    ),
    "a daemon's words in German": mail(
        "Mailer Daemon <daemon@post.example>", "Fehler", "Ihre Nachricht an lena@post.example ist unzustellbar."
    ),
    "a daemon's words in Japanese": mail(
        "MAILER-DAEMON@post.example",
        "お知らせ",
        "次の宛先に配信できませんでした: lena@post.example",
        "Content-Type: text/plain; charset=utf-8",
    ),
    "a daemon's words in Russian": mail(
        "postmaster@post.example",
        "Отчёт",
        "Сообщение не было доставлено: lena@post.example",
        "Content-Type: text/plain; charset=utf-8",
    ),
}


@pytest.mark.parametrize("name", BOUNCES)
def test_a_bounce_in_few_words_is_still_one(name: str) -> None:
    assert read_bounce(BOUNCES[name]).kind in {Kind.HARD, Kind.SOFT}


def test_the_same_words_with_a_sender_in_the_envelope_are_a_persons() -> None:
    raw = BOUNCES["a reply, from nobody"].replace(b"Return-Path: <>", b"Return-Path: <gate@post.example>")
    assert read_bounce(raw).kind is Kind.OTHER
