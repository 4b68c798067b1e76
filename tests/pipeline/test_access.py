"""Access tokens that a command prints."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from digest.errors import SettingsError
from digest.pipeline.access import token_source


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_a_token_is_what_the_command_prints_and_it_is_asked_once_a_minute(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    source = token_source(python(f"print('ya29.x'); open({str(seen)!r}, 'a').write('x')"))
    assert source is not None
    assert [source(), source()] == ["ya29.x", "ya29.x"]
    assert seen.read_text() == "x"


@pytest.mark.parametrize(
    "command",
    [("/nowhere/oauth",), python("raise SystemExit('s3cret')"), python("print('')"), python("print('two s3cret')")],
)
def test_a_command_without_a_token_is_told_without_what_it_printed(command: tuple[str, ...]) -> None:
    source = token_source(command)
    assert source is not None
    with pytest.raises(SettingsError, match="token_command") as caught:
        source()
    assert "s3cret" not in str(caught.value)


def test_without_a_command_there_is_no_token() -> None:
    assert token_source(()) is None
