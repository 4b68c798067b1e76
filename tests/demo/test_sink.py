from __future__ import annotations

import smtplib
from concurrent.futures import ThreadPoolExecutor

from digest.demo.sink import Sink

LETTER = (
    b"From: a@paper.example\r\nTo: b@reader.example\r\nSubject: Morning\r\n\r\n"
    b"First.\r\n.hidden dot\r\nCaf\xc3\xa9.\r\n"
)


def test_the_sink_keeps_the_bytes_and_the_envelope_as_they_came() -> None:
    with Sink() as sink, smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as relay:
        relay.sendmail("bounce+1@paper.example", ["b@reader.example"], LETTER)
        (letter,) = sink.letters
    assert letter.raw == LETTER
    assert letter.sender == "bounce+1@paper.example"
    assert letter.recipients == ("b@reader.example",)


def test_letters_stand_in_order_of_arrival_and_outlive_the_server() -> None:
    with Sink() as sink, smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as relay:
        for number in range(3):
            relay.sendmail("a@paper.example", [f"reader{number}@reader.example"], LETTER)
    assert [letter.recipients[0] for letter in sink.letters] == [
        f"reader{number}@reader.example" for number in range(3)
    ]


def test_letters_of_several_connections_at_once_all_arrive() -> None:
    def send(number: int) -> None:
        with smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as relay:
            relay.sendmail("a@paper.example", [f"reader{number}@reader.example"], LETTER)

    with Sink() as sink, ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(12)))
    assert len({letter.recipients for letter in sink.letters}) == 12


def test_two_sinks_stand_side_by_side() -> None:
    with Sink() as first, Sink() as second:
        assert first.port != second.port
