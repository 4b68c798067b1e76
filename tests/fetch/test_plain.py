from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.fetch import html_text as plain


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("One.<br/>Two.<br>Three.", "One.\n\nTwo.\n\nThree."),
        ("<div>One <a href='x'>link</a>.<div>Two.</div></div>", "One link.\n\nTwo."),
        ("<ul><li>One</li><li>Two</li></ul>", "One\n\nTwo"),
        ("<P>One.</P><SCRIPT>bad()</SCRIPT><P>Two.", "One.\n\nTwo."),
        ("One.<style>p {}</style> More.", "One. More."),
        ("One.<script>never closed", "One."),
        ("One\nline.\n\nTwo.", "One line.\n\nTwo."),
        ("&lt;p&gt;Escaped &amp;amp; twice.&lt;/p&gt;", "Escaped & twice."),
        ("5 &lt; 6", "5 < 6"),
        ("<p>&lt;p&gt; is a tag</p>", "<p> is a tag"),
        ("", ""),
    ],
)
def test_html_becomes_paragraphs(markup: str, text: str) -> None:
    assert plain.paragraphs(markup) == text


@given(
    st.text() | st.lists(st.sampled_from(["<p>", "</p>", "<", ">", "&lt;", "<script>", "<!--", "a", " "])).map("".join)
)
def test_any_markup_is_text_without_blank_or_double_lines(markup: str) -> None:
    for paragraph in plain.paragraphs(markup).split("\n\n"):
        assert paragraph == " ".join(paragraph.split())
