"""The lists of other systems: their columns as they export them, with invented readers."""

from __future__ import annotations

import codecs
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digest.errors import ReaderError
from digest.readers.charset import survey
from digest.readers.exports import Status
from digest.readers.roster import BadLine, RosterLine, read_roster
from digest.readers.roster_editions import EditionChoice

KNOWN = ("morning", "evening")
EVERY_EDITION = EditionChoice(known=KNOWN, default=KNOWN)
LISTMONK = """uuid,email,name,attributes,status,created_at,updated_at
5b0c,ada@reader.example,Ada,{},enabled,2024-03-01T08:00:00.123456Z,2024-05-01T08:00:00Z
5b0d,ben@reader.example,Ben,"{""city"": ""Leeds""}",disabled,2024-03-01T08:00:00Z,2024-06-01T08:00:00Z
5b0e,eve@reader.example,Eve,{},blocklisted,2024-03-01T08:00:00Z,2024-07-01T08:00:00Z
"""
_MAILCHIMP = "LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS"
_HEAD = "Email Address,First Name,Last Name,Address,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP"
MAILCHIMP = f"""{_HEAD},{_MAILCHIMP}
ada@reader.example,Ada,Lovelace,12 High St,2,2018-06-12 07:53:28,,2018-06-12 07:54:00,192.0.2.1,,,,,,,,,1,a,,
ben@reader.example,,,,2,,,,,,,,,,,,,2,b,,
"""
_UNSUB = "UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER"
MAILCHIMP_LEFT = f"""{_HEAD},{_MAILCHIMP},{_UNSUB}
ben@reader.example,Ben,,,2,,,,,,,,,,,,,2,b,,,2020-01-02 03:04:05,Letter 7,77,NORMAL,
"""
MAILCHIMP_CLEANED = f"""{_HEAD},{_MAILCHIMP},CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID
eve@reader.example,Eve,,,2,,,,,,,,,,,,,3,c,,,2020-01-02 03:04:05,Letter 7,77
"""
_PAID = "complimentary_plan,stripe_customer_id"
GHOST = f"""id,email,name,note,subscribed_to_emails,{_PAID},created_at,deleted_at,labels,tiers
1,ada@reader.example,Ada,,true,false,,2022-12-25T20:43:22.178Z,,,
2,ben@reader.example,Ben,,false,false,,2022-12-25T20:43:22.178Z,,,
"""
_DATED = "creation_date,secondary_id,subscriber_type,source,unsubscription_date"
BUTTONDOWN = f"""email,notes,metadata,tags,referrer_url,{_DATED}
ada@reader.example,,{{}},,,2019-08-24T14:15:22Z,1,regular,api,
ben@reader.example,,{{}},,,2019-08-24T14:15:22Z,2,unsubscribed,api,2020-08-24T14:15:22Z
eve@reader.example,,{{}},,,2019-08-24T14:15:22Z,3,complained,api,
fay@reader.example,,{{}},,,2019-08-24T14:15:22Z,4,undeliverable,api,
gus@reader.example,,{{}},,,2019-08-24T14:15:22Z,5,unactivated,api,
hal@reader.example,,{{}},,,2019-08-24T14:15:22Z,6,premium,api,
"""
OURS = """id,address,name,language,editions,state,since,added_at,left_at,confirmed_at,consent
1,ada@reader.example,Ada,de,morning,active,2026-01-01,2026-01-01T00:00:00+00:00,,2026-01-01T00:00:00+00:00,{}
2,ben@reader.example,Ben,,,left,2026-02-01,2026-01-01T00:00:00+00:00,2026-02-01T00:00:00+00:00,,{}
3,eve@reader.example,Eve,,,complained,2026-02-01,2026-01-01T00:00:00+00:00,,,{}
"""


def read(text: str) -> list[RosterLine | BadLine]:
    return list(read_roster(StringIO(text), EVERY_EDITION))


def named(text: str) -> list[RosterLine]:
    return [line for line in read(text) if isinstance(line, RosterLine)]


@pytest.mark.parametrize(
    ("text", "system", "states"),
    [
        (LISTMONK, "listmonk", ["active", "left", "left"]),
        (MAILCHIMP, "Mailchimp", ["active", "active"]),
        (MAILCHIMP_LEFT, "Mailchimp", ["left"]),
        (MAILCHIMP_CLEANED, "Mailchimp", ["bounced"]),
        (GHOST, "Ghost", ["active", "left"]),
        (BUTTONDOWN, "Buttondown", ["active", "left", "complained", "bounced", "unconfirmed", "active"]),
        (OURS, "CSV", ["active", "left", "complained"]),
    ],
)
def test_a_list_is_known_by_its_columns_and_says_who_is_away(text: str, system: str, states: list[str]) -> None:
    lines = named(text)
    assert [line.status.value for line in lines] == states
    assert {line.consent["from"] for line in lines} == {system}
    assert lines[0].address.identity.endswith("@reader.example")


def test_consent_is_carried_over_with_its_dates() -> None:
    ada, ben = named(MAILCHIMP)
    assert ada.consent == {
        "from": "Mailchimp",
        "confirmed_at": "2018-06-12T07:54:00+00:00",
        "signed_up_at": "2018-06-12T07:53:28+00:00",
    }
    assert ada.name == "Ada Lovelace"
    assert ben.consent == {"from": "Mailchimp"}
    assert named(LISTMONK)[0].consent["signed_up_at"] == "2024-03-01T08:00:00.123456Z"


def test_when_somebody_left_is_carried_over() -> None:
    (ben,) = named(MAILCHIMP_LEFT)
    assert ben.left_at is not None
    assert ben.left_at.isoformat() == "2020-01-02T03:04:05+00:00"
    assert named(GHOST)[1].left_at is None


def test_our_own_export_keeps_editions_and_language() -> None:
    ada = named(OURS)[0]
    assert (ada.editions, ada.language, ada.name) == (("morning",), "de", "Ada")


@pytest.mark.parametrize("start", ["ada@reader.example\n", '"ada@reader.example"\n', "\ufeffada@reader.example\r\n"])
def test_a_bare_list_of_addresses_needs_no_header(start: str) -> None:
    lines = read(f"{start}ben@reader.example\nnobody\n")
    assert [line.number for line in lines] == [1, 2, 3]
    assert [type(line) for line in lines] == [RosterLine, RosterLine, BadLine]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_read_from_the_header(separator: str) -> None:
    text = separator.join(("name", "email", "state")) + "\n" + separator.join(("Ada", "ada@reader.example", "left"))
    (line,) = named(text)
    assert (line.name, line.status) == ("Ada", Status.LEFT)


def test_a_spreadsheets_hint_is_obeyed() -> None:
    (line,) = named("sep=;\r\nemail;name\r\nada@reader.example;Ada, the first\r\n")
    assert (line.number, line.name) == (3, "Ada, the first")


def test_a_file_that_is_no_csv_is_refused_by_line() -> None:
    with pytest.raises(ReaderError, match="line 2: cannot be read as CSV"):
        read('email,name\nada@reader.example,"' + "x" * 200_000 + '"\n')


@given(st.text() | st.text(',;|\t"\r\n a@.be=sp', max_size=40))
@example("\r0")
@example('sep="\nemail')
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        lines = read(text)
    except ReaderError:
        return
    assert all(line.number >= 1 for line in lines)
    assert all(line.name.isprintable() for line in lines if isinstance(line, RosterLine))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_encoding_of_a_file_is_found(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "readers.csv"
    file.write_text("email,name\nzoe@reader.example,Zoë Ångström\n" * 3, encoding=encoding)
    found = survey(file)
    assert found.lines == 6
    with file.open(encoding=found.encoding, newline="") as lines:
        assert {line.name for line in read_roster(lines, EVERY_EDITION) if isinstance(line, RosterLine)} == {
            "Zoë Ångström"
        }


def test_a_long_file_whose_last_byte_is_no_utf8_is_a_code_page(tmp_path: Path) -> None:
    file = tmp_path / "readers.csv"
    file.write_bytes(b"email\n" * 700_000 + b"\xe4")
    assert (survey(file).encoding, survey(file).lines) == ("cp1252", 700_000)
    file.write_bytes(b"x" * 4095 + "ä".encode() + codecs.BOM_UTF8)
    assert survey(file).encoding == "utf-8"


def test_an_empty_file_is_utf8(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    assert survey(tmp_path / "empty.csv").encoding == "utf-8"
