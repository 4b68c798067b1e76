"""Which sentences are only a part of somebody's words, in the marks of many languages."""
# ruff: noqa: RUF001 - quotation marks and dashes are the subject here

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.quotation import inside, quotations
from digest.text.sentences import sentences

# Each sentence with a + before it is a part of a longer quotation; the signs are taken out.
PARTS = (
    ("en", "+“We will not pay. +The bill is wrong. +We leave,” said the mayor. He left."),
    ("en", '+"We will not pay. +The bill is wrong. +We leave," said the mayor. He left. "It was hard," he said.'),
    ("en", "+‘We will not pay. +The boys’ bill is wrong. +We leave,’ said the mayor. It was the girls’ turn."),
    ("en", "+'We will not pay. +The bill is wrong. +We leave,' he said. He left the '90s band. It's over."),
    ("en", "They call the 'end of days' group a sect. +'No, we leave. +We go,' she said. It fled."),
    ("en", "“She is wrong. “I am not,” her sister said. The vote is on Monday."),
    ("en", "+The minister said: “We are ready. +We go.” Two hours later he resigned."),
    ("en", "The “Red Hen” and the “Blue Cow” closed. Nobody came. He called it “a farce”."),
    ("en", 'He is 6\'2" tall. The board is 12" wide. Nobody "knew" it. They left.'),
    ("de", "+„Wir zahlen nicht. +Die Rechnung ist falsch. +Wir gehen“, sagte sie. Der „Rote Hahn“ schloss."),
    ("de", "+»Wir zahlen nicht. +Die Rechnung ist falsch. +Wir gehen«, sagte sie. Dann ging sie."),
    ("de", "+“Wir zahlen nicht. +Die Rechnung ist falsch. +Wir gehen”, sagte sie. Dann ging sie."),
    ("fr", "+« Nous ne paierons pas. +La note est fausse. +Nous partons », a dit le maire. L’école est fermée."),
    ("sv", "+”Vi betalar inte. +Räkningen är fel. +Vi går”, sade hon. Sedan gick hon."),
    ("fi", "+’Emme maksa. +Lasku on väärin. +Me lähdemme’, hän sanoi. Sitten hän lähti."),
    ("da", "+»Vi betaler ikke. +Regningen er forkert. +Vi går«, sagde hun. Så gik hun."),
    ("pl", "+„Nie zapłacimy. +Rachunek jest zły. +Idziemy” – powiedział. Potem wyszedł."),
    ("ru", "+«Мы не заплатим. +Счёт неверен. +Мы уходим», — сказал мэр. Он ушёл."),
    ("ar", '+قال: "لن ندفع. +الفاتورة خاطئة. +سنغادر". ثم غادر.'),
    ("it", '+"Non paghiamo. +Il conto è sbagliato. +Andiamo", ha detto. Poi è uscito.'),
    ("sv", "+– Vi betalar inte. +Räkningen är fel. +Vi går, säger Ek."),
    ("no", "– Vi betaler ikke, sier Berg. +Regningen er feil."),
    ("no", "– Vi betaler ikke regningen, sier Berg."),
    ("ru", "+— Мы не заплатим. +Счёт неверен, — сказал мэр."),
    ("es", "+—No pagaremos. +La cuenta está mal —dijo el alcalde."),
    ("en", "– The bridge is shut. The ferry runs."),
)


@pytest.mark.parametrize(("language", "marked"), PARTS)
def test_a_sentence_knows_that_it_is_a_part_of_somebodys_words(language: str, marked: str) -> None:
    text = marked.replace("+", "")
    spans = sentences(text, language)
    found = " ".join(f"{'+' * inside(text, *span, language)}{text[slice(*span)]}" for span in spans)
    assert found == marked


def test_words_run_on_through_paragraphs_until_their_mark_closes() -> None:
    text = "„Wir zahlen nicht.\n\nDie Rechnung ist falsch. Wir gehen.\n\nEs ist spät“, sagte sie. Dann ging sie."
    spans = sentences(text, "de")
    assert [inside(text, *span, "de") for span in spans] == [True, True, True, True, False]


def test_a_paragraph_that_opens_anew_stands_for_itself() -> None:
    text = "“We will not pay.\n\n“It is late,” said the mayor. He left."
    spans = sentences(text)
    assert [inside(text, *span) for span in spans[1:]] == [False, False]


def test_each_line_stands_for_itself_where_no_mark_runs_on() -> None:
    text = "“She is wrong. It is late.\n“I am not,” her sister said. He left.\nThe vote is on Monday. It is close."
    assert [inside(text, *span) for span in sentences(text)] == [True, True, False, False, False, False]


def test_a_mark_that_is_never_closed_ends_with_its_paragraph() -> None:
    text = "The mayor said: “We are ready. We go.\n\nThe council met on Monday."
    assert quotations(text) == ((16, text.index("\n")),)


def test_the_span_of_a_quotation_runs_from_mark_to_mark() -> None:
    text = "He said “yes, ‘maybe’ yes” and left."
    assert [text[a:b] for a, b in quotations(text)] == ["“yes, ‘maybe’ yes”"]


@given(
    st.text(alphabet="ab AB.!? \"'“”„‘’«»‚「」–-\n", max_size=150),
    st.sampled_from(["en", "fr", "de", "sv", "ja"]),
)
def test_quotations_are_in_order_and_inside_the_text(text: str, language: str) -> None:
    spans = quotations(text, language)
    assert list(spans) == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(inside(text, *span, language) in {True, False} for span in sentences(text, language))
