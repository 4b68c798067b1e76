"""Words for events, for people beside a name, and names of everyday news, by language."""
# ruff: noqa: RUF001 - apostrophes are the subject here

from __future__ import annotations


def _listed(names: str) -> frozenset[str]:
    return frozenset(names.split("|"))


EVENTS = {
    "en": "trial|elections?|shootings?|bombings?|earthquake|quake|wildfires?|hurricane|storm|tornado(?:es)?|floods"
    "|flooding|explosion|murders?|killings?|siege|war|ceasefire|truce|treaty|summit|convention|scandal|inquiry"
    "|investigation|hearings?|impeachment|coup|crisis|outbreak|massacre|kidnapping|airstrikes?|lawsuit|settlement"
    "|merger|takeover|bailout|derailment|collapse|sanctions|tariffs?|marathon|verdict|sentencing|ruling|funeral|memoir"
    "|e-?mails?|documents|tapes?|memo|dossier|leaks?|referendum|primary|caucus|caucuses|mosque|pipeline|tax returns"
    "|resignation|deaths?|killer|crackdown|shutdown|bill|speech|testimony|confession|standoff|blaze|eruption|meltdown"
    "|nuclear deal|peace talks|peace deal|trade deal|peace plan|election results?|execution|extradition|acquittal|plot"
    "|conspiracy|assassination|inauguration|nomination|playoffs|championship|takeover bid|bankruptcy|health law"
    "|policy|border wall|refugees|migrants|hostages|airport|protests|riots|negotiations|talks|law|tax|whistleblower",
    "de": "Prozess|Wahl|Erdbeben|Brand|Anschlag|Unglück|Krieg|Krise|Skandal|Flut|Hochwasser|Gipfel|Meteorit|Einschlag"
    "|Explosion|Absturz|Mord|Attentat|Geiseln|Messerangriff|Waldbrand|Unwetter|Amoklauf|Bootsunglück|Zugunglück"
    "|Landtagswahl|Kommunalwahl|Bombe|Streik|Lawine|Feuer|Großbrand|Affäre|Wahlen|Urteil|Verfahren|Gesetz|Proteste"
    "|Verhandlungen|Abkommen|Referendum|Razzia|Rücktritt|Übernahme|Fusion|Insolvenz|Bericht|Akten|Untersuchung"
    "|Katastrophe|Sturm|Putsch|Verbot|Reform|Maut|Steuer|Morde|Anschläge",
    "fr": "procès|affaire|séisme|incendies?|attentats?|attaque|fusillade|explosion|tempête|ouragan|cyclone|élections?"
    "|manifestations?|grève|guerre|accident|crash|inondations?|meurtre|marée noire|sommet|référendum|avalanche"
    "|naufrage|effondrement|attentat|remaniement|loi|réforme|rapport|scandale|élection",
    "es": "incendios?|terremoto|caso|juicio|elecciones|guerra|atentado|huelga|accidente|crimen|cumbre|inundaciones"
    "|ataque|explosión|asesinato|erupción|volcán|tiroteo|protestas|ley|crisis|dana|apagón|referéndum",
}
"""Nouns of events that are no verbs. Patterns."""

UNCLEAR = (
    "attacks?|fires?|vote|strikes?|ban|probe|plan|debate|deal|launch|crash|visit|veto|raid|riot|protest|spill|recall"
    "|fight|rally|march|report|case|affair|pardon|cuts|blast|cable|bombing|pick|ads?|row|tour|cover-up|rescue|standoff"
    "|flood|drought|data|files|papers|settlement|assault|review|subpoena|buyout|rumours|rumors|threat|hack"
)
"""English nouns of events that are verbs, too."""

LINKS = {"en": "in|at|on", "de": "in|bei|auf|von|an|im", "fr": "de|du|à|en|au|d['’]|des|de la", "es": "de|en|del"}
"""Prepositions between an event and its place or its person."""

CASES = {"en": "case of", "fr": "affaire|procès|loi|rapport|plan", "es": "caso|ley|plan", "de": "Fall|Causa|Affäre"}
"""Nouns that a name follows: "affaire Lund"."""

VAGUE_EVENTS = r"law|visit|documents|report|speech|case|policy|plan|tour|trip|review|files|papers|data|statement|bill"
"""English nouns that do not say which event it is: "Norrhaven law" may be any law. A pattern."""

BESIDE = (
    "aides?|advis[eo]rs?|lawyers?|attorneys?|counsel|wife|husband|girlfriend|boyfriend|son|daughter|sons|daughters"
    "|mother|father|brother|sister|family|widow|ex|fianc[eé]e?|parents|children|kids|friends?|ally|allies|associates?"
    "|spokes(?:man|woman|person)|man|woman|men|women|teen(?:ager)?|boy|girl|couple|mom|dad|baby|student|teacher|cop"
    "|police|officers?|resident|native|lineman|tackle|quarterback|guard|players?|coach|manager|star|striker|captain"
    "|boss|chief|ceo|executive|director|president|prime|senator|congress(?:man|woman)|governor|mayor|judge|lawmakers?"
    "|officials?|commander|leaders?|minister|ambassador|envoy|governor’s|donor|supporters?|voters?|homeowners?|telescope"
    "|researchers?|scientists?|doctors?|nurse|soldiers?|troops|hunter|miner|farmer|driver|passengers?|actor|actress"
    "|counties|county|team|nominee|critics?|staff(?:er)?|assistant|secretary|surrogate|spokesperson|legal|campaign"
    "|vendors?|makers?|providers?|users?|developers?|investors?|firms?|compan(?:y|ies)"
    "|goalkeepers?|keeper|defenders?|midfielders?|forward|winger|striker|pitcher|fans?|stalwarts?|legend|ace"
)
"""English words for a person or a thing that a name before them only describes. A pattern."""

BROAD = _listed(
    "trump|donald trump|biden|joe biden|obama|barack obama|bush|clinton|hillary|putin|wladimir putin|vladimir putin"
    "|hillary clinton|bill clinton"
    "|poutine|macron|emmanuel macron|merkel|angela merkel|scholz|olaf scholz|merz|friedrich merz|pedro sánchez"
    "|sánchez|harris|netanyahu|benjamin netanyahu|zelensky|selenskyj|gop|republicans|democrats|tories|labour|spd|cdu"
    "|csu|afd|fdp|grüne|grünen|linke|union|psoe|pp|vox|google|apple|microsoft|facebook|twitter|amazon|youtube|meta"
    "|instagram|tesla|nato|otan|eu|ue|un|uno|onu|fbi|cia|doj|irs|epa|cdc|fda|nfl|nba|mlb|fifa|uefa|nhs|bbc|cnn|fox"
    "|fox news|msnbc|reuters|afp|dpa|pentagon|kremlin|kreml|hamas|hisbollah|hezbollah|taliban|isis|islamic state"
    "|islamischer staat|wall street|dax|medicare|medicaid|obamacare|social security|covid|covid-19|corona"
    "|coronavirus|omicron|brexit|internet explorer|christmas|ramadan|fed|ezb|imf|who|oms|wto|opec|white house|senate"
    "|congress|supreme court|bundestag|assemblée nationale|elysée|élysée|matignon|insee|sncf|medef|ministry"
    "|administration|justice department|state department|homeland security|downing street|brussels|associated press"
    "|house|premier league|champions league|bundesliga|la liga|super bowl|world cup|oscars|fifth amendment"
    "|affordable care act|air force|capitol|capitol hill|iowa|new hampshire|reddit|tiktok|whatsapp|netflix|disney"
    "|samsung|iphone|android|windows|reserve|federal reserve|secret service|marine|navy|army|bitcoin|ai|ki|ia"
    "|lr|lrem|rn|fn|ps|lfi|eelv|modem|pcf|podemos|sumar|ciudadanos|bsw|snp|ukip|reform uk|lib dems|dnc|rnc|dccc"
)
"""Names of everyday news: of two stories of a day both could be about them."""

VAGUE = _listed(
    "senate|house|congress|court|supreme|federal|state|national|democratic|republican|democrats|republicans|american|us"
    "|u.s|u.s.|white|justice|department|police|high|general|new|first|last|final|great|democrat|gop|mr|mrs"
)
"""English words with a capital that name no story before the noun of an event."""
