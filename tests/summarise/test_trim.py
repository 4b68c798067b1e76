"""What goes from a sentence and what stays; the part that is told stands between bars."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.summarise.trim import LEAST_WORDS, balanced, trim

CASES = [
    (
        "en",
        "|The council has put off the vote on the road, and last week, with the mayor away, nobody asked for it.|",
    ),
    ("en", "PORT ELLERY, Nov 22 — |The council has put off the vote on the road.|"),
    (
        "en",
        "|The guards at the gate abused nine people in the night of the march, according to the doctors.|",
    ),
    ("en", "STOCKHOLM (AP) — |A ferry ran aground off the island on Friday morning.|"),
    ("en", "Port Ellery (Coast News)|A ferry ran aground off the island on Friday morning.|"),
    (
        "en",
        "|The ship was found at noon inside the bay, the harbour's old master, Nell Tarrant, said on Monday.|",
    ),
    ("en", "|The ship was found at noon inside the bay, the harbour's old master, Nell Tarrant, told reporters.|"),
    ("en", "LONDON — |The council has put off the vote on the new road.|"),
    ("en", "|NASA (the space agency) said the launch would go ahead on Monday.|"),
    ("en", "But |the council has put off the vote on the new road.|"),
    ("en", "However, |the council has put off the vote on the new road.|"),
    ("en", "|But it rained.|"),
    ("en", "|And in Graz: the council has put off the vote on the new road.|"),
    ("en", "|But then the council put off the vote on the new road.|"),
    ("en", "|The harbour will be closed until the end of March|, the mayor said on Monday."),
    ("en", "|The harbour will be closed until the end of March|, according to the port office."),
    ("en", "|The clerk stole from the harbour office for nine years, the mayor said on Monday.|"),
    ("en", "|“The harbour will be closed until the end of March,” the mayor said.|"),
    ("en", "|The new bridge is to open to walkers in the spring| (see map)."),
    (
        "en",
        "|The new bridge over the river is to open to walkers in the spring of next year|, making the ferry idle.",
    ),
    ("en", "|The bridge is to open in the spring, making the ferry idle.|"),
    (
        "en",
        "|The league now has clubs for all in the city of Graz, in Linz, in Wels, in Steyr and in the lake district.|",
    ),
    ("en", "|After the last ferry had left the old harbour in the rain, the master said he was glad.|"),
    (
        "en",
        "|Whether it is a small house on the beach or a large one in the old town, keeping the roof dry is a task.|",
    ),
    ("en", "|Nell Tarrant, who has run the old ferry for fourteen years, said the new bridge was a mistake.|"),
    ("en", "|The new bridge over the river was a mistake|, said the master of the ferry."),
    ("fr", "|Le maire, qui dirige la ville depuis quatorze ans et demi, a indiqué que le port resterait fermé.|"),
    ("en", "Actually, |the council has put off the vote on the new road.|"),
    ("fr", "Mais |le conseil a reporté le vote sur la nouvelle route.|"),
    ("fr", "|Le port restera fermé jusqu'à la fin du mois de mars|, a indiqué la mairie lundi."),
    ("de", "Berlin (dpa) - |Der Rat hat die Abstimmung über die neue Straße verschoben.|"),
    ("de", "|Der Hafen bleibt bis zum Ende des Monats März geschlossen|, teilte die Stadt am Montag mit."),
    ("de", "|Der Mann, der das Boot gefunden hatte, rief sofort die Polizei.|"),
    ("es", "Sin embargo, |el consejo ha aplazado la votación sobre la carretera nueva.|"),
    ("es", "|El puerto seguirá cerrado hasta el final del mes de marzo|, informó el alcalde el lunes."),
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
        assert len(sentence[start:end].split()) >= LEAST_WORDS
        assert balanced(sentence[start:end])


def test_marks_stand_in_pairs_or_not() -> None:
    assert balanced("He said “no” (twice), «non» and it is open.")
    assert balanced("Er sagte „nein“ und „doch”.")
    assert not any(map(balanced, ["“no", "(no", 'a "no', "«no", "no”", "„nein"]))
