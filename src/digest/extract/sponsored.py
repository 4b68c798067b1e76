"""Whether somebody paid for a text: as feeds and pages mark it, because laws and trade rules make them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from urllib.parse import unquote, urlsplit

from digest.extract.blocks import Block

LONGEST_LABEL = 40
"""Characters of a label beside the heading."""
RUNNING = 80
"""Characters of a block with which the text begins: a label behind that is another's."""
_BEFORE, _AFTER = 4, 5
"""Blocks around the heading in which a label is looked for."""

_PLAIN = (
    "sponsored", "ad", "advert", "advertisement", "promoted", "anzeige", "werbung", "publicité", "publicidad",
    "pubblicità", "publicidade", "advertentie", "reklama", "реклама", "إعلان", "annons", "annonse", "annonce",
    "reklame",
)  # fmt: skip
"""Labels that mark an advertisement beside a text as well as a paid text."""
_CERTAIN = (
    r"sponsored (?:content|post|story|article|feature|by\b.*)",
    r"paid (?:content|post|for by\b.*|partnership|promotion)",
    "advertorials?", r"advert(?:isement|iser|ising) (?:feature|content|promotion)", "promoted (?:content|post)",
    r"(?:partner|branded|brand|native) (?:content|post|studio)", r"in partnership with\b.*", "special promotion",
    "publi-?reportagen?", "anzeigen-?sonderveröffentlichung", "sonderveröffentlichung", "bezahlter inhalt",
    r"gesponsert(?:er beitrag|er inhalt|e inhalte)?",
    "(?:entgeltliche|bezahlte) (?:einschaltung|anzeige|partnerschaft)",
    "publi-?(?:rédactionnel|reportage|communiqué)", "(?:contenu|article) (?:sponsorisé|partenaire)",
    "(?:contenido|artículo) (?:patrocinado|de marca)", "publi-?(?:rreportaje|rredaccional)", "patrocinado",
    "(?:contenuto|articolo) (?:sponsorizzato|promozionale)", "publi-?redazionale", "informazione pubblicitaria",
    "(?:conteúdo|artigo|informe) (?:patrocinado|de marca|publicitário)", "publieditorial",
    "(?:gesponsorde?|betaalde?) (?:inhoud|content|artikel|bericht)", "partnerbijdrage", "ingezonden mededeling",
    r"(?:artykuł|materiał|treść) (?:sponsorowan[ya]|partnera|promocyjn[ya])", "на правах рекламы",
    "партнерский материал", "спонсорский материал", "(?:محتوى|مقال) (?:مدفوع|إعلاني|برعاية)", "مادة إعلانية",
    "(?:sponsrat|betalt) (?:innehåll|inlägg)", "i samarbete med .*", "annonsørinnhold", "betalt innhold",
    "(?:sponsoreret|betalt) (?:indhold|opslag)", "annoncørbetalt indhold",
)  # fmt: skip
_LABEL = re.compile(rf"\W*(?:{'|'.join((*_PLAIN, *_CERTAIN))})\W*")
_CERTAIN_LABEL = re.compile(rf"\W*(?:{'|'.join(_CERTAIN)})\W*")
_SECTIONS = re.compile(rf"(?:{'|'.join(('sponsored', 'anzeige', 'advertisement', 'promoted', *_CERTAIN))})")
_IN_TITLE = re.compile(
    rf"\W*(?:{'|'.join((*_PLAIN, *_CERTAIN))})\s*(?:[:|\]\)\u2013\u2014]|\s-\s).*"
    rf"|.*[\[(]\s*(?:{'|'.join((*_PLAIN, *_CERTAIN))})\s*[\])]\W*",
    re.DOTALL,
)
_PATHS = re.compile(
    r"/(?:sponsored|sponsored-?(?:content|posts?|stories|articles?)|advertorials?|paid-?(?:content|posts?)|paidpost"
    r"|partner-?content|brand(?:ed)?-?(?:content|studio|voice)|advertisement-?features?|promoted|publireportagen?"
    r"|anzeigen?|sonderveroeffentlichung(?:en)?|publi-?(?:redactionnel|communique|reportage|rreportaje|redazionale)s?"
    r"|contenu-?sponsorise|contenido-?patrocinado|patrocinado|conteudo-?(?:patrocinado|de-marca)|annonsorinnhold"
    r"|artykul-?sponsorowany|native-?(?:ad|content))(?:/|\Z)",
    re.IGNORECASE,
)
_LABELLING = re.compile(r"label|kicker|eyebrow|sponsor|badge|rubric|overline|dachzeile|\btag\b|disclos|advertorial")
_PAID = "AdvertiserContentArticle"


def is_paid(titles: Iterable[str], sections: Iterable[str], schema_types: Iterable[str], urls: Iterable[str]) -> bool:
    """Tell whether title, section, schema.org type or address say that a text was paid for."""
    return (
        _PAID in schema_types
        or any(_IN_TITLE.fullmatch(title.casefold()) for title in titles)
        or any(_SECTIONS.fullmatch(section.casefold().strip()) for section in sections)
        or any(_PATHS.search(unquote(urlsplit(url).path)) for url in urls)
    )


def is_labelled(blocks: Sequence[Block]) -> bool:
    """Tell whether a label around the heading says that the text was paid for.

    A bare "Advertisement" stands above banners as well: it counts where the markup calls it the text's label.
    """
    heading = next((block.index for block in blocks if block.context.tag == "h1"), None)
    if heading is None:
        return False
    below = takewhile(lambda block: len(block.text) < RUNNING, blocks[heading : heading + _AFTER + 1])
    near = (*blocks[max(0, heading - _BEFORE) : heading], *below)
    return any(_is_label(block) for block in near if len(block.text) <= LONGEST_LABEL)


def _is_label(block: Block) -> bool:
    text = block.text.casefold()
    if _CERTAIN_LABEL.fullmatch(text):
        return True
    return _LABEL.fullmatch(text) is not None and _LABELLING.search(block.context.names) is not None
