"""What is never told: each objection by itself, and where it begins."""
# ruff: noqa: RUF001 - quotation marks are the subject here

from __future__ import annotations

import pytest

from digest.summarise.guard import is_heading, objection, quoted_share
from digest.summarise.reading import read

PLAIN = "The council of Tarrow votes on the new bridge on Monday."


def why(text: str, *, whole: str = "", words: int = 10, quoted: float = 0.0) -> str:
    found = frozenset("".join(c if c.isalnum() else " " for c in text.lower()).split())
    return objection(text, found, whole or text, words=words, quoted=quoted)


def test_a_plain_sentence_may_be_told() -> None:
    assert why(PLAIN) == ""


@pytest.mark.parametrize(("words", "told"), [(5, False), (6, True), (62, True), (63, False)])
def test_a_sentence_has_from_six_to_sixty_two_words(words: int, told: bool) -> None:  # noqa: FBT001 - the case itself
    assert why(PLAIN, words=words) == ("" if told else f"{words} words long")


@pytest.mark.parametrize(("quoted", "bare"), [(0.93, False), (0.94, True)])
def test_a_quotation_without_a_speaker_is_bare(quoted: float, bare: bool) -> None:  # noqa: FBT001 - the case itself
    assert why(PLAIN, quoted=quoted) == ("a bare quotation" if bare else "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The council of Tarrow votes on the new bridge", "a heading or an unfinished line"),
        ("The bridge of Tarrow (Photo: Jane Doe) opens on Monday.", "a caption"),
        ("The bridge of Tarrow [image by Jane Doe] opens on Monday.", "a caption"),
        ("and votes on the new bridge of Tarrow on Monday.", "a fragment"),
        (", which the council of Tarrow votes on by Monday.", "a fragment"),
        ("iPhone owners of Tarrow vote on the new bridge on Monday.", ""),
        ("[The council of Tarrow has corrected its own figures since.]", "a note of the editors"),
        ("[The council of Tarrow] votes on the new bridge on Monday.", ""),
        ("Will the council of Tarrow vote on the new bridge?", "a question"),
        ("Will the council of Tarrow vote on the new bridge?”", "a question"),
        ("The council “votes on the new bridge on Monday.", "a quotation or parenthesis that is not closed"),
        ("The council of Tarrow is pictured beside the new bridge.", "a caption"),
        ("Scroll down for the plans of the new bridge of Tarrow.", "a caption"),
        ("3. The council of Tarrow votes on the new bridge.", "an item of a list"),
        ("3.5 million pounds go to the new bridge of Tarrow.", ""),
        ("Photo by: the council of Tarrow beside the new bridge.", "a credit"),
        ("The council of Tarrow votes on Monday, Getty Images said.", "a credit"),
        ("Above the council of Tarrow at the new bridge on Monday.", "a caption"),
        ("The council of Tarrow (left) votes on the new bridge.", "a caption"),
        ("The council of Tarrow (nine members) votes on Monday.", ""),
        ("The council of Ellery (far left) votes on the new bridge.", "a caption"),
        ("The plans of the council of Ellery are shown here in blue.", "a caption"),
        ("Ellery (3-1): Jane Doe had 25 points in the game of Monday.", "a row of a table"),
        ("The council of Ellery (31-12) votes for the bridge: it opens.", ""),
        ("The bridge was opened on Monday by the chairman, Mr .", "a fragment"),
        ("2 – The council of Ellery votes on the new bridge on Monday.", "an item of a list"),
        ("Sign up for all the news of Tarrow and its new bridge.", "a promotion"),
        ("The council signs papers up to the new bridge on Monday.", ""),
        ("Top stories The council of Tarrow votes on the new bridge.", "a teaser of another article"),
        ("Sur le même sujet : Le conseil de Tarrow vote sur le pont lundi.", "a teaser of another article"),
        ("Meistgelesen | Der Rat von Tarrau stimmt am Montag ab.", "a teaser of another article"),
        ("Te puede interesar: El concejo de Tarrow vota el lunes.", "a teaser of another article"),
        ("Читайте также: Совет города голосует в понедельник.", "a teaser of another article"),
        ("اقرأ أيضا: يصوت المجلس يوم الاثنين على الجسر الجديد.", "a teaser of another article"),
        ("Top stories of the council of Tarrow are read in the hall.", ""),
        ("Latest newspapers show the council of Tarrow at the bridge.", ""),
        ("The plans of the new bridge are at www.tarrow.example now.", "a link"),
        ("Write to the council at bridge@tarrow.example by Monday.", "a link"),
        ("The council of Tarrow, @tarrowcouncil, votes on Monday.", "a link"),
        ("The council of Tarrow votes #bridge #monday on the plans.", "a link"),
        ("The council of Tarrow votes on plan #1 on Monday.", ""),
        ("The council of Tarrow pays 5 @ 40 pounds on Monday.", ""),
    ],
)
def test_what_belongs_to_the_page_or_is_torn_is_not_told(text: str, reason: str) -> None:
    assert why(text) == reason


def test_what_a_cut_would_hide_still_speaks_against_a_sentence() -> None:
    assert why(PLAIN, whole=f"{PLAIN[:-1]} (Photo: Jane Doe).") == "a caption"


def test_a_line_without_its_final_stop_is_a_heading() -> None:
    assert is_heading("The council votes")
    assert not is_heading("The council votes.")


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("No quotation marks here.", 0.0),
        ("“all of it”", 1.0),
        ("“12345678” 1234567890", 10 / 21),
        ('"12345678" 1234567890', 10 / 21),
        ("‘12345678’ 1234567890", 10 / 21),
        ("the dog's and the cat's", 0.0),
    ],
)
def test_the_share_of_a_sentence_that_stands_in_quotation_marks(text: str, share: float) -> None:
    assert quoted_share(text) == pytest.approx(share)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("The bridge of Ellery was closed on Monday about 8 . 30 lorries had to wait on the northern road.", False),
        ("The bridge of Ellery was closed in March 1998. 30 lorries had to wait on the northern road.", True),
    ],
)
def test_a_span_that_was_torn_inside_a_number_is_a_fragment(text: str, whole: bool) -> None:  # noqa: FBT001 - as above
    sentences = read(text, "", "en").sentences
    assert [not sentence.objection for sentence in sentences] == [whole, whole]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (
            "The harbour of Ellery was sold on Monday to the U . S . Medical Harbours Company that owns nine others .",
            [False, False, False],
        ),
        ("The harbour of Ellery was built after plan B . He said on Monday that nine harbours were .", [True, True]),
    ],
)
def test_a_span_that_was_torn_inside_initials_is_a_fragment(text: str, whole: list[bool]) -> None:
    assert [not sentence.objection for sentence in read(text, "", "en").sentences] == whole
