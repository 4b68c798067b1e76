"""Maps the language tags of pages, feeds, classifiers and operators to one tag for each language."""

from __future__ import annotations

import re
from functools import cache

UNKNOWN = "und"
"""The tag for an unknown language (BCP 47)."""
NOUNS_WITH_CAPITALS = frozenset({"de", "lb"})
"""Languages that capitalise every noun: a capital does not mean a name."""
WRITTEN_TOGETHER = frozenset({"ja", "zh", "ko"})
"""Languages in which a pattern cannot ask for the edge of a word."""
_PRIMARY = re.compile(r"\s*([a-zA-Z]{2,3})(?:[-_.@].*)?\s*\Z", re.DOTALL)
_SAME = """
nb=no nn=no iw=he in=id ji=yi jw=jv mo=ro tl=fil tgl=fil sh=sr scr=hr scc=sr zxx=und mul=und mis=und
afr=af alb=sq sqi=sq amh=am ara=ar arb=ar arm=hy hye=hy aze=az baq=eu eus=eu bel=be ben=bn bos=bs bul=bg bur=my mya=my
cat=ca cze=cs ces=cs chi=zh zho=zh cmn=zh cym=cy wel=cy dan=da deu=de ger=de dut=nl nld=nl ell=el gre=el eng=en epo=eo
est=et ekk=et fao=fo fas=fa per=fa pes=fa fin=fi fra=fr fre=fr geo=ka kat=ka gle=ga glg=gl guj=gu hau=ha heb=he hin=hi
hrv=hr hun=hu ibo=ig ice=is isl=is ind=id ita=it jav=jv jpn=ja kan=kn kaz=kk khm=km kor=ko kur=ku lao=lo lat=la lav=lv
lvs=lv lit=lt ltz=lb mac=mk mkd=mk mal=ml mar=mr may=ms msa=ms zsm=ms mlt=mt mon=mn nep=ne nob=no nor=no nno=no ori=or
pan=pa pol=pl por=pt pus=ps ron=ro rum=ro rus=ru sin=si slk=sk slo=sk slv=sl som=so spa=es srp=sr swa=sw swh=sw swe=sv
tam=ta tel=te tha=th tur=tr ukr=uk urd=ur uzb=uz vie=vi yid=yi yor=yo zul=zu
"""
"""Withdrawn tags, ISO 639-2 and -3 codes of languages with a shorter code, and the two written forms of Norwegian.
Norwegians read both forms, and classifiers confuse them."""


@cache
def _same() -> dict[str, str]:
    return dict(pair.split("=") for pair in _SAME.split())


def primary_tag(tag: str | None) -> str | None:
    """Return the primary tag of a language, from a BCP 47 tag or POSIX locale (``nb-NO``, ``eng``, ``pt_BR.UTF-8``).

    The result is the primary part in lower case, as the shortest code of the language. Return None for an invalid tag,
    or one without a language.
    """
    match = _PRIMARY.match(tag or "")
    if match is None:
        return None
    found = match[1].lower()
    known = _same().get(found, found)
    return None if known == UNKNOWN else known


def same_language(one: str, other: str) -> bool:
    """Return whether two tags name the same language. If neither names one, they must be equal, ignoring case."""
    first, second = primary_tag(one), primary_tag(other)
    return first == second if first or second else one.casefold() == other.casefold()
