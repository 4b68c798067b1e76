"""How much an article matters by itself: hard news above advice, in every language of the letters, and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec import structs

from digest.model.article import Article
from digest.model.kind import AFTER_NEWS, TextKind
from digest.model.story import Story
from digest.rank.lead import in_order
from digest.rank.score import rank
from digest.rank.value import NewsValue, news_value
from digest.settings import RankSettings

Make = Callable[..., Any]
Texts = dict[str, tuple[str, str]]

NEWS: Texts = {
    "en": (
        "Eleven dead after ferry sinks off Port Vell",
        (
            "Eleven people died and dozens were missing after a ferry sank off Port Vell on Tuesday, police "
            "said. The prime minister ordered an investigation and the government declared three days of "
            "mourning. Rescue teams searched for survivors through the night, a spokesman for the coast guard "
            "said."
        ),
    ),
    "de": (
        "Elf Tote nach Untergang einer Fähre vor Hafenstadt",
        (
            "Elf Menschen sind am Dienstag beim Untergang einer Fähre gestorben, Dutzende werden vermisst. "
            "Das teilte die Polizei mit. Die Regierung kündigte eine Untersuchung an, der Ministerpräsident "
            "sprach von einer Katastrophe. Die Staatsanwaltschaft ermittelt, sagte ein Sprecher."
        ),
    ),
    "fr": (
        "Onze morts dans le naufrage d'un ferry",
        (
            "Onze personnes sont mortes mardi dans le naufrage d'un ferry, a annoncé la police. Le "
            "gouvernement a ouvert une enquête et le Premier ministre a déclaré trois jours de deuil. Des "
            "dizaines de passagers restent disparus, selon un porte-parole de la préfecture. La justice a été "
            "saisie."
        ),
    ),
    "es": (
        "Once muertos al hundirse un transbordador",
        (
            "Once personas murieron el martes al hundirse un transbordador, informó la policía. El gobierno "
            "anunció una investigación y el presidente declaró tres días de luto. Decenas de pasajeros siguen "
            "desaparecidos, dijo un portavoz de la guardia costera. La fiscalía abrió una causa."
        ),
    ),
    "ru": (
        "Одиннадцать человек погибли при крушении парома",
        (
            "Одиннадцать человек погибли во вторник при крушении парома, сообщила полиция. Правительство "
            "начало расследование, премьер-министр объявил траур. Десятки пассажиров пропали без вести, "
            "заявил представитель министерства. Прокуратура возбудила уголовное дело."
        ),
    ),
    "ar": (
        "مقتل أحد عشر شخصا في غرق عبارة",
        (
            "قتل أحد عشر شخصا يوم الثلاثاء في غرق عبارة، حسبما أعلنت الشرطة. وأمر رئيس الوزراء بفتح تحقيق "
            "وأعلنت الحكومة الحداد ثلاثة أيام. ولا يزال عشرات الركاب في عداد المفقودين، وفق ما قال متحدث باسم "
            "الوزارة."
        ),
    ),
}
ADVICE: Texts = {
    "en": (
        "How to bake bread that your guests will love",
        (
            "You need flour, butter and a hot oven. If your dough is too wet, add more flour. Let it rest "
            "while you clean your kitchen. You can freeze the bread and enjoy it for weeks. Our best tip: use "
            "your hands, and taste the dough. What will you serve with it? Try soup, cheese or wine."
        ),
    ),
    "de": (
        "So backst du das beste Brot: unsere Tipps",
        (
            "Du brauchst Mehl, Butter und einen heißen Ofen. Wenn dein Teig zu nass ist, gib mehr Mehl dazu. "
            "Lass ihn ruhen, während du deine Küche putzt. Unser Rezept gelingt dir leicht. Was kochst du "
            "dazu? Probiere eine Suppe und einen guten Wein."
        ),
    ),
    "fr": (
        "Comment faire votre pain : nos meilleurs conseils",
        (
            "Vous avez besoin de farine, de beurre et d'un four chaud. Si votre pâte est trop humide, ajoutez "
            "de la farine. Notre recette est facile et vous allez l'adorer. Que servir avec votre pain ? Une "
            "soupe, un dessert ou un verre de vin dans votre jardin."
        ),
    ),
    "es": (
        "Cómo hornear tu mejor pan: trucos y consejos",
        (
            "Necesitas harina, mantequilla y un horno caliente. Si tu masa está húmeda, añade más harina. "
            "Nuestra receta es fácil y te va a encantar. ¿Qué plato prefieres con tu pan? Prueba una sopa, un "
            "postre y un vino en tu jardín."
        ),
    ),
    "ru": (
        "Как испечь лучший хлеб: рецепт и советы",
        (
            "Вам нужны мука, масло и горячая духовка. Если ваше тесто слишком жидкое, добавьте муки. Наш "
            "рецепт простой, и вам понравится вкус. Что вы готовите к хлебу? Попробуйте блюдо и кофе в нашем "
            "доме."
        ),
    ),
    "ar": (
        "كيف تخبز أفضل خبز: نصائح ووصفة لذيذة",
        (
            "تحتاج إلى طحين وزبدة وفرن ساخن. إذا كانت عجينتك رطبة فأضف الطحين. وصفة لذيذة وسهلة لك في مطبخك. "
            "ماذا تقدم مع الخبز؟ جرب طبق الحلوى مع القهوة في حديقتك."
        ),
    ),
}
LANGUAGES = tuple(NEWS)


def told(article: Make, number: int, texts: Texts, language: str = "en", **changes: Any) -> Article:
    title, text = texts[language]
    written: Article = article(number, title=title, text=text, language=language, **changes)
    return written


@pytest.mark.parametrize("language", LANGUAGES)
def test_many_dead_matter_more_than_a_recipe_in_every_language(article: Make, language: str) -> None:
    news, advice = (news_value(told(article, n, texts, language)) for n, texts in enumerate((NEWS, ADVICE)))
    assert news.importance > advice.importance + 0.8
    assert news.no_news < 0.25 < advice.no_news
    assert advice.news < 0.25 < news.news


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_alone_are_told_apart_too(article: Make, language: str) -> None:
    news, advice = (
        news_value(article(n, title=texts[language][0], text="", language=language)).importance
        for n, texts in enumerate((NEWS, ADVICE))
    )
    assert news > advice + 0.3


def test_a_language_without_a_table_is_read_with_all_tables(article: Make) -> None:
    news, advice = (news_value(replaced(article, texts)).importance for texts in (NEWS, ADVICE))
    assert news > advice + 0.5


def replaced(article: Make, texts: Texts) -> Article:
    title, text = texts["es"]
    written: Article = article(1, title=title, text=text, language="und")
    return written


def test_the_parts_of_a_value_add_up_and_the_weightiest_come_first(article: Make) -> None:
    value = news_value(told(article, 1, NEWS))
    weights = [abs(points) for _, points in value.parts]
    assert value.importance == pytest.approx(sum(points for _, points in value.parts))
    assert weights == sorted(weights, reverse=True)
    assert len({name for name, _ in value.parts}) == len(value.parts)


def test_a_value_says_its_kind_its_sum_and_the_rest_of_its_parts() -> None:
    parts = (("death", 0.5), ("any article", 0.4), ("state", 0.3), ("day", 0.2), ("crime", 0.1), ("tech", -0.05))
    value = NewsValue(kind=TextKind.NEWS, parts=parts, no_news=0.1, news=0.9)
    assert str(value) == (
        "news, 1.45 of 3: death +0.50, any article +0.40, state +0.30, day +0.20, crime +0.10, the rest -0.05"
    )


def ranked(groups: list[list[Article]], source: Make, now: Any, **changes: float) -> tuple[Story, ...]:
    sources = {a.source_id: source(a.source_id) for articles in groups for a in articles}
    return rank(groups, sources, structs.replace(RankSettings(), **changes), now)


def test_of_two_stories_of_one_outlet_the_more_important_stands_first(article: Make, source: Make, now: Any) -> None:
    news, advice = told(article, 1, NEWS, hours=9, position=8), told(article, 2, ADVICE, hours=1, position=0)
    stories = ranked([[advice], [news]], source, now)
    assert [story.articles[0] for story in stories] == [news, advice]
    unweighed = ranked([[advice], [news]], source, now, news_value=0.0, after_news=0.0)
    assert unweighed[0].articles[0] is advice


def test_the_news_value_is_a_part_of_the_score_with_its_reasons(article: Make, source: Make, now: Any) -> None:
    (story,) = ranked([[told(article, 1, NEWS)]], source, now)
    factor = next(factor for factor in story.factors if factor.name == "news value")
    assert factor.value <= 0
    assert factor.note.startswith("news, ")
    assert "of 3: " in factor.note
    assert story.score == pytest.approx(sum(factor.value for factor in story.factors))


def test_it_weighs_less_where_independent_outlets_agree(article: Make, source: Make, now: Any) -> None:
    title, text = ADVICE["en"]
    many = [article(n, title=title, text=f"{text} Paper {n} {'says so itself. ' * 40}") for n in range(8)]
    own = [article(n, title=title, text="") for n in range(8)]
    lost = [
        next(factor for factor in ranked([group], source, now)[0].factors if factor.name == "news value")
        for group in (own[:1], own)
    ]
    assert lost[1].value == pytest.approx(lost[0].value / 2)
    assert "counted 50%, as outlets agree" in lost[1].note
    copies = next(f for f in ranked([many[:1] * 1], source, now)[0].factors if f.name == "news value")
    assert "agree" not in copies.note


def test_what_is_no_news_loses_points_unless_one_of_its_articles_is_news(article: Make, source: Make, now: Any) -> None:
    column = article(1, title="Opinion | The ferry was never safe", text=NEWS["en"][1])
    report = told(article, 2, NEWS)
    alone, both = ranked([[column]], source, now)[0], ranked([[column, report]], source, now)[0]
    assert (alone.kind, both.kind) == (TextKind.OPINION, TextKind.NEWS)
    assert (alone.news, both.news) == (news_value(column).news, news_value(report).news)
    lost = {story.kind: f for story in (alone, both) for f in story.factors if f.name == "kind"}
    assert lost[TextKind.OPINION].value == -RankSettings().after_news
    assert lost[TextKind.OPINION].note == "opinion"
    assert lost[TextKind.NEWS].value == 0


def test_a_report_leads_a_story_before_a_longer_opinion(article: Make) -> None:
    report = told(article, 1, NEWS, word_count=60)
    column = article(2, title="Opinion | The ferry was never safe", text=NEWS["en"][1], word_count=900)
    kinds = {column.id: TextKind.OPINION, report.id: TextKind.NEWS}
    assert in_order([column, report], {}, "en", kinds)[0] is report


def test_every_kind_that_never_leads_is_known() -> None:
    assert {kind.value for kind in AFTER_NEWS} == {"opinion", "guide", "review", "list", "promo"}
