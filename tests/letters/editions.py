"""Invented editions, from a full day to a hostile one: what letters are tried on."""

# ruff: noqa: RUF001 - Cyrillic letters are meant

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from urllib.parse import quote

from digest.model.article import Image
from digest.model.edition import Edition, Item, Note, Place
from digest.model.finds import Close, Earlier, Find, Finds, Shown
from digest.model.ids import ArticleId, EditionKey, StoryId
from digest.model.kind import TextKind
from digest.model.letter import Letter, Picture
from digest.model.story import Bullet
from digest.render.letter import render
from digest.settings import BrandSettings, MailSettings, SiteSettings

DAY = date(2026, 11, 23)
SITE = SiteSettings(
    name="The Norrhaven Courier",
    url="https://courier.example.com",
    postal_address="The Norrhaven Courier\n14 Quay Street\nNorrhaven",
)
BRAND = BrandSettings(footer="Made in Norrhaven by people who read the whole paper.")
MAIL = MailSettings(
    sender="news@example.com",
    reply_to="editors@example.com",
    envelope_domain="bounces.example.com",
    list_domain="example.com",
)
SOURCES = ("Harbour Gazette", "Tidewater Post", "Norrhaven Courier", "The Upland Voice", "Radio Sound Norr")
HOSTS = (
    "gazette.example.com",
    "tidewater.example.org",
    "courier.example.com",
    "upland.example.net",
    "norr.example.org",
)

Told = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An edition under a name, the one that it follows up, and what its letter must hold."""

    name: str
    edition: Edition
    earlier: Edition | None = None
    picture: Picture | None = None
    others: Mapping[str, Picture] = field(default_factory=dict)
    logo: Picture | None = None
    brand: BrandSettings = BRAND
    mail: MailSettings = MAIL

    def rendered(self, date: datetime) -> Letter:
        """Return its letter, dated ``date``."""
        return render(
            self.edition,
            self.earlier,
            SITE,
            self.brand,
            self.mail,
            date=date,
            picture=self.picture,
            others=self.others,
            logo=self.logo,
        )


def address(host: int, headline: str) -> str:
    """Return an article's address, as long as real ones are: the day and the headline's words."""
    slug = "-".join(re.findall(r"[a-z0-9]+", headline.lower()))[:80] or "a-story-of-the-day"
    return f"https://{HOSTS[host]}/2026/11/23/{slug}"


def bullet(text: str, source: int, headline: str) -> Bullet:
    words = text.split()
    passage = f"text={quote(' '.join(words[:4]), errors='replace')},{quote(' '.join(words[-4:]), errors='replace')}"
    return Bullet(
        article_id=ArticleId(f"{len(text):064d}"),
        link=address(source, headline),
        source_name=SOURCES[source],
        text=text,
        start=0,
        end=len(text),
        fragment=passage,
    )


def item(place: Place, number: int, told: Told, *, publishers: int = 3, earlier: str = "") -> Item:
    headline, sentences = told
    source = number % len(SOURCES)
    return Item(
        story_id=StoryId(f"s{place.value}{number}"),
        place=place,
        anchor=f"story-{place.value}-{number}",
        headline=headline,
        link=address(source, headline),
        source_name=SOURCES[source],
        publishers=tuple(SOURCES[(source + step) % len(SOURCES)] for step in range(publishers)),
        bullets=tuple(
            bullet(text, (source + place_) % len(SOURCES), headline) for place_, text in enumerate(sentences)
        ),
        minutes=2 + number % 4,
        section="Region" if place is Place.LEAD else "",
        earlier_anchor=earlier,
    )


def edition(name: str, language: str, items: tuple[Item, ...], title: str = "") -> Edition:
    return Edition(
        key=EditionKey(name=name, date=DAY),
        title=title or ("Evening Update" if name == "evening" else "Morning Update"),
        language=language,
        zone="Europe/Stockholm",
        cut=datetime(2026, 11, 23, 4, 40, tzinfo=UTC),
        subject=items[0].headline,
        preheader="; ".join(one.headline for one in items[1:3])[:128],
        items=items,
        minutes=3,
    )


def placed(lead: Told, top: tuple[Told, ...], also: tuple[Told, ...] = ()) -> tuple[Item, ...]:
    return (
        item(Place.LEAD, 0, lead, publishers=5),
        *(item(Place.TOP, number, told, publishers=1 + number % 4) for number, told in enumerate(top, 1)),
        *(item(Place.ALSO, number, told, publishers=1) for number, told in enumerate(also, 1)),
    )


LEAD: Told = (
    "Norrhaven votes to build the tidal barrier after eleven years of delay",
    (
        "the council approved the barrier by 31 votes to 18 before midnight, ending a dispute of eleven years.",
        "Construction will begin in April and is to take six years, with the harbour kept open to ships throughout.",
        "The cost is put at 2.4 billion crowns, of which the region pays half and the shipping companies a fifth.",
    ),
)
TOP: tuple[Told, ...] = (
    (
        "Grid operator warns of thin reserves in January",
        (
            "Two reactors at Stenvik will stay shut until March because replacement valves failed their tests.",
            "Industry has been asked to plan for four evenings on which it may have to cut its load by a tenth.",
            "Households are safe, the operator says, unless it stays colder than minus fifteen for two weeks.",
        ),
    ),
    (
        "Court strikes down the night-train surcharge",
        (
            "Judges found that the railway had no right to charge more for beds than the timetable of fares allows.",
            "Some 140,000 passengers can claim back between 90 and 310 crowns each until the end of May.",
            "The railway said that it would read the ruling before it decides on an appeal.",
        ),
    ),
    (
        "Upland clinics to share one emergency ward from spring",
        (
            "The three clinics treated 8,200 emergencies last year, half of what one ward in the capital sees.",
            "Ambulance crews say that the drive from the furthest villages will grow by nineteen minutes on average.",
            "A second helicopter is to be stationed in Hallby, at first for two winters.",
        ),
    ),
    (
        "Cod quota falls again as the northern stock thins",
        (
            "Researchers counted a third fewer young fish than in the survey of the year before.",
            "Boats under twelve metres keep their share, which the minister called the least that the coast is owed.",
            "The two canneries in Hallby expect to run on three days a week from February.",
        ),
    ),
    (
        "Two universities merge their teacher training",
        (
            "Norrhaven and Lake College will admit 600 students together from the autumn after next.",
            "Nobody loses a post, but 40 courses that were taught twice will be taught once.",
        ),
    ),
    (
        "Old ferry Solveig saved by its passengers",
        (
            "An association of 2,100 commuters bought the ship for one crown and must find nine million for boilers.",
            "It will sail on Sundays in summer, if the inspectors agree in May.",
        ),
    ),
    (
        "Handball: Norrhaven reach the last eight for the first time",
        (
            "Captain Ida Lund scored eleven goals in the 31-29 win and left the court with a strapped wrist.",
            "The draw for the quarter-finals is on Thursday at noon.",
        ),
    ),
)
ALSO: tuple[Told, ...] = (
    ("Bridge at Almvik closed for six nights", ()),
    ("Library fines end in all twelve towns", ()),
    ("Storm petrels return to Outer Skerry", ()),
    ("City theatre names its first woman director", ()),
    ("Price of oats at its lowest for nine years", ()),
    ("Two arrests after the museum break-in", ()),
)


QUAY = Picture(name="9f" * 32, width=1104, height=580)
"""What our site serves of the full day's picture."""


def full_morning() -> Edition:
    note = Note(
        text="The vote came late, and so did we to bed. Here is what it means, and what else moved overnight.",
        author="Maja Ek",
    )
    lead, *others = placed(LEAD, TOP, ALSO)
    quay = Image(
        url="https://gazette.example.com/barrier.jpg",
        alt="The outer quay of Norrhaven at high tide, water over the lowest steps",
        credit="Ida Falk / Harbour Gazette",
    )
    return replace(edition("morning", "en", (replace(lead, image=quay), *others)), note=note)


def full_evening() -> Edition:
    morning = full_morning()
    updates: tuple[Told, ...] = (
        (
            "Barrier vote: shipping companies go to court",
            (
                "The four largest lines filed a complaint at noon and asked for the works to stop until it is heard.",
                "The region's lawyers expect a first ruling within three weeks.",
            ),
        ),
        (
            "Railway will pay back the surcharge without claims",
            ("Passengers who paid by card get their money by 15 December, the railway said after the ruling.",),
        ),
    )
    fresh: tuple[Told, ...] = (
        (
            "Fire at the Stenvik wharf is out, no one hurt",
            (
                "Forty people were led from the hall before the roof came down at 13.20.",
                "The fire service believes that a charger for lifting trucks was the cause.",
            ),
        ),
        (
            "Central bank holds its rate and drops the word 'temporary'",
            ("The rate stays at 2.25 per cent, and four of six members now expect a first cut in the summer.",),
        ),
    )
    missed: tuple[Told, ...] = (
        ("Cod quota falls again as the northern stock thins", ()),
        ("Old ferry Solveig saved by its passengers", ()),
    )
    lead: Told = (
        "Prime minister calls an early election for 14 February",
        (
            "the announcement came four hours after the Centre party left the government over the budget for schools.",
            "Parliament will be dissolved on 4 January; the budget for the coming year is to pass before that.",
        ),
    )
    items = (
        item(Place.UPDATE, 0, updates[0], earlier="story-lead-0"),
        item(Place.UPDATE, 2, updates[1], earlier="story-top-2"),
        item(Place.LEAD, 1, lead, publishers=5),
        *(item(Place.TOP, number, told) for number, told in enumerate(fresh, 2)),
        *(item(Place.ALSO, number, told, publishers=1) for number, told in enumerate(ALSO[:4], 1)),
        *(item(Place.MISSED, number, told, publishers=1) for number, told in enumerate(missed, 1)),
    )
    return replace(
        edition("evening", "en", items),
        earlier=morning.key,
        subject=updates[0][0],
        preheader=f"{lead[0]}; {updates[1][0]}",
        still_covered=(
            "Grid operator warns of thin reserves in January",
            "Two universities merge their teacher training",
        ),
        minutes=2,
    )


def thin_morning() -> Edition:
    return replace(edition("morning", "en", placed(LEAD, TOP[:2])), thin=True, minutes=1)


def late_evening() -> Edition:
    return replace(full_evening(), late=True, note=Note(text="A long afternoon in parliament."))


def long_reads() -> Edition:
    """A morning with a section for long reads."""
    deep = (item(Place.IN_DEPTH, number, (told[0], told[1][:1]), publishers=1) for number, told in enumerate(TOP[4:6]))
    items = (*placed(LEAD, TOP[:3]), *deep, *placed(LEAD, (), ALSO[:2])[1:])
    return edition("morning", "en", items)


def quiet_evening() -> Edition:
    """An evening whose stories below the lead are those that the morning had no room for."""
    left = (item(Place.LEFT, number, told) for number, told in enumerate(TOP[1:4]))
    return replace(edition("evening", "en", (*placed(LEAD, TOP[:1]), *left)), earlier=full_morning().key)


GERMAN: tuple[Told, ...] = tuple(
    (
        headline,
        (
            "Die Abgeordneten stimmten nach elfstündiger Debatte mit knapper Mehrheit für den überarbeiteten Entwurf.",
            "Das Vorhaben kostet nach Angaben des Ministeriums 1,8 Milliarden Kronen und soll bis 2031 fertig sein.",
        ),
    )
    for headline in (
        "Landesverkehrswegeplanungsbeschleunigungsgesetz scheitert an der Zustimmungspflichtigkeit im Oberhaus",
        "Hochwasserschutzbeauftragte fordert länderübergreifende Deichertüchtigungsmaßnahmen vor dem Winter",
        "Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung wird nach vierzig Jahren vereinfacht",
        "Krankenhausstrukturreform: Kommunale Spitzenverbände warnen vor Versorgungsengpässen in der Fläche",
        "Donaudampfschifffahrtsgesellschaft nimmt den Ausflugsverkehr nach der Niedrigwasserperiode wieder auf",
        "Verfassungsgericht verhandelt über die Vorratsdatenspeicherung und die Rechtsschutzmöglichkeiten Betroffener",
        "Straßenbahnverkehrsunternehmen verschieben Fahrplanumstellung wegen Lieferschwierigkeiten erneut",
    )
)


def long_german() -> Edition:
    items = placed(GERMAN[0], GERMAN[1:])
    return replace(edition("morning", "de", items, "Morgenbrief"), subject="Verkehrsgesetz scheitert im Oberhaus")


def arabic() -> Edition:
    lead: Told = (
        "مجلس المدينة يقر بناء الحاجز البحري بعد سنوات من التأجيل",
        (
            "وافق المجلس على المشروع بأغلبية 31 صوتا مقابل 18 قبيل منتصف الليل بعد نقاش طويل.",
            "تبدأ الأعمال في أبريل وتستمر ست سنوات ويبقى الميناء مفتوحا أمام السفن طوال هذه المدة.",
        ),
    )
    top: tuple[Told, ...] = (
        (
            "تحذير من نقص احتياطي الكهرباء في يناير",
            (
                "يبقى مفاعلان متوقفين حتى مارس لأن الصمامات البديلة لم تجتز الاختبار.",
                "طُلب من المصانع الاستعداد لخفض الاستهلاك بمقدار العشر في أربع أمسيات.",
            ),
        ),
        (
            "المحكمة تلغي الرسم الإضافي على القطارات الليلية",
            (
                "يحق لنحو 140 ألف مسافر استرداد أموالهم حتى نهاية مايو.",
                "قالت المحكمة إن الشركة تجاوزت جدول الأسعار المعتمد.",
            ),
        ),
        (
            "انخفاض حصة صيد القد مرة أخرى",
            (
                "أحصى الباحثون عددا من الأسماك الصغيرة يقل بالثلث عن العام الماضي.",
                "تحتفظ القوارب الصغيرة بحصتها كاملة.",
            ),
        ),
    )
    also: tuple[Told, ...] = (("إغلاق الجسر ست ليال", ()), ("المكتبات تلغي الغرامات", ()))
    return edition("morning", "ar", placed(lead, top, also), "موجز الصباح")


def cyrillic() -> Edition:
    lead: Told = (
        "Город построит приливный барьер после одиннадцати лет споров",
        (
            "Совет одобрил проект 31 голосом против 18 незадолго до полуночи, завершив спор, переживший трёх мэров.",
            "Строительство начнётся в апреле и займёт шесть лет; порт всё это время останется открытым для судов.",
        ),
    )
    top: tuple[Told, ...] = (
        (
            "Энергетики предупреждают о нехватке резервов в январе",
            (
                "Два реактора останутся закрытыми до марта: новые клапаны не прошли испытаний.",
                "Заводы просят подготовиться к четырём вечерам с ограничением нагрузки.",
            ),
        ),
        (
            "Суд отменил доплату за ночные поезда",
            (
                "Около 140 тысяч пассажиров смогут вернуть деньги до конца мая.",
                "Судьи сочли, что дорога не вправе брать за место больше тарифа.",
            ),
        ),
        (
            "Квота на треску снова снижена",
            (
                "Учёные насчитали на треть меньше молодой рыбы, чем годом ранее.",
                "Малые суда сохраняют свою долю улова.",
            ),
        ),
    )
    also: tuple[Told, ...] = (("Мост закрыт на шесть ночей", ()), ("Библиотеки отменяют штрафы", ()))
    return edition("morning", "ru", placed(lead, top, also), "Утренний выпуск")


def no_picture() -> Edition:
    """An edition whose items name no picture and no publisher but the source."""
    items = tuple(replace(one, publishers=(), image=None) for one in placed(LEAD, TOP[:4]))
    return edition("morning", "en", items)


HOSTILE: tuple[str, ...] = (
    "<script>alert(1)</script> in the headline & a \"quote\" or 'two'",
    "{{7*7}} and {% for x in y %} and ${7*7} and #{7*7}",
    "=?utf-8?q?=0d=0aBcc:_thief=40example.org?= in a title",
    "</style></title></textarea><img src=x onerror=alert(1)>",
    "x" * 300,
    "A\r\nBcc: thief@example.org\r\n\r\nbody of his own",
    "\u202egnp.exe reversed \u2066 isolate \x00 NUL \ud800 surrogate",
)


def hostile() -> Edition:
    told = tuple((title, (f"{title} said twice.", f"Once more: {title[:120]}")) for title in HOSTILE)
    items = tuple(
        replace(
            one,
            source_name=f"<b>{HOSTILE[number % 4]}",
            publishers=(HOSTILE[(number + 1) % 7], HOSTILE[(number + 2) % 7], "C", "D"),
        )
        for number, one in enumerate(placed(told[0], told[1:], tuple((title, ()) for title in HOSTILE[:4])))
    )
    return replace(edition("morning", "en", items), subject=HOSTILE[2], preheader=" ".join(HOSTILE[:4])[:120])


def _found(number: int, text: str, figure: str = "", speaker: str = "") -> Find:
    return Find(passage=bullet(text, number, text), why="a sample", figure=figure, speaker=speaker)


def _shown(one: Item, find: Find, slug: str = "") -> Shown:
    return Shown(story_id=one.story_id, headline=one.headline, find=find, slug=slug)


def _in_sections(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return the items in four sections, with credits of numbers, a mark for subscribers, and names."""
    groups = iter(("", "", "World", "World", "Business", "Sport", "Comment"))
    made = [replace(one, group=next(groups)) if one.place is Place.TOP else one for one in items]
    made[-1] = replace(made[-1], slug="Hallby", walled=True)
    made[1] = replace(made[1], walled=True)
    first, *rest = made[0].bullets
    made[0] = replace(made[0], bullets=(replace(first, credited=SOURCES[:2]), *rest))
    return tuple(made)


def finds_morning() -> Edition:
    """A full morning with everything that a letter can show beside its stories."""
    lead, *others = _in_sections(full_morning().items)
    ahead = _found(0, "The first ring of the barrier is to be lowered into the sound on 4 December.")
    light = replace(
        item(Place.ALSO, 9, ("A goose crosses the harbour bridge each day at noon", ())), kind=TextKind.FEATURE
    )
    quoted = "“Nobody in this town believed that the ships would come back,” said Ida Lund, a pilot of the harbour."
    number = "The clinics of the upland spent 48 million crowns on helicopters in nine months."
    finds = Finds(
        names=("Norrhaven", "Stenvik", "night trains"),
        coming=(
            _shown(others[-1], _found(1, "The council of Hallby will choose a mayor on Thursday."), slug="Hallby"),
            _shown(others[-2], _found(2, "Almvik bridge opens to lorries next week.")),
        ),
        number=_shown(others[2], _found(3, number, figure="48 million crowns")),
        quote=_shown(others[5], _found(4, quoted, speaker="Ida Lund")),
        close=Close(next_letter=datetime(2026, 11, 24, 5, tzinfo=UTC), light=light.story_id, share=True, reply=True),
    )
    items = (replace(lead, ahead=ahead), *others, light)
    return replace(full_morning(), items=items, note=None, finds=finds)


def finds_evening() -> Edition:
    """An evening whose updates have earlier headlines."""
    told = full_evening()
    earlier = tuple(
        Earlier(
            edition=EditionKey(name="morning", date=DAY - timedelta(days=days)),
            anchor="story-lead-0",
            headline=headline,
            at=datetime(2026, 11, 23, 4, 40, tzinfo=UTC) - timedelta(days=days),
        )
        for days, headline in enumerate((LEAD[0], "Barrier: the last hearing before the vote"))
    )
    first, *others = told.items
    ahead = _found(2, "The court of Norrhaven will hear the shipping companies on 15 December.")
    said = "“Not one ship has paid for the pier that it broke,” Lund told the court on Monday."
    quote = _shown(others[0], replace(_found(1, said, speaker="Lund"), credit="Ida Lund, a pilot of the harbour"))
    close = Close(next_letter=datetime(2026, 11, 24, 16, tzinfo=UTC), share=True, reply=True)
    return replace(
        told,
        items=(replace(first, so_far=earlier, ahead=ahead), *others),
        finds=replace(told.finds, quote=quote, close=close),
    )


def finds_german() -> Edition:
    """A German letter with a number, a quotation and an end."""
    told = long_german()
    first = told.items[0]
    quoted = "„Unsere Enkel werden uns für jeden Stein der Mauer danken“, sagte Bürgermeisterin Ida Lund."
    finds = Finds(
        names=("Nordhafen", "Nachtzüge", "Hallby"),
        coming=(_shown(first, _found(1, "Die neue Brücke soll am 3. Dezember für den Verkehr freigegeben werden.")),),
        number=_shown(
            first,
            _found(2, "Die Kosten des Damms sind auf 2,4 Milliarden Euro gestiegen.", figure="2,4 Milliarden Euro"),
        ),
        quote=_shown(first, _found(3, quoted, speaker="Ida Lund")),
        close=Close(next_letter=datetime(2026, 11, 24, 5, tzinfo=UTC), share=True, reply=True),
    )
    return replace(told, finds=finds)


def finds_arabic() -> Edition:
    """A letter from right to left with an end, a number and a credit."""
    told = arabic()
    first, *others = told.items
    finds = Finds(
        number=_shown(first, _found(2, told.items[0].bullets[0].text, figure="31")),
        close=Close(next_letter=datetime(2026, 11, 24, 5, tzinfo=UTC), share=True, reply=True),
    )
    return replace(told, items=(replace(first, slug="", walled=True), *others), finds=finds)


@cache
def samples() -> tuple[Sample, ...]:
    """Return every letter that is tried."""
    return (
        Sample(name="full-morning", edition=full_morning(), picture=QUAY),
        Sample(name="full-evening", edition=full_evening(), earlier=full_morning()),
        Sample(name="thin-morning", edition=thin_morning()),
        Sample(name="late-evening", edition=late_evening(), earlier=full_morning()),
        Sample(name="long-reads", edition=long_reads()),
        Sample(name="quiet-evening", edition=quiet_evening(), earlier=full_morning()),
        Sample(name="long-german", edition=long_german()),
        Sample(name="arabic", edition=arabic()),
        Sample(name="cyrillic", edition=cyrillic()),
        Sample(name="no-picture", edition=no_picture()),
        Sample(name="hostile", edition=hostile()),
        Sample(name="finds-morning", edition=finds_morning(), picture=QUAY),
        Sample(name="finds-evening", edition=finds_evening(), earlier=full_morning()),
        Sample(name="finds-german", edition=finds_german()),
        Sample(name="finds-arabic", edition=finds_arabic()),
    )
