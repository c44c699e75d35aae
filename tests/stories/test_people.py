"""People, their topics, absences, language and roles, told as they happen."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.kit.cards import Card, Form, Reply, Tone
from handlers.kit.hours import parse_hours
from handlers.kit.people import Address, Profile, Role
from tests.world import World, button_labels, lines, plain, title


def said(reply: Reply) -> str:
    assert isinstance(reply, Card)
    return lines(reply)


async def test_somebody_appears_at_first_contact(world: World) -> None:
    address = Address("paper", "T1", "Anna")
    world.platform.profiles["Anna"] = Profile(address, "Anna Kalniņa", "lv-LV", "Europe/London")
    reply = await world.says("Anna", "/plecs")
    assert title(reply) == "Plecs ir jums līdzās"
    anna = await world.known("Anna")
    assert (anna.name, anna.locale, anna.zone) == ("Anna Kalniņa", "lv", "Europe/London")
    assert anna.roles == {Role.AGENT}


async def test_a_hand_goes_up_even_when_the_platform_cannot_say_who_it_is(world: World) -> None:
    await world.person("Jānis")
    assert title(await world.says("U7", "/hand")) == "Roka ir pacelta"
    assert world.titles("Jānis") == ["U7 needs a colleague"]


async def test_admins_names_the_first_admin(world: World) -> None:
    await world.says("Admin", "/plecs")
    assert (await world.known("Admin")).roles == {Role.AGENT, Role.ADMIN}


async def test_topics_and_trusted_colleagues(world: World) -> None:
    await world.person("Anna")
    ilze = Profile(Address("paper", "T1", "Ilze"), "Ilze Vītola", "en-US")
    world.platform.profiles["Ilze"] = ilze
    assert "Topics: none yet" in said(await world.says("Anna", "/topics"))
    form = await world.presses("Anna", "Change")
    assert isinstance(form, Form)
    three = await world.fills("Anna", form, topics=("bills", "meters", "tariffs"))
    assert isinstance(three, Form)
    assert {name: plain(line) for name, line in three.errors.items()} == {"topics": "At most 2."}
    reply = await world.fills(
        "Anna",
        form,
        topics=("bills", "meters"),
        trusted=("Ilze", "Anna"),
        helps="no",
        extension=" 214 ",
    )
    assert said(reply) == (
        "Your topics and people\nTopics: bills, meters\nTrusted colleagues: Ilze\n"
        "Extension or desk: 214\nMay be asked to help: no\nOnly what you say here decides when you "
        "are asked. Your topics are seen by colleagues, whom you trust only by you."
    )
    assert (await world.known("Ilze")).name == "Ilze Vītola", "she was new, and is known now"
    anna = await world.known("Anna")
    assert (anna.topics, anna.helps, anna.extension) == (("bills", "meters"), False, "214")
    form = await world.presses("Anna", "Change")
    assert isinstance(form, Form)
    again = await world.fills("Anna", form, extension="2" * 21)
    assert isinstance(again, Form)
    assert list(again.errors) == ["extension"]


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("/plecs away until Monday", datetime(2026, 3, 9, 4, tzinfo=UTC)),
        ("/plecs prom līdz rītdienai", datetime(2026, 3, 3, 4, tzinfo=UTC)),
        ("/plecs away 14:20", datetime(2026, 3, 2, 12, 20, tzinfo=UTC)),
        ("/plecs away 45 min", datetime(2026, 3, 2, 8, 45, tzinfo=UTC)),
    ],
)
async def test_away_and_back(world: World, typed: str, until: datetime) -> None:
    await world.person("Jānis")
    assert title(await world.says("Jānis", typed)) == "You are away"
    assert (await world.known("Jānis")).away_until == until
    home = await world.ask(world.command("Jānis", "home"))
    assert "You are away until <time>." in said(home)
    assert title(await world.presses("Jānis", "I'm back")) == "Welcome back"
    assert (await world.known("Jānis")).away_until is None


@pytest.mark.parametrize("typed", ["maybe", "25:00", "yesterday", "99999 h", "31.2.", "-5 min"])
async def test_an_absence_that_makes_no_sense_changes_nothing(world: World, typed: str) -> None:
    await world.person("Jānis")
    reply = await world.says("Jānis", f"/plecs away {typed}")
    assert title(reply).startswith("I can't tell until when that is.")
    assert (await world.known("Jānis")).away_until is None


async def test_the_language(world: World) -> None:
    await world.person("Anna", locale="en")
    assert title(await world.says("Anna", "/language lv")) == "Plecs ar jums runā latviski"
    assert title(await world.says("Anna", "/language klingon")) == (
        "Es runāju latviski (lv) un angliski (en)."
    )
    assert title(await world.says("Anna", "/language «en», lūdzu")) == (
        "Plecs speaks English with you"
    )
    assert title(await world.says("Anna", "/language auto")) == "Plecs speaks English with you"


async def test_admins_give_roles_in_chat(world: World) -> None:
    await world.person("Boss", Role.ADMIN)
    for number in range(12):
        await world.person(f"Person{number:02}")
    await world.person("Līga")

    first = await world.says("Boss", "/plecs people")
    assert button_labels(_card(first)) == ["Change"] * 10 + ["More", "Search"]
    second = await world.presses("Boss", "More")
    assert button_labels(_card(second)) == ["Change"] * 4 + ["Back", "Search"]
    nobody = await world.says("Boss", "/plecs people Zelma")
    assert "Nobody here is called “Zelma”." in said(nobody)

    for written in ("„Līgu”", "*liga*", "Līgai", "liga"):
        found = await world.says("Boss", f"/plecs people {written}")
        assert button_labels(_card(found)) == ["Change", "Search"], written
    form = await world.presses("Boss", "Change")
    assert isinstance(form, Form)
    wrong = await world.fills("Boss", form, roles=("supervisor",), hours="8 till 5")
    assert isinstance(wrong, Form)
    assert plain(wrong.errors["hours"]) == (
        "I can't read “8 till 5”. Write it like Mon-Fri 08:00-17:00."
    )
    assert (await world.known("Līga")).roles == {Role.AGENT}
    saved = await world.fills(
        "Boss", form, roles=("supervisor",), hours="P-Pk 08:00-17:00", position="Team lead"
    )
    assert title(saved) == "Saved"
    liga = await world.known("Līga")
    assert (liga.roles, str(liga.hours), liga.position) == (
        frozenset({Role.AGENT, Role.SUPERVISOR}),
        "Mon-Fri 08:00-17:00",
        "Team lead",
    )


async def test_admins_see_who_is_not_reached_until_they_are(world: World) -> None:
    await world.person("Boss", Role.ADMIN)
    await world.person("Anna")
    helpers = [f"Helper{number}" for number in range(7)]
    for helper in helpers:
        await world.person(helper, topics=("contracts",))
    assert "Not reached" not in said(await world.says("Boss", "/plecs people"))

    world.platform.unreachable = set(helpers)
    await world.says("Anna", "/hand contracts")
    await world.forward(seconds=200)
    first = said(await world.says("Boss", "/plecs people"))
    assert "Not reached by Plecs: Helper0, Helper1, Helper2, Helper3, Helper4 and 2 more." in first
    assert "Not reached" not in said(await world.says("Boss", "/plecs people Anna"))

    world.platform.unreachable = set()
    for helper in helpers[:5]:
        await world.says(helper, "/plecs away")
    assert "Not reached by Plecs: Helper5, Helper6." in said(
        await world.says("Boss", "/plecs people")
    )
    await world.presses("Anna", "Take my hand down")
    await world.says("Anna", "/hand contracts")
    await world.forward(seconds=200)
    assert "Not reached" not in said(await world.says("Boss", "/plecs people"))


async def test_the_last_admin_stays_one(world: World) -> None:
    await world.person("Boss", Role.ADMIN)
    await world.says("Boss", "/plecs people Boss")
    form = await world.presses("Boss", "Change")
    assert isinstance(form, Form)
    again = await world.fills("Boss", form, roles=())
    assert isinstance(again, Form)
    assert plain(again.errors["roles"]) == ("Boss is the only admin. Make somebody else one first.")


@pytest.mark.parametrize("typed", ["/plecs people", "/plecs settings", "/plecs iestatijumi"])
async def test_what_a_role_may_not_do_is_answered_kindly(world: World, typed: str) -> None:
    await world.person("Anna", Role.COORDINATOR)
    await world.person("Boss", Role.ADMIN)
    reply = await world.says("Anna", typed)
    assert said(reply) == (
        "This is for people with the role admin\nNothing was changed. Boss can give you the role."
    )


async def test_a_coordinator_writes_the_topics(world: World) -> None:
    await world.person("Boss", Role.ADMIN)
    await world.person("Jānis", topics=("contracts",))
    form = await world.ask(world.command("Boss", "settings.topics"))
    assert isinstance(form, Form)
    wrong = await world.fills("Boss", form, topics="līgumi, contracts")
    assert isinstance(wrong, Form)
    assert plain(wrong.errors["topics"]) == (
        "“līgumi, contracts” is not two lists of names with a bar between."
    )
    empty = await world.fills("Boss", form, topics=" ")
    assert isinstance(empty, Form)
    assert plain(empty.errors["topics"]) == "Write at least one topic, and at most 100."
    text = "līgumi, vienošanās | deals, contracts\nsiltumsūkņi | heat pumps"
    assert title(await world.fills("Boss", form, topics=text)) == "Saved"
    assert "Topics: deals" in said(await world.says("Jānis", "/topics")), "it kept a name"
    await world.person("Anna")
    hand = await world.says("Anna", "/hand heat pumps again")
    assert "About: heat pumps" in said(hand)


async def test_an_admin_decides_the_language_of_new_people(world: World) -> None:
    await world.person("Boss", Role.ADMIN)
    form = await world.ask(world.command("Boss", "settings.language"))
    assert isinstance(form, Form)
    assert title(await world.fills("Boss", form, new="lv")) == "Saved"
    assert "Language of new people: Latviešu" in said(await world.says("Boss", "/plecs settings"))
    anna = Address("paper", "T1", "Anna")
    world.platform.profiles["Anna"] = Profile(anna, "Anna Kalniņa", "en-US", "Europe/Riga")
    assert title(await world.says("Anna", "/plecs")) == "Plecs ir jums līdzās"


async def test_what_is_not_known_gets_a_helpful_answer(world: World) -> None:
    await world.person("Anna")
    reply = await world.says("Anna", "/plecs dance with me")
    assert title(reply) == "I don't know “dance”. Here is what I can do:"
    assert button_labels(_card(reply)) == ["Raise a hand with these words", "Help"]
    assert _card(reply).tone is Tone.CALM
    somewhere = await world.says("Anna", "/plecs dance with me to another language")
    assert title(somewhere) == "Did you mean “language”?"
    stale = await world.ask(world.command("Anna", "tea.serve"))
    assert title(stale) == "This button is from an earlier day. Here is what I can do now:"


async def test_help_lists_what_one_may_type(world: World) -> None:
    await world.person("Anna", locale="lv")
    await world.person("Boss", Role.ADMIN)
    assert "/plecs iestatījumi" not in said(await world.says("Anna", "/plecs palīdzība"))
    assert "/plecs settings – For admins: rings and topics" in said(
        await world.says("Boss", "/plecs help")
    )


async def test_the_help_goes_by_situation_and_ends_with_ones_own_role(world: World) -> None:
    await world.person("Anna")
    await world.person("Līga", Role.SUPERVISOR)

    def headings(reply: Reply) -> list[str]:
        return [line for line in said(reply).splitlines()[2:-1] if " – " not in line]

    always = ["In a hard call", "After it, and for a rest", "With colleagues"]
    always += ["About you, and all the rest"]
    assert headings(await world.says("Anna", "/plecs help")) == always
    own = await world.says("Līga", "/plecs help")
    assert headings(own) == [*always, "By your role"]
    assert said(own).splitlines()[-7:-1] == [
        "/hand who – Who would be asked now",
        "/hand week – The hands of the last week, as numbers",
        "/plecs known – A known issue: the one sentence that everybody says for now",
        "/offer spread – Whether the same is given for the same",
        "/vent weeks – How many talks there were each week, without names",
        "/break team – Which of your people are away",
    ]
    everybodys = said(await world.says("Anna", "/plecs help"))
    assert "/hand down – Take your hand down\n" in everybodys
    refused = "/break team", "back, team", "edit", "adopt", "/hand who"
    assert [word for word in refused if word in everybodys] == []


async def test_the_start_page_shows_what_is_mine(world: World) -> None:
    await world.person("Anna", topics=("bills",))
    await world.person("Jānis")
    before = await world.ask(world.command("Anna", "home"))
    assert "My topics: bills" in said(await world.presses("Anna", "More…", _card(before)))
    assert "Raise a hand now" in button_labels(_card(before))
    await world.presses("Anna", "Raise a hand now", _card(before))
    up = await world.ask(world.command("Anna", "home"))
    assert "Your hand has been up since <time>." in said(up)
    await world.presses("Jānis", "I'm coming")
    assert "Jānis is on the way to you." in said(await world.ask(world.command("Anna", "home")))
    helping = await world.ask(world.command("Jānis", "home"))
    assert "You are on the way to Anna." in said(helping)
    await world.presses("Jānis", "Solved", _card(helping))
    assert "Raise a hand now" in button_labels(
        _card(await world.ask(world.command("Anna", "home")))
    )


async def test_what_the_platform_changes_is_taken_over(world: World) -> None:
    await world.person("Anna", locale="en")
    address = Address("paper", "T1", "Anna")
    await world.engine.desk.learn(Profile(address, "Anna Liepa", "lv-LV", "Europe/Tallinn"))
    anna = await world.known("Anna")
    assert (anna.name, anna.zone) == ("Anna Liepa", "Europe/Tallinn")
    assert anna.locale == "en", "a platform may know fewer languages than its people"
    await world.engine.desk.learn(Profile(Address("paper", "T1", "Nobody"), "Nobody"))


async def test_do_not_disturb_holds_until_it_ends_and_then_is_asked_for_again(
    world: World,
) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    janis = Address("paper", "T1", "Jānis")
    await world.engine.desk.quiet(janis, world.now, world.now + timedelta(minutes=5), at=world.now)
    assert title(await world.says("Anna", "/hand contracts")) == "Nobody is free right now"
    await world.presses("Anna", "Take my hand down")
    assert await world.engine.desk.quiet_over("paper", 10) == ()

    await world.forward(minutes=5)
    assert await world.engine.desk.quiet_over("paper", 10) == (janis,)
    assert await world.engine.desk.quiet_over("paper", 10, ("T2",)) == (janis,)
    assert await world.engine.desk.quiet_over("paper", 10, ("T1",)) == ()
    assert title(await world.says("Anna", "/hand contracts")) == "Your hand is up"
    await world.engine.desk.quiet(janis, None, None, at=world.now)
    assert await world.engine.desk.quiet_over("paper", 10) == ()


def _card(reply: Reply) -> Card:
    assert isinstance(reply, Card)
    return reply


@pytest.mark.parametrize("word", ["back", "esmu", "atpakaļ", "ATPAKAL"])
async def test_whoever_says_that_they_are_back_is(world: World, word: str) -> None:
    await world.person("Anna")
    await world.says("Anna", "/plecs prom pusstundu")
    assert (await world.known("Anna")).away_until == world.now + timedelta(minutes=30)
    await world.says("Anna", f"/plecs {word}")
    assert (await world.known("Anna")).away_until is None


@pytest.mark.parametrize("typed", ["/plecs back", "/break back"])
async def test_who_is_back_outside_their_hours_is_not_told_that_they_are_reached(
    world: World, typed: str
) -> None:
    await world.person("Anna", hours=parse_hours("Mon-Fri 12:00-17:00"))
    await world.says("Anna", "/break 10" if "break" in typed else "/plecs away")
    reply = await world.says("Anna", typed)
    assert isinstance(reply, Card)
    assert lines(reply).splitlines()[1] == (
        "These are not your working hours: nobody is sent to you until they begin."
    )


async def test_who_is_back_in_do_not_disturb_hears_until_when(world: World) -> None:
    later = world.now + timedelta(hours=1)
    await world.person("Anna", quiet_from=world.now, quiet_until=later)
    reply = await world.says("Anna", "/plecs back")
    assert isinstance(reply, Card)
    assert lines(reply).splitlines()[1] == (
        "Do not disturb is on until <time>: nobody is sent to you before."
    )
    world.platform.now = later
    reply = await world.says("Anna", "/plecs back")
    assert isinstance(reply, Card)
    assert lines(reply).splitlines()[1] == "Colleagues can reach you again."


async def test_who_is_never_asked_is_not_told_on_their_way_back_that_they_are(
    world: World,
) -> None:
    await world.person("Anna", helps=False)
    for away, back in (("/plecs away", "/plecs back"), ("/break 10", "/break back")):
        await world.says("Anna", away)
        assert lines(_card(await world.says("Anna", back))).splitlines()[1] == (
            "Colleagues can write to you again. Nobody is sent to you: you chose that with /topics."
        )


async def test_who_is_back_from_a_break_in_an_absence_is_back_from_both(world: World) -> None:
    await world.person("Anna")
    await world.says("Anna", "/break 10")
    await world.says("Anna", "/plecs away 2 h")
    reply = await world.says("Anna", "/break back")
    assert isinstance(reply, Card)
    assert lines(reply).splitlines()[1].startswith("You are still away: nobody is sent to you.")
    await world.says("Anna", "/break 10")
    reply = await world.says("Anna", "/plecs back")
    assert isinstance(reply, Card)
    assert lines(reply).splitlines()[:2] == [
        "Good to have you back",
        "Colleagues can reach you again.",
    ]
    known = await world.known("Anna")
    assert (known.away_until, known.on_duty(world.now)) == (None, True)


async def test_who_is_back_in_a_call_is_not_told_that_others_are_sent(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.says("Anna", "/hand contracts")
    await world.presses("Jānis", "I'm coming")
    for who in ("Anna", "Jānis"):
        await world.says(who, "/plecs away 2 h")
        reply = await world.says(who, "/plecs back")
        assert isinstance(reply, Card)
        assert lines(reply).splitlines()[1] == (
            "You are in a call, a talk, a session or a class: "
            "nobody else is sent to you until it is over."
        )


async def test_an_organisation_of_one_says_so_to_its_admin(world: World) -> None:
    await world.person("Boss", Role.ADMIN)
    assert "You are the only one here so far" in said(await world.says("Boss", "/plecs home"))
    up = await world.says("Boss", "/hand")
    assert title(up) == "Nobody else is here yet"
    assert "when you bring in a list of them" in said(up)
    await world.person("Anna")
    assert "the only one here" not in said(await world.says("Boss", "/plecs home"))
    assert world.titles("Anna") == []
    await world.forward(seconds=31)
    assert world.titles("Anna") == ["Boss needs a colleague"]
