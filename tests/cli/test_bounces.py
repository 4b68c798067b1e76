"""What ``digest bounces read`` answers to a mail server that pipes a mail into it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Digest

from digest.cli.bounces import TEMPORARY_FAILURE

CONFIG = """[mail]
sender = "news@paper.example"
"""
MAIL = "From: mailer-daemon@other.example\nTo: news@paper.example\nSubject: Returned mail\n\nNo such user here.\n"


def folder_for_database(config: Path) -> None:
    config.write_text(f'{CONFIG}[database]\nurl = "sqlite:///none/digest.db"\n', encoding="utf-8")


def no_database(config: Path) -> None:
    (config.parent.parent / "digest.db").write_bytes(b"This is not a database, whatever its name says. " * 30)


def older_schema(config: Path) -> None:
    import sqlite3  # noqa: PLC0415 - of this case alone

    with sqlite3.connect(config.parent.parent / "digest.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()


def wrong_settings(config: Path) -> None:
    config.write_text(f'{CONFIG}sendre = "x"\n', encoding="utf-8")


def broken_settings(config: Path) -> None:
    config.write_text("[mail\n", encoding="utf-8")


def no_settings(config: Path) -> None:
    config.unlink()


def settings_that_cannot_be_read(config: Path) -> None:
    config.unlink()
    config.mkdir()


def keys_that_cannot_be_read(config: Path) -> None:
    (config.parent / "secrets.toml").unlink()
    (config.parent / "secrets.toml").mkdir()


TROUBLES = (
    folder_for_database,
    no_database,
    older_schema,
    wrong_settings,
    broken_settings,
    no_settings,
    settings_that_cannot_be_read,
    keys_that_cannot_be_read,
)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
def test_a_mail_from_a_pipe_that_cannot_be_stored_comes_again(config: Path, digest: Digest, trouble: object) -> None:
    assert callable(trouble)
    trouble(config)
    done = digest("bounces", "read", stdin=MAIL)
    assert done.exit_code == TEMPORARY_FAILURE
    assert "digest:" in done.stderr


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
def test_the_same_trouble_with_a_file_is_an_error_for_a_person(config: Path, digest: Digest, trouble: object) -> None:
    mail = config.parent.parent / "returned.eml"
    mail.write_text(MAIL, encoding="utf-8")
    assert callable(trouble)
    trouble(config)
    done = digest("bounces", "read", mail)
    assert done.exit_code not in {0, TEMPORARY_FAILURE}


@pytest.mark.parametrize("mail", [MAIL, "", "\x00\x01 no mail", MAIL * 200])
def test_a_mail_from_a_pipe_that_was_stored_does_not_come_again(digest: Digest, mail: str) -> None:
    assert digest("bounces", "read", stdin=mail).exit_code == 0


def test_a_missing_file_is_wrong_usage(digest: Digest) -> None:
    done = digest("bounces", "read", "none.eml")
    assert done.exit_code == 2
    assert "none.eml" in done.output
