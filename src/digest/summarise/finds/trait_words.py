"""Words by which a find is judged: hedges, sources, units, changes, fixed plans, connectives; by language.

Values are parts of regular expressions in lower case, as in ``finder_words``.
"""
# ruff: noqa: RUF001 - apostrophes of several languages are the subject here

from __future__ import annotations

HEDGES = {
    "en": r"more than|at least|nearly|almost|about|around|roughly|approximately|over|some|just under|just over"
    r"|fewer than|less than|as many as|a total of|an estimated",
    "de": r"mehr als|mindestens|rund|etwa|knapp|fast|gut|über|ungefähr|circa|insgesamt|weniger als|annähernd",
    "fr": r"plus de|au moins|près de|environ|quelque|presque|moins de|au total|un total de|autour de",
    "es": r"más de|al menos|cerca de|casi|unos|unas|alrededor de|menos de|un total de|aproximadamente",
}
"""Words before a number that tell how exact it is: who counts things writes them."""

SOURCES = {
    "en": r"according to|report(?:s|ed)?|survey|poll|study|figures?|data|statistics|census|found|shows?|showed"
    r"|officials?|said|says|announced|estimates?",
    "de": r"laut|zufolge|nach angaben|berichtet\w*|umfrage|studie|zahlen|daten|statistik\w*|sagte|teilte|erklärte",
    "fr": r"selon|d['’]après|sondage|étude|enquête|chiffres?|données|a indiqué|a annoncé|a déclaré|rapporte|précise",
    "es": r"según|encuesta|estudio|informe|cifras?|datos|indicó|anunció|explicó|señaló|informó",
}
"""Words that name a source."""

COUNTED = {
    "en": r"people|persons?|men|women|children|families|workers|jobs|employees|students|voters|votes|soldiers|troops"
    r"|migrants|refugees|patients|cases|deaths|victims|civilians|protesters|prisoners|homes|houses|seats|countries"
    r"|customers|residents|teachers|households|adults|americans|species|bodies|flights|schools",
    "de": r"menschen|personen|männer|frauen|kinder|familien|beschäftigte\w*|arbeitsplätze|stellen|jobs|mitarbeiter\w*"
    r"|schüler\w*|studierende\w*|wähler\w*|stimmen|soldaten|migranten|geflüchtete\w*|flüchtlinge|patienten|fälle"
    r"|tote|opfer|häuser|wohnungen|sitze|länder|kunden|bürger\w*|tiere|kinder",
    "fr": r"personnes|hommes|femmes|enfants|familles|emplois|postes|salariés|élèves|étudiants|électeurs|voix|soldats"
    r"|migrants|réfugiés|patients|malades|cas|morts|décès|victimes|logements|maisons|sièges|pays|clients|habitants"
    r"|foyers|français|écoles|départements|communes",
    "es": r"personas|hombres|mujeres|niños|familias|empleos|trabajadores|alumnos|estudiantes|votantes|votos|soldados"
    r"|migrantes|refugiados|pacientes|casos|muertos|muertes|víctimas|viviendas|casas|escaños|países|clientes|vecinos"
    r"|hogares|escuelas",
}
"""Things whose number is news."""

UNITS = {
    "en": r"years?|months?|weeks?|days?|hours?|minutes?|seconds?|met(?:er|re)s?|kilomet(?:er|re)s?|miles?|feet|foot"
    r"|inch(?:es)?|yards?|pounds?|kilos?|kg|km|mph|hp|horsepower|gb|mb|ghz|degrees?|acres?|hectares?|points?|games?"
    r"|goals?|matches|runs?|wins|seats?|pages?|episodes?|times|st|calls?|am|pm|a\.m|p\.m",
    "de": r"jahre\w*|monate\w*|wochen?|tage\w*|stunden?|minuten?|sekunden?|meter\w*|kilometer\w*|kilo\w*|zentimeter\w*"
    r"|grad|hektar|punkte\w*|spiele\w*|tore\w*|siege\w*|seiten|mal|uhr|ps|gigabyte|zoll",
    "fr": r"ans|années?|mois|semaines?|jours?|heures?|minutes?|secondes?|mètres?|kilomètres?|km|kilos?|degrés?"
    r"|hectares?|points?|matchs?|buts?|pages?|fois|€|euros",
    "es": r"años?|meses|semanas?|días?|horas?|minutos?|segundos?|metros?|kilómetros?|kilos?|grados?|hectáreas?|puntos?"
    r"|partidos?|goles?|páginas?|veces",
}
"""Units of time, size and sport: such a number is rarely the news."""

CHANGES = {
    "en": r"record\w*|highest|lowest|largest|biggest|most|first time|worst|best|rose|rise[ns]?|rising|fell|fall(?:en)?"
    r"|dropp?\w*|increas\w+|decreas\w+|grew|grown|growth|surg\w+|jump\w*|plung\w+|doubl\w+|tripl\w+|cuts?|lost|cost"
    r"|costs|worth|killed|died|dead|injured|arrested|fled|raised|spent|paid|support\w*|oppose\w*|approv\w+",
    "de": r"rekord\w*|höchst\w*|niedrigst\w*|größt\w*|meist\w*|erstmals|gestiegen|stieg\w*|gesunken|sank\w*|gefallen"
    r"|zugenommen|wuchs|gewachsen|verdoppel\w+|halbier\w+|verlor\w*|kost\w+|wert|getötet|gestorben|tote\w*|verletzt"
    r"|festgenommen|ausgegeben|zahl\w+|betroffen|unterstütz\w+",
    "fr": r"record\w*|plus (?:haut|bas|grande?|élevée?)\w*|première fois|augment\w+|hausse|baiss\w+|recul\w*|chut\w+"
    r"|progress\w+|doubl\w+|tripl\w+|perdu\w*|coût\w*|coûte\w*|tuée?s?|morte?s?|blessée?s?|arrêtée?s?|interpellée?s?"
    r"|dépens\w+|versé\w*|favorables?|opposée?s?",
    "es": r"récord\w*|más (?:alto|bajo|grande)\w*|primera vez|aument\w+|subi\w+|baj\w+|caí\w+|creci\w+|duplic\w+"
    r"|perdi\w+|cuesta\w*|costó|muert\w+|herid\w+|detenid\w+|gast\w+|pag\w+|apoya\w*|rechaza\w*",
}
"""Words by which a number says that something changed, is extreme, or was lost."""

CONNECTIVES = {
    "en": r"but|and|however|still|yet|also|meanwhile|moreover|in addition|instead|then|so|while|although|though"
    r"|overall|in total|of those|of these|of course|for example|nonetheless|nevertheless|elsewhere|more(?! than)",
    "de": r"aber|doch|und|jedoch|zudem|außerdem|dennoch|trotzdem|also|dann|allerdings|auch|zugleich|denn|dabei|damit"
    r"|insgesamt|während|zwar|demnach|danach|unterdessen|derzeit",
    "fr": r"mais|et|or|toutefois|cependant|ainsi|aussi|également|enfin|par ailleurs|en outre|néanmoins|pourtant|puis"
    r"|ensuite|alors|car|dans le détail|au total|outre|de plus|entre temps|déjà|encore",
    "es": r"pero|y|sin embargo|además|también|así|entonces|aunque|mientras|por otra parte|asimismo|en total|luego",
}
"""Words that open a sentence which goes on from the one before."""

FIXED_PLANS = {
    "en": r"(?:is|are) (?:\w+ly )?(?:set|scheduled|slated|due|expected|planned)|scheduled|due|takes? place|begins"
    r"|starts|opens|kicks off|goes on sale|expires?|runs? (?:from|until|through)|auctioned|hearing|trial|vote[sd]?"
    r"|election|sentenced|sentencing|announced|launch\w*|publish\w*|deadline|rul(?:e|ing)|decide\w*|decision|hear|meets?"
    r"|summit|sign|choose|elect|open|testify|appear|present|debate|ballot",
    "de": r"geplant|beginnt|beginnen|startet|starten|findet|finden|tritt|treten|tagt|entscheidet|eröffnet|trifft"
    r"|erwartet|angesetzt|terminiert|läuft|wahl\w*|prozess\w*|anhörung\w*|abstimm\w+|verhandl\w+|spielt|empfängt"
    r"|reist|kehrt|entscheiden|entscheidung|urteil\w*|freigegeben|vorgestellt|beraten|gewählt|eröffnet\w*|öffnet|gipfel",
    "fr": r"prévue?s?|attendue?s?|programmée?s?|aura lieu|auront lieu|se tiendra|se tiendront|débute\w*|commence\w*"
    r"|ouvre|examinée?s?|entrera|entreront|procès|audience|scrutin|vote\w*|élection\w*|rendez-vous|affront\w+|reçoit"
    r"|décision|décidera|examinera|votera|présentera|ouvrira|réunir\w*|sommet|rendra",
    "es": r"previst[oa]s?|programad[oa]s?|tendrá lugar|se celebrará\w*|comienza\w*|empieza\w*|juicio|audiencia"
    r"|elecci\w+|votaci\w+|entrará\w*|juega\w*|decidirá\w*|decisión|votará\w*|abrirá\w*"
    r"|presentará\w*|cumbre",
}
"""Words of an event that somebody has fixed."""

LOOSE_PLANS = {
    "en": r"will|won['’]t|to|returns?|faces?|plays?|meets?|hosts?|travels?|visits?|releases?|hits?|arrives?|continues?"
    r"|resumes?|closes?|ends?|features?|marks",
    "de": r"wird|werden|soll|sollen|will|wollen|spielt|empfängt|reist|kehrt|folgt|steht|kommt|geht|endet|muss",
    "fr": r"va|vont|doit|doivent|joue|reçoit|affronte|se rend|rencontre|arrive|sort|reprend|se penche\w*"
    r"|\w{3,}(?:era|eront|ira|iront|dra|dront|ura|uront)",
    "es": r"va|van|debe|juega|recibe|viaja|llega|sale|vuelve|\w{2,}(?:ará|arán|erá|erán|irá|irán|drá|drán)",
}
"""Verbs that tell of a coming event together with a date."""

PASTS = {
    "en": r"was|were|had|did|said|told|announced|reported|confirmed|wrote|added|came|went|took|made|began|ended"
    r"|released|arrested|pleaded|killed|met|held|posted|called|\w{3,}ed",
    "de": r"war|waren|hatte|hatten|sagte|sagten|teilte|erklärte|kam|kamen|ging|gab|gaben|wurde|wurden|hat|haben"
    r"|nachdem|gestern",
    "fr": r"était|étaient|avait|avaient|a|ont|fut|lors|été|hier",
    "es": r"era|eran|fue|fueron|había|habían|ha|han|dijo|anunció|informó|tras|ayer",
}
"""Verbs of the past: the date beside them is often that of the report."""

WISHES = {
    "en": r"must|should|need|have to|want|hope|never|not|n['’]t|can['’]t|no|only|always|love|proud|afraid|fear\w*"
    r"|wonder\w*|believe|fight\w*",
    "de": r"muss|müssen|sollte\w*|brauch\w*|will|wollen|hoff\w*|nie|nicht|kein\w*|nur|immer|angst|stolz|lieb\w*",
    "fr": r"faut|doit|doivent|veu\w*|voul\w*|espèr\w*|jamais|ne|n['’]|rien|seul\w*|toujours|peur|fier\w*|aime\w*",
    "es": r"debe\w*|hay que|quier\w*|esper\w*|nunca|no|nada|sol[oa]|siempre|miedo|orgull\w*",
}
"""Words that make a quotation a statement: duty, denial, wish and feeling."""

PUBLIC_OFFICES = {
    "en": r"president|minister|secretary|senator|sen|rep|representative|congress(?:man|woman)|gov|governor|mayor"
    r"|judge|justice|chancellor|speaker|attorney general|ambassador|commissioner|king|queen|prince|princess|pope"
    r"|bishop|archbishop|general|sheriff|police chief|leader|candidate|lawmaker|mp|spokes\w+ for the (?:un|eu)"
    r"|chair(?:man|woman)",
    "de": r"\w*präsident\w*|\w*minister\w*|\w*kanzler\w*|senator\w*|\w*bürgermeister\w*|richter\w*|abgeordnete\w*"
    r"|\w*politiker\w*|\w*vorsitzende\w*|landrat|landrätin|botschafter\w*|bischof|papst|könig\w*",
    "fr": r"président\w*|ministre|maire|sénat\w+|députée?|juge|préfète?|procureure?|roi|reine|pape|évêque"
    r"|ambassadeur\w*|secrétaire d['’]état|élue?|adjointe?",
    "es": r"president[ea]|ministr[oa]|alcalde|alcaldesa|senador\w*|diputad[oa]|juez|jueza|fiscal|gobernador\w*"
    r"|rey|reina|papa|obispo|embajador\w*|concejal\w*",
}
"""Offices of people whose words are public."""

EXPERTS = {
    "en": r"professor|prof|researcher|scientist|economist|historian|expert|psychologist|biologist|physicist|author"
    r"|director|fellow|university|institute|doctor|physician|analyst",
    "de": r"professor\w*|\w*forscher\w*|wissenschaftler\w*|\w*experte|\w*expertin|ökonom\w*|historiker\w*|universität"
    r"|institut\w*|ärztin|arzt|\w*loge|\w*login|direktor\w*",
    "fr": r"professeure?|chercheu\w+|scientifique|économiste|historien\w*|expert\w*|université|institut|médecin"
    r"|directeur|directrice|\w*logue|spécialiste|analyste",
    "es": r"profesor\w*|investigador\w*|científic[oa]|economista|historiador\w*|expert[oa]|universidad|instituto"
    r"|médic[oa]|director\w*|analista",
}
"""Words for people who explain."""

CONTRASTS = {
    "en": r"but|not|never|more than|less than|instead|if|only|no longer|even|rather|because|than",
    "de": r"sondern|aber|nicht|nie|mehr als|wenn|nur|kein\w*|sogar|weil|als",
    "fr": r"mais|pas|jamais|plus que|si|seul\w*|même|parce que|sans|ni|personne|rien",
    "es": r"sino|pero|no|nunca|más que|si|sol[oa]|incluso|porque|sin|ni|nadie|nada",
}
"""Words of contrast and condition: they make a quotation pointed."""

PLATITUDES = {
    "en": r"great|important|excited|proud|happy|pleased|honou?red|committed|commitment|mission|opportunit\w+|team"
    r"|community|forward|progress|success\w*|strategy|innovat\w+|customers?|partners?|experience|quality|technology"
    r"|product\w*|growth|transform\w*|features?|users?|very well|a lot of|kind of|sort of|things?|you know",
    "de": r"wichtig\w*|stolz|froh|freuen?|zufrieden\w*|erfolg\w*|herausforderung\w*|team|gemeinsam\w*|partner\w*"
    r"|kunden|qualität|technologie\w*|produkt\w*|wachstum|strategie\w*|projekt\w*|mannschaft|fokussiert",
    "fr": r"important\w*|fiers?|fière|heureux|heureuse|content\w*|satisfait\w*|ravi\w*|succès|équipe|ensemble"
    r"|partenaire\w*|clients?|qualité|technologie\w*|produit\w*|croissance|projet\w*",
    "es": r"importante\w*|orgullos\w*|feliz|content\w*|satisfech\w*|éxito\w*|equipo|juntos|soci[oa]s?|clientes?"
    r"|calidad|tecnología\w*|producto\w*|crecimiento|proyecto\w*",
}
"""Words of press releases and of sport after the match."""

GOALS = {
    "en": r"aims?|goals?|targets?|objective|promis\w+|pledg\w+|vow\w*|wants?|plans? to|hopes?|limit\w*|banned|allowed"
    r"|ceiling|at most|maximum",
    "de": r"ziel\w*|versprach\w*|verspricht|will|wollen|plant|planen|hofft|höchstens|maximal|obergrenze|verboten",
    "fr": r"objectif\w*|promis\w*|promet\w*|veut|veulent|souhait\w+|interdit\w*|plafond|maximum|limite\w*|au plus",
    "es": r"objetivo\w*|promet\w+|quiere\w*|pretend\w+|máximo|límite\w*|prohibid\w+",
}
"""Words by which a number is a wish or a limit."""

POPULATIONS = {
    "en": r"(?:a )?population of|inhabitants|residents live|followers|subscribers|employs|employing|founded in",
    "de": r"einwohner\w*|follower|abonnenten|beschäftigt rund|mitglieder zählt",
    "fr": r"population|habitants|abonnés|emploie",
    "es": r"población|habitantes|seguidores|emplea",
}
"""Words by which a number describes a place, a person or a firm, and is no news."""

REMAINDERS = {
    "en": r"the (?:first|second|third|latter|other)|a (?:second|third|fourth)|out of|of (?:the|those|these)|that|it"
    r"|they|as a result|according to (?:him|her|them)|in comparison|by comparison|similarly|only",
    "de": r"davon|hinzu|das sind|darunter|der erste|die erste|nur|so|demgegenüber",
    "fr": r"soit|suivent|parmi|dont|dans le détail|seuls?|à titre|cela|il s['’]agit",
    "es": r"de ellos|de ellas|entre ellos|solo|es decir|siguen|en comparación",
}
"""Openings of sentences that break down a number of the one before."""

PARTS = {
    "en": r"of (?:them|those|these)|the rest|the remainder",
    "de": r"davon|von ihnen|der befragten|der übrigen",
    "fr": r"d['’]entre (?:eux|elles)|des sondés|des répondants|des personnes interrogées|le reste",
    "es": r"de (?:ellos|ellas)|de los encuestados|el resto",
}
"""Words for a part of those that an earlier sentence names."""

SURVEYS = {
    "en": r"polls?|survey(?:s|ed)?|stud(?:y|ies)|respondents",
    "de": r"umfragen?|studien?|befragung\w*|befragte\w*",
    "fr": r"sondages?|études?|enquêtes?",
    "es": r"encuestas?|sondeos?|estudios?",
}
"""Where shares of people come from."""

RECORDS = {
    "en": r"records?|highest|lowest|largest|biggest|most since|never|first time|unprecedented",
    "de": r"rekord\w*|höchste\w*|niedrigste\w*|größte\w*|noch nie|erstmals",
    "fr": r"records?|jamais|la plus (?:haute|forte|grande)|le plus (?:haut|grand|bas)|première fois|inédite?s?",
    "es": r"récord|nunca|(?:el|la) (?:mayor|menor)|primera vez|inédit[oa]s?",
}
"""Words for what has not been before."""

ACCUSATIONS = {
    "en": r"st[eo]al\w*|stole\w*|lie[sd]|lying|liars?|corrupt\w*|criminals?|crooks?|murder\w*|rap(?:ed|ist)\w*|racists?"
    r"|fraud\w*|thie[fv]\w*|cheat\w*|betray\w*|traitors?|treason|hypocri\w*|idiots?|stupid|cowards?|dictator\w*"
    r"|terrorists?|genocid\w+|blame\w*|guilty|evil|nazis?|fascists?|dishonest|incompeten\w+|abus(?:ed|er)\w*",
    "de": r"gestohlen|stiehlt|lüg\w+|gelogen|lügner\w*|korrupt\w*|kriminell\w*|mörder\w*|ermordet\w*|rassist\w*"
    r"|betrog\w*|betrüg\w+|dieb\w*|verrat\w*|verräter\w*|heuch\w*|idiot\w*|dumm\w*|feig\w*|diktator\w*"
    r"|terrorist\w*|schuldig\w*|nazi\w*|faschist\w*|unfähig\w*|missbraucht\w*",
    "fr": r"volé\w*|voleurs?|menteu\w+|ment|menti|mensonges?|corromp\w*|corrompu\w*|criminels?|meurtri\w+|assassin\w*"
    r"|viol(?:é|eur)\w*|racistes?|fraud\w+|escrocs?|trahi\w*|traîtres?|hypocrit\w*|idiots?|lâches?|dictateur\w*"
    r"|terroristes?|coupables?|nazis?|fascistes?",
    "es": r"rob(?:ó|ado|aron)\w*|ladr\w+|mentiros\w*|miente\w*|mentido|corrupt\w*|criminales?|asesin\w+"
    r"|viol(?:ó|ador)\w*|racistas?|fraude\w*|traidor\w*|hipócritas?|idiotas?|cobardes?|dictador\w*|terroristas?|culpables?|nazis?"
    r"|fascistas?",
}
"""Words of a charge against somebody."""

COMPARISONS = {
    "en": r"more than",
    "de": r"mehr als",
    "fr": r"plus d(?:e\b|['’])",
    "es": r"más de",
}
"""Words before a number that do not add to something said before, as "more" alone does."""

POSSIBLE = {
    "en": r"could|might|(?-i:may)|would|should|had (?:\w+ )?(?:expected|forecast|predicted|hoped|planned)"
    r"|(?:was|were) (?:planning|hoping|expected|supposed)|expectations? of|predictions? of",
    "de": r"könnte\w*|dürfte\w*|würde\w*|sollte\w*|hätte\w*|wäre\w*|erwarteten|rechneten|(?:erhofft|erwartet)en?",
    "fr": r"pourrai\w+|devrai\w+|serai\w+|aurai\w+|attendaient|tablaient|prévoyaient|espéraient|misaient",
    "es": r"podría\w*|debería\w*|sería\w*|habría\w*|esperaban|preveían|confiaban",
}
"""Words before a number by which it is a possibility or was a forecast."""

DECISIONS = {
    "en": r"(?:decid\w+|decision|rul(?:e|es|ing)|votes?|voting|consider|determine|debate|discuss|answer)\b[^.;]{0,60}?"
    r"\bwhether",
    "de": r"(?:entscheid\w+|urteil\w*|abstimm\w+|stimm\w+|berat\w+|beschließ\w+)[^.;]{0,60}? ob",
    "fr": r"(?:décid\w+|décision|se prononc\w+|trancher\w*|dira|vot\w+)\b[^.;]{0,60}? si",
    "es": r"(?:decid\w+|decisión|votar\w*|determinar\w*|dirá)\b[^.;]{0,60}? si",
}
"""Decisions with the question that they answer: the question is no doubt about the event."""

UNTIL = {
    "en": r"until|till|through",
    "de": r"bis|bis zum|bis zur|bis ende|bis anfang|bis mitte",
    "fr": r"jusqu['’](?:au|aux|à|en)|jusqu['’]",
    "es": r"hasta|hasta el|hasta la",
}
"""Words before a date on which something ends that has begun."""

EVENTS = {
    "en": r"votes?|voters?|hearings?|trials?|summit|elections?|primary|sentenc\w+|verdict|rul(?:e|ing)|court|congress"
    r"|senate|parliament|committee|testif\w+|testimony|debates?|match|final|strikes?|protests?|march|negotiat\w+|talks"
    r"|sanctions?|tariffs?|budget|funeral|inaugurat\w+|ceremony|conference|bill|law|rules?|treaty|referendum|meets?"
    r"|meeting|visits?",
    "de": r"\w*wahl\w*|\w*prozess\w*|\w*gericht\w*|urteil\w*|\w*abstimm\w+|anhörung\w*|gipfel\w*|parlament\w*"
    r"|\w*tag|ausschuss\w*|streik\w*|protest\w*|demonstr\w+|verhandl\w+|gespräch\w*|gesetz\w*|haushalt\w*|referendum"
    r"|spiel\w*|finale|treffen|trifft|konferenz\w*|besuch\w*|trauerfeier",
    "fr": r"votes?|votera|élections?|électeurs|scrutin|procès|audience|tribunal|cour|verdict|jugement|sommet|assemblée"
    r"|sénat|parlement|commission|débats?|match|finale|grève\w*|manif\w+|négoci\w+|sanctions?|budget|obsèques"
    r"|cérémonie|conférence|loi|référendum|réunir\w*|réunion|visite|rencontr\w+|conseil|discours",
    "es": r"votaci\w+|votar\w*|elecci\w+|juicio|audiencia|tribunal|veredicto|sentencia|cumbre|congreso|senado"
    r"|parlamento|pleno|comisión|debate|partido|final|huelga\w*|protesta\w*|manifest\w+|negociaci\w+|sanciones"
    r"|presupuesto\w*|funeral|ceremonia|conferencia|ley|referéndum|reunión|visita",
}
"""Events of public life."""

HABITS = {
    "en": r"usually|normally|ordinarily|typically|generally|every|each (?:year|month|week|day)|annual\w*|regularly",
    "de": r"üblicherweise|normalerweise|gewöhnlich|meist(?:ens)?|jede[nrsm]?|jährlich\w*|regelmäßig",
    "fr": r"d['’]ordinaire|d['’]habitude|habituellement|normalement|généralement|chaque|tous les (?:ans|jours|mois)",
    "es": r"normalmente|habitualmente|por lo general|cada|todos los (?:años|días|meses)",
}
"""Words for what happens again and again: it is no event of the news."""

SALES = {
    "en": r"sale|sales|tickets?|stores?|shops?|mall|album|single|tour|season|episodes?|premier\w*|stream\w*|fans"
    r"|film|movie|show|model|sedan|phone|app|customers?|guests?|visitors?|doors|retail\w*|market|available|edition"
    r"|book|novel|game|console",
    "de": r"verkauf\w*|tickets?|karten|laden|filiale\w*|album|tournee|staffel\w*|folge\w*|premiere\w*|kino\w*|film\w*"
    r"|serie\w*|modell\w*|handel|kunden|gäste|besucher\w*|erhältlich|buch|roman|messe",
    "fr": r"vente\w*|billets?|places|magasin\w*|boutique\w*|album|tournée|saison|épisodes?|diffus\w+|tournage|film"
    r"|série|spectacle|modèle|clients?|visiteurs|disponible\w*|livre|roman|salon|jeu|chaîne|soirée|émission",
    "es": r"venta\w*|entradas|tienda\w*|álbum|disco|gira|temporada|episodios?|estren\w+|película|serie|espectáculo"
    r"|modelo|clientes|visitantes|disponible\w*|libro|novela|feria|juego",
}
"""Goods, shows and openings: what is announced of them advertises."""

SPOKESPEOPLE = {
    "en": r"spokes(?:man|woman|person|people)|press secretary|communications|chief of staff|aide|adviser|advisor"
    r"|representative for|attorney for|lawyer for",
    "de": r"\w*sprecher\w*|pressestelle|berater\w*|büroleiter\w*",
    "fr": r"porte-parole|communication|conseill(?:er|ère)|directeur de cabinet|directrice de cabinet",
    "es": r"portavoz|comunicación|consejer[oa]|jef[ea] de gabinete",
}
"""Words beside a speaker who speaks for somebody else."""

STATEMENTS = {
    "en": r"statement|press release|e-?mail|letter|announc\w+|memo",
    "de": r"mitteilung|erklärung|stellungnahme|pressemitteilung|e-?mail|schreiben",
    "fr": r"communiqué|courriel|lettre|message",
    "es": r"comunicado|correo|carta|nota",
}
"""Words for a written statement."""

WEIGHTY = {
    "en": r"democra(?:cy|tic)|freedoms?|free|justice|truth|rights?|peace|war|future|generations?|history"
    r"|countr(?:y|ies)|nations?|america|americans?|world|planet|people|humanity|humans?|god|moral\w*|values?|laws?|power|lives|life"
    r"|death|children|nobody|no one|everyone",
    "de": r"demokrati\w*|freiheit\w*|gerechtigkeit|wahrheit|rechte?|frieden\w*|krieg\w*|zukunft|generation\w*"
    r"|geschichte|land|welt|menschen|menschheit|werte|macht|leben|kinder|niemand|gesellschaft|europa",
    "fr": r"démocrati\w*|liberté\w*|justice|vérité|droits?|paix|guerre|avenir|générations?|histoire|pays|monde|planète"
    r"|gens|humanité|valeurs?|lois?|pouvoir|vies?|enfants?|personne|société|république|peuple",
    "es": r"democraci\w*|libertad\w*|justicia|verdad|derechos?|paz|guerra|futuro|generaci\w+|historia|país|mundo"
    r"|planeta|gente|humanidad|valores?|leyes|ley|poder|vidas?|niños?|nadie|sociedad|pueblo",
}
"""Words for what concerns everybody."""

JUDGING = {
    "en": r"terrible|horrible|awful|grotesque|wrong|right|bad|worst|best|dangerous|destructive|garbage|unfair|fair"
    r"|ridiculous|absurd|tragic\w*|tragedy|crisis|disaster|catastroph\w*|wonderful|beautiful|brave|sad|sick|simple|easy"
    r"|hard|difficult|impossible|enough|too|crazy|weak|strong|perfect|fail\w*|broken|unprecedented|shock\w*|worried"
    r"|joke|mistake\w*",
    "de": r"schrecklich\w*|furchtbar\w*|falsch\w*|richtig\w*|schlecht\w*|schlimm\w*|gefährlich\w*|absurd\w*|tragisch\w*"
    r"|tragödie|krise|katastroph\w*|traurig\w*|einfach|schwer|schwierig\w*|unmöglich|genug|zu|stark\w*|schwach\w*"
    r"|fehler|gut\w*|best\w*|skandal\w*|unverantwortlich\w*",
    "fr": r"terribl\w*|horribl\w*|faux|fausse|juste|injust\w*|mauvais\w*|pire|meilleur\w*|dangereu\w*|absurde\w*"
    r"|ridicule\w*|tragi\w*|tragédie|crise|catastroph\w*|triste\w*|simple|difficile\w*|impossible|assez|trop|grave\w*"
    r"|honteu\w*|erreur\w*|inadmissible\w*|belle|beau",
    "es": r"terrible\w*|horrible\w*|falso|justo|injust\w*|mal[oa]?|peor|mejor|peligros\w*|absurd\w*|ridícul\w*"
    r"|trágic\w*|tragedia|crisis|catástrof\w*|triste\w*|fácil|difícil|imposible|bastante|demasiado|grave\w*"
    r"|vergonzos\w*|error\w*|salvajada|barbaridad",
}
"""Words of judgement: they make a quotation an opinion."""

PASSED = {
    "en": ("that|last|past|earlier|since", ""),
    "de": ("letzten|vergangenen|vorigen|jenem|seit", ""),
    "fr": ("depuis|ce fameux", "derniers?|passé"),
    "es": ("pasado|desde el", "pasado"),
}
"""Words before a weekday, and behind it, by which it has passed."""
