"""What comes before the first sentence of a report and is not part of it: place, date, agency, time, label."""
# ruff: noqa: RUF001, RUF002 - dashes and letters of several scripts are the subject here

from __future__ import annotations

import re
from functools import cache

from digest.text.patterns import compiled

_MOST_PARTS = 4
"""Maximum number of parts in a row: a label, a stamp, an agency, a place."""
_CAPITAL = "A-ZÀ-ÖØ-ÞĀĆČĎĐĒĖĘĚĞĢĪĮİĶĻŁĽŃŅŇŐŒŘŚŞŠŤŪŮŰŲŹŻŽА-ЯЁЄІЇҐΑ-Ω"
_LETTER = r"[^\W\d_]"
_ARABIC = r"\u0621-\u064a"
_DASH = r"\s?(?:[–—―]|-{1,2}|\.-)\s+"
_CLOSE_DASH = r"\s?(?:[–—―]{1,2}|-{2}|\.?-)\s*"
_AGENCIES = (
    r"(?:dpa(?:-\w+)?|AFP|AP|APA|SDA|sda|sid|SID|Reuters|REUTERS|epd|KNA|ANSA|Adnkronos|askanews|EFE|EUROPA PRESS"
    r"|Europa Press|Lusa|ANP|Belga|BELGA|Xinhua|TASS|ТАСС|РИА Новости|Интерфакс|INTERFAX(?:\.RU)?|Sputnik|UPI|PTI"
    r"|IANS|PA|CNN|NPR|Kyodo|Yonhap|AAP|PAP|ČTK|MTI|NTB|Ritzau|Ukrinform|Укринформ|رويترز|أ ف ب|د ب أ|وكالات)"
)
_WORD = rf"[{_CAPITAL}][\w.'’-]*"
_PARTICLE = r"(?:(?:de|da|do|del|della|di|du|la|le|les|el|am|an|der|den|upon|sur|al|of|on|y) )?"
_PLACE = rf"{_WORD}(?:(?:/|,? ){_PARTICLE}{_WORD}){{0,4}}"
_DAY = (
    rf"[,.]?\s(?:le |den |el |om )?(?:\d{{1,2}}\.? ?(?:de )?{_LETTER}{{3,9}}\.?|{_LETTER}{{3,9}}\.? \d{{1,2}}"
    r"|\d{1,2}\.\s?\d{1,2}\.(?:\d{2,4})?|(?<=,\s)\d{1,2})(?:,? (?:de )?\d{4})?"
)
_AGENCY_IN_BRACKETS = rf"\(\s?(?:{_AGENCIES}|dts|ots|pte|ap|afp)\b[^()\d]{{0,24}}\)"
_IN_BRACKETS = rf"\(\s?[{_CAPITAL}][^()\d]{{0,30}}\)"
_PRESS_IN_BRACKETS = (
    rf"\(\s?(?:[{_CAPITAL}][\w.'’]* ){{0,4}}[\w.'’]*(?:[Nn]ews|Post|Times|Press|Herald|Journal|Reporter|Wire|TV|Tribune"
    r"|Daily|Gazette|Zeitung|Presse|Kurier|Anzeiger|Online|Business|Radio|Noticias|Diario)[\w .'’]{0,30}\)"
)
_COUNTRY = (
    r"(?:England|Scotland|Wales|Ireland|France|Germany|Italy|Spain|Portugal|Poland|Greece|Turkey|Ukraine|Russia"
    r"|Israel|Syria|Iraq|Iran|Egypt|Lebanon|Jordan|Pakistan|India|China|Japan|Thailand|Vietnam|Indonesia|Australia"
    r"|Canada|Mexico|Brazil|Argentina|Chile|Colombia|Kenya|Nigeria|Ghana|Ethiopia|(?:South|North) (?:Africa|Korea"
    r"|Sudan))"
)
_REGION = rf"(?:[A-Z]{{2}}|[{_CAPITAL}][a-z]{{1,5}}\.|[A-Z]\.[A-Z]\.|{_COUNTRY})"
"""What may follow a town's name; a name followed by a title is a speaker."""
_CAPITALS = rf"[{_CAPITAL}]{{2,}}[{_CAPITAL} .'’/-]*(?:,\s?{_PLACE})?"
_SURE_CAPITALS = rf"(?:[{_CAPITAL} .'’/-]{{7,}}|[{_CAPITAL}]{{2,}}[{_CAPITAL} .'’/-]*,\s?{_PLACE})"
"""The place name is no abbreviation: it is long, or a region follows it."""
_DETERMINER = (
    "(?:The|A|An|Der|Die|Das|Ein|Eine|Le|La|Les|L['’]|Un|Une|Des|El|Los|Las|Una|Il|Lo|Gli|I|O|Os|As|Um|Uma|De|Het|Een)"
)
_NO_SECOND_DASH = r"(?!.*\s[–—―-]{1,2}\s)"
"""An aside between dashes has two dashes."""
_CITY = (
    r"(?:(?i:NEW DELHI|MUMBAI|KOLKATA|CHENNAI|BENGALURU|HYDERABAD|LUCKNOW|ISLAMABAD|KARACHI|LAHORE|PESHAWAR|DHAKA"
    r"|COLOMBO|KATHMANDU|KUALA LUMPUR|JAKARTA|MANILA)|DUBAI|ABU DHABI|DOHA|RIYADH|JEDDAH|CAIRO|BEIRUT|JERUSALEM"
    r"|TEHRAN|BAGHDAD|KABUL|ANKARA|ISTANBUL|SINGAPORE|BANGKOK|HANOI|BEIJING|SHANGHAI|HONG KONG|TOKYO|SEOUL|TAIPEI"
    r"|SYDNEY|MELBOURNE|WELLINGTON|LONDON|PARIS|BERLIN|BRUSSELS|GENEVA|MOSCOW|KYIV|ROME|MADRID|WASHINGTON"
    r"|NEW YORK|TORONTO|OTTAWA|NAIROBI|LAGOS|ABUJA|ACCRA|KAMPALA|HARARE|PRETORIA|JOHANNESBURG)"
)
"""Cities after which papers write a colon; any other word before a colon is a label."""
_DATELINES = (
    rf"{_CITY}(?:,? {_LETTER}{{3,9}}\.? \d{{1,2}})?: (?=[{_CAPITAL}\"“‘'])",
    rf"(?:{_PLACE}(?:{_DAY})?\s?)?{_AGENCY_IN_BRACKETS}(?:{_CLOSE_DASH}|\s?[:.]\s|(?=[{_CAPITAL}]))",
    rf"{_AGENCY_IN_BRACKETS} (?=[{_CAPITAL}\"“„«])",
    rf"(?:{_SURE_CAPITALS}(?:{_DAY})?\s?)?{_IN_BRACKETS}(?:{_CLOSE_DASH}{_NO_SECOND_DASH}|(?=[{_CAPITAL}]))",
    rf"{_PLACE}(?:{_DAY})?\s?{_PRESS_IN_BRACKETS}(?:{_CLOSE_DASH}|(?=[{_CAPITAL}]))",
    rf"{_PLACE}(?:{_DAY})?\s?\(\s?{_AGENCIES}[^()]{{0,20}}\)\s(?=[{_CAPITAL}\"“„«])",
    rf"{_PLACE}(?:{_DAY})?\s?(?:[–—,.-]?\s|/)?/?{_AGENCIES}(?:{_DASH}|/\.?\s|[.:]\s)",
    rf"{_AGENCIES}{_DASH}",
    rf"{_SURE_CAPITALS}(?:{_DAY})?{_DASH}(?=[{_CAPITAL}\"“„«])",
    rf"{_CAPITALS}(?:{_DAY})?{_DASH}{_NO_SECOND_DASH}",
    rf"{_WORD}(?: {_WORD})?, {_REGION}{_DASH}(?=[{_CAPITAL}\"“„«]){_NO_SECOND_DASH}",
    rf"{_PLACE}{_DAY}{_DASH}(?=[{_CAPITAL}\"“„«])",
    rf"{_WORD}\s[–—―-]\s(?={_DETERMINER}\b){_NO_SECOND_DASH}",
    rf"[{_ARABIC}]+(?: [{_ARABIC}]+){{0,2}}(?:{_DAY})?\s?[(«][^()«»\d]{{2,24}}[)»]\s?[-–—:ـ]\s*",
    r"【[^】]{1,20}＝[^】]{1,20}】",
    r"[\[［][^\]］]{2,24}(?:ロイター|ＡＦＰ|AFP|共同)[^\]］]{0,6}[\]］]\s?[-–—]?\s*",
    r"(?:新华社|新華社|中新社|中新网)[^ 电電]{2,16}[电電]\s?(?:（[^）]*）|\([^)]*\))?\s?",
)
_MONTH = (
    r"(?i:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun"
    r"|Jul|Aug|Sept?|Oct|Nov|Dec|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember|janvier|février|mars|avril|juin"
    r"|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre"
    r"|octubre|noviembre|diciembre|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
    r"|يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر)\b\.?"
)
_WEEKDAY = (
    r"(?i:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch|lundi|mardi"
    r"|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo)"
)
_YEAR = r"(?:19|20)\d\d"
_DATE = (
    rf"(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)? ?,? {_YEAR}|\d{{1,2}}\.? (?:de )?{_MONTH} (?:de )?{_YEAR}"
    rf"|\d{{1,2}} ?[/.] ?\d{{1,2}} ?[/.] ?(?:{_YEAR}|\d\d))"
)
_ZONE = r"(?: (?:[ECMP][SD]?T|AK[SD]T|AE[SD]T|HST|GMT|BST|UTC|[CEW]ES?T|IST|JST|SAST|MSK|МСК)\b)?"
_CLOCK = rf"\d{{1,2}}(?: ?[:.h] ?\d\d){{0,2}}(?: ?[ap]\.?m\b\.?| ?[AP]M\b)?(?: ?Uhr\b)?{_ZONE}"
_PUBLISHED = (
    r"(?:(?:Published|Updated?|updated|Posted|Last updated|Veröffentlicht|Aktualisiert|Stand|Publié|Mis à jour"
    r"|Publicado|Actualizado|Опубликовано|Обновлено|نشر|تاريخ النشر|آخر تحديث)(?: on| at| le| am| el| في)? ?:? ?)"
)
_AT = r"(?: ?(?:- -|[,–-]|(?i:at|um|à|a las|в)(?= ))?"
"""What is between the day and the clock of a stamp."""
_STAMP_ENDS = rf"(?:\s?[–—―|-]+\s*|\s+)(?=[{_CAPITAL}{_ARABIC}\"“„«'‘])"
"""Without a colon: a date with a colon opens an entry of a chronicle, and belongs to it."""
_TIME_OF_DAY = (
    rf"\d{{1,2}}(?:[:.]\d\d)? ?(?:[ap]\.m\.|[ap]m|[AP]M){_ZONE}(?:\s?[–—―|:-]\s*|\s+)(?!{_WEEKDAY}"
    rf"|{_MONTH})(?=[{_CAPITAL}\"“„«])"
)
_STAMPS = (
    (
        rf"{_PUBLISHED}?(?:{_WEEKDAY} ?,? )?{_DATE}{_AT} {_CLOCK}(?: \( ?{_CLOCK} ?\))?)?"
        rf"{_STAMP_ENDS}"
    ),
    rf"{_PUBLISHED}?{_CLOCK} ?,? (?:{_WEEKDAY} ?,? )?{_DATE}{_STAMP_ENDS}",
    rf"{_PUBLISHED}(?:{_WEEKDAY} ?,? )?{_MONTH} \d{{1,2}}(?: ?,)?(?: at)? {_CLOCK}{_STAMP_ENDS}",
    rf"\d{{1,2}} ?: ?\d\d (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? {_MONTH} \d{{1,2}},? {_YEAR}{_STAMP_ENDS}",
    rf"\d{{1,2}} \d{{1,2}} ?[:.] ?\d\d ?(?:[ap]\.?m\.?|[AP]M)(?: [A-Z]{{2,4}})? (?=[{_CAPITAL}])",
    rf"{_PUBLISHED}{_CLOCK}{_STAMP_ENDS}",
    r"\d{1,2} ?[:.h] ?\d\d(?: ?[ap]\.?m\.?| ?[AP]M)?(?: ?Uhr)?(?: [A-Z]{2,4})?(?:\s?[–—―|-]\s*|:\s+)(?=\D)",
    _TIME_OF_DAY,
)
_STAMP_INSIDE = (
    rf"\s{_PUBLISHED}?{_DATE} ?,? \d{{1,2}} ?[:.h] ?\d\d(?: ?[:.] ?\d\d)?(?: ?[AaPp]\.?[Mm]\b\.?)?(?: ?Uhr\b)?"
    rf"{_ZONE}{_STAMP_ENDS}"
)
_STAMP_REACH = 240
"""Maximum number of characters in a headline and a byline before the stamp that ends them."""
_LABEL = (
    r"(?:UPDATED?|Updated?|BREAKING(?: NEWS)?|Breaking|JUST IN|EXCLUSIVE|Exclusive|WATCH|LIVE|DEVELOPING|EILMELDUNG"
    r"|EIL|Eilmeldung|Exklusiv|EXKLUSIV|EXCLUSIF|ALERTE INFO|ÚLTIMA HORA|Última hora|EXCLUSIVA|ULTIM['’]ORA"
    r"|ESCLUSIVA|URGENTE|МОЛНИЯ|СРОЧНО|Срочно|عاجل)(?:,? [\d.:/ ]{1,12}(?:[ap]\.?m\.?| Uhr)?)?\s?[:|–—-]\s*"
)
_SUMMARY = r"(?i:summary|tl;dr|résumé|en bref|zusammenfassung|resumen|en breve|кратко|ملخص) ?[:：] (?=\w)"
"""The label of a standfirst."""
_NAME = rf"{_WORD}(?: {_WORD}){{1,2}}"
_BYLINE = rf"(?:By|Von|Par|Por|Di) {_NAME}(?:(?:,| and| und| et| y| e) {_NAME})?\s?[|–—]\s+"
_INVITATION = r"(?i:scroll down for (?:the )?videos?|click here (?:to|for) \w+)\.?\s+"
_REACH = 70
"""An opening shows one of its signs within so many characters."""
_SIGNS = ("(", ": ", "—", "–", " - ", "--", "―", "|", "ـ", "/", ".-", ".m. ", "«")
_FIRST = (
    *"0123456789(【[［新中",
    *(
        "Scroll",
        "SCROLL",
        "scroll",
        "Click",
        "CLICK",
        "click",
        "Publi",
        "Updat",
        "Poste",
        "Last upd",
        "Veröff",
        "Aktual",
        "Stand",
        "Mis à",
    ),
    *("Actual", "Опубл", "Обнов", "نشر", "تاريخ", "آخر"),
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    *("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
    *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    *("Lundi ", "Mardi ", "Mercredi ", "Jeudi ", "Vendredi ", "Samedi ", "Dimanche "),
    *("Lunes", "Martes", "Miércoles", "Jueves", "Viernes", "Sábado", "Domingo"),
    *("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
)
"""The starts and early signs of sentences that may have an opening; most sentences have none and are skipped."""
_OPENS = "|".join(map(re.escape, _FIRST))


def opening(sentence: str, at: int = 0) -> int:
    """Return where a sentence that begins at ``at`` continues after place, date, agency, time and label.

    "LONDON (AP) — ", "Berlin/dpa – ", "3:45 p.m. ", "June 25, 2005 ", "UPDATE: ". A label for the kind of text
    ("Opinion:", "Correction:") is no such part.
    """
    for _ in range(_MOST_PARTS):
        found = _part().match(sentence, at) if _may_open(sentence, at) else None
        if not found:
            break
        at = found.end()
    return at


def _may_open(sentence: str, at: int) -> bool:
    head = sentence[at : at + _REACH]
    return bool(compiled(_OPENS).match(head)) or any(map(head.__contains__, _SIGNS))


def past_stamp(sentence: str) -> int:
    """Return where a sentence begins after a headline, date and time that are joined to it; 0 without them."""
    if ":" not in sentence[:_STAMP_REACH]:
        return 0
    found = compiled(_STAMP_INSIDE).search(sentence, 0, _STAMP_REACH)
    return found.end() if found else 0


@cache
def _part() -> re.Pattern[str]:
    return compiled("|".join((_LABEL, _SUMMARY, _BYLINE, _INVITATION, *_STAMPS, *_DATELINES)))
