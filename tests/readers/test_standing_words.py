"""Who is not plainly active elsewhere gets no letters here, whatever system wrote the list."""

from __future__ import annotations

import pytest

from digest.readers.exports import OWN, Status
from digest.readers.roster import RosterLine, UnknownLine, read_roster
from digest.readers.roster_editions import EditionChoice
from digest.readers.standing_columns import Standings
from digest.readers.standing_words import TELLING, UnknownStanding, meaning
from digest.readers.unknown_words import MOST_WORDS, unknown_words

MORNING = EditionChoice(known=("morning",), default=("morning",))


def standing(cells: dict[str, str]) -> Status:
    return Standings(tuple(cells), OWN, {}).of(tuple(cells.values()), ())


A, L, B, C, U = Status.ACTIVE, Status.LEFT, Status.BOUNCED, Status.COMPLAINED, Status.UNCONFIRMED


@pytest.mark.parametrize(
    ("column", "cell", "status"),
    [
        ("status", "Active", A),
        ("subscriber status", "Unsubscribed", L),
        ("global status", "Inactive", L),
        ("status", "unreachable", B),
        ("status", "Soft bounced", B),
        ("status", "Marked as spam", C),
        ("state", "cancelled", L),
        ("status", "3", B),
        ("is this subscriber confirmed", "0", U),
        ("is this subscriber blacklisted", "1", L),
        ("email_blacklisted", "Yes", L),
        ("email_blacklisted", "No", A),
        ("email disabled", "true", L),
        ("donotcontact", "1", L),
        ("no bulk emails (user opt out)", "Yes", L),
        ("on hold", "On Hold Bounce", B),
        ("unsubscribed_at", "2024-05-01", L),
        ("unsubscribed_at", "", A),
        ("double_opt-in", "No", U),
        ("bounce count", "7", A),
        ("status", "abgemeldet", L),
        ("status e-mailmarketing", "Opgeschoond", B),
        ("statut du marketing par e-mail", "Abonné(e)", A),
        ("statut du marketing par e-mail", "Désabonné(e)", L),
        ("estado", "suscrito/a", A),
        ("stato", "Iscritto/a", A),
        ("keine massen-e-mails (benutzer-abmeldung)", "Ja", L),
        ("keine massen-e-mails (benutzer-abmeldung)", "Nein", A),
        ("abmeldung am", "2024-05-01", L),
        ("liststatus", "-1", L),
        ("is this subscriber confirmed (1/0)", "0", U),
        ("is this subscriber blacklisted (yes/no)?", "no", A),
        ("auf sperrliste (e-mail)", "Ja", L),
        ("blocklist status", "Not blocklisted", A),
        ("blocklist status", "Blocklisted", L),
        ("pas de courriel", "Oui", L),
        ("en suspens", "En suspens (rebond)", L),
        ("en espera", "En espera por rebote", L),
        ("en espera", "No", A),
        ("status för e-postmarknadsföring", "Prenumererar inte", U),
        ("status för e-postmarknadsföring", "Prenumererar", A),
        ("stan marketingu e-mail", "Niezasubskrybowany", U),
        ("stan marketingu e-mail", "Zasubskrybowany", A),
        ("メールマーケティングのステータス", "購読解除", L),
        ("メールマーケティングのステータス", "未購読", U),
        ("購読状態", "購読中", A),
        ("이메일 마케팅 상태", "구독 취소", L),
        ("구독 상태", "구독 중", A),
        ("suspend", "1", L),
        ("empfangen", "0", L),
        ("aktiviert", "0", U),
        ("stato globale", "Respinto", B),
        ("liststatus", "1", A),
        ("email suppressions", "[]", A),
        ("email suppressions", "HARD_BOUNCE", L),
        ("email permission status", "No permissions set", U),
        ("statut", "désabonné", L),
        ("estado", "pendiente", U),
        ("statut de l'abonné", "Désabonné", L),
        ("abonnentenstatus", "Abgemeldet", L),
        ("\u0441\u0442\u0430\u0442\u0443\u0441", "\u041e\u0442\u043f\u0438\u0441\u0430\u043d", L),
        ("confirmed", "N", U),
        ("is the account disabled", "yes", L),
        ("left handed", "yes", A),
        ("email marketing consent", "UNSUBSCRIBED", L),
        ("accepts email marketing", "no", L),
        ("newsletter", "Morning Update", A),
        ("unsubscribed_at", "\\N", A),
        ("keine e-mail", "Ja", L),
        ("email permission status", "Implicit", A),
        ("email permission status", "Not set", U),
        ("nomail", "[U]", L),
        ("email preference", "no email", L),
        ("e-mail marketing", "Nettoy\u00e9(e)", B),
        ("e-mailmarketing", "Opgeschoond", B),
        ("e-postmarknadsf\u00f6ring", "Rensad", B),
        ("unsubscribed", "\u2611", L),
        ("unsubscribed", "\u2610", A),
        ("subscribed", "\u2714\ufe0f", A),
        ("subscribed", "\u274c", L),
        ("status", "\u2013", A),
        ("is this subscriber manually confirmed", "No", A),
        ("verstorben", "Ja", L),
        ("do not allow emails", "Allow", A),
        ("do not allow emails", "Do Not Allow", L),
        ("would you like our newsletter?", "No thanks", L),
        ("newsletter gew\u00fcnscht", "nein", L),
        ("newsletter gew\u00fcnscht", "ja, gern", A),
        ("list_type", "black_list", L),
        ("contact type", "non-profit", A),
        ("status", "\u041d\u0435 \u043f\u043e\u0434\u0442\u0432\u0435\u0440\u0436\u0434\u0435\u043d", U),
        ("status", "\u0417\u0430\u0431\u043b\u043e\u043a\u0438\u0440\u043e\u0432\u0430\u043d", L),
        ("status", "\u672a\u78ba\u8a8d", U),
        ("stan", "Usuni\u0119ty", L),
        ("status", "Rejet\u00e9", B),
        ("estado", "Dado de baja", L),
        ("contact status", "Not excluded", A),
    ],
)
def test_a_column_that_speaks_of_standing_is_understood(column: str, cell: str, status: Status) -> None:
    assert standing({column: cell}) is status


def test_a_sign_that_is_not_known_is_a_question_and_can_be_answered() -> None:
    for sign in ("?", "\u263a"):
        with pytest.raises(UnknownStanding):
            standing({"status": sign})
    assert Standings(("status",), OWN, {"\u263a": A}).of(("\u263a",), ()) is A


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("email,confirmed,blacklisted,optedin", "ada@brook.example,1,0,0"),
        ("email,name,stripe plan,cancel date,email disabled", "ada@brook.example,Ada,Monthly,2024-05-01,No"),
    ],
)
def test_what_a_system_says_of_something_else_is_passed_over(header: str, row: str) -> None:
    (line,) = read_roster([f"{header}\n", f"{row}\n"], MORNING)
    assert isinstance(line, RosterLine)
    assert line.status is A


def test_the_gravest_of_several_columns_counts() -> None:
    assert standing({"status": "subscribed", "complained_at": "2024-01-02", "unsubscribed": "1"}) is C


def test_a_word_that_nobody_knows_is_a_question() -> None:
    with pytest.raises(UnknownStanding, match="dormouse"):
        standing({"status": "dormouse"})
    lines = ["email,status\n", "mara@brook.example,active\n", "tom@brook.example,dormouse\n"]
    first, second = read_roster(lines, MORNING)
    assert isinstance(first, RosterLine)
    assert isinstance(second, UnknownLine)
    assert (second.number, second.column, second.word) == (3, "status", "dormouse")


def test_unknown_words_are_counted_with_examples_the_most_frequent_first() -> None:
    words = ["dozing", "adrift", "Adrift", *["adrift"] * 3]
    lines = ["email,status\n", *(f"r{n}@brook.example,{word}\n" for n, word in enumerate(words))]
    first, second = unknown_words(read_roster(lines, MORNING))
    assert (first.word, first.count, first.lines) == ("adrift", 5, (3, 4, 5))
    assert (second.word, second.count, second.lines) == ("dozing", 1, (2,))


def test_a_column_of_ever_new_words_fills_no_memory() -> None:
    lines = ["email,status\n", *(f"r{n}@brook.example,word{n}x\n" for n in range(MOST_WORDS + 50))]
    assert len(unknown_words(read_roster(lines, MORNING))) == MOST_WORDS


def test_a_word_that_the_operator_explains_is_understood() -> None:
    lines = ["email,status\n", "tom@brook.example,Dormouse\n"]
    (told,) = read_roster(lines, MORNING, told={"dormouse": A})
    assert isinstance(told, RosterLine)
    assert told.status is A


def test_a_state_beside_a_city_is_a_place() -> None:
    assert standing({"email": "", "city": "Leeds", "state": "gone"}) is A
    with pytest.raises(UnknownStanding):
        standing({"email": "", "state": "gone"})


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Suscripción cancelada", L),
        ("NEVER_SUBSCRIBED", U),
        ("waiting for confirmation", U),
        ("No longer subscribed", L),
        ("Geabonneerd", A),
        ("Niet geabonneerd", U),
        ("On Hold Opt Out", B),
        ("reported as junk", C),
        ("inaktiv", L),
        ("not blocked", None),
        ("dormouse", None),
    ],
)
def test_stems_and_words_together_tell_who_is_away(word: str, status: Status | None) -> None:
    assert meaning(word) is status


def test_a_plain_word_counts_in_a_column_of_any_name() -> None:
    assert standing({"e-mail": "ada@brook.example", "tilaus": "désabonné"}) is L
    assert standing({"notes": "met at the fair", "colour": "blue"}) is A
    assert {"never_subscribed", "never subscribed", "never-subscribed"} <= TELLING


def test_what_is_said_of_another_channel_says_nothing_of_mail() -> None:
    assert standing({"sms_blacklist": "true", "sms status": "unsubscribed", "do not phone": "1"}) is A
    assert standing({"do not email": "0", "do not mail": "1"}) is A


def test_a_name_is_no_word_of_standing() -> None:
    (line,) = read_roster(["email,name\n", "ada@brook.example,Unsubscribed\n"], MORNING)
    assert isinstance(line, RosterLine)
    assert line.status is A


def test_the_column_of_addresses_is_found_whatever_it_is_called() -> None:
    (line,) = read_roster(["Abonnent;Status\n", "ada@brook.example;Aktiv\n"], MORNING)
    assert isinstance(line, RosterLine)
    assert line.address.given == "ada@brook.example"


@pytest.mark.parametrize(
    ("kind", "status"),
    [("regular", A), ("past_due", A), ("paused", A), ("unpaid", A), ("unactivated", U), ("spammy", L), ("removed", L)],
)
def test_buttondowns_types_are_its_own(kind: str, status: Status) -> None:
    lines = ["email_address,type,creation_date\n", f"ada@brook.example,{kind},2024-01-02\n"]
    (line,) = read_roster(lines, MORNING)
    assert isinstance(line, RosterLine)
    assert line.status is status
