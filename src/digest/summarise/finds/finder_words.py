"""Words by which finders recognise dates, plans, doubts, speech and offices; by language.

Values are parts of regular expressions in lower case. Finders know exactly the languages of these tables.
"""
# ruff: noqa: RUF001 - apostrophes and dashes of several languages are the subject here

from __future__ import annotations

LANGUAGES = ("en", "de", "fr", "es")

MONTHS = {
    "en": "jan(?:uary)? feb(?:ruary)? mar(?:ch)? apr(?:il)? may june? july? aug(?:ust)? sept?(?:ember)? oct(?:ober)?"
    " nov(?:ember)? dec(?:ember)?",
    "de": "januar|jänner februar|feber märz april mai juni juli august september oktober november dezember",
    "fr": "janvier|janv février|févr mars avril mai juin juillet|juil août septembre|sept octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto sep?tiembre octubre noviembre diciembre",
}
"""Months from January, separated by spaces; alternatives are separated by a bar."""

DATES = {
    "en": (
        r"(?P<month>{months})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:%]|[.,]\d)(?:,? (?P<year>20\d\d))?",
        r"(?<![\d.,:$£€])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{months})\b(?:,? (?P<year>20\d\d))?",
    ),
    "de": (
        r"(?<![\d.,:])(?P<day>\d{{1,2}})\. (?P<month>{months})\b(?: (?P<year>20\d\d))?",
        r"(?<![\d.,:])(?P<day>\d{{1,2}})\.(?P<numeral>\d{{1,2}})\.(?P<year>20\d\d)?(?!\d)",
    ),
    "fr": (r"(?<![\d.,:])(?P<day>\d{{1,2}}|1er) (?P<month>{months})\b(?: (?P<year>20\d\d))?",),
    "es": (r"(?<![\d.,:])(?P<day>\d{{1,2}}|1º) de (?P<month>{months})\b(?:,? (?:de |del )?(?P<year>20\d\d))?",),
}
"""Dates with a day. ``{months}`` is replaced by the month names."""

MONTH_ALONE = {
    "en": r"\b(?:in|until|from|by|at|before) (?:early |late |mid[- ]|the (?:end|start|beginning|middle) of )?"
    r"(?P<month>{months})\b\.?(?! \d{{1,2}}\b)(?:,? (?P<year>20\d\d))?",
    "de": r"\b(?:im|ab|bis|anfang|ende|mitte) (?P<month>{months})\b(?: (?P<year>20\d\d))?",
    "fr": r"\b(?:en|fin|début|dès|d['’]ici) (?P<month>{months})\b(?: (?P<year>20\d\d))?",
    "es": r"\b(?:en|hasta|desde|a partir de) (?P<month>{months})\b(?: (?:de |del )?(?P<year>20\d\d))?",
}

AHEAD = {
    "en": {
        "day": r"tomorrow",
        "soon": r"in the (?:coming|next few) (?:days|weeks)|over the (?:coming|next few) (?:days|weeks)|in two weeks"
        r"|within (?:days|weeks|two weeks)",
        "week": r"next (?:week|weekend)|later this week|this (?:coming )?weekend"
        r"|(?:by|at) the end of (?:the|this) week",
        "month": r"next month|later this month|(?:by|at) the end of (?:the|this) month",
        "year": r"next year|later this year|(?:by|before|at) the end of (?:the|this) year",
    },
    "de": {
        "day": r"(?<!von )(?<!bis )morgen|übermorgen",
        "soon": r"in den (?:nächsten|kommenden) (?:Tagen|Wochen)|in zwei Wochen",
        "week": r"(?:nächste|kommende)[rn]? Woche|(?:nächsten|kommenden) Wochenende|diesem Wochenende|Ende der Woche",
        "month": r"(?:nächsten|kommenden) Monat|Ende des Monats",
        "year": r"(?:nächstes|nächsten|kommendes|kommenden) Jahr|Ende des Jahres|Jahresende",
    },
    "fr": {
        "day": r"(?<!d['’]ici )demain|après-demain",
        "soon": r"dans les (?:prochains jours|prochaines semaines)|dans (?:quinze jours|deux semaines)",
        "week": r"la semaine prochaine|le week-end prochain|ce week-end|(?:d['’]ici )?la fin de la semaine",
        "month": r"le mois prochain|(?:d['’]ici )?la fin du mois",
        "year": r"l['’]année prochaine|l['’]an prochain|(?:d['’]ici )?la fin de l['’]année",
    },
    "es": {
        "day": r"(?<!la )(?<!una )(?<!esta )(?<!cada )(?<!por la )mañana(?! (?:siguiente|de))|pasado mañana",
        "soon": r"en los próximos días|en las próximas semanas|en dos semanas|dentro de dos semanas",
        "week": r"la (?:próxima semana|semana próxima|semana que viene)|este fin de semana|el próximo fin de semana",
        "month": r"el (?:próximo mes|mes próximo|mes que viene)|a final(?:es)? de mes",
        "year": r"el (?:próximo año|año próximo|año que viene)|a final(?:es)? de año",
    },
}
"""Phrases for a time after the date of writing, by the unit within which they stay right."""

PLANS = {
    "en": r"will|won['’]t|(?:is|are) (?:\w+ly )?(?:to|due|set|scheduled|slated|expected|planned)|scheduled (?:to|for)"
    r"|due (?:in|on|by)|takes? place|(?-i:begins|starts|opens|expires|resumes|launches|debuts|concludes)"
    r"|(?:is|are) on|kicks? off|goes? on sale"
    r"|runs? (?:from|until|through)|(?-i:faces?|plays?|hosts?|travels? to|returns? to)|plans? to",
    "de": r"wird|werden|soll|sollen|beginnt|beginnen|startet|starten|findet|finden|steht|stehen|tritt|treten|tagt"
    r"|ist (?:für|am)|sind (?:für|am)|entscheidet|eröffnet|trifft|treffen|(?:ist|sind) geplant|spielt|spielen"
    r"|empfängt|empfangen|reist|reisen|kehrt|kehren|läuft|endet|enden",
    "fr": r"(?-i:[a-zà-ÿ]\w{2,}(?:era|eront|ira|iront|dra|dront|ura|uront))|va|vont|sera|seront|aura|auront|fera|feront"
    r"|(?:est|sont) (?:prévue?s?|attendue?s?|programmée?s?|convoquée?s?)|doi(?:t|vent)|devrai(?:t|ent)"
    r"|commencent?|débutent?|démarrent?|s['’]ouvre"
    r"|joue|jouent|affrontent?|reçoit|reçoivent|se rend",
    "es": r"(?-i:[a-zà-ÿ]\w+(?:ará|arán|erá|erán|irá|irán|drá|drán))|va a|van a"
    r"|(?:está|están) (?:previst|programad)[oa]s?|prevé|prevén|comienza|comienzan|empieza|empiezan|juega|juegan"
    r"|recibe|viaja",
}
"""Verbs by which somebody announces an event."""

DOUBTS = {
    "en": r"(?-i:may)|might|could|would|should|if|unless|whether|possibl[ey]|possibility|perhaps|reportedly"
    r"|rumou?r\w*"
    r"|likely"
    r"|unlikely|probably|hop(?:e|es|ed|ing)|unclear|speculat\w+|apparently|propos\w+|considering|potential\w*"
    r"|suggest\w*"
    r"|predict\w*|forecast\w*|appears?|seems?|allegedly|aims?|bet|bets|betting|odds|wants?|tentativ\w+|suppos\w+"
    r"|assum\w+|sure to|bound to|worr\w+|fear\w*|win|lose|guess\w*|think|thinks|believ\w+|wait and see|depend\w*"
    r"|except|ago"
    r"|earlier|previously|used to|at the time|then-\w+",
    "de": r"könnte\w*|würde\w*|dürfte\w*|möglicherweise|vielleicht|womöglich|wohl|angeblich|falls|sofern|wenn|ob"
    r"|gerücht\w*|spekul\w+|wahrscheinlich|vermutlich|hoff\w+|unklar|offen|sollte\w*|hätte\w*|wäre\w*|wurden?|damals",
    "fr": r"pourrai\w+|serai\w+|aurai\w+|si|peut-être|éventuel\w*|probable\w*|rumeurs?|espèr\w+|espér\w+"
    r"|semble\w*|supposée?s?|envisag\w+|souhait\w+|aurait|risqu\w+",
    "es": r"podría\w*|debería\w*|sería\w*|habría\w*|si|quizás?|tal vez|posible\w*|probable\w*|rumor\w*|esper\w+"
    r"|parece\w*|supuest\w*|propon\w+|pretend\w+|quier\w+",
}
"""Words of doubt, condition and history: a sentence with one is no announcement."""

BREAKS = {
    "en": r"after|since|following|when|which|who|whose|was|were|had|has|have|been|because|amid|ended|began|started"
    r"|said|says|told|announced|reported|confirmed|according|wrote|added|statement|interview|spokes\w+",
    "de": r"nachdem|seit|war|waren|hatte|hatten|hat|haben|wurde|wurden|als|weil|dass|sagte|teilte|erklärte|meldete"
    r"|berichtete|kündigte|laut|zufolge|nach angaben|hieß|so",
    "fr": r"après|depuis|lorsque|quand|qui|était|étaient|avait|avaient|parce|ont|suite|dit|déclaré|annoncé|indiqué"
    r"|précisé|expliqué|selon|affirmé|appris",
    "es": r"después|tras|desde que|cuando|que|fue|fueron|había|habían|porque|era|han|ha|dijo|anunció|informó|según"
    r"|explicó|afirmó|señaló",
}
"""Words between a plan and a date that show that the date belongs to something else."""

SAYING = {
    "en": r"said|says|told|added|adds|explained|noted|wrote|argued|insisted|stressed|recalled|continued|concluded"
    r"|tweeted|warned|warns|vowed|replied|responded|remarked|observed|declared|stated|acknowledged|joked|admitted",
    "de": r"sagte?|sagten|erklärte?|betonte?|ergänzte?|meinte?|schrieb|schreibt|so|erläuterte|kommentierte|berichtete"
    r"|betont|erzählte?|warnte?|lobte?|kritisierte?|mahnte?|fügte|räumte|forderte|freute|resümierte",
    "fr": r"a(?:-t-(?:il|elle))? (?:déclaré|dit|expliqué|ajouté|affirmé|estimé|indiqué|précisé|assuré|souligné|confié"
    r"|écrit|rappelé|commenté|lancé|résumé|réagi|averti|prévenu|répondu|plaidé|insisté)"
    r"|déclare|explique|affirme|estime|assure|souligne|confie|raconte|résume"
    r"|précise|indique|ajoute|dit|rappelle|commente|détaille|témoigne|insiste|se réjouit",
    "es": r"dijo|dice|afirmó|afirma|aseguró|asegura|explicó|explica|señaló|señala|declaró|añadió|añade|sostuvo|indicó"
    r"|comentó|comenta|expresó|manifestó|subrayó|recordó|destacó|relató|cuenta|ha (?:dicho|afirmado|explicado"
    r"|asegurado|señalado|declarado)",
}
"""Verbs that introduce a quotation."""

CHARGES = {
    "en": r"too (?:slow|little|late|weak)|blood\w*|dictator\w*|tyran\w*|theocra\w*|autocrat\w*|reckless|hypocri\w*"
    r"|coward\w*|irresponsib\w*|unaccept\w*|outrag\w*|crackdown\w*|brutal\w*|deadly|cruel\w*|accus\w+|lie[sd]?"
    r"|lying|liars?|guilt\w*|crimes?|criminals?"
    r"|murder\w*|kill\w*|rap(?:e|ed|ist)\w*"
    r"|fraud\w*|thie[fv]\w*"
    r"|steal\w*|stole\w*|corrupt\w*|racis\w+|rig(?:ged)?|abus\w+|assault\w*|victims?|blam\w+|shame\w*|disgrac\w*"
    r"|idiots?|stupid|evil|terroris\w+|treason|traitors?|cheat\w*|betray\w*|hoax|witch hunt|violat\w+|illegal\w*"
    r"|hate\w*|nazis?|fascis\w+|dishonest\w*|incompeten\w+|cover-up|scandal\w*|arrest\w*|charge[ds]?|allegations?"
    r"|alleg\w+|threat\w*|attack\w*|genocid\w+|misconduct|harass\w+|fault|responsible for|fail(?:ed|ure|ures|ing)"
    r"|fake"
    r"|fuck\w*|shit\w*|bullshit|damn|hell|dead|died?|suicid\w+|weapon\w*|shoot\w*|shot|impeach\w*|wrong\w*|suspects?",
    "de": r"blut\w*|zu (?:langsam|spät|wenig|schwach|unklar|zögerlich)|diktat\w*|feige|verheerend\w*"
    r"|inakzeptabel\w*|heuch\w*"
    r"|beschuldig\w+|vorw\w+|lüg\w+|gelogen|schuld\w*|verbrech\w+|mord\w*|mörder\w*|betrug\w*|betrüg\w+"
    r"|dieb\w*|korrupt\w*"
    r"|rassis\w+|skandal\w*|schande\w*|dumm\w*|terror\w*|verrat\w*|verräter\w*|illegal\w*|hass\w*|nazi\w*|faschis\w+"
    r"|gewalt\w*|täter\w*|opfer\w*|kriminell\w*|verletz\w+|versag\w+|unfähig\w*|bedroh\w*|droh\w+|angriff\w*|tot"
    r"|tote\w*"
    r"|getötet|missbrauch\w*|rechtswidrig\w*|vertusch\w+|waffe\w*|scheiß\w*|straf\w+|verantwortungslos\w*",
    "fr": r"sang\b|trop (?:lent|tard|peu)\w*|dictat\w*|tyran\w*|inacceptable\w*|irresponsable\w*|lâche\w*|hypocri\w*"
    r"|accus\w+|ment(?:i|ir|eur|eurs|euse|ent|songes?)\b|coupable\w*|crimes?|criminel\w*|meurtr\w+|viol\w*"
    r"|fraud\w+|vol(?:é|er|eurs?)"
    r"|corromp\w*|corrupt\w*|racis\w+|scandal\w*|honte\w*|idiots?|terroris\w+|trahi\w*|traîtres?|illégal\w*|haine"
    r"|nazis?|fascis\w+|responsables? de|faute\w*|échec\w*|menac\w+|attaqu\w+|mort\w*|tué\w*|abus\w*|plainte\w*"
    r"|arm(?:e|es|é)\b",
    "es": r"sangre|demasiado (?:lento|tarde|poco)|dictad\w*|tiran\w*|inaceptable\w*|irresponsable\w*|cobard\w*"
    r"|hipócrita\w*"
    r"|acus\w+|ment(?:ir|iras?|iroso\w*|ido|ía)|culpa\w*|crim\w+|asesin\w+|viol\w+|fraud\w*|rob\w+|ladr\w+"
    r"|corrup\w+|racis\w+"
    r"|escándal\w*|vergüenza|idiota\w*|terror\w+|traici\w+|traidor\w*|ilegal\w*|odio|nazi\w*|fascis\w+|amenaz\w+"
    r"|ataq\w+"
    r"|muert\w+|matar\w*|mató|abus\w+|denunci\w+|fracas\w+|mafia\w*|delit\w*|delincuen\w+|armas?",
}
"""Words of blame, crime and abuse: a quotation with one may be an accusation."""

OFFICES = {
    "en": r"president|minister|secretary|senator|sen|rep|gov|governor|mayor|judge|justice|chancellor|chair(?:man"
    r"|woman)?|speaker"
    r"|director|professor|prof|dr|coach|manager|chief|captain|spokes(?:man|woman|person)|congress(?:man|woman)"
    r"|attorney"
    r"|general|sheriff|ambassador|commissioner|author|economist|analyst|founder|ceo|executive|scientist|researcher"
    r"|historian|leader|candidate|lawmaker|lawyer|actor|actress|singer|king|queen|prince|princess|pope|bishop"
    r"|archbishop"
    r"|head|co-?founder|owner|curator|editor|producer|designer|chef|striker|midfielder|goalkeeper|quarterback"
    r"|lieutenant|admiral|whip|representative|state|principal|physician|psychologist|senior"
    r"|officer|detective|superintendent|principal|teacher|doctor|nurse|mp|activist|organi[sz]er|expert|strategist"
    r"|superstar",
    "de": r"\w*präsident\w*|minister\w*|\w*ministerin|\w*minister|kanzler\w*|\w*kanzler\w*|senator\w*"
    r"|bürgermeister\w*|\w*bürgermeister\w*"
    r"|richter\w*|chef\w*|\w*chef|\w*chefin|direktor\w*|professor\w*|sprecher\w*|\w*sprecher\w*|trainer\w*"
    r"|vorsitzende\w*"
    r"|\w*vorsitzende\w*|vorständ\w*|geschäftsführer\w*|leiter\w*|\w*leiter\w*|abgeordnete\w*|politiker\w*"
    r"|\w*politiker\w*"
    r"|forscher\w*|\w*forscher\w*|wissenschaftler\w*|experte|expertin|\w*experte|\w*expertin|autor\w*|\w*anwalt"
    r"|\w*anwältin"
    r"|gründer\w*|\w*gründer\w*|landrat|landrätin|intendant\w*|kapitän\w*|pfarrer\w*|bischof|ökonom\w*|historiker\w*",
    "fr": r"président\w*|ministre|maire|sénat\w+|députée?|juge|directeur|directrice|professeure?|porte-parole"
    r"|entraîneur"
    r"|secrétaire|procureure?|avocate?|fondat\w+|chercheu\w+|économiste|historien\w*|auteure?|responsable|préfète?"
    r"|chef|cheffe|patron\w*|gérante?|élue?|docteur|acteur|actrice|chanteur|chanteuse",
    "es": r"president[ea]|ministr[oa]|alcalde|alcaldesa|senador\w*|diputad[oa]|juez|jueza|director\w*|profesor\w*"
    r"|portavoz"
    r"|entrenador\w*|secretari[oa]|fiscal|abogad[oa]|fundador\w*|investigador\w*|economista|autor\w*|líder|jefe|jefa"
    r"|gobernador\w*|consejer[oa]|concejal\w*|papa|obispo|actor|actriz|cantante",
}
"""Words for an office or a trade: they tell who a speaker is."""

GRIM = {
    "en": r"kill\w*|dead|death\w*|die[sd]?|dying|murder\w*|shoot\w*|shot|war|wars|attack\w*|rape\w*|abus\w+"
    r"|assault\w*|victim\w*|crash\w*"
    r"|cancer|terror\w*|bomb\w*|funeral\w*|suicid\w+|wound\w*|injur\w+|arrest\w*|prison\w*|jail\w*|court|trial"
    r"|lawsuit"
    r"|crime|police|hostage\w*|genocid\w+|famine|disaster\w*|flood\w*|earthquake\w*|wildfire\w*|virus|pandemic"
    r"|covid\w*"
    r"|disease\w*|slave\w*|nazi\w*|holocaust|racis\w+|refugee\w*|layoffs?|bankrupt\w*|election\w*|senat\w*"
    r"|president\w*",
    "de": r"tot|tote\w*|tod|todes\w*|getötet\w*|mord\w*|sterben|starb\w*|gestorben|krieg\w*|angriff\w*"
    r"|anschlag\w*|terror\w*|bombe\w*|opfer\w*"
    r"|unfall\w*|krebs\w*|verletzt\w*|gericht\w*|prozess\w*|polizei\w*|haft|gefängnis\w*|gewalt\w*|missbrauch\w*"
    r"|flut\w*"
    r"|katastroph\w*|brand|feuer|krise\w*|corona\w*|nazi\w*|wahl\w*|minister\w*|flücht\w+|insolven\w+",
    "fr": r"mort\w*|tué\w*|meurtr\w+|guerre\w*|attaqu\w*|attentat\w*|terror\w*|bombe\w*|victim\w*|accident\w*"
    r"|cancer\w*|bless\w+|procès"
    r"|police|prison|viol\w*|incendie\w*|catastroph\w*|crise|covid\w*|nazi\w*|élection\w*|ministre\w*|migrant\w*",
    "es": r"muert\w*|mat[aóó]\w*|asesin\w+|guerra\w*|ataque\w*|atentado\w*|terror\w*|bomba\w*|víctima\w*"
    r"|accidente\w*|cáncer|herid\w*|juicio\w*"
    r"|policía|cárcel|prisión|viol\w+|incendio\w*|catástrof\w*|crisis|covid\w*|nazi\w*|elecci\w+|ministr\w*"
    r"|migrant\w*",
}
"""Words of death, crime and politics: a story with one is not light."""

POINTING = {
    "en": r"also|too|in total|altogether|likewise|meanwhile|however|instead|similarly|here|there|thus|therefore"
    r"|latter|former"
    r"|respectively"
    r"|the same|this|these|those|such|that (?:year|month|week|day|time|figure|number|amount|money|period|case|group)"
    r"|the (?:area|figure|number|total|amount|year|period|respondents|participants)",
    "de": r"auch|ebenfalls|zudem|außerdem|dabei|davon|damit|dazu|darunter|hier|dort|jedoch|allerdings|dies\w*|jene\w*"
    r"|solche\w*|dafür|dagegen|daran|darauf|deren|dessen|demnach|somit|ihm|ihnen|letztere\w*|erstere\w*|insgesamt",
    "fr": r"aussi|également|même|encore|y|en outre|ainsi|ici|celui|celle|ceux|celles|cette|cet|ces|ce|dont|lui"
    r"|leur|eux"
    r"|au total|d'entre",
    "es": r"también|además|asimismo|así|aquí|allí|este|esta|estos|estas|ese|esa|esos|esas|esto|eso|dicho|dicha|ello"
    r"|en total|le|les",
}
"""Words that point to another sentence: a sentence with one is not clear alone."""

RELATIVES = {
    "en": r"which|who|that|where|when|as",
    "de": r"der|die|das|dem|den|was|wo|wie",
    "fr": r"qui|que|dont|où|comme",
    "es": r"que|quien|quienes|cual|donde|como",
}
"""Pronouns that open a relative clause."""

UNCLEAR = {
    "en": r"these|those|such|the (?:latter|former|same)|here|there(?! (?:is|are|was|were))|them|their",
    "de": r"diese\w*|jene\w*|solche\w*|hier|dort|davon|dazu|dafür|dagegen|daran|darauf|damit|ihnen|deren|dessen",
    "fr": r"cette|cet|ces|ce (?!(?:sont|qui|que|serait|sera|fut|soir|matin)\b)|là|ça|ca|cela"
    r"|on (?:a|va|est)|celui|celle|ceux|celles|ici|leur|leurs|eux|lui",
    "es": r"estos|estas|ese|esa|esos|esas|aquí|ahí|allí|les|ellos|ellas",
}
"""Words in a quotation that mean something which only the speaker's listeners saw or heard."""

POSSESSIVES = {
    "en": frozenset({"his", "her", "its", "their"}),
    "de": frozenset({"sein", "seine", "seinen", "seiner", "ihr", "ihre", "ihren", "ihrer"}),
    "fr": frozenset({"son", "sa", "ses", "leur", "leurs"}),
    "es": frozenset({"su", "sus"}),
}
"""Possessive pronouns that may open a sentence below a headline that names whose it is."""

EXPECTED = {
    "en": r"expect\w*|forecast\w*|estimat\w*|maximum|offer(?:ed)?|up to",
    "de": r"erwart\w*|schätz\w*|prognos\w*|rechne\w*|bis zu|muss|müssen",
    "fr": r"attend\w*|estim\w*|prévoi\w*|jusqu'à",
    "es": r"esper\w*|estim\w*|prevé\w*|hasta",
}
"""Words by which a number is a guess or a limit, and no fact."""

DEMONSTRATIVES = {
    "en": r"these|those|such|(?:to|in|at|by|for|with|from|on) that(?! of\b)"
    r"|this(?! (?:coming )?(?:week|weekend|month|year|summer|autumn|fall|winter|spring)\b)",
    "de": r"(?:diese[mnrs]?|jene\w*|solche\w*)(?! (?:woche|wochenende|monat|jahr|sommer|winter|herbst|frühjahr)\w*)",
    "fr": r"(?:cette|cet|ces|ce)(?! (?:week-end|semaine|mois|été|année|printemps|hiver)\b)|celui|celle|ceux|celles",
    "es": r"(?:este|esta|estos|estas)(?! (?:fin|semana|mes|año|verano|invierno)\b)|ese|esa|esos|esas",
}
"""Words that point to something in another sentence; those before a time do not."""

FURTHER = {
    "en": r"more|several|another|others?|further|additional|later|then|second|third|fourth|fifth|sixth|both|either"
    r"|neither|next",
    "de": r"teil|einige|manche|mehrere|weitere[rnsm]?|andere[rnsm]?|ander[en]|mehr|später|dann|zweite[rnsm]?"
    r"|dritte[rnsm]?|vierte[rnsm]?"
    r"|beide[rn]?"
    r"|daneben|schon",
    "fr": r"partie|certain[es]*|plusieurs|quelques-un[es]*|autres?|davantage|plus|ensuite|puis|deuxième"
    r"|troisième|quatrième|seconde?|encore",
    "es": r"parte|algun[oa]s|vari[oa]s|otr[oa]s?|más|luego|después|segund[oa]|tercer[oa]?|cuart[oa]|ambos|ambas",
}
"""Words that, at the opening of a sentence, add to or order something said before."""

FIXED = {
    "en": r"governments?|world|country|nation|state|states|city|president|public|week|weekend|month|year|day|time|end"
    r"|beginning|start|first|last|next|past|latest|most|best|biggest|largest|highest|lowest|same|law|economy|police"
    r"|election|future|internet|sea|sun|moon|sky|south|north|east|west|morning|evening|afternoon|night|middle|rest",
    "de": r"regierung|bundesregierung|welt|land|staat|stadt|woche|wochenende|monat|jahr|tag|zeit|ende|anfang|beginn"
    r"|polizei|bundestag|bundesrat|wahl|zukunft|eu|usa|ukraine|schweiz|türkei|nacht|morgen|abend|süden|norden|osten"
    r"|westen|meer|sonne|mond|wirtschaft|öffentlichkeit",
    "fr": r"gouvernement|monde|pays|état|ville|semaine|week-end|mois|année|an|jour|temps|fin|début|police"
    r"|élection|avenir"
    r"|france|europe|nuit|matin|soir|sud|nord|est|ouest|mer|soleil|lune|économie|public|plus|première?s?|dernière?s?"
    r"|même|prochaine?s?",
    "es": r"gobierno|mundo|país|estado|ciudad|semana|fin|mes|año|día|tiempo|final|principio|policía|elección|elecciones"
    r"|futuro|noche|mañana|tarde|sur|norte|este|oeste|mar|sol|luna|economía|público|más|primer[oa]?|últim[oa]s?"
    r"|mism[oa]"
    r"|próxim[oa]s?",
}
"""Nouns of which a reader knows one, and words that order: with a definite article they point to no other sentence."""

COMPANY = {
    "en": r"spokes(?:man|woman|person)|press secretary|ceo|cfo|coo|cto|chief (?:\w+ )?officer|executives?"
    r"|general manager|managing (?:director|partner)"
    r"|vice[ -]president"
    r"|vp|analysts?|strategists?|co-?founders?|founders?|owners?|entrepreneurs?|investors?|brokers?|portfolio|marketing"
    r"|product manager|head of (?:product|marketing|sales|research|communications)|company|compan(?:y|ies)|firm"
    r"|firms|giant"
    r"|start-?ups?|inc|corp|ltd|llc|plc|retailers?|makers?|manufacturers?|brand|bank|group|consult\w+|vendors?|airline"
    r"|publication|chain|agency",
    "de": r"\w*sprecher\w*|ceo|vorstand\w*|\w*chef(?:in)? (?:von|bei|des|der)|geschäftsführ\w*|\w*gründer\w*"
    r"|inhaber\w*|unternehme\w*"
    r"|firma|konzern\w*|hersteller\w*|analyst\w*|investor\w*|gmbh|ag|bank|händler\w*|berater\w*|manager\w*"
    r"|unternehmens\w*|firmen\w*|konzern\w*|produkt\w*",
    "fr": r"porte-parole|pdg|p-dg|directeurs? généra\w+|directrice générale|patron\w*|fondat\w+|cofondat\w+|gérante?"
    r"|entreprise|société"
    r"|groupe|enseigne|analyste|investisseur\w*|marque|fabricant|banque|start-up|agence|cabinet|directeur commercial",
    "es": r"portavoz|ceo|consejer[oa] delegad[oa]|director\w* general|gerente|fundador\w*|cofundador\w*|empresari[oa]"
    r"|empresa|compañía"
    r"|firma|grupo|analista|inversor\w*|marca|fabricante|banco|agencia",
}
"""Words beside a speaker that show a voice of business, or one that speaks for another: they advertise or soothe."""

PHRASES = {
    "en": r"today|tonight|tomorrow|yesterday|happy|satisfied|focus\w*|committed to|commitment to"
    r"|proud (?:to|of)|pleased|excited|thrilled|delighted"
    r"|look(?:ing)? forward|thoughts and prayers|we (?:pray|appreciate|welcome|remain|continue|take)|grateful"
    r"|key (?:focal )?point"
    r"|at the end of the day|going forward|going after|track record|attention (?:in|will)|game[- ]chang\w+"
    r"|important (?:to|that"
    r"|step)|customers?|products?|platforms?|solutions?|market|brand|on track|every(?:one|body) (?:is|has)|i believe"
    r"|no comment|investigat\w+|cooperat\w+|a (?:number|lot) of",
    "de": r"zufrieden|glücklich\w*|fokussiert|da|heute|gestern|morgen|überzeugung|überzeugt|freue[n]?|stolz"
    r"|wichtig\w*|selbstverständlich|am ende des tages"
    r"|blicken|setzen auf|kunden|produkte?|lösung\w*|plattform\w*|markt\w*|marke\w*|chance\w*|herausforderung\w*"
    r"|ist es|prozess\w*|vertrieb\w*",
    "fr": r"aujourd['’]hui|hier|demain|content\w*|satisfait\w*|fiers?|fière|heureux|heureuse|ravie?s?"
    r"|convaincue?s?|importante?|clients?|produits?"
    r"|solutions?|marché|marque|enjeu\w*|nous restons|nous continuons",
    "es": r"hoy|ayer|mañana|orgullos[oa]s?|content[oa]s?|convencid[oa]s?|importante|clientes?|productos?|soluciones"
    r"|mercado|marca|compromiso|seguimos|seguiremos",
}
"""Words in a quotation by which it is a set phrase, sells something, or means the speaker's own day."""

ELSEWHERE = {
    "en": r"there(?! (?:is|are|will|was|were)\b)|here|today|tonight|yesterday|e-?mail|website|web site"
    r"|livestream|click",
    "de": r"dort|dorthin|hier|dabei|dazu|davor|danach|heute|gestern|webseite|website|internetseite",
    "fr": r"y|là|ici|aujourd['’]hui|hier|site (?:internet|web)",
    "es": r"allí|ahí|aquí|hoy|ayer|(?:sitio|página) web",
}
"""Words in an announcement for a place or a day that another sentence names, and for where to read more."""

PENALTIES = {
    "en": r"fine[sd]?|fining|bail|penalt(?:y|ies)|tickets?",
    "de": r"geldstrafe\w*|bußgeld\w*|kaution|strafzahlung\w*",
    "fr": r"amendes?|caution",
    "es": r"multas?|fianza",
}
"""Words for a fine: a small one is no number of a day."""

WEEKENDS = {
    "en": r"weekend|today|tonight|tomorrow|yesterday|this week|next week",
    "de": r"\w*wochenende|heute|morgen|gestern|(?:diese|nächste|kommende)[rn]? woche",
    "fr": r"week-end|aujourd['’]hui|demain|hier|cette semaine|la semaine prochaine",
    "es": r"fin de semana|hoy|mañana|ayer|esta semana|la próxima semana",
}
"""Words for a weekend or a day that mean another one when the letter is read later."""
