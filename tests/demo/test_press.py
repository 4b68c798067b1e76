from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from string import Template

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.demo.press import (
    ZONE,
    Access,
    BlockKind,
    FeedFormat,
    Paper,
    PressArticle,
    PressBlock,
    load_press,
    parse_article,
)

MORNING = datetime(2026, 10, 14, 5, 40, tzinfo=ZONE)
EVENING = datetime(2026, 10, 14, 16, 40, tzinfo=ZONE)
PATH = Template("/$section/$date/$slug.html")
FRONT = """+++
title = "A title"
summary = "A summary."
author = "A. Writer"
section = "News"
published = 2026-10-14T05:00:00+01:00
+++
"""


@pytest.fixture(scope="module")
def papers() -> tuple[Paper, ...]:
    return load_press()


def words_of(article: PressArticle) -> str:
    return "\n\n".join(block.text for block in article.blocks if block.kind is BlockKind.PARAGRAPH)


def test_three_papers_list_their_articles_in_three_formats(papers: tuple[Paper, ...]) -> None:
    assert {paper.feed_format for paper in papers} == set(FeedFormat)
    assert len({paper.host for paper in papers}) == 3


def test_every_invented_host_ends_in_example(papers: tuple[Paper, ...]) -> None:
    assert all(paper.host.endswith(".example") for paper in papers)


def test_a_paper_with_a_name_that_could_be_real_is_refused() -> None:
    with pytest.raises(ValueError, match=r"news\.test"):
        Paper(
            key="news",
            name="News",
            host="news.test",
            strapline="",
            feed_format=FeedFormat.RSS,
            feed_path="/feed",
            robots="",
            layout="",
            fragments={},
            articles=(),
        )


def test_the_morning_has_its_stories_and_the_evening_adds_to_them(papers: tuple[Paper, ...]) -> None:
    morning = {article.slug for paper in papers for article in paper.published_by(MORNING)}
    evening = {article.slug for paper in papers for article in paper.published_by(EVENING)}
    assert (len(morning), len(evening)) == (23, 38)
    assert morning < evening
    assert len(evening) == sum(len(paper.articles) for paper in papers)


def test_each_paper_prints_its_articles_newest_first_and_none_at_one_address_twice(papers: tuple[Paper, ...]) -> None:
    for paper in papers:
        assert all(newer.published >= older.published for newer, older in pairwise(paper.articles))
        assert len({article.path for article in paper.articles}) == len(paper.articles)


def test_an_article_cannot_be_seen_before_its_time(papers: tuple[Paper, ...]) -> None:
    for paper in papers:
        for article in paper.articles:
            assert (paper.at(article.path, MORNING) is article) == (article.published <= MORNING)
            assert paper.at(article.path + "?utm_source=rss", article.published) is article


def test_open_articles_are_as_long_as_a_paper_prints_them(papers: tuple[Paper, ...]) -> None:
    for paper in papers:
        for article in paper.articles:
            if article.access is Access.OPEN and article.section != "Club":
                assert 230 <= len(words_of(article).split()) <= 600, article.slug


def test_one_wire_copy_stands_word_for_word_in_two_papers(papers: tuple[Paper, ...]) -> None:
    texts = [words_of(article) for paper in papers for article in paper.articles]
    doubled = [text for text in set(texts) if texts.count(text) == 2]
    assert len(doubled) == 1
    titles = {article.title for paper in papers for article in paper.articles if words_of(article) == doubled[0]}
    assert len(titles) == 2


def test_every_hindrance_of_real_pages_is_there_once(papers: tuple[Paper, ...]) -> None:
    found = [article.access for paper in papers for article in paper.articles]
    assert (found.count(Access.PAYWALLED), found.count(Access.GONE)) == (1, 1)


def test_an_article_of_a_slug_that_a_paper_does_not_have_is_named(papers: tuple[Paper, ...]) -> None:
    with pytest.raises(KeyError, match="no-such-slug"):
        papers[0].by_slug("no-such-slug")


def test_blocks_are_told_apart_by_their_opening() -> None:
    body = "Wrapped\nparagraph.\n\n[figure] A gate. | Jo Bell\n\n[more] other-slug\n\n[promo]\n\n[heading] Next\n"
    article = parse_article("slug", FRONT + body, PATH)
    assert article.path == "/news/2026/10/14/slug.html"
    assert article.blocks == (
        PressBlock(kind=BlockKind.PARAGRAPH, text="Wrapped paragraph."),
        PressBlock(kind=BlockKind.FIGURE, text="A gate.", credit="Jo Bell"),
        PressBlock(kind=BlockKind.MORE, text="other-slug"),
        PressBlock(kind=BlockKind.PROMO),
        PressBlock(kind=BlockKind.HEADING, text="Next"),
    )


def test_a_block_of_no_known_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="advert"):
        parse_article("slug", FRONT + "[advert] Buy.", PATH)


def test_an_article_without_a_zone_is_refused() -> None:
    article = parse_article("slug", FRONT + "Text.", PATH)
    with pytest.raises(ValueError, match="aware"):
        PressArticle(
            slug=article.slug,
            title=article.title,
            summary=article.summary,
            author=article.author,
            section=article.section,
            published=datetime(2026, 10, 14, 5),  # noqa: DTZ001 - the naive value is the point
            path=article.path,
            blocks=article.blocks,
        )


@settings(deadline=None)  # a busy machine is no defect
@given(st.lists(st.text(st.characters(categories=("L", "N", "Po", "Zs")), min_size=1), min_size=1))
def test_paragraphs_are_read_back_whatever_they_say(texts: list[str]) -> None:
    paragraphs = [line for text in texts if (line := " ".join(text.split()))]
    article = parse_article("slug", FRONT + "\n\n".join(paragraphs or ["x"]), PATH)
    assert [block.text for block in article.blocks] == (paragraphs or ["x"])
