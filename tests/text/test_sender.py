from __future__ import annotations

import pytest

from digest.text.sender import address_problem, domain_problem, selector_problem


@pytest.mark.parametrize(
    "address", ["news@brook.example", "news+a.b@mail.brook.example", "news@localhost", "n@zürich.example"]
)
def test_a_bare_address_can_send(address: str) -> None:
    assert address_problem(address) == ""


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("Brook Times <news@brook.example>", "alone"),
        ("<news@brook.example>", "alone"),
        (" news@brook.example", "blanks"),
        ("news@brook.example\u200b", "invisible"),
        ("news@brook.example, desk@brook.example", "one address"),
        ("news@brook", "dot"),
        ("news@brook.example.", "dots"),
        ("news@127.0.0.1", "DNS"),
        ("mailto:news@brook.example", "mailto"),
        ("desk", "one @"),
        ("a@b@brook.example", "one @"),
        ("jürgen@brook.example", "ASCII"),
        ("", "empty"),
    ],
)
def test_a_slip_in_an_address_is_told_with_what_would_be_right(address: str, words: str) -> None:
    assert words in address_problem(address)


@pytest.mark.parametrize(
    ("domain", "words"),
    [
        ("bounces@brook.example", "not an address"),
        ("https://brook.example/", "not a URL"),
        ("brook", "dot"),
        ("-brook.example", "letters"),
        ("", "empty"),
    ],
)
def test_a_slip_in_a_domain_is_told(domain: str, words: str) -> None:
    assert words in domain_problem(domain)
    assert domain_problem("brook.example") == ""


def test_a_selector_is_no_name_of_a_record() -> None:
    assert selector_problem("s2026") == ""
    assert "before" in selector_problem("s2026._domainkey")
