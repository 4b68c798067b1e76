"""What a headline lets a name do, and whether the event of a phrase took place."""

from __future__ import annotations

import pytest

from digest.summarise.finds.name_happened import is_background, took_place
from digest.summarise.finds.name_roles import roles
from digest.summarise.finds.name_traits import Name, traits
from digest.summarise.finds.telling import Telling


def told(headline: str, language: str = "en", texts: str = "", others: tuple[str, ...] = ()) -> Telling:
    return Telling(headline=headline, titles=(headline, *others), texts=texts, language=language)


@pytest.mark.parametrize(
    ("headline", "language", "expected"),
    [
        ("Lund resigns", "en", {"own fate"}),
        ("Ida Lund, the mayor of Almvik, has quietly resigned", "en", {"own fate"}),
        ("Lund tritt zurück", "de", {"own fate"}),
        ("Ida Lund est condamnée", "fr", {"own fate"}),
        ("Ida Lund fallece", "es", {"own fate"}),
        ("Lund urges a lower salt tax", "en", {"proposes"}),
        ("Lund fordert eine Salzsteuer", "de", {"proposes"}),
        ("Ida Lund propose une taxe", "fr", {"proposes"}),
        ("Ida Lund pide una tasa", "es", {"proposes"}),
        ("The salt tax comes soon, says Ida Lund", "en", {"source"}),
        ("Ida Lund: Berg ends the strike", "en", {"source"}),
        ("Die Salzsteuer kommt bald, sagt Ida Lund", "de", {"source"}),
        ("La taxe arrive, selon Ida Lund", "fr", {"source"}),
        ("La tasa llega, según Ida Lund", "es", {"source"}),
        ("Lund's long awaited salt bill is ready", "en", {"of a thing"}),
        ("Council reads the Lund bill", "en", {"of a thing"}),
        ("Letters to Ida Lund are found", "en", {"beside the subject"}),
        ("Briefe von Ida Lund sind da", "de", {"beside the subject"}),
        ("Le livre de Ida Lund est prêt", "fr", {"beside the subject", "of a thing"}),
        ("La ley de Ida Lund", "es", {"beside the subject", "of a thing"}),
        ("Lund on the quay", "en", set()),
        ("Bakers wait on the quay", "en", set()),
    ],
)
def test_what_follows_or_leads_a_name_is_its_role(headline: str, language: str, expected: set[str]) -> None:
    assert {role for role, value in roles("Lund", told(headline, language)).items() if value} == expected


def test_a_role_is_the_share_of_the_titles_with_the_name() -> None:
    found = roles("Lund", told("Lund resigns", others=("Lund on the quay", "A cold day")))
    assert found["own fate"] == pytest.approx(0.5)


def test_other_words_of_the_headline_beside_the_name_are_a_trait() -> None:
    name = Name(words="Ida Lund", run="Ida Lund", kind="person")
    near = told("Ida Lund closes mine", texts="Ida Lund closes the mine.\nIt is cold.")
    far = told("Ida Lund closes mine", texts="We saw Ida Lund.\nBerg closes the mine.")
    assert traits(name, near, [])["with its words"] == pytest.approx(0.5)
    assert traits(name, far, [])["with its words"] == pytest.approx(-0.5)


@pytest.mark.parametrize(
    ("headline", "phrase", "language", "happened"),
    [
        ("Attack on Almvik wakes the town", "Attack on Almvik", "en", True),
        ("Lund calls off attack on Almvik", "Attack on Almvik", "en", False),
        ("Attack on Almvik was called off", "Attack on Almvik", "en", False),
        ("Police foiled a bombing in Almvik", "Bombing in Almvik", "en", False),
        ("Lund threatens war in Almvik", "War in Almvik", "en", False),
        ("Lund called off a walk to the town after the attack on Almvik", "Attack on Almvik", "en", True),
        ("Anschlag in Almvik", "Anschlag in Almvik", "de", True),
        ("Anschlag in Almvik vereitelt", "Anschlag in Almvik", "de", False),
        ("Attentat à Almvik déjoué", "Attentat à Almvik", "fr", False),
        ("Frustrado un atentado en Almvik", "Atentado en Almvik", "es", False),
        ("Storm in Almvik: the walk is called off", "Storm in Almvik", "en", True),
    ],
)
def test_violence_that_a_title_calls_off_did_not_take_place(
    headline: str, phrase: str, language: str, *, happened: bool
) -> None:
    assert took_place(phrase, told(headline, language)) == happened


def test_an_attack_on_a_person_is_one_in_words() -> None:
    texts = "Minister Ida Lund spoke. Bakers live in Almvik."
    assert not took_place("Attacks on Lund", told("Attacks on Lund go on", texts=texts))
    assert took_place("Attacks on Almvik", told("Attacks on Almvik go on", texts=texts))


@pytest.mark.parametrize(
    ("headline", "phrase", "language", "is_behind"),
    [
        ("Crews go home after the Almvik fire", "Almvik fire", "en", True),
        ("Almvik fire: crews go home", "Almvik fire", "en", False),
        ("Crews fight the Almvik fire", "Almvik fire", "en", False),
        ("Ruhe nach Brand in Almvik", "Brand in Almvik", "de", True),
        ("Le calme après incendie à Almvik", "Incendie à Almvik", "fr", True),
        ("Calma tras incendio en Almvik", "Incendio en Almvik", "es", True),
    ],
)
def test_an_event_behind_a_preposition_of_time_is_background(
    headline: str, phrase: str, language: str, *, is_behind: bool
) -> None:
    assert is_background(phrase, told(headline, language)) == is_behind


def test_a_noun_that_does_not_say_which_event_it_is_is_a_trait() -> None:
    law = Name(words="Almvik law", run="Almvik law", kind="event")
    trial = Name(words="Almvik trial", run="Almvik trial", kind="event")
    assert traits(law, told("Almvik law falls"), [])["vague noun"] == 1.0
    assert traits(trial, told("Almvik trial begins"), [])["vague noun"] == 0.0
