"""The caption below the article's picture, and who made the picture."""

from __future__ import annotations

import pytest
from lxml import html

from digest.extract.credits import bare_credit, parted
from digest.extract.figures import Figure, figure_of
from digest.extract.picture_names import same_picture

PICTURE = "https://img.harbour-courier.example/2026/11/ferry-pier.jpg"


def found(markup: str, picture: str = PICTURE) -> Figure | None:
    return figure_of(html.document_fromstring(f"<html><body>{markup}</body></html>"), picture)


def below(figcaption: str) -> tuple[str, str]:
    figure = found(f"<figure><img src='{PICTURE}' alt='A pier'>{figcaption}</figure>")
    return (figure.caption, figure.credit) if figure else ("", "")


@pytest.mark.parametrize(
    ("written", "caption", "credit"),
    [
        ("The ferry at the pier on Monday. Photo: Jane Doe/HC", "The ferry at the pier on Monday.", "Jane Doe/HC"),
        ("The ferry at the pier (Photo by Jane Doe)", "The ferry at the pier", "Jane Doe"),
        ("The ferry at the pier. Photograph: Jane Doe/The Courier", "The ferry at the pier.", "Jane Doe/The Courier"),
        ("The ferry at the pier. (AP Photo/Jane Doe)", "The ferry at the pier.", "AP Photo/Jane Doe"),
        ("The ferry at the pier. Credit: Jane Doe", "The ferry at the pier.", "Jane Doe"),
        ("The ferry at the pier. Image courtesy of the harbour office", "The ferry at the pier.", "the harbour office"),
        ("The ferry at the pier. © 2026 Jane Doe", "The ferry at the pier.", "Jane Doe"),
        ("The ferry at the pier | Jane Doe / AFP", "The ferry at the pier", "Jane Doe / AFP"),
        ("The ferry at the pier. [Jane Doe/Reuters]", "The ferry at the pier.", "Jane Doe/Reuters"),
        ("The ferry. Jane Doe/AFP via Getty Images", "The ferry.", "Jane Doe/AFP via Getty Images"),
        ("The ferry at the pier / Jane Doe", "The ferry at the pier", "Jane Doe"),
        ("Die Fähre legt ab. Foto: Max Huber (Keystone)", "Die Fähre legt ab.", "Max Huber (Keystone)"),
        ("Max Huber (l) und Udo Kern. © Eva Ott/Presse/dpa", "Max Huber (l) und Udo Kern.", "Eva Ott/Presse/dpa"),
        ("Photo: Jane Doe", "", "Jane Doe"),
        ("De veerboot vertrekt. Foto Jan Smit / ANP", "De veerboot vertrekt.", "Jan Smit / ANP"),
        ("Image caption, The ferry at the pier. Image source, Getty Images", "The ferry at the pier.", "Getty Images"),
        ("船が出る。写真\uff1a海運社", "船が出る。", "海運社"),
        ("© Jane Doe", "", "Jane Doe"),
        ("Die Fähre legt am Montag ab. (Foto: Max Huber/dpa)", "Die Fähre legt am Montag ab.", "Max Huber/dpa"),
        ("Die Fähre legt am Montag ab. Bild: Max Huber", "Die Fähre legt am Montag ab.", "Max Huber"),
        ("Die Fähre legt ab. Quelle: dpa", "Die Fähre legt ab.", "dpa"),
        ("Die Fähre legt ab \u2013 Foto: M. Huber", "Die Fähre legt ab", "M. Huber"),
        ("Die Fähre legt ab. © dpa/Max Huber", "Die Fähre legt ab.", "dpa/Max Huber"),
        ("Die Fähre legt ab. (Symbolbild)", "Die Fähre legt ab. (Symbolbild)", ""),
        ("Le bac quitte le quai. Crédit photo : Anne Morel", "Le bac quitte le quai.", "Anne Morel"),
        ("Le bac quitte le quai. (Photo Anne Morel / AFP)", "Le bac quitte le quai.", "Anne Morel / AFP"),
        ("Le bac quitte le quai. ©\u00a0Anne Morel", "Le bac quitte le quai.", "Anne Morel"),
        ("Le bac quitte le quai. Photo d\u2019Anne Morel", "Le bac quitte le quai.", "Anne Morel"),
        ("Le bac quitte le quai. Photo : Anne Morel", "Le bac quitte le quai.", "Anne Morel"),
        ("El barco sale del muelle. Foto: Ana Ruiz / EFE", "El barco sale del muelle.", "Ana Ruiz / EFE"),
        ("El barco sale del muelle. Fotografía: Ana Ruiz", "El barco sale del muelle.", "Ana Ruiz"),
        ("El barco sale del muelle (Foto de Ana Ruiz)", "El barco sale del muelle", "Ana Ruiz"),
        ("Il traghetto lascia il molo (foto di Ugo Neri)", "Il traghetto lascia il molo", "Ugo Neri"),
        ("Il traghetto lascia il molo. Fonte: Ansa", "Il traghetto lascia il molo.", "Ansa"),
        ("De veerboot vertrekt. Foto: Jan Smit/ANP", "De veerboot vertrekt.", "Jan Smit/ANP"),
        ("O barco sai do cais. Crédito: Rui Alves", "O barco sai do cais.", "Rui Alves"),
        ("The ferry at the pier (Foto Jana Novak)", "The ferry at the pier", "Jana Novak"),
        ("The ferry. Photo: office harbour pier", "The ferry.", "office harbour pier"),
        (f"The ferry. Photo: {'Jo ' * 11}Doe", "The ferry.", f"{'Jo ' * 11}Doe"),
        (f"The ferry. Photo: J{'o' * 92}", "The ferry.", f"J{'o' * 92}"),
    ],
)  # fmt: skip
def test_a_credit_is_parted_from_its_caption(written: str, caption: str, credit: str) -> None:
    assert parted(written) == (caption, credit)


@pytest.mark.parametrize(
    "written",
    [
        "The photo: a gift from the harbour office to the town on its birthday, which nobody had asked for, and so on.",
        "Jane Doe holds a photo by her window.",
        "The ferry, built in 1962, at the pier (1998).",
        "The source of the river. It rises near Orrin.",
        "The ferry at the pier and/or the dock.",
        "Voters in Hall/Tirol on Sunday.",
        "The ferry Hessle / Orrin",
        "The line from Hessle \u2013 New Orrin",
        "Captain Jane Doe (left) and her mate (right)",
        "Das Bild zeigt die Fähre vor dem Umbau.",
        "La photo de famille des ministres, lundi.",
        "Foto de familia de los ministros, el lunes.",
        "The ferry at the pier. Foto Jana Novak",
        "The ferry at the pier (Foto Jana harbour)",
        "The ferry at the pier. Photo: office harbour pier lake",
        "The ferry at the pier. Photo by Jane harbour",
        f"The ferry at the pier. Photo: {'Jo ' * 12}Doe",
        f"The ferry at the pier. Photo: J{'o' * 93}",
        "The ferry. Sailors wave AP",
        "The ferry. Photo harbour AP",
        "The ferry leaves. It is late AP/Reuters",
    ],
)
def test_a_caption_without_a_credit_stays_whole(written: str) -> None:
    assert parted(written) == (written, "")


@pytest.mark.parametrize(
    "figcaption",
    [
        "<figcaption>The ferry at the pier. <span class='credit'>Jane Doe</span></figcaption>",
        "<figcaption><span class='image-copyright'>Photo: Jane Doe</span> The ferry at the pier.</figcaption>",
        "<figcaption><p>The ferry at the pier.</p><p class='photo__source'>© Jane Doe</p></figcaption>",
        "<figcaption>The ferry at the pier.<b itemprop='copyrightHolder'>Jane Doe</b></figcaption>",
        "<figcaption>The ferry at the pier.<cite>Jane Doe</cite></figcaption>",
        "<figcaption>The ferry at the pier.<small>Foto: Jane Doe</small></figcaption>",
        "<figcaption>The ferry at the pier.</figcaption><span class='PhotoCredit'>Jane Doe</span>",
        "<figcaption>The ferry at the pier.<i class='caption__credit'>Jane Doe</i></figcaption>",
        "<figcaption><i class='sr-only'>Text:</i>The ferry at the pier.<button/></figcaption><cite>Jane Doe</cite>",
        "<figcaption>The ferry at the pier.</figcaption><p class='byline'><b>Photo:</b> <a href='/j'>Jane Doe</a></p>",
    ],
)
def test_a_credit_in_an_element_of_its_own_is_no_part_of_the_caption(figcaption: str) -> None:
    assert below(figcaption) == ("The ferry at the pier.", "Jane Doe")


def test_the_alternative_text_is_kept_apart() -> None:
    figure = found(
        f"<figure><img src='{PICTURE}' alt='A white ship at a pier'><figcaption>Monday.</figcaption></figure>"
    )
    assert figure == Figure(caption="Monday.", credit="", alt="A white ship at a pier")


def test_a_file_s_name_is_no_alternative_text() -> None:
    figure = found(f"<figure><img src='{PICTURE}' alt='XYZ_48K2.JPG'><figcaption>Monday.</figcaption></figure>")
    assert figure == Figure(caption="Monday.")


def test_a_picture_outside_every_figure_has_no_caption() -> None:
    other = "<figure><img src='/2026/11/mayor.jpg'><figcaption>The mayor.</figcaption></figure>"
    assert found(f"<img src='{PICTURE}' alt='A pier'>{other}") is None


def test_the_caption_of_another_picture_is_not_taken() -> None:
    pair = (
        "<figure><img src='/2026/11/mayor.jpg'><figcaption>The mayor.</figcaption></figure>"
        f"<figure><picture><source srcset='{PICTURE}?w=400 400w, {PICTURE}?w=800 800w'><img src='data:x'></picture>"
        "<figcaption>The ferry.</figcaption></figure>"
    )
    figure = found(pair)
    assert figure is not None
    assert figure.caption == "The ferry."


def test_a_gallery_s_caption_is_not_that_of_one_of_its_pictures() -> None:
    gallery = (
        "<figure><figure><img src='/a/mayor.jpg'><figcaption>The mayor.</figcaption></figure>"
        f"<figure><img src='{PICTURE}'><figcaption>The ferry.</figcaption></figure>"
        "<figcaption>Pictures of the week</figcaption></figure>"
    )
    figure = found(gallery)
    assert figure is not None
    assert figure.caption == "The ferry."


def test_the_first_figure_that_says_something_is_taken() -> None:
    image = f"<img src='{PICTURE}'>"
    figure = found(f"<figure>{image}</figure><figure>{image}<figcaption>The ferry.</figcaption></figure>")
    assert figure is not None
    assert figure.caption == "The ferry."


def test_a_block_that_calls_itself_a_caption_serves_as_a_figure_does() -> None:
    text = "<p class='wp-caption-text'>The ferry. Photo: Jane Doe</p>"
    figure = found(f"<div class='wp-caption aligncenter'><img src='{PICTURE}'>{text}</div>")
    assert figure is not None
    assert (figure.caption, figure.credit) == ("The ferry.", "Jane Doe")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/i/ferry.jpg", "https://a.example/i/ferry.jpg?w=640&h=480&crop=1"),
        ("https://a.example/i/ferry.jpg", "https://cdn.a.example/other/ferry.webp"),
        ("https://a.example/i/ferry-1200x630.jpg", "https://a.example/i/ferry-scaled.jpg"),
        ("https://a.example/i/ferry_16x9.jpg", "https://a.example/i/ferry@2x.jpg"),
        ("https://a.example/i/ferry.jpg", "https://a.example/i/Ferry_1200w.jpg"),
        ("https://a.example/w_1200,h_630/ferry.jpg", "https://a.example/w_400/ferry.jpg"),
        ("https://a.example/media/8f3a2c/1200.jpg", "https://a.example/media/8f3a2c/620.jpg?q=80"),
        ("https://a.example/media/8f3a2c/master/5000.jpg", "https://a.example/media/8f3a2c/500.jpg"),
        ("https://a.example/media/8f3a2c/original.jpg", "https://a.example/media/8f3a2c/large.jpg"),
        ("https://a.example/i/ferry.jpg", "https://a.example/_next/image?url=%2Fi%2Fferry.jpg&w=640"),
        ("https://a.example/p/csm_ferry_pier_a395f41217.jpg", "https://a.example/p/csm_ferry_pier_93268333ee.jpg"),
        ("https://a.example/i/f%C3%A4hre.jpg", "https://a.example/i/fähre.jpg"),
        ("https://a.example/thumb.php?id=88213&w=600", "https://a.example/thumb.php?id=88213&w=1200"),
        ("https://a.example/i/ferry.jpg/alternates/s615/ferry.jpg", "https://a.example/i/ferry.jpg/alternates/s1200/ferry.jpg"),
    ],
)  # fmt: skip
def test_a_picture_is_the_same_in_another_size(one: str, other: str) -> None:
    assert same_picture(one, other)
    assert same_picture(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/i/ferry.jpg", "https://a.example/i/mayor.jpg"),
        ("https://a.example/i/DSC-1234.jpg", "https://a.example/i/DSC-1235.jpg"),
        ("https://a.example/g/1.jpg", "https://a.example/g/2.jpg"),
        ("https://a.example/g/8821345.jpg", "https://a.example/g/8821346.jpg"),
        ("https://a.example/media/8f3a2c/1200.jpg", "https://a.example/media/77bb01/1200.jpg"),
        ("https://a.example/a/original.jpg", "https://a.example/b/original.jpg"),
        ("https://a.example/thumb.php?id=88213", "https://a.example/thumb.php?id=99001"),
        ("https://a.example/", "https://a.example/"),
        ("", ""),
        ("data:image/gif;base64,R0l", "data:image/gif;base64,R0l"),
        ("http://[", "http://["),
    ],
)
def test_different_pictures_are_told_apart(one: str, other: str) -> None:
    assert not same_picture(one, other)


@pytest.mark.parametrize(("length", "caption"), [(60, ""), (61, f"J{'o' * 60}")])
def test_an_unsigned_text_that_its_element_calls_a_credit_is_short(length: int, caption: str) -> None:
    name = "J" + "o" * (length - 1)
    credit = "" if caption else name
    assert below(f"<figcaption><span class='credit'>{name}</span></figcaption>") == (caption, credit)


def test_one_address_of_an_image_that_names_the_picture_is_enough() -> None:
    caption = "<figcaption>The ferry at the pier.</figcaption>"
    lazy = f"<figure><img src='data:image/gif;base64,R0' data-src='{PICTURE}'>{caption}</figure>"
    figure = found(lazy)
    assert figure is not None
    assert figure.caption == "The ferry at the pier."


def test_a_caption_is_read_among_three_hundred_elements_of_its_figure() -> None:
    caption = "<figcaption>The ferry at the pier.</figcaption>"
    full, fuller = (f"<figure><img src='{PICTURE}'>{'<b></b>' * n}{caption}</figure>" for n in (298, 299))
    assert found(full) is not None
    assert found(fuller) is None


@pytest.mark.parametrize(
    ("written", "credit"),
    [
        ("(Jane Doe)", "Jane Doe"),
        ("Jane Doe (Reuters)", "Jane Doe (Reuters)"),
        ("(Jane Doe", "Jane Doe"),
        ("Jane Doe)", "Jane Doe"),
        ("[Jane Doe/", "Jane Doe"),
    ],
)
def test_a_credit_has_no_bracket_without_its_partner(written: str, credit: str) -> None:
    assert bare_credit(written) == credit
