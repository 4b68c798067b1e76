"""A small invented edition in each further language of letters, as its papers write."""

# ruff: noqa: RUF001 - letters of many scripts are meant

from __future__ import annotations

from dataclasses import replace

from tests.letters.editions import Told, edition, placed

from digest.model.edition import Edition

TITLES = {
    "fr": "Le point du matin",
    "es": "La mañana",
    "pt": "A manhã",
    "nl": "Ochtendbrief",
    "pl": "Poranny przegląd",
    "uk": "Ранковий випуск",
    "sv": "Morgonbrevet",
    "nb": "Morgenbrevet",
    "tr": "Sabah bülteni",
    "zh": "早间简报",
    "ja": "朝刊ダイジェスト",
}
FOOTERS = {
    "fr": "Fait à Norrhaven par des gens qui lisent le journal en entier.",
    "es": "Hecho en Norrhaven por gente que lee el periódico entero.",
    "pt": "Feito em Norrhaven por pessoas que leem o jornal inteiro.",
    "nl": "Gemaakt in Norrhaven door mensen die de hele krant lezen.",
    "pl": "Pismo powstaje w Norrhaven i należy do swoich czytelników.",
    "uk": "Зроблено в Норргавені людьми, які читають усю газету.",
    "sv": "Görs i Norrhaven av folk som läser hela tidningen.",
    "nb": "Laget i Norrhaven av folk som leser hele avisen.",
    "tr": "Norrhaven'da gazetenin tamamını okuyanlar tarafından hazırlanır.",
    "zh": "由通读全报的编辑在诺尔黑文制作。",
    "ja": "ノルハーベンで、新聞を隅々まで読む編集者が作っています。",
}
"""The paper's own line below its letters. Filters guess the language of a letter, and an English line misleads them."""
TOLD: dict[str, tuple[Told, ...]] = {
    "fr": (
        (
            "Norrhaven vote la digue : « Onze ans d'attente, c'est assez ! »",
            (
                "Le conseil a approuvé la digue par 31 voix contre 18 : un débat de onze ans s'achève.",
                "« Les travaux commenceront en avril », a dit la maire ; ils dureront six ans.",
            ),
        ),
        (
            "Les trains de nuit trop chers ? La justice tranche",
            (
                "Quelque 140 000 voyageurs pourront demander un remboursement d'ici à la fin de mai.",
                "La compagnie, elle, promet de lire l'arrêt avant de faire appel ; rien n'est donc joué.",
            ),
        ),
        ("Le pont d'Almvik fermé six nuits", ()),
    ),
    "es": (
        (
            "Norrhaven aprueba la barrera contra las mareas tras once años",
            (
                "El concejo aprobó la barrera por 31 votos contra 18 poco antes de la medianoche.",
                "Las obras empezarán en abril y durarán seis años, con el puerto abierto a los barcos.",
            ),
        ),
        (
            "El tribunal anula el recargo de los trenes nocturnos",
            (
                "Unos 140 000 pasajeros podrán pedir la devolución hasta finales de mayo.",
                "«Leeremos la sentencia antes de decidir», dijo la compañía.",
            ),
        ),
        ("El puente de Almvik, cerrado seis noches", ()),
    ),
    "pt": (
        (
            "Norrhaven aprova a barreira contra as marés ao fim de onze anos",
            (
                "A câmara aprovou a barreira por 31 votos contra 18, pouco antes da meia-noite.",
                "As obras começam em abril e duram seis anos, com o porto sempre aberto aos navios.",
            ),
        ),
        (
            "Tribunal anula a sobretaxa dos comboios noturnos",
            (
                "Cerca de 140 mil passageiros podem pedir o dinheiro de volta até ao fim de maio.",
                "«Vamos ler a sentença antes de decidir», disse a empresa.",
            ),
        ),
        ("Ponte de Almvik fechada durante seis noites", ()),
    ),
    "nl": (
        (
            "Norrhaven stemt na elf jaar voor de getijdenkering",
            (
                "De raad keurde de kering kort voor middernacht goed met 31 stemmen tegen 18.",
                "De bouw begint in april en duurt zes jaar; de haven blijft al die tijd open voor schepen.",
            ),
        ),
        (
            "Rechter schrapt de toeslag op nachttreinen",
            (
                "Zo’n 140.000 reizigers kunnen tot eind mei hun geld terugvragen.",
                "‘Wij lezen eerst het vonnis,’ zei de spoorwegmaatschappij.",
            ),
        ),
        ("Brug bij Almvik zes nachten dicht", ()),
    ),
    "pl": (
        (
            "Norrhaven po jedenastu latach głosuje za zaporą przeciwpływową",
            (
                "Rada przyjęła projekt 31 głosami przeciw 18 tuż przed północą i zakończyła wieloletni spór.",
                "Budowa ruszy w kwietniu i potrwa sześć lat, a port pozostanie otwarty dla statków.",
            ),
        ),
        (
            "Sąd uchylił dopłatę w nocnych pociągach",
            (
                "Około 140 tysięcy pasażerów może do końca maja żądać zwrotu pieniędzy.",
                "„Najpierw przeczytamy wyrok” – powiedziała rzeczniczka kolei.",
            ),
        ),
        ("Most w Almvik zamknięty na sześć nocy", ()),
    ),
    "uk": (
        (
            "Норргавен після одинадцяти років голосує за приливний бар’єр",
            (
                "Рада схвалила проєкт 31 голосом проти 18 незадовго до півночі й завершила давню суперечку.",
                "Будівництво почнеться у квітні й триватиме шість років — порт лишатиметься відкритим для суден.",
            ),
        ),
        (
            "Суд скасував доплату за нічні поїзди",
            (
                "Близько 140 тисяч пасажирів зможуть повернути гроші до кінця травня.",
                "«Спершу прочитаємо рішення», — сказали на залізниці.",
            ),
        ),
        ("Міст в Альмвіку закрито на шість ночей", ()),
    ),
    "sv": (
        (
            "Norrhaven röstar ja till tidvattenbarriären efter elva år",
            (
                "Fullmäktige godkände barriären med 31 röster mot 18 strax före midnatt.",
                "Bygget börjar i april och tar sex år, och hamnen hålls öppen för fartyg hela tiden.",
            ),
        ),
        (
            "Domstolen stoppar tilläggsavgiften på nattågen",
            (
                "Omkring 140 000 resenärer kan kräva tillbaka pengarna till slutet av maj.",
                "”Vi läser domen innan vi bestämmer oss”, säger järnvägen.",
            ),
        ),
        ("Bron vid Almvik stängd i sex nätter", ()),
    ),
    "nb": (
        (
            "Norrhaven stemmer for tidevannsbarrieren etter elleve år",
            (
                "Bystyret godkjente barrieren med 31 mot 18 stemmer like før midnatt.",
                "Byggingen starter i april og tar seks år, og havnen holdes åpen for skip hele tiden.",
            ),
        ),
        (
            "Retten stanser tillegget på nattogene",
            (
                "Rundt 140 000 reisende kan kreve pengene tilbake innen utgangen av mai.",
                "«Vi leser dommen før vi bestemmer oss», sier jernbanen.",
            ),
        ),
        ("Broen ved Almvik stengt i seks netter", ()),
    ),
    "tr": (
        (
            "Norrhaven on bir yıl sonra gelgit bariyerine evet dedi",
            (
                "Meclis, gece yarısından hemen önce bariyeri 18’e karşı 31 oyla onayladı.",
                "İnşaat nisanda başlayacak ve altı yıl sürecek; liman bu sürede gemilere açık kalacak.",
            ),
        ),
        (
            "Mahkeme gece trenlerindeki ek ücreti iptal etti",
            (
                "Yaklaşık 140 bin yolcu mayıs sonuna kadar parasını geri isteyebilecek.",
                "“Karar vermeden önce hükmü okuyacağız” dedi demiryolu işletmesi.",
            ),
        ),
        ("Almvik köprüsü altı gece kapalı", ()),
    ),
    "zh": (
        (
            "诺哈文历经十一年终于表决通过建设挡潮闸",
            (
                "市议会在午夜前以31票对18票批准了这一项目，结束了持续十一年的争论。",
                "工程将于四月开工，工期六年，其间港口始终对船舶开放，费用由地区与航运公司分担。",
            ),
        ),
        (
            "法院取消夜间列车附加费",
            (
                "约14万名乘客可在五月底之前申请退款，金额从90克朗到310克朗不等。",
                "铁路公司表示：“我们会先研读判决，再决定是否上诉。”",
            ),
        ),
        ("阿尔姆维克大桥夜间封闭六晚", ()),
        ("十二座城镇的图书馆全面取消逾期罚款", ()),
    ),
    "ja": (
        (
            "ノルハーベン市議会、11年越しの防潮堤建設を可決",
            (
                "市議会は深夜0時前、賛成31、反対18で防潮堤の建設を可決し、11年に及ぶ論争に終止符を打った。",
                "工事は4月に始まり6年かかる見通しで、その間も港は船舶に開放される。",
            ),
        ),
        (
            "夜行列車の追加料金、裁判所が無効と判断",
            (
                "およそ14万人の乗客が5月末まで払い戻しを請求できる。",
                "鉄道会社は「判決を読んだうえで控訴するかどうかを決める」としている。",
            ),
        ),
        ("アルムビーク橋、6夜にわたり通行止め", ()),
        ("12市町の図書館、延滞料を全廃", ()),
    ),
}


def in_language(tag: str) -> Edition:
    """Return the small edition in a language."""
    lead, *others = TOLD[tag]
    top, also = tuple(told for told in others if told[1]), tuple(told for told in others if not told[1])
    made = edition("morning", tag, placed(lead, top, also), TITLES[tag])
    return replace(made, preheader=" · ".join(headline for headline, _ in others))
