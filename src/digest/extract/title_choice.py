"""Which of the titles that feed and page give is the article's: the trusted one, unless the others speak against it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from digest.extract.byline import plain
from digest.text.similarity import STOPWORDS
from digest.text.words import stems, words


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


MOST_OTHERS = 6
"""Other forms of a title that an article keeps."""
_TAIL = re.compile(r"\s+[-|–—·•]|[|：｜]")  # noqa: RUF001 - as Japanese papers write it
_HEAD = re.compile(r"[|:：｜·•–—-]\s*\Z")  # noqa: RUF001 - as Japanese papers write it
_SHORTEST_FORM = 15
"""Characters; a shorter form of the title may be a kicker."""
_SAME = 0.6
"""Two forms of a title say the same when they share at least this fraction of the shorter form's stems."""
_READ = 3000
"""Characters of the text in which a title's words are looked for."""
_MOST_SOURCES = 3
"""So many sources, the feed among them, are right against one."""
_STRANGE = 0.34
"""Share of a title's words in the text up to which it may be the site's or a section's."""
_CLEARER = 0.2
"""By so much more of its words must stand in the text for another title to be preferred then."""
_NOBODYS = _listed(
    """null undefined none nan untitled untitleddocument untitledpage document home homepage index title notitle page
        newtab login signin signup subscribe register error error404 404 404notfound notfound pagenotfound loading
        justamoment accessdenied forbidden attentionrequired startseite titelseite anmelden unbenannt
        unbenanntesdokument accueil pagedaccueil sanstitre connexion inicio iniciarsesion paginaprincipal sintitulo
        portada semtitulo senzatitolo главная главнаястраница безназвания войти الرئيسية الصفحةالرئيسية object"""
)
"""What stands for a title where there is none, as ``plain`` writes it."""


def without_tail(title: str, others: tuple[str, ...]) -> str:
    """Return the title cut to another form of it when all that it has more is a tail behind a dash, bar or colon."""
    for other in others:
        tail = title.removeprefix(other)
        if len(other) >= _SHORTEST_FORM and tail != title and _TAIL.match(tail):
            return other
    return title


def is_nobodys(title: str) -> bool:
    """Tell a title that a program put where there was none ("null", "Untitled document", "Home")."""
    return plain(title) in _NOBODYS or not plain(title)


def best_first(forms: list[tuple[str, str]], seen: set[str]) -> list[tuple[str, str]]:
    """Return the forms of a title in the order of trust; each is given with its source, OpenGraph before the rest.

    OpenGraph gives way where it was written for searches and feeds rather than for readers.

    Args:
        forms: what each source says.
        seen: what stands in an h1, as ``plain`` writes it.
    """
    by = {source: plain(title) for title, source in forms}
    favoured = "json-ld" if _is_for_searches(by, seen) else "h1" if _is_alone(by) else ""
    return sorted(forms, key=lambda form: form[1] != favoured)


def chosen(forms: Sequence[str], announced: str, text: str) -> tuple[str, ...]:
    """Return an article's title and then its other forms, each once; empty without any.

    The first form is trusted, unless it is the site's or a section's: then the text hardly has its words, and has those
    of another title on which as many sources agree.

    Args:
        forms: what the page gives, in the order of trust.
        announced: the title in the source's feed, empty when it gives none.
        text: the article's, empty when it is not known.
    """
    every = [form for form in (*forms, announced) if form and not is_nobodys(form)]
    if not every:
        return ()
    terms = {form: _terms(form) for form in every}
    told = _terms(text[:_READ])
    best = _without_rubric(_most_credible(every, announced, terms, told), every, told)
    others = dict.fromkeys(form for form in every if not _holds(form, best))
    ours = (form for form in others if not told or _share(terms[form], told) > _STRANGE)
    return (best, *list(ours)[:MOST_OTHERS])


def _holds(form: str, best: str) -> bool:
    """Tell whether a form is the best one with a tail, or with a rubric glued to it without a mark between."""
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
    """Return the first six letters of each word with a meaning."""
    return frozenset(stems((word for word in words(text) if word not in STOPWORDS), ""))


def _agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two titles tell the same: most words of the shorter one stand in the other."""
    least = min(len(one), len(other))
    return least > 0 and len(one & other) >= _SAME * least


def _share(terms: frozenset[str], told: frozenset[str]) -> float:
    return len(terms & told) / len(terms) if terms else 0.0


def _without_rubric(title: str, others: Sequence[str], told: frozenset[str]) -> str:
    """Return the title cut to another form of it when all that it has more before is a rubric strange to the text."""
    for other in others:
        head = title.removesuffix(other)
        rubric = len(other) >= _SHORTEST_FORM and head not in {title, ""} and _HEAD.search(head) is not None
        if rubric and _share(_terms(head), told) <= _STRANGE:
            return other
    return title


def _is_for_searches(by: Mapping[str, str], seen: set[str]) -> bool:
    """Tell whether OpenGraph and title tag share one form of the title, and JSON-LD has another, seen in an h1."""
    shared = by.get("opengraph")
    return shared is not None and shared == by.get("title") and by.get("json-ld") in seen - {shared}


def _is_alone(by: Mapping[str, str]) -> bool:
    """Tell whether OpenGraph has a form that stands neither in title tag nor h1, on a page without JSON-LD.

    The h1 is the publisher's own title on such pages of 11 hosts of the development data, OpenGraph on those of one.
    """
    form = by.get("opengraph")
    return form is not None and "json-ld" not in by and form != by.get("h1") and form not in by.get("title", form)
