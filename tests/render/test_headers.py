from __future__ import annotations

import email
import email.policy
from datetime import UTC, date, datetime

import pytest

from digest.model.ids import EditionKey
from digest.model.letter import Slot
from digest.render.headers import envelope_sender, feed_tag, header_segments, list_id, reply_address
from digest.render.links import leave_links
from digest.settings import MailSettings, SiteSettings
from digest.text.header import WIDTH

KEY = EditionKey(name="morning", date=date(2026, 11, 23))
SITE = SiteSettings(url="https://courier.example.com")
MAIL = MailSettings(sender="news@example.com", envelope_domain="bounces.example.com", list_domain="lists.example.com")
TOKEN = "k1.r7.m1123.9QeVbT1xkZ0a4wYd"


def header(site: SiteSettings = SITE, title: str = "Morning Update", subject: str = "News") -> bytes:
    segments = header_segments(
        key=KEY,
        title=title,
        subject=subject,
        date=datetime(2026, 11, 23, 5, 0, tzinfo=UTC),
        boundary="=_b",
        site=site,
        mail=MAIL,
        leave=leave_links(site, MAIL, TOKEN, "p"),
    )
    values = {Slot.TO: b"a@receiver.test", Slot.MESSAGE_ID: b"m1"}
    return b"".join(values[segment] if isinstance(segment, Slot) else segment for segment in segments)


def test_the_header_is_the_one_that_is_specified() -> None:
    assert header().decode().split("\r\n") == [
        "From: Morning Update <news@example.com>",
        "To: a@receiver.test",
        "Subject: News",
        "Date: Mon, 23 Nov 2026 05:00:00 +0000",
        "Message-ID: <m1@example.com>",
        "Reply-To: news@example.com",
        "List-ID: Morning Update <morning.lists.example.com>",
        "List-Unsubscribe:",
        f" <https://courier.example.com/leave/{TOKEN}>,",
        f" <mailto:news@example.com?subject=leave-{TOKEN}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "List-Help: <https://courier.example.com/>",
        "List-Archive: <https://courier.example.com/archive>",
        "Feedback-ID: 20261123:morning:edition:example.com",
        "Auto-Submitted: auto-generated",
        "Precedence: bulk",
        "MIME-Version: 1.0",
        "Content-Type: multipart/alternative;",
        ' boundary="=_b"',
        "",
        "",
    ]


def test_without_a_site_there_is_no_one_click_and_no_archive() -> None:
    raw = header(SiteSettings())
    assert f"List-Unsubscribe: <mailto:news@example.com?subject=leave-{TOKEN}>\r\n".encode() in raw
    assert b"https:" not in raw
    assert b"One-Click" not in raw


def test_a_long_leave_link_starts_on_a_line_of_its_own_and_is_never_encoded() -> None:
    raw = header(SiteSettings(url="https://a-rather-long-name-of-a-newspaper.example.com"))
    assert b"List-Unsubscribe:\r\n <https://a-rather-long-name-of-a-newspaper.example.com/leave/" in raw
    assert b"=?" not in raw


def test_a_short_leave_link_stands_on_the_first_line() -> None:
    assert f"List-Unsubscribe: <https://n.example/leave/{TOKEN}>,\r\n".encode() in header(
        SiteSettings(url="https://n.example")
    )


def test_the_list_keeps_its_id_whatever_the_title() -> None:
    assert list_id("", KEY, MAIL) == b"List-ID: <morning.lists.example.com>\r\n"
    assert list_id("Ä" * 30, KEY, MAIL).endswith(b"<morning.lists.example.com>\r\n")


def test_hostile_titles_write_no_header_of_their_own() -> None:
    raw = header(title="x\r\nBcc: a@b.c", subject="=?utf-8?q?=0d=0aBcc:_x?=")
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message.keys() == email.message_from_bytes(header(), policy=email.policy.default).keys()
    assert b"\r\nBcc" not in raw


def test_bounces_go_to_an_address_of_each_reader() -> None:
    assert envelope_sender(MAIL, "7.3f9c") == "b-7.3f9c@bounces.example.com"
    assert envelope_sender(MailSettings(sender="n@paper.example"), "7") == "b-7@paper.example"


@pytest.mark.parametrize(
    ("wanted", "sender"), [("n@p.example", "n@p.example"), ("n+{token}@p.example", "n+7@p.example")]
)
def test_bounces_go_where_the_settings_say(wanted: str, sender: str) -> None:
    assert envelope_sender(MailSettings(sender="news@paper.example", envelope_sender=wanted), "7") == sender


@pytest.mark.parametrize("token", ["", ".a", "a.", "a..b", "a b", "a@b", "a" * 63, "a\r\nRCPT"])
def test_a_verp_token_that_is_no_atom_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="VERP"):
        envelope_sender(MAIL, token)


def leaving(url: str) -> bytes:
    raw = header(SiteSettings(url=url))
    return raw[raw.index(b"List-Unsubscribe:") : raw.index(b"List-Help:")]


def test_a_leave_link_stands_on_the_first_line_as_long_as_that_has_room() -> None:
    room = WIDTH - len(f"List-Unsubscribe: <https://.example/leave/{TOKEN}>,")
    fitting, longer = ("n" * count for count in (room, room + 1))
    first = leaving(f"https://{fitting}.example").split(b"\r\n")[0]
    assert len(first) == WIDTH
    assert leaving(f"https://{longer}.example").startswith(b"List-Unsubscribe:\r\n <https://")


def test_a_list_id_is_of_letters_digits_and_hyphens_and_never_empty() -> None:
    def of(name: str) -> bytes:
        return list_id("", EditionKey(name=name, date=KEY.date), MAIL)

    assert of("Late_Night!") == b"List-ID: <late-night.lists.example.com>\r\n"
    assert of("_") == b"List-ID: <edition.lists.example.com>\r\n"


def test_a_list_without_a_domain_of_its_own_and_its_feeds_have_the_senders() -> None:
    plain = MailSettings(sender="news@zürich.example")
    assert list_id("", KEY, plain) == b"List-ID: <morning.xn--zrich-kva.example>\r\n"
    assert feed_tag(plain) == "tag:xn--zrich-kva.example,2026:letters"
    assert feed_tag(MAIL) == "tag:lists.example.com,2026:letters"


def test_answers_go_to_the_sender_unless_the_settings_say_where() -> None:
    assert reply_address(MAIL) == "news@example.com"
    assert reply_address(MailSettings(sender="a@p.example", reply_to="b@p.example")) == "b@p.example"


def test_help_without_a_site_is_a_mail() -> None:
    assert b"List-Help: <mailto:news@example.com?subject=help>\r\n" in header(SiteSettings())
    assert b"List-Archive" not in header(SiteSettings())


@pytest.mark.parametrize("token", ["a", "a" * 62, "a.b", "A_-=9"])
def test_a_verp_token_of_an_atom_is_taken(token: str) -> None:
    assert envelope_sender(MAIL, token) == f"b-{token}@bounces.example.com"
