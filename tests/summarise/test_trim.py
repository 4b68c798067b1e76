"""What goes from a sentence and what stays; the part that is told stands between bars."""
# ruff: noqa: RUF001 - quotation marks and dashes are the subject here

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.summarise.essentials import left_out
from digest.summarise.trim import LEAST_REPORT, balanced, trim
from digest.text.words import content_words

LONG_START = (
    "The new bridge over the river, for which the town and its neighbours had saved since the flood carried the old one"
    " away, is to open to walkers in the spring and to cars and buses"
)
CASES = [
    (
        "en",
        "|The council has put off the vote on the road, and last week, with the mayor away, nobody asked for it.|",
    ),
    ("en", "|NASA (the space agency) said the launch would go ahead on Monday.|"),
    ("en", "But |the council has put off the vote on the new road.|"),
    ("en", "However, |the council has put off the vote on the new road.|"),
    ("en", "Actually, |the council has put off the vote on the new road.|"),
    ("en", "But now, |the council has put off the vote on the new road.|"),
    ("en", "For instance, |the council has put off the vote on the new road.|"),
    ("en", "Two days later, |the council put off the vote on the new road.|"),
    ("en", "Despite that decision, |the council has put off the vote on the road.|"),
    ("en", "However, it’s worth noting that |the council has put off the vote on the road.|"),
    ("en", "This comes as |the council prepares the vote on the new road.|"),
    ("en", "The growing row over tolls comes as |the council prepares the vote on the new road.|"),
    ("en", "The result: |the council has put off the vote on the road.|"),
    ("en", "|In 2024, the council put off the vote on the new road.|"),
    ("en", "|On Monday, the council put off the vote on the new road.|"),
    ("en", "|In total, the council has put off nine votes on the new road.|"),
    ("en", "|This comes after months of talks about the new road in the council.|"),
    ("en", "|Yet another council has put off the vote on the new road.|"),
    ("en", "|So far the council has put off the vote on the new road.|"),
    ("en", "|But it rained.|"),
    ("en", "|But then the council put off the vote on the new road.|"),
    ("en", "|But for the rain, the council would have put off the vote.|"),
    ("en", "|And in Graz: the council has put off the vote on the new road.|"),
    ("en", "|Apparently, the council has put off the vote on the new road.|"),
    ("en", "'' |The council has put off the vote on the new road.|"),
    ("en", "[|The council has put off the vote on the new road.|]"),
    ("en", "[|The council has put off the vote on the new road.|"),
    ("en", "|The new bridge is to open to walkers in the spring| (see map)."),
    ("en", "|The new bridge is to open to walkers in the spring| (https://bridge.example/map)."),
    ("en", "|The new bridge is to open to walkers in the spring (according to the builders).|"),
    ("en", "|The bridge is to open in the spring, making the ferry idle.|"),
    ("en", f"|{LONG_START} in the summer|, making the ferry idle."),
    ("en", f"|{LONG_START} in the summer, making 40 dockers idle.|"),
    ("en", f"|{LONG_START} in the summer, which the builders deny.|"),
    ("en", f"|{LONG_START.replace('The new', 'After the new')} in the summer, which was wet, the master rang.|"),
    ("fr", "Mais |le conseil a reporté le vote sur la nouvelle route.|"),
    ("fr", "En revanche, |le conseil a reporté le vote sur la route.|"),
    ("fr", "Il faut rappeler que |le conseil a reporté le vote sur la route.|"),
    ("fr", "Et pour cause : |le conseil a reporté le vote sur la route.|"),
    ("fr", "|Or et argent ont perdu trois pour cent lundi à la bourse.|"),
    ("de", "Doch |der Rat hat die Abstimmung über die neue Straße verschoben.|"),
    ("de", "|Doch hat der Rat die Abstimmung über die neue Straße verschoben.|"),
    ("de", "Und mehr noch: |Der Rat hat die Abstimmung über die Straße verschoben.|"),
    ("de", "|Der Mann, der das Boot gefunden hatte, rief sofort die Polizei.|"),
    ("es", "Sin embargo, |el consejo ha aplazado la votación sobre la carretera nueva.|"),
    ("es", "Cabe recordar que |el consejo ha aplazado la votación sobre la carretera.|"),
    ("it", "Ma |il consiglio ha rinviato il voto sulla nuova strada.|"),
    ("pt", "Além disso, |o conselho adiou a votação sobre a estrada nova.|"),
    ("nl", "Maar |de raad heeft de stemming over de nieuwe weg uitgesteld.|"),
    ("ru", "Однако |городской совет отложил голосование по новой дороге.|"),
    ("ar", "في المقابل، |أجل المجلس البلدي التصويت على الطريق الجديد في المدينة.|"),
    ("xx", "|But the sentence of an unknown language is told whole, they said.|"),
]


@pytest.mark.parametrize(("language", "marked"), CASES)
def test_what_may_go_goes(language: str, marked: str) -> None:
    sentence = marked.replace("|", "")
    start, end = trim(sentence, language)
    assert f"{sentence[:start]}|{sentence[start:end]}|{sentence[end:]}" == marked


@given(st.text(alphabet='ab cd,.;()“”"—-X', max_size=200), st.sampled_from(["en", "fr", "de", "es", "xx"]))
def test_a_cut_leaves_enough_and_pairs_of_marks(sentence: str, language: str) -> None:
    start, end = trim(sentence, language)
    assert 0 <= start <= end <= len(sentence)
    if (start, end) != (0, len(sentence)):
        assert sentence.count(" ", start, end) + 1 >= LEAST_REPORT
        assert balanced(sentence[start:end])


def test_marks_stand_in_pairs_or_not() -> None:
    assert balanced("He said “no” (twice), «non» and it is open.")
    assert balanced('He said "no" (twice) [and "yes"].')
    assert not any(map(balanced, ['He said "no.', "a [no", "no]", "no)", "no»", "„no“ and „no", "no“ and “no”"]))
    assert balanced("Er sagte „nein“ und „doch”.")
    assert not any(map(balanced, ["“no", "(no", 'a "no', "«no", "no”", "„nein"]))


TITLE = frozenset(content_words("Tarrow ferry idle as the new bridge opens"))
LONG_SENTENCE = f"{LONG_START} in the summer, making the ferry idle."


def test_a_cut_keeps_the_words_of_the_headline() -> None:
    assert trim(LONG_SENTENCE, "en") != (0, len(LONG_SENTENCE))
    assert trim(LONG_SENTENCE, "en", TITLE) == (0, len(LONG_SENTENCE))
    opener = "The row over the idle ferry comes as the council prepares the vote on the road."
    assert trim(opener, "en")[0] > 0
    assert trim(opener, "en", TITLE) == (0, len(opener))


@pytest.mark.parametrize(
    "tail",
    [
        *("which nobody wanted", "which never opened", "with no lift", "which may flood", "where 40 dockers work"),
        *(
            "which officials deny",
            "with critics fearing floods",
            "which the mayor called “a folly”",
            "including only walkers",
        ),
    ],
)
def test_a_long_sentence_keeps_a_clause_that_limits_doubts_denies_counts_or_says_who_says_so(tail: str) -> None:
    sentence = LONG_SENTENCE.replace("making the ferry idle", tail)
    assert trim(sentence, "en") == (0, len(sentence))


GLUED = [
    ("fr", 'UN PORT QUI "VA BIEN"|Les dockers ont repris le travail lundi matin à Tarreau.|'),
    ("fr", "Un port « à bout de souffle »|Les dockers ont repris le travail lundi matin à Tarreau.|"),
    ("de", "|Der Rat sagte »Die Fähre bleibt« und ging am Montag nach Hause.|"),
    ("sv", "|Rådet sade ”Färjan stannar här” och gick hem i måndags kväll.|"),
    ("en", "|The “Old Mill” of the town burned down on Monday at noon.|"),
    ("en", "• |The harbour of Tarrow closes for good on Monday.|"),
    ("en", "- |The harbour of Tarrow closes for good on Monday.|"),
    ("fr", "|- Le port de Tarreau fermera pour toujours lundi matin, dit-il.|"),
    (
        "fr",
        "|Le port fermera ses portes pour toujours lundi, a décidé le conseil.|Les dockers manifestent à midi.",
    ),
    ("fr", "Il votera sur la route neuve jeudi soir.|Le port de Tarrow fermera ses portes pour toujours lundi matin.|"),
    ("en", "Will it be open again?|The harbour of Tarrow closes for good on Monday at noon.|"),
    ("en", "Ferry idle as bridge opens June 3, 2026 10:15 AM ET |The harbour of Tarrow closes for good on Monday.|"),
    ("en", "Nell Tarrant waits for the last ferry on the old pier |The harbour of Tarrow closes for good on Monday."),
    ("en", "Nell Tarrant shakes hands at the Golden Masters |The famous tree on the pier has lost its crown.|"),
    ("en", "|A clerk tells this paper The harbour of Tarrow closes for good on Monday.|"),
    ("en", "|The harbour of Tarrow closes for good on Monday, says The shipping paper of the town.|"),
    ("en", "|The U.S.Navy base of Tarrow closes for good on Monday at noon.|"),
    ("en", "|The site Harbour.Com of the town closes for good on Monday.|"),
]


@pytest.mark.parametrize(("language", "marked"), GLUED)
def test_of_two_sentences_that_a_page_ran_together_one_is_told(language: str, marked: str) -> None:
    if marked.count("|") == 1:
        marked += "|"
    sentence = marked.replace("|", "")
    start, end = trim(sentence, language)
    assert f"{sentence[:start]}|{sentence[start:end]}|{sentence[end:]}" == marked


def test_the_last_members_of_an_enumeration_are_no_loose_clause() -> None:
    bridge = (
        "Le nouveau pont sur la rivière, pour lequel la ville et ses voisines avaient épargné depuis que la crue avait"
        " emporté le vieux, doit ouvrir au printemps aux enfants et aux parents"
    )
    assert trim(f"{bridge} du quartier, qui marchent.", "fr") == (0, len(f"{bridge} du quartier"))
    listed = f"{bridge} qui marchent, qui attendent, qui nagent et qui roulent."
    assert trim(listed, "fr") == (0, len(listed))


BRIDGE = "The new bridge over the river is to open in the"
IDLE = "making the ferry that carried the town and its neighbours and their sheep and their dogs"
LATE = "in late May and to all of the buses of the town"


@pytest.mark.parametrize(
    "marked",
    [
        "But |the council met late on Monday.|",  # six words stay
        "|But the council met on Monday.|",
        "LINDAU (Reuters) - |Boats sank on Monday.|",  # four behind a dateline
        "|LINDAU (Reuters) - Boats sank Monday.|",
        "|The new bridge opens in spring| (see map).",
        "|The bridge opens in spring (see map).|",
        "[|The bridge opens in the spring.|]",
        "|[The bridge opens in spring.]|",
        "[|I saw the bridge open today.|]",
        '[|"Boats" sank in the harbour today.|]',
        "• |The bridge opens in the spring.|",
        "|• The bridge opens in spring.|",
        f"|{BRIDGE} late|, {IDLE} over the river since the flood idle.",  # twelve words before it, 34 blanks
        f"|{BRIDGE}, {IDLE} over the wide river since the flood idle.|",
        f"|{BRIDGE} late spring, {IDLE} over the river flood idle.|",  # 33 blanks
        f"|{BRIDGE} late spring|, {IDLE} over the wide river flood idle.",  # 34
        f"|{LONG_START} {LATE}, making the ferry idle|, making the pier empty, making the dockers sad.",
    ],
)
def test_what_stays_is_as_long_as_a_sentence_and_two_clauses_go_at_most(marked: str) -> None:
    sentence = marked.replace("|", "")
    start, end = trim(sentence, "en")
    assert f"{sentence[:start]}|{sentence[start:end]}|{sentence[end:]}" == marked


@pytest.mark.parametrize(
    ("text", "paired"),
    [
        ("(a) [b]", True),
        ("(a [b]", False),
        ("a) [b]", False),
        ("(a) [b", False),
        ("(a) b]", False),
        ('"a" b', True),
        ('"a" "b', False),
        ("“a” «b»", True),
        ("“a «b»", False),
        ("“a” «b", False),
        ("“a” b»", False),
        ("„a“ „b”", True),
        ("„a“ „b", False),
        ("„a“ b”", False),
        ("„a» «b", False),
    ],
)
def test_each_kind_of_mark_is_counted_for_itself(text: str, *, paired: bool) -> None:
    assert balanced(text) == paired


@pytest.mark.parametrize(
    ("kept", "cut", "language", "found"),
    [
        ("it had hired nine midwives", "The hospital said on Tuesday that", "en", ("said", "")),
        ("the bridge will close", "if the council agrees", "en", ("", "if")),
        ("it will not close", "and not reopen", "en", ("", "")),
        ("she said it closes", "said two others", "en", ("", "")),
        ("die Brücke schließt", "sagte er, nicht vor Mai", "de", ("sagte", "nicht")),
        ("multa", "dicit", "la", ("", "")),
    ],
)
def test_what_a_cut_leaves_out_is_named(kept: str, cut: str, language: str, found: tuple[str, str]) -> None:
    assert left_out(kept, cut, language) == found
