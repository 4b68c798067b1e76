from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.readers.letterbox import mails_in, mails_of
from digest.readers.mime import MOST_BYTES

ONE = b"Subject: one\n\nFrom here to there.\n"
TWO = b"Subject: two\n\nBody.\n\n"


def test_one_mail_is_one_mail_and_an_empty_file_is_none() -> None:
    assert list(mails_of(BytesIO(ONE))) == [ONE]
    assert list(mails_of(BytesIO(b""))) == []


def test_an_mbox_is_parted_at_lines_that_follow_an_empty_one() -> None:
    box = b"From a Mon\n" + TWO + b"From b Tue\n" + ONE
    assert list(mails_of(BytesIO(box))) == [TWO, ONE]


def test_a_huge_mail_is_cut(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * (MOST_BYTES + 9))
    assert [len(mail) for mail in mails_in(tmp_path / "big")] == [MOST_BYTES]
    box = b"From a Mon\n" + (b"y" * 70 + b"\n") * 40_000 + b"\nFrom b Tue\n" + ONE
    assert [len(mail) for mail in mails_of(BytesIO(box))] == [MOST_BYTES, len(ONE)]


def test_a_maildir_gives_what_is_new_and_what_was_seen(tmp_path: Path) -> None:
    for name, mail in (("new/1", ONE), ("cur/2:2,S", TWO), ("tmp/3", b"half")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(mail)
    assert list(mails_in(tmp_path)) == [ONE, TWO]


def test_a_folder_gives_its_mails_by_name(tmp_path: Path) -> None:
    for name, mail in (("b.eml", TWO), ("a.eml", ONE), ("note.txt", b"no")):
        (tmp_path / name).write_bytes(mail)
    assert list(mails_in(tmp_path)) == [ONE, TWO]


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(mails_in(tmp_path / "none"))


@given(st.lists(st.sampled_from([b"From a Mon\n", b"\n", b"x\n", b"From", b">From b\n"])).map(b"".join))
def test_no_byte_of_any_mail_is_made_up(box: bytes) -> None:
    assert sum(map(len, mails_of(BytesIO(box)))) <= len(box)


def test_a_posted_list_of_events_is_one_mail_each(tmp_path: Path) -> None:
    (tmp_path / "events.json").write_text('[{"event": "bounce"}, {"event": "delivered"}]')
    assert list(mails_in(tmp_path / "events.json")) == [b'{"event": "bounce"}', b'{"event": "delivered"}']
    (tmp_path / "torn.json").write_text('[{"event": ')
    assert list(mails_in(tmp_path / "torn.json")) == [b'[{"event": ']
