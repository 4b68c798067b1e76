"""Chooses an article's title from those of feed and page. The trusted one wins unless the others contradict it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from digest.extract.byline import plain
from digest.text.similarity import STOPWORDS
from digest.text.words import stems, words


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


MOST_OTHERS = 6
"""An article keeps at most this many other forms of its title."""
_TAIL = re.compile(r"\s+[-|–—·•]|[|：｜]")  # noqa: RUF001 - as Japanese papers write it
_HEAD = re.compile(r"[|:：｜·•–—-]\s*\Z")  # noqa: RUF001 - as Japanese papers write it
_DOTS = re.compile(r"(?:…|\.{3})\W*\Z")
_SHORTEST_FORM = 15
"""Characters. A shorter form of the title may be a kicker."""
_SAME = 0.6
"""Two forms of a title say the same when they share at least this fraction of the shorter form's stems."""
_READ = 3000
"""A title's words are looked for in this many characters of the text."""
_MOST_SOURCES = 3
"""With this many agreeing sources, one of them the feed, they win against a single source."""
_STRANGE = 0.34
"""A title is doubtful if at most this share of its words is in the text: it may be the site's or a section's."""
_CLEARER = 0.2
"""Another title replaces a doubtful one only if its share of words in the text is larger by this."""
_NOBODYS = _listed(
    """null undefined none nan untitled untitleddocument untitledpage document home homepage index title notitle page
        newtab login signin signup subscribe register error error404 404 404notfound notfound pagenotfound loading
        justamoment accessdenied forbidden attentionrequired startseite titelseite anmelden unbenannt
        unbenanntesdokument accueil pagedaccueil sanstitre connexion inicio iniciarsesion paginaprincipal sintitulo
        portada semtitulo senzatitolo главная главнаястраница безназвания войти الرئيسية الصفحةالرئيسية object"""
)
"""Placeholders for a missing title, in the form of ``plain``."""


def without_tail(title: str, others: tuple[str, ...]) -> str:
    """Return the shorter form of a title if the title only adds a tail after a dash, bar or colon."""
    for other in others:
        tail = title.removeprefix(other)
        if len(other) >= _SHORTEST_FORM and tail != title and _TAIL.match(tail):
            return other
    return title


def is_nobodys(title: str) -> bool:
    """Return whether a program filled in the title ("null", "Untitled document", "Home")."""
    return plain(title) in _NOBODYS or not plain(title)


def best_first(forms: list[tuple[str, str]], seen: set[str]) -> list[tuple[str, str]]:
    """Return the forms of a title in order of trust. ``forms`` has OpenGraph before the others.

    OpenGraph loses its first place if it was written for search engines and feeds.

    Args:
        forms: Titles with their sources.
        seen: The texts of the page's h1 elements, in the form of ``plain``.
    """
    by = {source: plain(title) for title, source in forms}
    favoured = "json-ld" if _is_for_searches(by, seen) else "h1" if _is_alone(by) else ""
    return sorted(forms, key=lambda form: form[1] != favoured)


def chosen(forms: Sequence[str], announced: str, text: str) -> tuple[str, ...]:
    """Return an article's title, then its other forms, each once; empty without any.

    The first form is trusted unless it seems to be the site's or a section's. In that case few of its words are in the
    text, while more words of another title are, and as many sources agree on that title.

    Args:
        forms: The titles of the page, in order of trust.
        announced: The title in the feed; empty if there is none.
        text: The article's text; empty if unknown.
    """
    every = [form for form in (*forms, announced) if form and not is_nobodys(form)]
    if len(set(every)) <= 1:
        return tuple(every[:1])
    terms = {form: _terms(form) for form in every}
    told = _terms(text[:_READ])
    best = _uncut(_without_rubric(_most_credible(every, announced, terms, told), every, told), every)
    others = dict.fromkeys(form for form in every if not _holds(form, best))
    ours = (form for form in others if not told or _share(terms[form], told) > _STRANGE)
    return (best, *list(ours)[:MOST_OTHERS])


def _holds(form: str, best: str) -> bool:
    """Return whether a form is the best one with a tail, or with a section's name directly before it."""
    head = form.removesuffix(best)
    glued = head != form and _HEAD.search(head) is None
    return plain(form).startswith(plain(best)) or glued


def _most_credible(
    every: Sequence[str], announced: str, terms: Mapping[str, frozenset[str]], told: frozenset[str]
) -> str:
    trusted = every[0]
    against = [form for form in every[1:] if not _agree(terms[form], terms[trusted])]
    backed = len(every) - len(against)
    for form in against:
        agreeing = sum(_agree(terms[form], terms[other]) for other in every)
        announces = announced in terms and _agree(terms[form], terms[announced])
        if announces and backed == 1 and agreeing >= _MOST_SOURCES:
            return form
        ours = _share(terms[trusted], told)
        if ours <= _STRANGE and _share(terms[form], told) >= ours + _CLEARER and agreeing >= backed:
            return form
    return trusted


def _terms(text: str) -> frozenset[str]:
    """Return the first six letters of each word that is not a stop word."""
    return frozenset(stems((word for word in words(text) if word not in STOPWORDS), ""))


def _agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two titles say the same: most words of the shorter one are in the other."""
    least = min(len(one), len(other))
    return least > 0 and len(one & other) >= _SAME * least


def _share(terms: frozenset[str], told: frozenset[str]) -> float:
    return len(terms & told) / len(terms) if terms else 0.0


def _without_rubric(title: str, others: Sequence[str], told: frozenset[str]) -> str:
    """Return the shorter form of a title if the title only adds a section's name that is not in the text."""
    for other in others:
        head = title.removesuffix(other)
        rubric = len(other) >= _SHORTEST_FORM and head not in {title, ""} and _HEAD.search(head) is not None
        if rubric and _share(_terms(head), told) <= _STRANGE:
            return other
    return title


def _uncut(title: str, others: Sequence[str]) -> str:
    """Return the whole form of a title that ends with dots because a program cut it; the title itself without one."""
    if _DOTS.search(title) is None:
        return title
    start = plain(title)
    whole = (form for form in others if _DOTS.search(form) is None and plain(form).startswith(start))
    return next((form for form in whole if len(start) >= _SHORTEST_FORM and len(plain(form)) > len(start)), title)


def _is_for_searches(by: Mapping[str, str], seen: set[str]) -> bool:
    """Return whether OpenGraph equals the title tag, and an h1 shows another title that JSON-LD has."""
    shared = by.get("opengraph")
    return shared is not None and shared == by.get("title") and by.get("json-ld") in seen - {shared}


def _is_alone(by: Mapping[str, str]) -> bool:
    """Return whether OpenGraph's title is neither in the title tag nor in the h1, and the page has no JSON-LD.

    On such pages the h1 has the publisher's own title on 11 hosts of the development data, OpenGraph on one host.
    """
    form = by.get("opengraph")
    return form is not None and "json-ld" not in by and form != by.get("h1") and form not in by.get("title", form)
