"""Vocabulary of the trade: words of the notices around an article, and names of their places in the markup.

A single word in a short line is weak evidence. Each is one observation among others (see ``evidence``) with a fitted
weight. The languages are those of the European press. For other languages, place and form decide.
"""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST_NOTICE = 400
"""Characters. Longer lines are judged by place and form, not by single words."""
SHORT_NOTICE = 150
LATEST_RIGHTS = 200
"""Characters before the words that reserve all rights."""

WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"\S@\S+\.\w|https?://|www\.|(?<!\w)@\w")

_TERMS = {
    name: frozenset(words.split())
    for name, words in {
        "credit": """getty afp reuters epa dpa imago shutterstock keystone istock unsplash alamy ansa efe scanpix
            wireimage apa upi pexels foto fotos photo photos photograph photographer photography bild image images
            picture courtesy credit illustration grafik screenshot pa ap""",
        "newsletter": """newsletter newsletters subscribe subscribed subscriber subscribers subscription signup inbox
            abonnieren abonnement abo abonnez abonner abonneren anmelden podcast podcasts download app whatsapp
            telegram suscríbete suscribete suscripción iscriviti registrieren register registrazione login premium
            epaper membership member members donate donation newsletteren nyhetsbrev""",
        "click": """click tap swipe scroll here klicken hier aquí qui ici link links follow folgen síguenos visit""",
        "comment": """comment comments kommentar kommentare kommentieren commentaire commentaires comentario
            comentarios commenti reply share teilen compartir tweet facebook twitter instagram tiktok youtube mail
            email print drucken linkedin bluesky""",
        "rights": """copyright rights reserved rechte vorbehalten droits réservés derechos reservados republish
            republished permission licence license licensed nutzungsrechte""",
        "contact": "correction corrections tip tips contact kontakt reach reached feedback",
        "desk": """reporting reported reporter editing edited editor writing writes writer contributed contributor
            contributing correspondent journalist redaktion redakteur redakteurin redactor redacción redazione
            translated author autor autorin freelance columnist professor""",
        "stamp": """published updated posted modified aktualisiert veröffentlicht stand publicado pubblicato publié
            oppdatert publisert originally appeared uhr min minutes minute minuten lesezeit read""",
        "advert": """anzeige werbung advertisement sponsored publicidad pubblicità publicité advertising affiliate
            reklame annons commission provision deal deals sale price prices buy order amazon shop""",
        "calendar": """january february march april may june july august september october november december januar
            februar märz mai juni juli oktober dezember enero febrero marzo abril mayo junio julio agosto septiembre
            octubre noviembre diciembre monday tuesday wednesday thursday friday saturday sunday montag dienstag
            mittwoch donnerstag freitag samstag sonntag""",
    }.items()
}
_CLOCK_WORDS = """published updated posted modified aktualisiert veröffentlicht stand publicado publié pubblicato at on
    am pm um uhr de gmt bst utc est edt cet cest mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep sept oct
    nov dec
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre lundi mardi mercredi jeudi
    vendredi samedi dimanche mis à jour le h
    gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre lunedì martedì mercoledì giovedì venerdì
    sabato domenica alle ore
    janeiro fevereiro março maio junho julho setembro outubro novembro dezembro segunda terça quarta quinta sexta feira
    sábado domingo às
    lunes martes miércoles jueves viernes actualizado a las
    januari februari maart mei augustus maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
    maj augusti desember mandag måndag tirsdag tisdag onsdag torsdag fredag lørdag lördag søndag söndag kl"""
_OPENINGS = {
    name: re.compile(rf"\W*(?:{'|'.join(openings)})(?!\w)")
    for name, openings in {
        "related": (
            "related", "read (?:more|also|next)", "see also", "more (?:on|from|about|in)", "also read", "lesen sie",
            "mehr (?:zum|zu|dazu|aus|über)", "lies auch", "auch interessant", "lire aussi", "à lire", "lee también",
            "leggi anche", "leia (?:mais|também)", "les også", "läs (?:mer|också)", "lees ook", "читайте",
            "recommended", "don'?t miss", "watch", "listen", "explore", "popular", "most (?:read|popular)", "trending",
            "das könnte", "zum thema", "te puede interesar", "lesetipps?", "weitere", "what to read", "up next",
            "editor.s picks?",
        ),
        "credit": (
            "photo(?:graph)?s?(?: by)?", "foto(?:s|graf)?", "images?", "pictures?", "credits?", "bild(?:er|quelle)?",
            "fotografía", "grafik", "quelle", "sources?", "video", "imagen", "immagine", "illustration", "©",
            r"\(c\)", "ảnh", "фото", "写真",
        ),
        "byline": (
            "by", "von", "par", "por", "di", "text", "af", "av", "door", "от", "interview", "protokoll", "words",
            "written by", "story by", "reporting by", "about the",
        ),
        "promo": (
            "subscribe", "sign up", "get (?:the|our|your)", "download", "join", "follow", "click", "share", "support",
            "become", "want", "enjoy", "try", "jetzt", "hier", "unser", "melden sie", "abonnieren", "start your",
            "stay",
        ),
        "note": (
            "note", "this (?:article|story|piece|post|report)", "editor.s note", "correction", "clarification",
            "update", "hinweis", "dieser", "disclaimer", "disclosure", "source", "quelle", "the post",
            "more information", "provided by", "with (?:files|reporting)", "additional",
        ),
    }.items()
}  # fmt: skip
_PLACES = {
    name: re.compile("|".join(parts.split()))
    for name, parts in {
        "caption": r"caption credit copyright photo image figure gallery slide bild media(?!tely) video player foto",
        "related": r"""related recommend more- read-?more also teaser promo recirc further popular trending most-
            latest outbrain taboola link-?list linkbox inline-?article interest suggest list-item""",
        "newsletter": r"newsletter subscri sign-?up paywall piano abo- offer cta register login premium optin",
        "author": r"author byline \bbio contributor writer autor profile",
        "social": r"share social comment follow twitter facebook discuss reply",
        "topic": r"\btags?\b tag- topic keyword breadcrumb categor label kicker eyebrow overline dachzeile",
        "stamp": r"date time publish stamp updated \bmeta\b meta- info",
        "advert": r"\bads?\b \bad- advert sponsor anzeige affiliate commerc product shop deal",
        "headline": r"headline \btitle heading -title",
        "lead": r"""lead intro summary standfirst description subtitle subhead deck \bdek excerpt teaser vorspann
            sub-?title""",
        "body": r"body content article-?text paragraph text entry story rich",
        "aside": r"""aside sidebar widget box module factbox infobox embed callout pull-?quote panel card note
            disclaimer""",
        "footer": r"foot bottom end- after correction legal source copyright",
        "hidden": r"hidden hide print modal popup overlay sr-only visually screen-reader tooltip cookie consent",
    }.items()
}

_RELATED = (
    "related|read more|see also|also read|read next|lesen sie auch|mehr dazu|lire aussi|lea también|leggi anche"
    "|leia também|les også|läs också|lees ook|читайте также"
)
_COMMENTS = "comments?|kommentare?|commenti|comentarios|commentaires"
_SHARE = "share|teilen|compartir|partager|condividi"
_ADVERTISEMENT = "advertisement|anzeige|werbung|publicidad|pubblicità|publicité|reklame|annons|annonse|sponsored"
_NOTICES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\W*(?:©|ⓒ|copyright\b|\(c\)\s).{0,200}\Z",
        r"\W*(?:additional )?(?:reporting|editing|writing) (?:and (?:reporting|editing|writing) )?by\b.{0,200}\Z",
        rf"\W*(?:{_ADVERTISEMENT})\W*\Z",
        rf"\W*(?:(?:give|leave|post|add|write|view) (?:an? |your |all )?)?(?:{_COMMENTS})[\W\d]*\Z",
        rf"\W*(?:{_SHARE})(?: (?:this|on|via|with|diesen|auf|en|sur|su)\b.{{0,60}})?\W*\Z",
        rf"\W*(?:{_RELATED})\s*[:：].{{0,200}}\Z",  # noqa: RUF001 - the colon of Japanese papers
    )
)

_RIGHTS = ("all rights reserved", "alle rechte vorbehalten", "tous droits réservés", "derechos reservados", "無断転載")
_NUMBERS = re.compile(r"\d{4}|\d{1,2}[.:]\d{2}")
_STAMP_WORDS = _TERMS["calendar"] | frozenset(_CLOCK_WORDS.split())

_LETTERS = ("newsletter", "inbox", "nyhetsbrev", "nieuwsbrief", "boletín", "infolettre", "podcast")
"""What one signs up for. They are searched as parts of words first, since that is quicker."""
_LETTER_WORDS = re.compile(rf"\b(?:{'|'.join(_LETTERS)})s?\b")
_SIGN_UP = re.compile(
    r"\b(?:sign(?:ing)? up|subscrib(?:e|ing)|abonnieren|abonnez|anmelden|registrieren|suscríb\w+|iscriviti|inscreva-se"
    r"|abonneer|tilmeld|prenumerera|delivered to your)\b"
)


def is_notice(line: str) -> bool:
    """Return whether a line is a notice: of rights, desk, advert, comment, share, related, sign-up or date."""
    if len(line) > LONGEST_NOTICE:
        return False
    folded = line.casefold()
    signs_up = any(map(folded.__contains__, _LETTERS)) and _LETTER_WORDS.search(folded) and _SIGN_UP.search(folded)
    reserved = any(0 <= folded.find(words) <= LATEST_RIGHTS for words in _RIGHTS)
    return bool(signs_up) or reserved or _is_stamp(folded) or any(notice.match(line) for notice in _NOTICES)


def _is_stamp(folded: str) -> bool:
    """Return whether a line is nothing but a date, with or without a time of day."""
    return (
        len(folded) < SHORT_NOTICE and bool(_NUMBERS.search(folded)) and _STAMP_WORDS.issuperset(WORD.findall(folded))
    )


@lru_cache(maxsize=2)
def words_of(line: str) -> frozenset[str]:
    """Return the words of a line, case-folded. Several observations of one line ask for them, one after another."""
    return frozenset(WORD.findall(line.casefold()))


def said(line: str) -> list[str]:
    """Return the observations about a line's words. Each name also says whether the line is short or long."""
    if len(line) > LONGEST_NOTICE:
        return []
    folded = line.casefold()
    words = words_of(line)
    size = "short" if len(line) < SHORT_NOTICE else "long"
    found = [f"says {name} {size}" for name, terms in _TERMS.items() if not terms.isdisjoint(words)]
    found += [f"opens {name} {size}" for name, opening in _OPENINGS.items() if opening.match(folded)]
    if ("@" in folded or "http" in folded or "www." in folded) and _ADDRESS.search(folded):
        found.append(f"address {size}")
    if "©" in line or "ⓒ" in line:
        found.append("copyright sign")
    return found


@lru_cache(maxsize=4096)
def places(names: str) -> frozenset[str]:
    """Return the parts of a page that an element's class and id name."""
    return frozenset(name for name, pattern in _PLACES.items() if pattern.search(names)) if names else frozenset()
