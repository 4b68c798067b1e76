"""Words for a day, week, month or year relative to the date of writing; by language.

The patterns are in lower case, except where a capital changes the meaning ("morgen" is tomorrow, "Morgen" is
morning). Phrases that only look alike ("today's world", "bis heute", "la mañana") are excluded in the pattern.
"""
# ruff: noqa: RUF001 - letters and apostrophes of several languages are the subject here

from __future__ import annotations

DAY = {
    "en": r"today(?!['’]s (?:world|society|standards|children|youth|generation|economy|digital|modern)\b)|tonight"
    r"|tomorrow|yesterday|this (?:morning|afternoon|evening|lunchtime)|last night|overnight(?= (?:on|into|from|by"
    r"|in)\b|[,.;]|$)",
    "fr": r"(?<!d['’])(?<!jusqu['’])(?<!jusqu['’]à )aujourd['’]hui(?! (?:encore|âgée?|mère|père|\d))|hier|demain"
    r"|avant-hier|après-demain|ce (?:matin|midi|soir)|cet après-midi|cette nuit|(?:la nuit|hier) dernière",
    "de": r"(?<![Bb]is )(?<!noch )(?<!von )(?<!der )(?<!die )(?<!das )[Hh]eute(?! (?:noch|immer|\d+)\b)|[Gg]estern"
    r"|(?<!von )morgen|\AMorgen(?= [a-zäöü])|[Vv]orgestern|[Üü]bermorgen|(?:vergangene|letzte|kommende)[nr]? Nacht",
    "es": r"(?<!hasta )hoy(?! (?:en )?día)|ayer|anteayer|anoche|pasado mañana|esta (?:mañana|tarde|noche|madrugada)"
    r"|(?<!la )(?<!una )(?<!esta )(?<!cada )(?<!media )(?<!pasado )mañana",
    "it": r"(?<!fino a )(?<!d['’])oggi(?!giorno)|ieri|domani|dopodomani|stamattina|stamani|stamane|stasera|stanotte"
    r"|questa (?:mattina|sera|notte)|questo pomeriggio|(?:la )?scorsa notte",
    "pt": r"(?<!até )hoje(?! em dia)|ontem|amanhã|anteontem|n?esta (?:manhã|tarde|noite|madrugada)",
    "nl": r"vandaag|gisteren|gister(?:avond|ochtend|middag|nacht)"
    r"|(?<!de )(?<!goede )(?<!elke )(?<!iedere )morgen(?:avond|ochtend|middag)?|vanavond|vanochtend|vanmorgen"
    r"|vanmiddag|vannacht|overmorgen|eergisteren|afgelopen nacht",
    "ru": r"сегодня|завтра|вчера|послезавтра|позавчера|(?<!на )сегодняшн\w+|вчерашн\w+|завтрашн\w+|прошлой ночью"
    r"|накануне(?= (?:вечером|днем|днём|утром|\w+л[аио]?)\b)",
    "ar": r"[وف]?(?<!في )اليوم(?! (?:التالي|نفسه|ذاته|الأول|الثاني|الثالث|الرابع|الخامس|الأخير|العالمي|الوطني"
    r"|الدولي))|[وف]?(?:أمس|غدا|غدًا|غداً|الليلة|البارحة)|هذا (?:الصباح|المساء)|أول أمس|بعد غد",
    "pl": r"dziś|dzisiaj|jutro|wczoraj|pojutrze|przedwczoraj",
    "cs": r"dnes|zítra|včera|pozítří|předevčírem",
    "sv": r"idag|i dag|imorgon|i morgon|igår|i går|ikväll|i kväll|inatt|i natt",
    "da": r"i dag|i morgen|i går|i aften|i nat",
    "no": r"i dag|i morgen|i går|i kveld|i natt",
    "fi": r"tänään|huomenna|eilen|ylihuomenna|toissapäivänä",
    "tr": r"bugün|yarın|dün|bu (?:sabah|akşam|gece)",
    "uk": r"сьогодні|завтра|вчора|учора|післязавтра|позавчора",
    "el": r"σήμερα|αύριο|χθες|χτες|απόψε|μεθαύριο|προχθές",
    "ro": r"astăzi|azi|mâine|ieri|deseară|diseară",
    "hu": r"ma|holnap|tegnap|tegnapelőtt|holnapután",
    "id": r"hari ini|besok|kemarin|malam ini",
    "ja": r"今日|きょう|本日|明日|あす|昨日|きのう|今夜|今朝|昨夜",
    "zh": r"今天|今日|明天|昨天|昨日|今晚|昨晚|今早",
    "ko": r"오늘|내일|어제",
}
WEEK = {
    "en": r"(?:this|next|last) (?:week|weekend)",
    "fr": r"cette semaine|la semaine (?:prochaine|dernière)|ce week-end|le week-end (?:prochain|dernier)",
    "de": r"(?:diese|nächste|kommende|vergangene|letzte|vorige)[rn]? Woche"
    r"|(?:diesem|dieses|kommenden|vergangenen|letzten) Wochenende",
    "es": r"esta semana|la semana (?:que viene|próxima|pasada)|la (?:próxima|pasada) semana"
    r"|este fin de semana|el (?:próximo|pasado) fin de semana",
    "it": r"questa settimana|la settimana (?:prossima|scorsa)|la (?:prossima|scorsa) settimana"
    r"|questo (?:fine settimana|weekend)",
    "pt": r"n?esta semana|(?:na |a )?próxima semana|semana (?:passada|que vem)|n?este fim de semana",
    "nl": r"(?:deze|volgende|vorige|komende|afgelopen) week|(?:dit|komend|volgend|afgelopen|vorig) weekend",
    "ru": r"на (?:этой|следующей|прошлой|минувшей|будущей) неделе|в (?:эти|минувшие|прошлые|ближайшие) выходные",
    "ar": r"هذا الأسبوع|الأسبوع (?:الماضي|المقبل|القادم|الجاري)|نهاية هذا الأسبوع",
}
MONTH = {
    "en": r"(?:this|next|last) month",
    "fr": r"ce mois-ci|le mois (?:prochain|dernier)",
    "de": r"(?:diese[nms]|nächste[nr]|kommende[nr]|vergangene[nr]|letzte[nr]) Monats?",
    "es": r"este mes|el mes (?:que viene|próximo|pasado)|el (?:próximo|pasado) mes",
    "it": r"questo mese|il mese (?:prossimo|scorso)|il (?:prossimo|scorso) mese",
    "pt": r"n?este mês|mês (?:passado|que vem)|próximo mês",
    "nl": r"(?:deze|volgende|vorige|komende|afgelopen) maand",
    "ru": r"в (?:этом|следующем|прошлом) месяце",
    "ar": r"هذا الشهر|الشهر (?:الماضي|المقبل|القادم|الجاري)",
}
YEAR = {
    "en": r"(?:this|next|last) year",
    "fr": r"cette année|l['’]année (?:prochaine|dernière)|l['’]an (?:prochain|dernier)",
    "de": r"(?:diese[sm]|nächste[sn]|kommende[sn]|vergangene[sn]|letzte[sn]|vorige[sn]) Jahr(?:es)?",
    "es": r"este año|el año (?:que viene|próximo|pasado)|el (?:próximo|pasado) año",
    "it": r"quest['’]anno|l['’]anno (?:prossimo|scorso)|(?:il prossimo|lo scorso) anno",
    "pt": r"n?este ano|ano (?:passado|que vem)|próximo ano",
    "nl": r"dit jaar|(?:volgend|vorig|komend|afgelopen) jaar",
    "ru": r"в (?:этом|следующем|прошлом|будущем) году",
    "ar": r"هذا العام|العام (?:الماضي|المقبل|القادم|الجاري)",
}
WEEKDAYS = {
    "en": "monday tuesday wednesday thursday friday saturday sunday",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "de": "montag dienstag mittwoch donnerstag freitag samstag|sonnabend sonntag",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "ru": "понедельник вторник сред[уы] четверг пятниц[уы] суббот[уы] воскресенье",
    "ar": "الاثنين|الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
}
"""Weekdays from Monday; alternatives are separated by a bar."""
FUTURE = {
    "en": r"will|shall|won['’]t|(?:is|are) (?:to|due|set|expected|scheduled|planned|likely|going)"
    r"|plans? to|planned for|scheduled for",
    "fr": r"\w{3,}(?:ra|ront)|va|vont|doi(?:t|vent)|prévue?s?|attendue?s?",
    "de": r"wird|werden|soll|sollen|will|wollen|geplant|voraussichtlich|steht an|stehen an",
    "es": r"\w{3,}(?:rá|rán)|va a|van a|previst[oa]s?|prevé|prevén",
    "it": r"\w{3,}(?:rà|ranno)|previst[oaie]|atteso|attesa",
    "pt": r"\w{3,}(?:rá|rão)|vai|vão|previst[oa]s?|deve|devem",
    "nl": r"zal|zullen|gaat|gaan|gepland|moet|moeten",
    "ru": r"будет|будут|состоится|состоятся|пройдёт|пройдет|пройдут|планиру\w+|намерен\w*|предстоит|запланирован\w*",
    "ar": r"سوف|[وف]?س[يتن]\w{3,}|المقرر|المزمع|المتوقع",
}
"""Words that show that a sentence speaks of the future."""
AFTERWARDS = {
    "en": r"after|following|since|because|despite|who|which|that|where|and|but",
    "fr": r"après (?:que|avoir|être|s['’](?:être|est))|depuis|qui (?:a|ont|avait|avaient|s['’]est|se sont)|ayant",
    "de": r"nachdem|seitdem|wie",
    "es": r"después de (?:que|haber)|luego de que|tras (?:haber|que)|desde que|que (?:fue|fueron|había|habían)",
    "it": r"dopo (?:che|aver|avere|esser|essere)|che (?:ha|hanno|aveva|avevano)",
    "pt": r"depois (?:que|de (?:que|ter|terem))|após (?:ter|terem)|que (?:foi|foram)",
    "nl": r"nadat|sinds",
    "ru": r"после того,? как",
    "ar": r"بعد أن|بعدما",
}
"""Words that begin a clause of what came before. In English the clause must also have a verb of the past."""
PAST_VERBS = {
    "en": r"(?!(?:expected|planned|proposed|scheduled|united)\b)\w{2,}ed|was|were|had|began|beat|broke|came|chose|fell"
    r"|found|gave|held|hit|left|lost|made|met|saw|sent|shot|struck|took|went|won",
}
"""Verbs of what has happened, for a language in which ``AFTERWARDS`` alone does not show it."""
