"""Text directives: the parts are those of the specification, and they lead where they should."""

from __future__ import annotations

from urllib.parse import unquote

from hypothesis import assume, given
from hypothesis import strategies as st

from digest.summarise.passage import fragment, resolve

TEXT = (
    "The harbour will close on Monday. Ships must leave by noon.\n\n"
    "The mayor said nothing. Ships must leave by noon.\n\n"
    "A cut-price, last-minute offer of tea & cake drew 1,200 people to the pier, and the band went on playing there "
    "until the lamps were put out. Nobody was hurt."
)


def span(part: str, number: int = 0) -> tuple[int, int]:
    at = -1
    for _ in range(number + 1):
        at = TEXT.index(part, at + 1)
    return at, at + len(part)


def test_a_short_span_is_named_whole() -> None:
    assert fragment(TEXT, *span("Nobody was hurt.")) == "text=Nobody%20was%20hurt."


def test_a_long_span_is_named_by_its_first_and_last_words() -> None:
    start, _ = span("A cut-price")
    _, end = span("put out.")
    assert fragment(TEXT, start, end) == "text=A%20cut%2Dprice%2C%20last%2Dminute%20offer,lamps%20were%20put%20out."


def test_dashes_commas_and_ampersands_are_encoded() -> None:
    directive = fragment(TEXT, *span("last-minute offer of tea & cake drew 1,200 people"))
    assert directive == "text=last%2Dminute%20offer%20of%20tea%20%26%20cake%20drew%201%2C200%20people"


def test_the_second_of_two_equal_spans_is_told_by_what_stands_before_it() -> None:
    first, second = span("Ships must leave by noon."), span("Ships must leave by noon.", 1)
    assert fragment(TEXT, *first) == "text=Ships%20must%20leave%20by%20noon."
    assert fragment(TEXT, *second) == "text=said%20nothing.-,Ships%20must%20leave%20by%20noon."
    assert resolve(TEXT, fragment(TEXT, *second)) == second


def test_a_prefix_never_spans_two_paragraphs() -> None:
    text = "It rains.\n\nNo.\n\nThe tram is late.\n\nIt rains.\n\nYes.\n\nThe tram is late."
    start = text.rindex("The tram")
    directive = fragment(text, start, len(text))
    assert directive == "text=Yes.-,The%20tram%20is%20late."
    assert resolve(text, directive) == (start, len(text))


def test_no_directive_is_made_for_a_span_that_cannot_be_told_apart() -> None:
    text = "Rain.\n\nRain.\n\nRain."
    assert fragment(text, 14, 19) == ""


def test_a_part_must_stand_between_word_edges() -> None:
    assert resolve("The carpet and the car.", "text=car") == (19, 22)
    assert resolve("The carpet.", "text=car") is None


def test_ideographs_have_word_edges_everywhere() -> None:
    text = "市は橋を閉鎖した。再開は来月になる。"
    assert resolve(text, fragment(text, 9, 18)) == (9, 18)


def test_case_and_the_kind_of_white_space_do_not_matter() -> None:
    assert resolve("The Mayor\u00a0resigned.", "text=the%20mayor%20resigned.") == (0, 19)


def test_nonsense_leads_nowhere() -> None:
    assert resolve(TEXT, "text=") is None
    assert resolve(TEXT, "text=a,b,c,d") is None
    assert resolve(TEXT, "text=-") is None


WORDS = st.lists(
    st.sampled_from(["rain", "tram", "a-b", "x, y", "Über", "50 %", "tea&", "“no”", "橋を", "it's"]),
    min_size=1,
    max_size=40,
)


@given(WORDS, st.data())
def test_a_directive_always_leads_to_its_span(parts: list[str], data: st.DataObject) -> None:
    text = " ".join(parts)
    tokens = text.split()
    first = data.draw(st.integers(0, len(tokens) - 1))
    last = data.draw(st.integers(first, len(tokens) - 1))
    start = len(" ".join(tokens[:first])) + (1 if first else 0)
    end = len(" ".join(tokens[: last + 1]))
    directive = fragment(text, start, end)
    assume(directive)
    assert resolve(text, directive) == (start, end)
    assert "&" not in directive
    assert unquote(directive.replace(",", "")).startswith("text=")
