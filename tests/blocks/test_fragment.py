"""The HTML of a block: only what a letter may have is left of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from digest.blocks.fragment import ATTRIBUTES, ELEMENTS, clean
from digest.blocks.shape import NoBlock
from digest.render.links import safe_link

PICTURE = "https://courier.example.com/pictures/abc.jpg"


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("<p>Rain.</p><script>alert(1)</script>", "<p>Rain.</p>"),
        ('<p onclick="x()" style="color:red" id="a">Rain.</p>', "<p>Rain.</p>"),
        ('<p class="label evil">Rain.</p>', '<p class="label">Rain.</p>'),
        ("<section><p>Rain.</p></section>", "<p>Rain.</p>"),
        ("Rain & <b>snow", "Rain &amp; <b>snow</b>"),
        ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
        ('<a href="https://a.example/ü">x</a>', '<a href="https://a.example/%C3%BC">x</a>'),
        ('<p>x<img src="https://spy.example/p.gif" width="1"></p>', "<p>x</p>"),
        (f'<img src="{PICTURE}" alt="">', f'<img src="{PICTURE}" alt="">'),
        ("</td></tr></table><p>Rain.</p>", "<p>Rain.</p>"),
        ("<p>x<!-- y --></p>", "<p>x</p>"),
        (
            "<table><tr><td>x</td></tr></table>",
            '<table border="0" cellpadding="0" cellspacing="0" role="presentation"><tr><td>x</td></tr></table>',
        ),
    ],
)
def test_what_a_letter_may_not_have_is_taken_out(written: str, left: str) -> None:
    assert clean(written, safe_link, PICTURE) == left


def test_a_table_with_headings_is_no_layout() -> None:
    made = clean('<table class="rows"><tr><th scope="row">x</th></tr></table>', safe_link)
    assert "role" not in made
    assert 'scope="row"' in made


@pytest.mark.parametrize("written", ["", "  ", "<script>x</script>", "<!-- -->"])
def test_a_block_of_which_nothing_is_left_is_none(written: str) -> None:
    with pytest.raises(NoBlock):
        clean(written, safe_link)


@given(st.text(st.sampled_from("<>/\"'=& abipstdrhef\0\n!-"), max_size=80))
def test_whatever_is_written_only_known_elements_and_attributes_are_left(written: str) -> None:
    try:
        made = clean(written, safe_link)
    except NoBlock:
        return
    for element in html.fragment_fromstring(made, create_parent="div").iterdescendants():
        assert element.tag in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES | {"border", "cellpadding", "cellspacing", "role"}
