"""What kind of text an article is: from what its page says of itself, and from the text in any language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model.article import Article, ArticleKind, TextOrigin
from digest.model.ids import ArticleId, SourceId
from digest.model.kind import TextKind
from digest.text.kind import kind_of, likelihoods
from digest.text.traits import topics_of, traits

PLAIN = "The council met in the hall of Port Vell and spoke of the harbour for an hour."


def written(title: str = "The council of Port Vell", text: str = PLAIN, **changes: Any) -> Article:
    url = changes.pop("url", "https://paper.example/2026/a-long-story")
    values: dict[str, Any] = {
        "id": ArticleId("0" * 64),
        "source_id": SourceId(1),
        "url": url,
        "link": url,
        "title": title,
        "text": text,
        "language": "en",
        "origin": TextOrigin.PAGE,
        "first_seen": datetime(2026, 11, 23, tzinfo=UTC),
    }
    return Article(**(values | changes))


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ("OpinionNewsArticle", TextKind.OPINION),
        ("LiveBlogPosting", TextKind.LIVE),
        ("AdvertiserContentArticle", TextKind.PROMO),
        ("Recipe", TextKind.GUIDE),
        ("ReviewNewsArticle", TextKind.REVIEW),
        ("BackgroundNewsArticle", TextKind.FEATURE),
    ],
)
def test_a_type_of_schema_org_is_believed(schema: str, kind: TextKind) -> None:
    assert kind_of(written(schema_types=("NewsArticle", schema))) is kind


def test_a_plain_news_type_says_nothing() -> None:
    assert likelihoods(written(schema_types=("NewsArticle",))) == likelihoods(written())


def test_what_was_paid_for_is_a_promotion_whatever_it_says_of_itself() -> None:
    article = written(sponsored=True, sections=("Opinion",), schema_types=("OpinionNewsArticle",))
    assert kind_of(article) is TextKind.PROMO


def test_a_live_blog_that_extraction_found_is_live() -> None:
    assert kind_of(written(kind=ArticleKind.LIVE_BLOG)) is TextKind.LIVE


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("opinion", TextKind.OPINION),
        ("commentisfree", TextKind.OPINION),
        ("meinung", TextKind.OPINION),
        ("tribune", TextKind.OPINION),
        ("editoriales", TextKind.OPINION),
        ("opinioni", TextKind.OPINION),
        ("colunas", TextKind.OPINION),
        ("opinie", TextKind.OPINION),
        ("ledare", TextKind.OPINION),
        ("kronikk", TextKind.OPINION),
        ("%D0%BC%D0%BD%D0%B5%D0%BD%D0%B8%D1%8F", TextKind.OPINION),
        ("%D8%B1%D8%A3%D9%8A", TextKind.OPINION),
        ("sport", TextKind.SPORT),
        ("fussball", TextKind.SPORT),
        ("deportes", TextKind.SPORT),
        ("esporte", TextKind.SPORT),
        ("rezepte", TextKind.GUIDE),
        ("deals", TextKind.GUIDE),
        ("horoscope", TextKind.GUIDE),
        ("quiz", TextKind.GUIDE),
        ("sponsored-content", TextKind.PROMO),
        ("publireportage", TextKind.PROMO),
        ("liveblog", TextKind.LIVE),
    ],
)
def test_a_folder_of_the_address_names_the_kind(folder: str, kind: TextKind) -> None:
    assert kind_of(written(url=f"https://paper.example/{folder}/2026/a-story-of-the-harbour")) is kind


def test_a_word_of_the_last_part_of_an_address_is_no_folder() -> None:
    assert kind_of(written(url="https://paper.example/2026/opinion")) is kind_of(written())


@pytest.mark.parametrize(
    ("sections", "kind"),
    [
        (("Opinion",), TextKind.OPINION),
        (("Kommentare",), TextKind.OPINION),
        (("Pro und Contra",), TextKind.OPINION),
        (("Спорт",), TextKind.SPORT),
        (("رياضة",), TextKind.SPORT),
        (("Recettes",), TextKind.GUIDE),
        (("Anzeige",), TextKind.PROMO),
    ],
)
def test_a_section_names_the_kind(sections: tuple[str, ...], kind: TextKind) -> None:
    assert kind_of(written(sections=sections)) is kind


def test_a_tag_far_down_the_list_is_no_section() -> None:
    tags = ("Harbours", "Councils", "Port Vell", "Opinion")
    assert likelihoods(written(sections=tags)) == likelihoods(written())


@pytest.mark.parametrize(
    "title",
    [
        "Opinion | The council is asleep",
        "Kommentar: Der Rat schläft",
        "Editorial - The council is asleep",
        "[Tribune] Le conseil dort",
        "The council is asleep | Editorial",
        "Мнение: Совет спит",
        "رأي: المجلس نائم",
        "Guest column: the council is asleep",
        "Der Kommentar: Der Rat schläft",
    ],
)
def test_a_label_of_the_title_names_an_opinion(title: str) -> None:
    assert kind_of(written(title)) is TextKind.OPINION


@pytest.mark.parametrize(
    "title",
    [
        "Harbour debate: the council of Port Vell is to be asked by the opposition",
        "Opposition leader: the council is asleep",
        "Grand débat : la commission du port examinée par la presse",
        "TV-Debatte: Der Rat wird von der Opposition befragt",
        "Gran debate: la oposición pregunta al concejo",
        "Trade deals: the council signs three",
        "Waiting list: nine boats in the harbour",
    ],
)
def test_a_label_whose_last_word_is_a_subject_names_no_kind(title: str) -> None:
    assert kind_of(written(title)) not in {TextKind.OPINION, TextKind.GUIDE, TextKind.LIST}


def test_a_long_first_half_of_a_title_is_no_label() -> None:
    title = "Poll on the harbour shows public opinion: most are against"
    assert kind_of(written(title)) is not TextKind.OPINION


@pytest.mark.parametrize(
    "title",
    ["Horoscope for Monday", "Tageshoroskop für Montag", "Horóscopo de hoy", "Oroscopo di oggi", "Гороскоп на день",
     "Quiz: what do you know of harbours?", "The best Black Friday offers", "Prime Day: what to buy"],
)  # fmt: skip
def test_horoscopes_quizzes_and_deals_are_guides_in_any_language(title: str) -> None:
    assert kind_of(written(title, "")) is TextKind.GUIDE


MATCH = (
    "Vell United beat Sund Rovers 3-1 on Saturday to go top of the league. The striker scored twice in the first half"
    " and the goalkeeper saved a penalty. The coach praised his players after the match, their fourth win of the"
    " season."
    " The team plays the cup semi-final next week. Fans sang in the stadium until the final whistle."
)
COLUMN = (
    "I have never understood why we put up with this. Perhaps it is our own fault. We should be ashamed, and yet we are"
    " not. Why do we still believe that a harbour will save us? It is absurd, and it is wrong. Of course nobody dares"
    " to say so. But the truth is simple: we must stop lying to ourselves, and we must do it now. What are we afraid"
    " of?"
)
DEALS = (
    "You can save up to 40% on vacuum cleaners this week. The best deal is $199 at our favorite shop, the lowest price"
    " we have seen. If you want a gift for your mom, buy the smaller one for $99. Check out our other deals on laptops,"
    " headphones and more, and sign up for our newsletter so that you never miss a discount."
)


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("Vell United go top of the league with win over Rovers", MATCH, TextKind.SPORT),
        ("Why we should all be ashamed of our harbour", COLUMN, TextKind.OPINION),
        ("The best deals on vacuum cleaners you can buy today", DEALS, TextKind.GUIDE),
    ],
)
def test_a_text_alone_shows_its_kind(title: str, text: str, kind: TextKind) -> None:
    assert kind_of(written(title, text, url="https://paper.example/1")) is kind


def test_nothing_to_go_by_is_unknown() -> None:
    assert kind_of(written("", "", language="und")) is TextKind.UNKNOWN


@given(st.text(max_size=80), st.text(max_size=400), st.sampled_from(["en", "de", "ar", "ja", "und", ""]))
def test_any_text_has_likelihoods_that_sum_to_one(title: str, text: str, language: str) -> None:
    likely = likelihoods(written(title, text, language=language))
    assert sum(likely.values()) == pytest.approx(1.0)
    assert TextKind.UNKNOWN not in likely


@given(st.text(max_size=80), st.text(max_size=400), st.sampled_from(["en", "de", "ar", "zh", "und"]))
def test_traits_are_numbers_above_zero_and_up_to_one(title: str, text: str, language: str) -> None:
    assert all(0 < value <= 1 for value in traits(title, text, language).values())


@pytest.mark.parametrize(
    ("word", "language", "topic"),
    [
        ("bundesverfassungsgericht", "de", "justice"),
        ("waldbrand", "de", "disaster"),
        ("ministers", "en", "government"),
        ("الحكومة", "ar", "government"),
        ("والشرطة", "ar", "crime"),
        ("погибли", "ru", "death"),
        ("statsministeren", "no", "government"),
        ("地震", "ja", "disaster"),
    ],
)
def test_inflected_compound_and_prefixed_words_have_their_topic(word: str, language: str, topic: str) -> None:
    assert topic in topics_of(word, language)


def test_a_false_friend_of_another_language_has_no_topic() -> None:
    assert "death" in topics_of("die", "en")
    assert "death" not in topics_of("die", "de")
    assert "food" in topics_of("pain", "fr")
    assert "food" not in topics_of("pain", "en")
