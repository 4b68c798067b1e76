"""Which passwords may be chosen, and how they are compared."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import BadPassword
from digest.people.passwords import AT_ONCE, LONGEST, Passwords, Verdict, check, prepared

KNOWN = ("Ana Silva", "ana.silva@paper.example", "The Harbour Gazette")
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.mark.parametrize(
    "password",
    [
        "four quiet herons at noon",
        "vier stille Reiher am Mittag",
        "四羽の静かな鷺が正午に川で魚を待つ",
        "k7#Vw2!pQz9@Lm4x",
        "ana rows past seven islands",
        "a" * 5 + "bcdefghij klmno",
        "x7f-" * 4 + "unique tail",
    ],
)
def test_a_long_password_of_ones_own_may_be_chosen(password: str) -> None:
    assert check(password, KNOWN)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "fourteen chars",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "password12345678",
        "Password!Password!",
        "PASSWORD123456789",
        "qwertyuiopasdfghjkl",
        "correct horse battery staple",
        "123456789012345678",
        "ana silva ana silva",
        "AnaSilva2026!!!!",
        "harbour gazette 1234",
        "ana.silva@paper.example",
        "letmein letmein letmein",
        "xyxyxyxyxyxyxyxyxyxy",
        "abcabcabcabcabcabc12",
        "x" * (LONGEST + 1),
        "a tab\tin a long password",
        "a line\nin a long password",
        "a nul\0in a long password",
        "74829103847561023",
        "",
    ],
)
def test_a_password_that_is_easy_to_guess_or_cannot_be_typed_may_not(password: str) -> None:
    with pytest.raises(BadPassword):
        check(password, KNOWN)


def test_a_password_is_the_same_from_every_keyboard() -> None:
    passwords = Passwords(CHEAP)
    composed, decomposed = "caf\u00e9 am fluss im regen", "cafe\u0301 am fluss im regen"
    stored = passwords.hash(check(composed, ()))
    assert passwords.verify(stored, decomposed).right
    assert passwords.verify(stored, composed.replace(" ", "\u00a0")).right
    assert passwords.verify(stored, "\uff43\uff41\uff46\u00e9 am fluss im regen").right
    assert not passwords.verify(stored, composed.upper()).right, "case counts"
    assert not passwords.verify(stored, f" {composed}").right, "blanks at the ends count"


def test_a_hash_of_other_parameters_is_to_be_made_anew() -> None:
    stored = CHEAP.hash("four quiet herons at noon")
    assert Passwords(CHEAP).verify(stored, "four quiet herons at noon") == Verdict(right=True)
    assert Passwords().verify(stored, "four quiet herons at noon") == Verdict(right=True, rehash=True)
    assert Passwords().verify(stored, "wrong") == Verdict(right=False)


@pytest.mark.parametrize("stored", [None, "", "no hash", "$argon2id$v=19$m=8,t=1,p=1$broken"])
def test_nothing_that_is_no_hash_is_ever_right(stored: str | None) -> None:
    assert not Passwords(CHEAP).verify(stored, "").right
    assert not Passwords(CHEAP).verify(stored, "four quiet herons at noon").right


class Waiting(PasswordHasher):
    """A hasher that notes how many compare at once."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.now = self.most = 0
        self.both = threading.Barrier(AT_ONCE)

    def verify(self, hash: str | bytes, password: str | bytes) -> Any:  # noqa: A002, ARG002 - the library's
        self.now += 1
        self.most = max(self.most, self.now)
        self.both.wait(10)
        self.now -= 1
        return False


def test_few_passwords_are_hashed_at_once_whatever_comes_in() -> None:
    hasher = Waiting()
    passwords = Passwords(hasher)
    threads = [threading.Thread(target=passwords.verify, args=("x", "y")) for _ in range(4 * AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert hasher.most == AT_ONCE


@given(st.text(max_size=200))
def test_any_text_is_prepared_or_refused_and_preparing_again_changes_nothing(text: str) -> None:
    try:
        once = prepared(text)
    except BadPassword:
        with pytest.raises(BadPassword):
            check(text, KNOWN)
        return
    if len(once) <= LONGEST:
        assert prepared(once) == once
