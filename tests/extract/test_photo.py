"""The picture of an article is its photo, and not the badge that its site shows on every page."""

from __future__ import annotations

import pytest

from digest.extract.photo import address_of, is_badge, logos, photo


@pytest.mark.parametrize(
    "name",
    [
        "logo.png",
        "paper-logo-1200x630.png",
        "logo_social.jpg",
        "default-share.jpg",
        "og-default.png",
        "social-share.png",
        "jane-avatar.jpg",
        "placeholder.jpg",
        "no-image.png",
        "favicon-196.png",
        "fallback_image.webp",
        "paper.svg",
        "social-card.png",
        "masthead.png",
        "og-image_2.png",
        "Logo.PNG",
    ],
)
def test_a_badge_is_known_by_its_name(name: str) -> None:
    assert is_badge(f"https://paper.example/assets/{name}")


@pytest.mark.parametrize(
    "name",
    ["quay.jpg", "logos/quay.jpg", "the-logo-of-the-bank-outside-its-tower.jpg", "logotherapy.jpg", "catalogo.jpg",
     "1a2b3c", "image-12.jpg", "og-image.jpg", "assets/quay-77/social.jpg", "pixel-art-on-the-pier.jpg"],
)  # fmt: skip
def test_a_photo_is_none(name: str) -> None:
    assert not is_badge(f"https://paper.example/{name}")


def test_the_next_picture_serves_where_the_first_is_the_logo() -> None:
    nodes: list[dict[str, object]] = [
        {"logo": {"url": "/a"}},
        {"publisher": {"logo": "/b"}},
        {"publisher": "Paper"},
    ]
    site = logos(nodes)
    assert site == {"/a", "/b"}
    assert photo(["", "/a", "/b", "/quay.jpg"], site) == "/quay.jpg"
    assert photo(["/a"], site) == ""


def test_a_picture_in_json_ld_has_its_address_in_many_forms() -> None:
    forms: list[object] = [
        "/q.jpg",
        {"url": "/q.jpg"},
        {"contentUrl": "/q.jpg"},
        {"@id": "/q.jpg"},
        ["/q.jpg", "/r.jpg"],
    ]
    assert {address_of(form) for form in forms} == {"/q.jpg"}
    nothing: list[object] = [None, 7, [], {}]
    assert {address_of(form) for form in nothing} == {""}
