"""Numeric references and C1 controls as browsers and authors mean them."""

from __future__ import annotations

import pytest

from digest.text.references import mended_references


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("It&#146;s", "It’s"),  # noqa: RUF001 - the apostrophe of Windows-1252
        ("It\x92s caf\xe9", "It’s café"),  # noqa: RUF001 - the same
        ("It\xe2\x80\x99s 5 \xe2\x82\xac in the caf\xc3\xa9", "It’s 5 € in the café"),  # noqa: RUF001 - the same
        ("Spa\xdf\x94 \x93caf\xe9\x94", "Spaß” “café”"),
        ("\xc3\xa9 alone", "\xc3\xa9 alone"),
        ("Goal &#55357;&#56832;&#3;", "Goal \N{GRINNING FACE}"),
        ("A &#233; &amp; B", "A &#233; &amp; B"),
        ("Seoul &#55000;&#56320; and &#56832;&#55357; alone", "Seoul &#55000; and  alone"),
    ],
)
def test_what_was_meant_is_read(written: str, meant: str) -> None:
    assert mended_references(written) == meant
