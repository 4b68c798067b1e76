"""Closed classes of words by language: pronouns, articles, additives, modal verbs, verbs of saying and of events."""
# ruff: noqa: RUF001 - Cyrillic words are words

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

_NONE: frozenset[str] = frozenset()


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words of one language in lower case; an apostrophe separates words, so "it's" is "it" and "s"."""

    subjects: frozenset[str] = _NONE
    """Personal pronouns of the third person that can be a subject."""
    pronouns: frozenset[str] = _NONE
    """All pronouns of the third person, including possessive ones."""
    persons: frozenset[str] = _NONE
    """Pronouns for one person."""
    demonstratives: frozenset[str] = _NONE
    additives: frozenset[str] = _NONE
    """Words that add to, order or contrast with something said before: "also", "other", "then", "both"."""
    definite: frozenset[str] = _NONE
    indefinite: frozenset[str] = _NONE
    speech: frozenset[str] = _NONE
    first_person: frozenset[str] = _NONE
    second_person: frozenset[str] = _NONE
    days: frozenset[str] = _NONE
    past: frozenset[str] = _NONE
    """Auxiliary verbs of the past, which are typical of background."""
    modals: frozenset[str] = _NONE
    opinions: frozenset[str] = _NONE
    """Words of judgement and emphasis."""
    events: frozenset[str] = _NONE
    """Verbs for events in the news: arrests, votes, deaths, results."""
    subordinators: frozenset[str] = _NONE
    generic: frozenset[str] = _NONE
    """Nouns for somebody or something named before: "the company", "the pair", "the report"."""


_EN = Lexicon(
    subjects=_listed("he she they it"),
    pronouns=_listed("he she they it him her them his hers their theirs its himself herself themselves itself"),
    persons=_listed("he she him his her hers himself herself"),
    demonstratives=_listed("this that these those such"),
    additives=_listed(
        "also another other others both former latter same earlier later then there here instead too again still "
        "further meanwhile however though either neither else elsewhere similarly likewise one ones so more "
        "afterwards thereafter"
    ),
    definite=_listed("the"),
    indefinite=_listed("a an"),
    speech=_listed(
        "said says told tells announced reported confirmed wrote according added adds adding continued explained "
        "insisted admitted recalled concluded joked replied asked argued claimed warned noted suggested stated "
        "urged testified revealed acknowledged writes argues notes explains insists warns believes"
    ),
    first_person=_listed("i we my our us me"),
    second_person=_listed("you your yours yourself"),
    days=_listed("monday tuesday wednesday thursday friday saturday sunday today yesterday tonight"),
    past=_listed("had was were been"),
    modals=_listed("would could may might can should must will shall"),
    opinions=_listed(
        "best worst great amazing perfect beautiful perhaps maybe really simply just quite very surely clearly "
        "unfortunately hopefully indeed course actually probably love hate"
    ),
    events=_listed(
        "arrested charged killed died dead sentenced convicted accused announced approved agreed ordered ruled found "
        "elected resigned fired launched signed voted filed sued pleaded injured reported rejected passed won lost "
        "beat fell rose dropped increased released opened closed banned said"
    ),
    subordinators=_listed(
        "when while as after before although though if because since until despite amid with without following during"
    ),
    generic=_listed(
        "company firm group team pair couple duo trio man woman boy girl teenager child men women children family "
        "victim victims suspect suspects officer officers official officials agency organization organisation "
        "department committee council court judge jury lawyer report study survey poll document letter statement "
        "bill law measure plan proposal project program programme decision move ruling case trial attack incident "
        "crash accident fire shooting event meeting deal agreement change changes building house site vehicle car "
        "piece book film show game match player coach singer actor actress star minister president senator governor "
        "mayor author researchers scientists team work arguments"
    ),
)
_DE = Lexicon(
    subjects=_listed("er sie es"),
    pronouns=_listed("er sie es ihn ihm ihr ihre ihrem ihren ihrer ihnen sein seine seinem seinen seiner"),
    persons=_listed("er ihn ihm sein seine seinem seinen seiner"),
    demonstratives=_listed("dieser diese dieses diesem diesen dies solche solcher jene jener"),
    additives=_listed(
        "auch andere anderen anderer weitere weiteren weiterer beide beiden dort hier dann danach zuvor ebenfalls "
        "ebenso zudem außerdem dabei damit dafür dagegen davon daraus darauf darüber doch jedoch allerdings wiederum "
        "nun noch wieder schließlich so aber denn dennoch trotzdem deshalb daher"
    ),
    definite=_listed("der die das den dem des"),
    indefinite=_listed("ein eine einen einem einer eines"),
    speech=_listed(
        "sagte sagt erklärte teilte berichtete berichtet hieß laut zufolge betonte sagten kündigte fügte ergänzte "
        "meinte räumte erzählt erzählte schreibt schrieb warnte forderte"
    ),
    first_person=_listed("ich wir mein meine meinen meinem unser unsere unserem unseren uns mich mir"),
    second_person=_listed("du dein deine euch ihnen man"),
    days=_listed(
        "montag dienstag mittwoch donnerstag freitag samstag sonntag sonnabend heute gestern morgen montagabend "
        "dienstagabend mittwochabend donnerstagabend freitagabend samstagabend sonntagabend"
    ),
    past=_listed("hatte hatten war waren wurde wurden worden gewesen"),
    modals=_listed("würde könnte könnten kann können soll sollen sollte muss müssen dürfte wird werden will wollen"),
    opinions=_listed("wohl natürlich leider schön wirklich einfach ganz sehr vielleicht eigentlich endlich"),
    events=_listed(
        "festgenommen getötet gestorben verletzt verurteilt angekündigt beschlossen gewählt gewonnen verloren "
        "gefunden veröffentlicht zurückgetreten angeklagt teilte mitteilte gesiegt"
    ),
    subordinators=_listed("wenn während als nachdem bevor obwohl weil da seit nach bei mit ob dass trotz"),
    generic=_listed(
        "unternehmen konzern gruppe team paar mann frau junge mädchen familie opfer täter beamten behörde gericht "
        "richter bericht studie umfrage brief gesetz plan projekt entscheidung urteil fall prozess angriff vorfall "
        "unfall brand treffen abkommen gebäude haus auto fahrzeug buch film spiel spieler trainer minister "
        "präsident bürgermeister forscher 34-jährige politiker partei"
    ),
)
_FR = Lexicon(
    subjects=_listed("il elle ils elles"),
    pronouns=_listed("il elle ils elles lui leur leurs son sa ses eux"),
    persons=_listed("il elle lui"),
    demonstratives=_listed("ce cet cette ces cela ça ceci celui celle ceux celles"),
    additives=_listed(
        "aussi autre autres également ailleurs ensuite puis alors enfin ainsi là ici même mêmes deux encore "
        "toutefois cependant pourtant donc or mais notamment"
    ),
    definite=_listed("le la les l"),
    indefinite=_listed("un une des"),
    speech=_listed(
        "dit déclaré affirmé annoncé indiqué précisé expliqué estimé selon assure explique affirme indique précise "
        "estime annonce raconte déclare ajouté ajoute poursuivi poursuit conclut conclu souligne souligné confie "
        "confié"
    ),
    first_person=_listed("je j nous mon ma mes notre nos moi m"),
    second_person=_listed("vous votre vos tu ton ta tes"),
    days=_listed("lundi mardi mercredi jeudi vendredi samedi dimanche aujourd hier"),
    past=_listed("avait avaient était étaient été fut"),
    modals=_listed("pourrait devrait peut peuvent doit doivent pourraient serait seraient sera seront va vont"),
    opinions=_listed("vraiment bien sûr hélas très simplement doute"),
    events=_listed(
        "arrêté tué mort morts blessé condamné annoncé voté élu gagné perdu interpellé démissionné lancé signé "
        "adopté rejeté"
    ),
    subordinators=_listed("quand lorsque alors après avant si parce que depuis malgré avec selon pour"),
    generic=_listed(
        "entreprise société groupe équipe couple homme femme garçon fille famille victime suspect policiers agence "
        "tribunal juge rapport étude sondage lettre loi plan projet décision jugement affaire procès attaque "
        "incident accident incendie réunion accord bâtiment maison voiture livre film match joueur entraîneur "
        "ministre président maire chercheurs"
    ),
)
_ES = Lexicon(
    subjects=_listed("él ella ellos ellas"),
    pronouns=_listed("él ella ellos ellas su sus le les"),
    persons=_listed("él ella"),
    demonstratives=_listed("este esta estos estas ese esa esos esas esto eso aquel aquella"),
    additives=_listed(
        "también otro otra otros otras además luego entonces así allí aquí mismo misma ambos todavía aún pero pues"
    ),
    definite=_listed("el la los las"),
    indefinite=_listed("un una unos unas"),
    speech=_listed(
        "dijo dice afirmó aseguró anunció informó explicó señaló indicó según declaró dicho asegurado confirmó "
        "añadió agregó añadido concluyó insistió recordó admitió"
    ),
    first_person=_listed("yo nosotros mi mis nuestro nuestra nuestros nuestras me nos"),
    second_person=_listed("usted ustedes tú tu tus te"),
    days=_listed("lunes martes miércoles jueves viernes sábado domingo hoy ayer"),
    past=_listed("había habían era eran fue fueron sido"),
    modals=_listed("podría puede pueden debe deben sería podrán"),
    opinions=_listed("muy quizá realmente"),
    events=_listed("detenido muerto murió herido condenado anunció aprobó ganó perdió elegido dimitió firmó"),
    subordinators=_listed("cuando mientras aunque si porque tras después antes"),
    generic=_listed(
        "empresa compañía grupo equipo pareja hombre mujer familia víctima sospechoso agencia tribunal juez informe "
        "estudio encuesta carta ley plan proyecto decisión fallo caso juicio ataque incidente accidente incendio "
        "reunión acuerdo edificio casa coche libro partido jugador entrenador ministro presidente alcalde"
    ),
)
_IT = Lexicon(
    subjects=_listed("lui lei loro egli ella essi"),
    pronouns=_listed("lui lei loro suo sua suoi sue gli egli ella"),
    persons=_listed("lui lei egli ella"),
    demonstratives=_listed("questo questa questi queste quello quella quelli quelle ciò"),
    additives=_listed("anche altro altra altri altre inoltre poi allora così lì qui stesso entrambi ancora ma"),
    definite=_listed("il lo la i gli le l"),
    indefinite=_listed("un uno una"),
    speech=_listed("detto dice affermato annunciato spiegato dichiarato secondo aggiunto racconta sottolinea"),
    first_person=_listed("io noi mio mia nostro nostra ci mi"),
    second_person=_listed("tu voi tuo tua vostro vostra"),
    days=_listed("lunedì martedì mercoledì giovedì venerdì sabato domenica oggi ieri"),
    past=_listed("aveva avevano era erano stato stata"),
    modals=_listed("potrebbe può possono deve devono sarebbe sarà"),
)
_PT = Lexicon(
    subjects=_listed("ele ela eles elas"),
    pronouns=_listed("ele ela eles elas seu sua seus suas lhe dele dela deles"),
    persons=_listed("ele ela dele dela"),
    demonstratives=_listed("este esta estes estas esse essa esses essas isso isto aquele aquela"),
    additives=_listed("também outro outra outros outras além depois então assim ali aqui mesmo ambos ainda mas"),
    definite=_listed("o a os as"),
    indefinite=_listed("um uma uns umas"),
    speech=_listed("disse diz afirmou anunciou informou explicou segundo declarou acrescentou"),
    first_person=_listed("eu nós meu minha nosso nossa me nos"),
    second_person=_listed("você vocês tu teu tua seu"),
    days=_listed("segunda terça quarta quinta sexta sábado domingo hoje ontem"),
    past=_listed("tinha era eram foi foram sido"),
    modals=_listed("poderia pode podem deve devem seria será"),
)
_NL = Lexicon(
    subjects=_listed("hij zij ze het"),
    pronouns=_listed("hij zij ze hem haar hen hun zijn het"),
    persons=_listed("hij hem haar"),
    demonstratives=_listed("dit dat deze die zulke"),
    additives=_listed("ook andere ander daarna toen daar hier zelfde beide nog maar daarom echter"),
    definite=_listed("de het"),
    indefinite=_listed("een"),
    speech=_listed("zei zegt zeggen meldt aldus volgens vertelde verklaarde liet"),
    first_person=_listed("ik wij we mijn ons onze mij me"),
    second_person=_listed("jij je jouw u uw jullie"),
    days=_listed("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag vandaag gisteren"),
    past=_listed("had hadden was waren werd werden geweest"),
    modals=_listed("zou zouden kan kunnen moet moeten zal zullen"),
)
_NORDIC = Lexicon(
    subjects=_listed("han hun hon de det den"),
    pronouns=_listed("han hun hon de det den ham hende hans hennes hendes sin sitt deres deras dem"),
    persons=_listed("han hun hon ham hende hans hennes hendes"),
    demonstratives=_listed("dette denne disse detta dessa"),
    additives=_listed("også också andre andra så da då der där her här samme samma både men derfor därför"),
    indefinite=_listed("en et ett ei"),
    speech=_listed("sier säger siger sa sagde forteller berättar ifølge enligt skriver opplyser"),
    first_person=_listed("jeg jag vi min mitt mine vår vårt vores oss meg mig"),
    second_person=_listed("du dig deg din ditt dere"),
    days=_listed("mandag tirsdag onsdag torsdag fredag lørdag søndag måndag tisdag lördag söndag i dag idag igår"),
    past=_listed("hadde hade havde var ble blev blitt vært varit været"),
    modals=_listed("vil kan skal må ska bør skulle kunne ville"),
)
_RU = Lexicon(
    subjects=_listed("он она они оно"),
    pronouns=_listed("он она они оно его её ее их ему ей им него неё нее них свой своей своего"),
    persons=_listed("он она его её ему ей"),
    demonstratives=_listed("это этот эта эти этого этой этом тот та те"),
    additives=_listed("также тоже другой другие других там здесь затем потом однако но поэтому кроме при"),
    speech=_listed("сказал сказала заявил заявила сообщил сообщила сообщили словам рассказал отметил"),
    first_person=_listed("я мы мой моя наш наша нас мне нам меня"),
    second_person=_listed("ты вы вас вам ваш ваша"),
    days=_listed("понедельник вторник среду четверг пятницу субботу воскресенье сегодня вчера понедельника"),
    past=_listed("был была было были"),
    modals=_listed("может могут должен должна должны будет будут"),
)
_AR = Lexicon(
    subjects=_listed("هو هي هم هن"),
    pronouns=_listed("هو هي هم هن"),
    persons=_listed("هو هي"),
    demonstratives=_listed("هذا هذه ذلك تلك هؤلاء"),
    additives=_listed("أيضا أيضًا كما آخر أخرى ثم لكن هناك هنا كذلك"),
    speech=_listed("قال قالت وقال وأضاف أضاف أعلن وأعلن ذكر وفق بحسب أكد وأكد"),
    first_person=_listed("أنا نحن"),
    second_person=_listed("أنت أنتم"),
    days=_listed("الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد اليوم أمس"),
)
_PL = Lexicon(
    subjects=_listed("on ona oni one ono"),
    pronouns=_listed("on ona oni one ono jego jej ich mu im swój swoją swojego"),
    persons=_listed("on ona jego jej mu"),
    demonstratives=_listed("to ten ta te tego tej tym"),
    additives=_listed("także też inny inna inne potem tam tutaj jednak ale dlatego ponadto"),
    speech=_listed("powiedział powiedziała poinformował poinformowała dodał dodała według"),
    first_person=_listed("ja my mój moja nasz nasza nas mnie nam"),
    second_person=_listed("ty wy wasz was wam"),
    days=_listed("poniedziałek wtorek środę czwartek piątek sobotę niedzielę dziś wczoraj"),
    past=_listed("był była było byli były"),
    modals=_listed("może mogą musi muszą będzie będą"),
)
_BY_LANGUAGE = {
    "en": _EN,
    "de": _DE,
    "fr": _FR,
    "es": _ES,
    "it": _IT,
    "pt": _PT,
    "nl": _NL,
    **dict.fromkeys(("no", "nb", "nn", "sv", "da"), _NORDIC),
    "ru": _RU,
    "ar": _AR,
    "pl": _PL,
}


@cache
def lexicon(language: str) -> Lexicon:
    """Return the words of a language (BCP 47 primary tag); for an unknown language all classes are empty."""
    return _BY_LANGUAGE.get(language, Lexicon())
