from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from digest.demo.pages import article_page
from digest.demo.press import Access, BlockKind, FeedFormat, Paper, PressArticle, PressBlock, load_press

PAPERS = {paper.feed_format: paper for paper in load_press()}
GAZETTE, COURIER, RECORD = PAPERS[FeedFormat.RSS], PAPERS[FeedFormat.ATOM], PAPERS[FeedFormat.JSON]
PRINTED = [(paper, article) for paper in PAPERS.values() for article in paper.articles]
VISIBLE = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1)
MARKUP = st.sampled_from(["<b>bold</b>", "</script><i>out</i>", '"><img>', "&amp;", "]]>", "$title", "<!--"])


def page(paper: Paper, slug: str) -> str:
    return article_page(paper, paper.by_slug(slug)).decode()


@pytest.mark.parametrize(("paper", "article"), PRINTED, ids=lambda value: getattr(value, "slug", None))
def test_a_page_holds_its_title_once_and_all_of_its_paragraphs(paper: Paper, article: PressArticle) -> None:
    tree = html.document_fromstring(article_page(paper, article).decode())
    assert [heading.text_content() for heading in tree.iter("h1")] == [article.title]
    shown = " ".join(tree.text_content().split())
    assert all(block.text in shown for block in article.blocks if block.kind is not BlockKind.MORE)


@pytest.mark.parametrize(("paper", "article"), PRINTED, ids=lambda value: getattr(value, "slug", None))
def test_a_page_links_only_to_what_was_printed_before_it(paper: Paper, article: PressArticle) -> None:
    tree = html.document_fromstring(article_page(paper, article).decode())
    linked = {link for _, _, link, _ in tree.iterlinks()}
    later = {other.path for other in paper.articles if other.published > article.published}
    assert not linked & later


def test_the_gazette_glues_its_credits_to_captions_and_says_what_it_is_in_json_ld() -> None:
    text = page(GAZETTE, "tidal-barrier-approved")
    assert (
        "<p>Councillors file back into the chamber at County Hall on Tuesday.TESS CORRIGAN / Harbour Gazette</p>"
        in text
    )
    facts = json.loads(html.document_fromstring(text).xpath("string(//script[@type='application/ld+json'])"))
    assert facts["headline"] == "Port Sennet tidal barrier wins council vote after six-hour debate"
    assert facts["datePublished"] == "2026-10-13T22:15:00+01:00"
    assert facts["isAccessibleForFree"] is True
    assert "og:" not in text


def test_the_courier_says_what_it_is_in_open_graph_and_the_record_in_nothing_but_its_heading() -> None:
    courier, record = page(COURIER, "barrier-vote-valley"), page(RECORD, "barrier-gets-go-ahead")
    assert '<meta property="og:title" content="County backs £48.6m sea gate' in courier
    assert "ld+json" not in courier
    assert "ld+json" not in record
    assert "<meta property" not in record
    assert "Harbour barrier" not in record.split("</head>")[0]


@pytest.mark.parametrize(
    ("paper", "slug", "dirt"),
    [
        (GAZETTE, "tidal-barrier-approved", "Read more: <a"),
        (GAZETTE, "tidal-barrier-approved", "Sign up today."),
        (GAZETTE, "tidal-barrier-approved", "Accept all"),
        (GAZETTE, "tidal-barrier-approved", "Give a comment"),
        (GAZETTE, "tidal-barrier-approved", "Cooper&#x27;s Row has waited"),
        (COURIER, "barrier-vote-valley", "Picture: Rob Tindall"),
        (COURIER, "hospice-trial-jury-out", "READ MORE: <a"),
        (COURIER, "barrier-vote-valley", "Never miss a story from the valley"),
        (COURIER, "barrier-vote-valley", "This website uses cookies"),
        (COURIER, "barrier-vote-valley", "Mill Lane Resident says:"),
        (RECORD, "thornhithe-school", "(Image: Gwen Tallack)"),
        (RECORD, "gale-warning", "Sign up for our free email alerts"),
        (RECORD, "thornhithe-school", "Click here to comment on this story"),
        (RECORD, "thornhithe-school", "By Gwen Tallack"),
        (RECORD, "thornhithe-school", "use of cookies"),
    ],
)
def test_the_dirt_of_real_pages_is_there(paper: Paper, slug: str, dirt: str) -> None:
    assert dirt in page(paper, slug)


def test_a_paywalled_page_gives_two_sentences_and_says_so_to_machines() -> None:
    (stub,) = (article for article in GAZETTE.articles if article.access is Access.PAYWALLED)
    text = page(GAZETTE, stub.slug)
    assert '"isAccessibleForFree": false' in text
    assert "This article is for subscribers." in text
    assert sum(block.text.count(". ") + 1 for block in stub.blocks) == 2


@settings(deadline=None)  # a busy machine is no defect
@given(words=st.lists(VISIBLE | MARKUP, min_size=1).map("".join), form=st.sampled_from(FeedFormat))
def test_nothing_that_an_article_says_becomes_markup(words: str, form: FeedFormat) -> None:
    paper = PAPERS[form]
    plain = article_page(paper, _article(paper, "x"))
    tree = html.document_fromstring(article_page(paper, _article(paper, words)).decode())
    assert tree.xpath("string(//h1)") == words
    assert _tags(tree) == _tags(html.document_fromstring(plain.decode()))


def _article(paper: Paper, words: str) -> PressArticle:
    block = PressBlock(kind=BlockKind.PARAGRAPH, text=words)
    return replace(paper.articles[-1], title=words, summary=words, author=words, blocks=(block,), comments=())


def _tags(tree: html.HtmlElement) -> list[str]:
    return [str(element.tag) for element in tree.iter()]
