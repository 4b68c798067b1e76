"""Countries, parts of countries and great cities: names that many stories of a day share."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from babel import Locale

from digest.summarise.finds.name_words import listed
from digest.summarise.finds.telling import Telling, before, places
from digest.text.patterns import compiled

_STATES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Hawaii|Idaho|Illinois|Indiana|Iowa"
    "|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska"
    "|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania"
    "|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin"
    "|Wyoming|England|Scotland|Wales|Northern Ireland|Britain|America|Europe|Asia|Africa|Ontario|Quebec|Queensland"
    "|Victoria|New South Wales|Los Angeles|San Francisco|San Diego|Boston|Philadelphia|Chicago|Houston|Dallas|Miami"
    "|Atlanta|Seattle|Las Vegas|Brooklyn|Manhattan|Birmingham|Manchester|Liverpool|Glasgow|Edinburgh|Milan|Barcelona"
    "|Beijing|Mumbai|Delhi|New Delhi|Kyiv|Kiev|Gaza|Tel Aviv|Middle East|West Bank|Frankfurt|Washington D.C"
    "|Bayern|Baden-Württemberg|Sachsen|Thüringen|Hessen|Niedersachsen|Brandenburg|Schleswig-Holstein|Saarland"
    "|Rheinland-Pfalz|Sachsen-Anhalt|Mecklenburg-Vorpommern|Nordrhein-Westfalen|NRW|Hamburg|München|Köln|Bremen|Stuttgart"
    "|Leipzig|Dresden|Wien|Zürich|Genf|Bern|Basel|Brüssel|Moskau|Peking|London|Rom|Mailand|Jerusalem|USA|Nahost|Kreml"
    "|Marseille|Lyon|Toulouse|Nice|Nantes|Bordeaux|Lille|Strasbourg|Londres|Bruxelles|Moscou|Pékin|Rome|Genève|Bretagne"
    "|Normandie|Corse|Ile-de-France|Île-de-France|Etats-Unis|Catalogne|Kiev|Barcelone"
    "|Cataluña|Andalucía|Galicia|Euskadi|Sevilla|Valencia|Bilbao|Zaragoza|Málaga|Londres|Bruselas|Moscú|Pekín|Roma"
    "|Comunidad de Madrid|EEUU|Washington"
)
"""Parts of countries, cities that many stories name, and their other spellings. Capitals come from the time zones."""
_LANDMARKS = listed("mount mt lake cape fort port mont lac monte lago puerto bad sankt san santa los las")
"""Words before the last one in names of places."""
_GROUNDS = listed(
    "quay street road bridge park square beach sands avenue lane bay harbour harbor hill hills island islands isle"
    " valley river creek head heath county airport station town village city district borough coast mountain mountains"
    " straße platz brücke see"
)
"""Last words of names of places."""
_IN_PLACE = 0.12
"""A place has a preposition of places before it in a larger share of its uses."""
INSIDE = {"en": "in|across|near", "de": "in|nach|bei|im", "fr": "à|en|au|dans les", "es": "en"}
"""Prepositions before a place."""


@cache
def wide_places(language: str) -> frozenset[str]:
    """Return the names, in lower case, of countries and of large cities and regions, as a language writes them."""
    lands = set(Locale(language).territories.values())
    zones = {zone.rsplit("/", 1)[-1].replace("_", " ") for zone in available_timezones() if "/" in zone}
    local = {zone["city"] for zone in Locale(language).time_zones.values() if "city" in zone}
    return frozenset(name.casefold() for name in (*lands, *zones, *local, *_STATES.split("|")))


def is_place(name: str, told: Telling) -> bool:
    """Return whether the texts say that something is in a place of this name, in a fair share of its uses."""
    words = name.casefold().split()
    if words[0] in _LANDMARKS or (len(words) > 1 and (words[-2] in _LANDMARKS or words[-1] in _GROUNDS)):
        return True
    inside = INSIDE[told.language] if " " not in name or told.language != "fr" else "en|au"
    led = compiled(rf"\b(?i:{inside}) \Z")
    longer = compiled(r" [A-ZÄÖÜ]")
    uses = inside_of = 0
    for text in (told.headline, told.texts):
        for at in places(text, name):
            uses += 1
            inside_of += bool(led.search(before(text, at))) and not longer.match(text, at + len(name))
    return inside_of > _IN_PLACE * uses
