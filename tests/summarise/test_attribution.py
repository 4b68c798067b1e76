"""A claim keeps its speaker: what stands in braces is in what is told, whatever else is cut."""
# ruff: noqa: RUF001 - quotation marks, dashes and letters of several scripts are the subject here

from __future__ import annotations

import pytest

from digest.summarise.trim import trim

BANK = {
    "en": "The bank hid losses of 40 million pounds from its auditors for two years and paid its directors for their"
    " silence out of a fund for the widows of fishermen lost at sea",
    "fr": "La banque a caché pendant deux ans des pertes de quarante millions à ses contrôleurs et payé le silence de"
    " ses directeurs avec la caisse des veuves de marins perdus en mer et des orphelins",
    "de": "Die Bank verschwieg ihren Prüfern zwei Jahre lang Verluste in Höhe von vierzig Millionen und bezahlte das"
    " Schweigen ihrer Direktoren aus der Kasse für die Witwen ertrunkener Fischer und deren Kinder im Ort",
    "es": "El banco ocultó durante dos años pérdidas de cuarenta millones a sus auditores y pagó el silencio de sus"
    " directores con la caja de las viudas de los pescadores ahogados y de sus hijos",
}
"""Longer than what keeps its loose clauses."""
CLAIMS = {
    "en": [
        "The harbour master took money from two shipping firms for nine years, {a former clerk said}.",
        "The firm dumped oil in the bay at night, {three of its sailors claim}.",
        "The mayor knew of the cracks in the dam long before the flood, {as the Pilot revealed on Sunday}.",
        "The guards beat the boy until he could no longer stand, {his cousin remembers}.",
        "The goalkeeper bet on games of his own team, {if the bookmaker is to be believed}.",
        "The singer stole the tune from a beggar in the port, {according to her first husband}.",
        "The vote was bought with beer and sausages, {or so the loser would have it}.",
        "The new pill cures nine patients in ten, {its maker boasts}.",
        "{Despite these denials}, the harbour master took money from two shipping firms.",
        "{After those first allegations}, the harbour master took leave for nine weeks.",
        "{A neighbour has no doubt}: The baker set fire to his own shop.",
        "{Her verdict on the judge}: He never read the file before he spoke.",
        "But {rivals are certain}: The ferry firm hid the broken shaft from its passengers.",
        "However, {critics note that} the bishop paid the builder out of the poor box.",
        "{In his lawsuit}, the cook was beaten with a ladle by the owner of the inn.",
        "PORT ELLERY (AP) — The captain was drunk when the ferry ran aground, {two deckhands told the inquiry}.",
        "But the coach hit players of the youth team with a belt after lost games, {a former captain said on Sunday}.",
        f"{BANK['en']}, {{a dismissed bookkeeper alleges}}.",
        f"{BANK['en']}, {{with a dismissed bookkeeper as the only witness}}.",
        f"{BANK['en']}, {{which its own chairman doubts}}.",
        f"{BANK['en']}, {{using the words of a dismissed bookkeeper}}.",
        f"{BANK['en']} – {{which its chairman calls a fairy tale}}.",
        "The officer shot a boy in the back ({according to his sister}).",
        "“The old pier will fall into the sea before the winter is over,” {the diver warned}.",
    ],
    "fr": [
        "Le maire a touché de l’argent du casino pendant neuf ans, {selon un ancien caissier}.",
        "La directrice a fermé les portes avant l’incendie, {raconte une ouvreuse}.",
        "Le port rejette du mazout dans la baie chaque nuit, {dénoncent les pêcheurs}.",
        "Le gardien a parié contre sa propre équipe, {jure son beau-frère}.",
        "Le scrutin a été acheté avec du vin, {à en croire le candidat battu}.",
        "Le médicament guérit neuf malades sur dix, {se félicite son fabricant}.",
        "Le boulanger a mis le feu à sa boutique, {comme l’a révélé La Mouette dimanche}.",
        "{Pour sa voisine, aucun doute} : le boulanger a mis le feu à sa boutique.",
        "Mais {ses rivaux en sont sûrs} : la compagnie a caché la panne aux passagers.",
        "{D’après un rapport}, l’évêque a payé le maçon avec l’argent des pauvres.",
        "TARREAU (AFP) - Le capitaine était ivre quand le bac s’est échoué, {ont affirmé deux matelots}.",
        "En revanche, le juge n’a jamais ouvert le dossier, {s’indigne l’avocate}.",
        "« Le vieux quai tombera dans la mer avant l’hiver », {prévient le plongeur}.",
        f"{BANK['fr']}, {{affirme un comptable renvoyé}}.",
        f"{BANK['fr']}, {{ce qui reste à prouver selon elle}}.",
    ],
    "de": [
        "Der Bürgermeister nahm neun Jahre lang Geld vom Kasino, {wie ein früherer Kassierer erzählt}.",
        "Die Reederei leitet nachts Öl in die Bucht, {klagen die Fischer}.",
        "Der Torwart wettete gegen die eigene Mannschaft, {so sein Schwager}.",
        "Die Wahl wurde mit Freibier gekauft, {wenn man dem Verlierer glaubt}.",
        "Das Mittel heilt neun von zehn Kranken, {wirbt der Hersteller}.",
        "Der Richter hat die Akte nie geöffnet, {empört sich die Anwältin}.",
        "{Für die Nachbarin ist klar}: Der Bäcker hat seinen Laden selbst angezündet.",
        "{Ihr Vorwurf wiegt schwer}: Der Bischof bezahlte den Maurer aus der Armenkasse.",
        "Doch {die Konkurrenz ist sicher}: Die Reederei verschwieg den Gästen den Schaden.",
        "{Einem Bericht zufolge} schlug der Wirt seinen Koch mit der Kelle.",
        "{Der Matrose packt aus}: Der Kapitän war betrunken, als die Fähre auflief.",
        "TARRAU (dpa) - Der Kapitän war betrunken, als die Fähre auflief, {sagten zwei Matrosen aus}.",
        "Aber der Trainer schlug die Jungen nach Niederlagen mit dem Gürtel, {behauptet ein früherer Kapitän}.",
        "„Die alte Mole fällt noch vor dem Winter ins Meer“, {warnt der Taucher}.",
        f"{BANK['de']}, {{wobei sich die Zeitung auf einen entlassenen Buchhalter beruft}}.",
    ],
    "es": [
        "El alcalde cobró dinero del casino durante nueve años, {según un antiguo cajero}.",
        "La naviera vierte petróleo en la bahía cada noche, {denuncian los pescadores}.",
        "El portero apostó contra su propio equipo, {jura su cuñado}.",
        "La votación se compró con vino y queso, {a juicio del perdedor}.",
        "El remedio cura a nueve de cada diez enfermos, {presume su fabricante}.",
        "El juez nunca abrió el expediente, {se queja la abogada}.",
        "El panadero quemó su propia tienda, {tal y como reveló La Gaviota el domingo}.",
        "{Su vecina no tiene dudas}: el panadero quemó su propia tienda.",
        "Pero {sus rivales están seguros}: la naviera ocultó la avería a los pasajeros.",
        "{De acuerdo con un informe}, el obispo pagó al albañil con el dinero de los pobres.",
        "MADRID (EFE) - El capitán estaba borracho cuando encalló el barco, {declararon dos marineros}.",
        "Sin embargo, el entrenador pegaba a los chicos con el cinturón, {sostiene un antiguo capitán}.",
        "«El muelle viejo caerá al mar antes del invierno», {advierte el buzo}.",
        f"{BANK['es']}, {{dijo un contable despedido}}.",
        f"{BANK['es']}, {{lo que niega su presidente}}.",
    ],
    "ru": [
        "Мэр девять лет брал деньги у казино, {рассказал бывший кассир}.",
        "Капитан был пьян, когда паром сел на мель, {утверждают два матроса}.",
        "МОСКВА, 3 мая. /ТАСС/. Банк два года скрывал убытки от проверки, {заявил уволенный бухгалтер}.",
        "{По словам соседки}, пекарь сам поджёг свою лавку ночью.",
        "Однако судья ни разу не открыл дело, {возмущается адвокат}.",
    ],
    "ar": [
        "تلقى رئيس البلدية أموالا من النادي تسع سنوات، {وفقا لموظف سابق}.",
        "كان القبطان مخمورا عندما جنحت السفينة، {بحسب شاهدين}.",
        "القاهرة (رويترز) - أخفى البنك خسائره عامين عن المدققين، {قال محاسب سابق}.",
        "{قالت جارته إن} الخباز أحرق متجره بنفسه في الليل.",
        "في المقابل، لم يفتح القاضي الملف قط، {كما تقول المحامية}.",
    ],
    "it": [
        "Il sindaco ha preso soldi dal casinò per nove anni, {secondo un ex cassiere}.",
        "Tuttavia il capitano era ubriaco quando il traghetto si è arenato, {sostengono due marinai}.",
    ],
    "pt": [
        "O prefeito recebeu dinheiro do cassino durante nove anos, {segundo um antigo caixa}.",
        "No entanto, o capitão estava bêbado quando o barco encalhou, {contam dois marinheiros}.",
    ],
    "nl": ["Maar de kapitein was dronken toen de veerboot strandde, {aldus twee matrozen}."],
}


@pytest.mark.parametrize(
    ("language", "marked"), [(language, marked) for language, claims in CLAIMS.items() for marked in claims]
)
def test_no_claim_is_told_without_its_speaker(language: str, marked: str) -> None:
    sentence = marked.replace("{", "").replace("}", "")
    start, end = trim(sentence, language)
    assert marked[marked.index("{") + 1 : marked.index("}")] in sentence[start:end]


def test_there_are_claims_enough_in_the_languages_of_the_letters() -> None:
    assert sum(len(CLAIMS[language]) for language in ("en", "fr", "de", "es")) >= 60
    assert min(map(len, CLAIMS.values())) >= 1
