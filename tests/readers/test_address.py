from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digest.errors import BadAddress
from digest.readers import address
from digest.readers.address import parse_address


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada@example.com", "Ada@EXAMPLE.com"),
        ("zoë@example.com", "zoe\u0308@example.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        (" ada@example.com ", "ada@example.com"),
    ],
)
def test_two_spellings_of_one_mailbox_are_one_reader(one: str, other: str) -> None:
    assert parse_address(one).identity == parse_address(other).identity


def test_it_is_mailed_as_it_was_given() -> None:
    assert parse_address(" Ada.L+news@Example.com\n").given == "Ada.L+news@Example.com"


def test_tags_and_dots_are_other_readers_and_one_limit() -> None:
    plain, tagged = parse_address("adal@example.com"), parse_address("a.dal+news@example.com")
    assert plain.identity != tagged.identity
    assert plain.limit_key == tagged.limit_key == "adal@example.com"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@example.com",
        "ada@",
        "a b@example.com",
        "ada@example..com",
        "a@b.example,c@d.example",
        "a\nb@c.example",
    ],
)
def test_what_is_no_address_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadAddress, match="is not an e-mail address"):
        parse_address(text)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_bad_one(text: str) -> None:
    try:
        found = parse_address(text)
    except BadAddress:
        return
    assert found.identity == parse_address(found.identity).identity
    assert not any(c in found.given for c in "\r\n\0,")


@given(st.emails())
def test_an_identity_is_its_own_identity(text: str) -> None:
    try:
        found = parse_address(text)
    except BadAddress:
        return
    assert parse_address(found.identity).identity == found.identity
    assert parse_address(found.given.swapcase()).identity == found.identity


_LOCAL = st.text("aZ09.+-_!'`{}~@ \"äß", min_size=1, max_size=12)
_LABEL = st.text("aZ09-ßxn", min_size=1, max_size=6)
_LAST = st.sampled_from(
    ["com", "EXAMPLE", "test", "invalid", "LOCAL", "localhost", "onion", "arpa", "c", "x1", "xn--p1ai", "museum"]
)
_SPELLED = st.builds("{}@{}.{}".format, _LOCAL, _LABEL, _LAST)


def judged(text: str) -> tuple[str, str] | None:
    try:
        return address._parts(text)
    except BadAddress:
        return None


@settings(max_examples=300, deadline=None)
@given(_SPELLED)
@example("a" * 65 + "@b.com")
@example("a@" + "b" * 64 + ".com")
@example("a" * 64 + "@" + ".".join(["b" * 61] * 3) + ".com")
@example("a@" + ".".join(["b" * 63] * 3) + ".example")
@example("ab@ab--cd.example")
@example("a@127.example")
def test_the_quick_way_takes_what_the_library_takes_and_nothing_else(text: str) -> None:
    plain = address._plain_parts(text)
    assert plain is None or judged(text) == plain


@pytest.mark.parametrize("text", ["ada@example.com", "Ada.L+news@sub.Example.co.uk", "o'neil_1@x-y.example"])
def test_usual_addresses_go_the_quick_way(text: str) -> None:
    assert address._plain_parts(text)


@pytest.mark.parametrize("text", ["a@b.invalid", "a@b.LOCAL", "a..b@c.example", ".a@c.example", "a@-b.example", "a@b"])
def test_others_do_not(text: str) -> None:
    assert address._plain_parts(text) is None


@pytest.mark.parametrize(
    "written",
    [
        "\u00a0mara@brook.example\u00a0",
        "\u200bmara@brook.example\ufeff",
        "ma\u00adra@brook.example",
        "\u200emara@brook.example",
        "Mara Holt <mara@brook.example>",
        '"Holt, Mara" <mara@brook.example>;',
        "mara@brook.example <mara@brook.example>",
        "<mara@brook.example>",
        "mailto:mara@brook.example?subject=letters",
        "SMTP:mara@brook.example",
        "E-mail: mara@brook.example",
        "mara@brook.example.",
        "mara@brook.example,",
        "\u201cmara@brook.example\u201d",
        "'mara@brook.example'",
        "mara\uff20brook.example",
        "mara @ brook.example",
        "mara@brook.example (at home)",
    ],
)
def test_what_is_plainly_one_address_is_taken_bare(written: str) -> None:
    assert parse_address(written).given == "mara@brook.example"


@pytest.mark.parametrize(
    "written",
    [
        "mara@brook.example; tom@brook.example",
        "<mara@brook.example> <tom@brook.example>",
        "tom@brook.example <mara@brook.example>",
        "mara holt@brook.example",
        "mara@brook.exam ple",
    ],
)
def test_several_addresses_and_torn_ones_are_no_address(written: str) -> None:
    with pytest.raises(BadAddress):
        parse_address(written)
