"""What an embedded post of a social network leaves in the text."""

from __future__ import annotations

import pytest
from tests.extract.test_article import Press


@pytest.mark.parametrize(
    "link",
    [
        "pic.network.example/Ab1cD2",
        "<a href='https://t.network.example/x'>pic.network.example/Ab1cD2</a>",
        "https://t.co/Ab1cD2 <br>",
    ],
)
def test_short_links_in_an_embedded_post_are_no_text(press: Press, link: str) -> None:
    words = "The lighthouse of Orrin is lit again after nine dark nights, and the keepers are glad."
    post = (
        f"<blockquote class='twitter-tweet'><p>{words} {link}</p>&mdash; Ida Lund (@idalund) <a>May 3</a></blockquote>"
    )
    text = press.read(press.html(above=post)).text
    assert words in text
    assert "Ab1cD2" not in text


def test_a_link_that_the_newsroom_wrote_itself_stays(press: Press) -> None:
    quoted = (
        "<blockquote><p>All pictures of the night are at pic.network.example/Ab1cD2, the keepers said.</p></blockquote>"
    )
    assert "pic.network.example/Ab1cD2" in press.read(press.html(above=quoted)).text
