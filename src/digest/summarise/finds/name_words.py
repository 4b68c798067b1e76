"""Words with a capital that name no story alone: peoples, offices, and nouns that many stories share."""
# ruff: noqa: RUF001 - apostrophes are the subject here

from __future__ import annotations

from functools import lru_cache

from digest.summarise.day_phrases import WEEKDAYS
from digest.summarise.finds.finder_words import MONTHS
from digest.text.patterns import compiled


def listed(words: str) -> frozenset[str]:
    """Return words that are listed with blanks between them."""
    return frozenset(words.split())


@lru_cache(maxsize=8)
def calendar(language: str) -> frozenset[str]:
    """Return the names of days and months, without the marks of their patterns."""
    names = compiled(r"[()?:]").sub("", f"{WEEKDAYS[language]} {MONTHS[language]}")
    return frozenset(names.replace("|", " ").split())


TITLES = listed(
    "president prime minister secretary senator sen rep gov governor mayor judge justice chancellor mr mrs ms dr prof"
    " professor king queen prince princess pope sir lord lady dame general gen col captain sgt chief speaker attorney"
    " sheriff commander leader representative director commissioner chairman chairwoman chair pm mp ceo ag sec"
    " actor actress singer rapper comedian presenter footballer"
    " former ex interim vice deputy congressman congresswoman coach saint"
    " bundeskanzler kanzler bundespräsident präsident präsidentin minister ministerin herr frau bürgermeister trainer"
    " innenminister außenminister finanzminister ministerpräsident kanzlerin papst könig königin prinz"
    " président présidente ministre monsieur madame maire"
    " presidente presidenta ministro ministra alcalde alcaldesa don doña rey reina papa"
)
"""Offices and titles before a name."""

PLACES_OF_POWER = frozenset(
    (
        *(
            "white house",
            "supreme court",
            "united states",
            "united nations",
            "european union",
            "new york",
            "high court",
        ),
        *("capitol hill", "wall street", "downing street", "state department", "justice department"),
        *("weiße haus", "weißes haus", "vereinte nationen", "europäische union", "maison blanche", "etats-unis"),
        *("états-unis", "nations unies", "union européenne", "casa blanca", "estados unidos", "naciones unidas"),
    )
)
"""Names of two words that many stories of a day have."""

PART_OF_NAME = listed("prince princess king queen pope saint lady san papst papa pape")
"""Titles before a first name, which names nobody alone."""
PARTICLES = ("de", "du", "del", "di", "da", "van", "von", "der", "den", "bin", "al", "la", "of")
"""Small words inside of names."""
JUNIOR = frozenset({"jr", "sr"})
"""Words behind a name that keep their dot."""

BODIES = listed(
    "committee bureau department office council court commission agency ministry parliament senate house statehouse"
    " legislature administration police government campaign authorities capitol embassy courthouse congress"
)
"""Last words of names of bodies and buildings, which many stories have."""

HEADS = {
    "en": r"president(?:-elect)?|prime minister|premier|chancellor|pope|king|queen|taoiseach|pm",
    "de": r"(?:us-)?präsident(?:in)?|bundeskanzler(?:in)?|kanzler(?:in)?|premier(?:minister(?:in)?)?"
    r"|ministerpräsident(?:in)?|papst|könig(?:in)?",
    "fr": r"président(?:e)?|chef de l['’]état,?|premier ministre|première ministre|chancel(?:ier|ière)|pape|roi|reine",
    "es": r"president[ea]|primer[oa]? ministr[oa]|canciller|papa|rey|reina",
}
"""Heads of states and churches: they are in too many stories of a day to name one. Patterns in lower case."""

ADJECTIVES = {
    "en": listed(
        "american british english scottish welsh irish french german italian spanish russian chinese japanese korean"
        " indian israeli palestinian iranian iraqi syrian turkish greek polish ukrainian canadian australian mexican"
        " brazilian african european asian arab muslim islamic christian catholic jewish republican republicans"
        " democratic democrat democrats conservative conservatives liberal liberals tory tories labour western"
        " eastern"
        " northern southern north south east west new old great big black white latino hispanic native gay nazi"
        " americans germans russians israelis palestinians christians muslims jews first second last best top us"
        " u.s uk"
        " chinese-american african-american dutch swiss swedish danish norwegian finnish austrian arabian saudi"
    ),
    "de": listed(
        "deutsche deutschen deutscher deutsches berliner hamburger münchner wiener schweizer bayerische neue"
        " neuer neues"
        " neuen erste ersten erster große großen grüne grünen junge alte alter alten us eu europäische amerikanische"
        " russische chinesische französische türkische israelische beste besten viele alle keine mehr weniger immer"
    ),
    "fr": listed(
        "français française françaises américain américains américaine allemand allemands européen européens"
        " européenne"
        " russe russes chinois britannique britanniques italien italienne espagnol premier première nouveau nouvelle"
        " etats etat état états saint sainte nord sud est ouest grand grande"
    ),
    "es": listed(
        "español española españoles estadounidense alemán francés italiano ruso chino europeo europea nuevo"
        " nueva gran"
        " san santa norte sur este oeste primer primera"
    ),
}
"""Peoples, parties and directions, which describe more than they name."""

GENERIC = {
    "en": listed(
        "islam christianity religion radio bank minister police government court congress senate house state"
        " city county university school hospital company church"
        " web internet christmas easter thanksgiving twitter facebook instagram youtube tv video watch live update"
        " updates"
        " news report reports study review analysis opinion interview man woman men women people world america"
        " united states county district department office council committee board party parliament supreme federal"
        " national day week month year god earth covid i ap afp reuters the a an my your how why what when who here"
        " it is it's this that these those if in on at for with black friday street road park"
        " says said people years week death deaths season home life case cases plan plans story family"
    ),
    "de": listed(
        "regel ausschuss einsatz gemeinde waffenlieferungen verfassungsbeschwerde polizei regierung gericht"
        " stadt land staat bundestag bundesregierung bund länder kreis gemeinde schule"
        " schulen"
        " universität krankenhaus firma unternehmen kirche internet weihnachten ostern tag tage woche monat jahr"
        " jahre"
        " jahren mann männer frau frauen mensch menschen kind kinder leute welt deutschland europa fall fälle streit"
        " kritik grund gründe ende anfang zeit zukunft leben tod tote toten opfer unfall haus hause weg platz"
        " ziel ziele"
        " problem probleme frage fragen antwort idee zahl zahlen prozent euro millionen milliarden thema geld preis"
        " preise spiel spiele sieg niederlage saison team mannschaft trainer liveticker video bilder bild interview"
        " kommentar studie bericht experten experte neuigkeiten news aktuelles start plan pläne hilfe arbeit folge"
        " folgen rolle teil mal stelle chance gefahr angst hoffnung erfolg druck macht recht seite linie raum bereich"
        " gruppe mitte jugend familie familien nacht morgen abend blick stunde stunden minuten meter kilometer grad"
        " vorwürfe vorwurf debatte diskussion entscheidung urteil prozess klage suche start schutz nachfrage angebot"
        " vergleich überblick tipps wochenende wetter sommer winter herbst frühling region umfrage partei parteien"
        " politik politiker präsident minister ministerium chef kanzler kunden verbraucher bürger bewohner fans stars"
        " auto autos zug straße wasser luft feuer brand jahrhundert rekord trend gespräch wort worte sinn art weise"
    ),
    "fr": listed(
        "police gouvernement justice etat état ville région pays monde noël france europe assemblée sénat mairie"
        " parlement vidéo direct photos info infos l le la les un une des en au aux ce cette il elle on qui que"
        " web conseil ehpad samu covid covid-19 coronavirus internet république président ministre jour"
        " semaine mois an année hommes femmes homme femme enfant enfants"
    ),
    "es": listed(
        "policía gobierno justicia estado ciudad región país mundo navidad españa europa congreso senado parlamento"
        " ayuntamiento vídeo directo fotos el la los las un una en al del internet república presidente día"
        " semana mes"
        " año hombre mujer hombres mujeres niño niños"
    ),
}
"""Nouns of many stories, and words that begin headlines."""

_MEDIA = listed(
    "news post times journal gazette herald tribune magazine tv radio television broadcasting zeitung tagblatt"
    " tageblatt rundschau kurier anzeiger fernsehen rundfunk télévision télé diario periódico televisión"
)
"""Last words in names of papers and broadcasters."""
_STATIONS = listed(
    "abc cbs nbc cnn msnbc cnbc pbs npr bbc itv axios politico propublica buzzfeed breitbart reuters afp"
    " dpa upi ard zdf rtl sat.1 orf srf tagesschau tf1 m6 bfm bfmtv cnews franceinfo mediapart"
    " libération rtve antena efe"
)
"""Names of papers, broadcasters and agencies."""


def is_media(name: str) -> bool:
    """Return whether a name is one of a paper, a broadcaster or an agency: a reader takes it for a source."""
    words = name.casefold().split()
    return words[-1] in _MEDIA if len(words) > 1 else words[0] in _STATIONS
