from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from digest.model.article import Article
from digest.model.ids import SourceId
from digest.model.story import Bullet, ScoredSentence, Story
from digest.summarise.bullets import MOST, SAME, candidates
from digest.summarise.days import ReadingDay
from digest.summarise.guard import leanings
from digest.summarise.reading import overlap, read
from digest.summarise.scorer import score, shipped
from digest.summarise.verify import verify
from digest.text.words import content_words

Articles = Callable[..., Article]
Stories = Callable[..., Story]


RIVAL = "Port Ellery's harbour will close for good on Monday after 140 years, the council decided on Thursday night."


def texts(bullets: tuple[Bullet, ...]) -> list[str]:
    return [bullet.text for bullet in bullets]


def test_every_bullet_is_borne_out_by_its_article(story: Stories) -> None:
    told = story()
    by_id = {article.id: article for article in told.articles}
    bullets = candidates(told)
    assert 3 <= len(bullets) <= MOST
    assert [verify(bullet, by_id[bullet.article_id]) for bullet in bullets] == [None] * len(bullets)
    assert all(bullet.fragment for bullet in bullets)


def test_no_two_bullets_say_one_thing(story: Stories) -> None:
    bags = [Counter(content_words(text)) for text in texts(candidates(story()))]
    assert all(overlap(one, other) < SAME for one, other in combinations(bags, 2))


def test_a_second_article_adds_what_the_first_does_not_have(story: Stories) -> None:
    bullets = candidates(story(), source_names={SourceId(1): "The Pilot", SourceId(2): "The Gull"})
    assert {bullet.source_name for bullet in bullets} == {"The Pilot", "The Gull"}
    assert any(bullet.text.startswith("Trains to the harbour station") for bullet in bullets)


def test_a_source_without_a_name_is_called_by_its_site(story: Stories) -> None:
    assert candidates(story())[0].source_name == "Paper 1"


def test_what_was_told_is_not_told_again(story: Stories) -> None:
    first = candidates(story())
    again = candidates(story(), told=texts(first[:2]))
    assert again
    assert not set(texts(first[:2])) & set(texts(again))


def test_questions_quotations_credits_and_promotions_are_no_bullets(story: Stories) -> None:
    told = " ".join(texts(candidates(story())))
    assert not any(phrase in told for phrase in ("?", "black day", "Photo", "newsletter"))


def test_an_item_of_a_numbered_list_is_no_bullet(story: Stories, article: Articles) -> None:
    item = "Comprehensive plans for the old harbour of Port Ellery and its cranes."
    assert candidates(story(article(f"1. {item}"))) == ()


def test_a_sentence_whose_however_stands_inside_leans_too() -> None:
    assert leanings("The old ferry, however, will go on running.", "en") == (False, True)
    assert leanings("At that time the harbour was busy.", "en") == (False, True)
    assert leanings("That ferry will go on running.", "en") == (True, False)
    assert leanings("The ferry, which is old, will go on running, however long it takes.", "en") == (False, False)
    assert leanings("At noon the harbour was busy.", "en") == (False, False)


@pytest.mark.parametrize(
    ("language", "text", "leans"),
    [
        ("en", "Despite that, the harbour was busy.", True),
        ("en", "In this week of storms the harbour was busy.", False),
        ("fr", "Dans ce domaine, le port devance tous ses rivaux.", True),
        ("fr", "Depuis cette semaine, le port ne dort plus.", False),
        ("de", "In diesem Fall zahlt der Hafen die Rechnung.", True),
        ("de", "In dieser Woche zahlt der Hafen die Rechnung.", False),
        ("es", "En ese caso, el puerto paga la cuenta.", True),
        ("es", "En este mes el puerto paga la cuenta.", False),
    ],
)
def test_a_preposition_with_what_another_sentence_named_leans(language: str, text: str, leans: bool) -> None:  # noqa: FBT001 - the expected value
    assert leanings(text, language) == (False, leans)


@pytest.mark.parametrize("credit", ["(Image: Nell Tarrant)", "[Photo by Nell Tarrant / Agency]", "(Foto: N. Tarrant)"])
def test_a_caption_is_no_bullet_though_its_credit_would_be_cut(credit: str, story: Stories, article: Articles) -> None:
    caption = f"Dockers stand at the gate of the old harbour of Port Ellery on Friday morning {credit}."
    assert texts(candidates(story(article(caption)))) == []
    assert len(texts(candidates(story(article(caption.replace(f" {credit}", "")))))) == 1


def test_the_lead_speaks_first_however_sure_another_paper_is(story: Stories, article: Articles) -> None:
    mild, sure = article(), article(RIVAL, source=2)
    surer = tuple(dataclasses.replace(each, score=each.score + 100) for each in score(sure))
    first = candidates(story(mild, sure), scores={sure.id: surer})[0]
    assert first.article_id == mild.id


def test_two_papers_tell_one_fact_once(story: Stories, article: Articles) -> None:
    one = article("The ward at Port Ellery shut in May 2025 for want of midwives, to the town's dismay.")
    other = article("The ward shut its doors in May 2025 because the trust could find no midwives.", source=2)
    assert len(candidates(story(one, other))) == 1


@pytest.mark.parametrize(
    ("language", "text", "leans"),
    [
        ("en", "“The harbour is lost,” she said on Monday in Tarrow.", True),
        ("en", "“The harbour is lost,” said Nell Tarrant, who knows it well.", False),
        ("fr", "« Le port est perdu », raconte-t-elle à Tarreau.", True),
        ("de", "„Der Hafen ist verloren“, sagte er am Montag in Tarrau.", True),
        ("de", "„Der Hafen ist verloren“, heißt es in dem Bericht der Stadt.", False),
    ],
)
def test_a_quotation_that_a_pronoun_speaks_leans(language: str, text: str, leans: bool) -> None:  # noqa: FBT001 - the expected value
    assert read(text, "", language).sentences[0].leans is leans


def test_a_sentence_that_leans_comes_only_behind_the_one_it_leans_on(story: Stories, article: Articles) -> None:
    one = story(article())
    bullets = texts(candidates(one, model=dataclasses.replace(shipped(), redundancy=0.0)))
    if "They were told by letter on Friday morning." in bullets:
        at = bullets.index("They were told by letter on Friday morning.")
        assert "Some 320 dockers will lose their jobs." in bullets[:at]
    alone = story(article("Some men came? They were told by letter on Friday morning."))
    assert candidates(alone) == ()


def test_a_connective_is_cut_and_the_cut_is_noted(story: Stories, article: Articles) -> None:
    ferry = next(b for b in candidates(story(article())) if "ferry" in b.text)
    assert ferry.text.startswith("the ferry to the islands")
    assert (ferry.cut_start, ferry.cut_end) == (True, False)


def test_an_article_without_a_sentence_worth_telling_gives_nothing(story: Stories, article: Articles) -> None:
    assert candidates(story(article(""))) == ()
    assert candidates(story(article("Photo: X\n\nWhy?"))) == ()


def test_stored_scores_decide_as_computed_ones_do(story: Stories) -> None:
    told = story()
    stored = {article.id: score(article) for article in told.articles}
    assert texts(candidates(told, scores=stored)) == texts(candidates(told))
    turned = {
        key: tuple(dataclasses.replace(sentence, score=-sentence.score) for sentence in scored)
        for key, scored in stored.items()
    }
    assert texts(candidates(told, scores=turned)) != texts(candidates(told))


def test_other_weights_choose_other_bullets(story: Stories) -> None:
    model = shipped()
    backwards = dataclasses.replace(model, trees=dataclasses.replace(model.trees, value=-model.trees.value))
    assert texts(candidates(story(), model=backwards)) != texts(candidates(story()))


def test_the_first_choices_do_not_depend_on_how_many_are_taken(story: Stories) -> None:
    assert texts(candidates(story())) == texts(candidates(story()))
    assert len(set(texts(candidates(story())))) == len(candidates(story()))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "de",
            "Der Rat schließt den Hafen am 3. Oktober für immer. Das Gelände kauft eine Baufirma für neun Millionen.",
            2,
        ),
        ("ja", "市は老朽化した橋を来月から閉鎖すると発表した。再開の時期は決まっていない。", 2),
        (
            "ur",
            "شہر کا پرانا پل مرمت کے لیے پیر سے بند ہے۔ لوگ اب دریا کے پار جانے کے لیے کشتی استعمال کریں گے۔",
            2,
        ),
        ("am", "የከተማዋ አሮጌ ድልድይ ከሰኞ ጀምሮ ለጥገና ተዘግቷል። ነዋሪዎች ወንዙን ለመሻገር ከአሁን በኋላ ጀልባ ይጠቀማሉ።", 2),
        ("am", "የከተማዋ አሮጌ ድልድይ ከሰኞ ጀምሮ ለጥገና ተዘግቷል፡፡ ነዋሪዎች ወንዙን ለመሻገር ከአሁን በኋላ ጀልባ ይጠቀማሉ፡፡", 2),
        ("my", "မြို့၏ တံတားဟောင်းကို တနင်္လာနေ့မှစ၍ ပြုပြင်ရန် ပိတ်ထားသည်။ ပြည်သူများသည် မြစ်ကို လှေဖြင့် ကူးရမည်။", 2),
        ("km", "ស្ពានចាស់របស់ទីក្រុងត្រូវបានបិទចាប់ពីថ្ងៃចន្ទដើម្បីជួសជុល។ ប្រជាជនត្រូវប្រើទូកដើម្បីឆ្លងកាត់ទន្លេចាប់ពីពេលនេះ។", 2),
        (
            "th",
            "สะพานเก่าของเมืองถูกปิดตั้งแต่วันจันทร์เพื่อซ่อมแซมเสาที่ทรุดตัวลง ชาวเมืองต้องนั่งเรือข้ามแม่น้ำไปทำงานทุกเช้าจนถึงสิ้นเดือนหน้า",
            2,
        ),
        ("bo", "གྲོང་ཁྱེར་གྱི་ཟམ་པ་རྙིང་པ་དེ་གཟའ་ཟླ་བ་ནས་ཉམས་གསོའི་ཆེད་དུ་བཀག་པ་རེད། མི་མང་གིས་གྲུ་གཟིངས་བེད་སྤྱད་དེ་གཙང་པོ་བརྒལ་དགོས་པ་རེད།", 2),
        ("und", "Ena dva tri štiri pet šest sedem. Osem devet deset enajst dvanajst trinajst.", 2),
    ],
)
def test_other_languages_get_bullets_too(
    story: Stories, article: Articles, language: str, text: str, expected: int
) -> None:
    assert len(candidates(story(article(text, title="", language=language)))) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            '"We will not pay the bill of the builder. The mayor took his money for years. We leave now," she said.',
        ),
        (
            "de",
            "»Wir zahlen die Rechnung nicht. Der Bürgermeister nahm jahrelang Geld vom Bauherrn. Wir gehen«, rief er.",
        ),
        ("sv", "– Vi betalar inte. Borgmästaren har i flera år tagit emot pengar av byggherren. Nu går vi, säger Ek."),
    ],
)
def test_the_middle_of_a_quotation_is_not_told_as_the_paper_s_own_word(
    story: Stories, article: Articles, language: str, text: str
) -> None:
    assert candidates(story(article(text, title="", language=language))) == ()


def test_the_room_needs_no_library_but_numpy() -> None:
    code = (
        "import sys, digest.summarise.bullets; print(*(each in sys.modules for each in ('lightgbm', 'torch', 'scipy')))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert run.stdout.split() == ["False", "False", "False"]


# ruff: noqa: RUF001 - the stops and dashes of many scripts are the point


EVENTS = (
    "The mayor of {0} opened the new bridge over the river on Monday morning.",
    "Farmers near {0} lost half of their potatoes after the long dry summer.",
    "A bakery in {0} will pay its apprentices four hundred pounds more a month.",
    "Two swimmers from {0} won medals at the championship in the northern lakes.",
    "The hospital in {0} will close its old kitchen and buy meals from outside.",
    "Police in {0} found eleven stolen bicycles behind the railway station.",
    "A storm tore the roof from the school in {0} during the night.",
    "The museum of {0} bought a lost map at an auction in the capital.",
    "Bus drivers in {0} voted for a strike on the last weekend of May.",
)


def test_a_story_offers_six_bullets_at_most(story: Stories, article: Articles) -> None:
    assert len(candidates(story(article(" ".join(event.format("Carrick") for event in EVENTS))))) == 6


def test_six_articles_of_a_story_are_read(story: Stories, article: Articles) -> None:
    towns = ("Carrick", "Ulm", "Graz", "Selby", "Tarrow", "Lindau", "Brannoch")
    papers = [article(EVENTS[n].format(town), source=n) for n, town in enumerate(towns)]
    told = " ".join(texts(candidates(story(*papers))))
    assert "Lindau" in told
    assert "Brannoch" not in told


def test_what_announces_a_passed_day_comes_last_however_the_scores_lie(story: Stories, article: Articles) -> None:
    passed = "The mayor of Carrick will open the new bridge over the river on Thursday."
    one = article(" ".join((passed, *(event.format("Carrick") for event in EVENTS[1:4]))))
    starts = [0, *(one.text.index(event.format("Carrick")) for event in EVENTS[1:4])]
    worth = zip(starts, (0.9, 0.5, 0.4, 0.35), strict=True)
    scores = {one.id: tuple(ScoredSentence(start=start, end=start + 9, score=value) for start, value in worth)}
    assert texts(candidates(story(one), scores=scores))[0] == passed
    read = (one.published or one.first_seen).date() + timedelta(days=5)
    later = texts(candidates(story(one), scores=scores, day=ReadingDay(read, ZoneInfo("UTC"))))
    assert len(later) == 4
    assert later[-1] == passed


@pytest.mark.parametrize(
    ("told", "again"), [("Mayor bridge river tulips violins", False), ("Mayor bridge canal tulips violins", True)]
)
def test_what_has_three_fifths_of_a_told_bullets_words_is_not_told_again(
    story: Stories, article: Articles, told: str, *, again: bool
) -> None:
    bridge = "The mayor of Carrick opened the new bridge over the river on Monday morning."
    bakery = "A bakery in Graz will pay its apprentices four hundred pounds more a month."
    found = texts(candidates(story(article(f"{bridge} {bakery}", title="Zorbit")), told=[told]))
    assert bakery in found
    assert (bridge in found) is again
