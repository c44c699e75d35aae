"""Somebody looks after another's topics and duty for a while."""

from datetime import timedelta

from handlers.kit.people import Address, Profile, Role
from tests.world import World, button_labels, card, form, lines, title


async def three(world: World) -> None:
    """Anna has a question about bills; Ilze knows bills, Jānis and Zane contracts."""
    await world.person("Anna", helps=False)
    await world.person("Ilze", topics=("bills",))
    await world.person("Jānis", topics=("contracts",))
    await world.person("Zane", topics=("contracts",))


async def asked_about_bills(world: World) -> list[str]:
    """Who is asked first, of a hand about bills; it is taken down again."""
    names = ("Ilze", "Jānis", "Zane")
    before = {name: len(world.inbox(name)) for name in names}
    await world.says("Anna", "/hand bills")
    found = [name for name in names if len(world.inbox(name)) > before[name]]
    await world.presses("Anna", "Take my hand down")
    return found


async def test_who_is_asked_in_somebodys_place_is_who_looks_after_their_topics(
    world: World,
) -> None:
    await three(world)
    said = card(await world.says("Ilze", "/cover 30 @Jānis"))
    assert title(said) == "Jānis is asked"
    assert await asked_about_bills(world) == ["Ilze"]
    [question] = world.inbox("Jānis")
    assert title(question) == "Can you look after Ilze's topics?"
    assert "30 min from when you say yes." in lines(question)
    await world.presses("Jānis", "I'll do it", question)
    assert title(world.inbox("Ilze")[-1]) == "Jānis looks after your topics until <time>"
    [said_yes] = [one for one in world.inbox("Ilze") if title(one) == "Jānis said yes"]
    assert button_labels(said_yes) == [], "where it was asked there is nothing to take back"
    assert title(world.inbox("Jānis")[0]) == "You look after Ilze's topics until <time>"
    assert await asked_about_bills(world) == ["Jānis"]
    assert "bills: Jānis" in lines(card(await world.says("Zane", "/plecs who")))
    # The second time it shows what there is.
    again = card(await world.says("Ilze", "/cover 30"))
    assert title(again) == "Jānis looks after your topics until <time>"
    await world.forward(minutes=31)
    assert title(world.inbox("Ilze")[-1]) == "Jānis no longer looks after your topics"
    asked = form(await world.presses("Ilze", "Thank them", world.inbox("Ilze")[-1]))
    await world.fills("Ilze", asked, words="for half an hour without a thought of bills")
    assert world.titles("Jānis")[-1] == "Ilze thanks you"
    assert title(world.inbox("Jānis")[-2]) == "You no longer look after Ilze's topics. Thank you."
    assert await asked_about_bills(world) == ["Ilze"]


async def test_it_holds_on_a_break_and_while_away(world: World) -> None:
    await three(world)
    await world.says("Ilze", "/cover 2 h Jānis")
    await world.presses("Jānis", "I'll do it")
    await world.says("Ilze", "/break 10")
    assert await asked_about_bills(world) == ["Jānis"]
    back = card(await world.says("Ilze", "/plecs back"))
    assert "Jānis looks after your topics until <time>, and is asked in your place." in lines(back)
    await world.says("Ilze", "/plecs away 45 min")
    assert await asked_about_bills(world) == ["Jānis"]


async def test_the_first_of_those_who_are_asked_does_it_and_no_is_nobodys_business(
    world: World,
) -> None:
    await three(world)
    said = card(await world.says("Jānis", "/plecs aizstāt pusstundu"))
    assert title(said) == "2 colleagues are asked"
    assert button_labels(said) == ["Never mind"]
    assert title(await world.presses("Ilze", "Not now")) == (
        "That is all right. Nobody sees that you said so."
    )
    await world.forward(minutes=5)
    assert title(world.inbox("Jānis")[-1]) == "Nobody has said yes so far"
    [question] = world.inbox("Ilze")
    await world.presses("Zane", "I'll do it")
    assert title(world.inbox("Jānis")[-1]) == "Zane looks after your topics until <time>"
    late = await world.presses("Ilze", "I'll do it", question)
    assert title(late) == "Nobody is needed for it any more. Thank you."


async def test_either_of_the_two_ends_it(world: World) -> None:
    await three(world)
    for who, label, other in (
        ("Ilze", "I'm there again", "Jānis"),
        ("Jānis", "I can't any longer", "Ilze"),
    ):
        await world.says("Ilze", "/cover until 16:00 Jānis")
        await world.presses("Jānis", "I'll do it")
        assert await asked_about_bills(world) == ["Jānis"]
        said = card(await world.presses(who, label))
        assert ("Thank them" in button_labels(said)) is (who == "Ilze")
        assert "no longer look" in title(world.inbox(other)[-1])
        assert await asked_about_bills(world) == ["Ilze"]


async def test_a_question_is_taken_back_before_anybody_answers(world: World) -> None:
    await three(world)
    said = card(await world.says("Ilze", "/cover 30 Jānis"))
    [question] = world.inbox("Jānis")
    assert title(await world.says("Ilze", "/cover")) == "Somebody is asked already"
    assert title(await world.presses("Ilze", "Never mind", said)) == "Nobody is asked any more"
    late = await world.presses("Jānis", "I'll do it", question)
    assert title(late) == "Nobody is needed for it any more. Thank you."


async def test_who_does_it_for_somebody_and_is_looked_after_passes_both_on(world: World) -> None:
    await three(world)
    await world.says("Ilze", "/cover 1h Jānis")
    await world.presses("Jānis", "I'll do it")
    await world.says("Jānis", "/cover 20 Zane")
    await world.presses("Zane", "I'll do it")
    assert await asked_about_bills(world) == ["Zane"]
    await world.forward(minutes=21)
    assert await asked_about_bills(world) == ["Jānis"]


async def test_nobody_is_looked_after_by_who_has_left(world: World) -> None:
    await three(world)
    await world.says("Ilze", "/cover 1h Jānis")
    await world.presses("Jānis", "I'll do it")
    gone = Profile(Address("paper", "T1", "Jānis"), "Jānis", active=False)
    await world.engine.desk.learn(gone)
    await world.settle()
    assert title(world.inbox("Ilze")[-1]) == "Jānis no longer looks after your topics"
    assert await asked_about_bills(world) == ["Ilze"]


async def test_what_can_not_be_read_is_said_and_the_form_asks_for_the_rest(world: World) -> None:
    await three(world)
    asked = form(await world.says("Ilze", "/cover"))
    wrong = form(await world.fills("Ilze", asked, **{"while": "soon"}))
    assert list(wrong.errors) == ["while"]
    long = form(await world.fills("Ilze", asked, **{"while": "3 days"}))
    assert list(long.errors) == ["while"]
    done = card(await world.fills("Ilze", asked, **{"while": "2h30m"}, colleague=("Zane",)))
    assert title(done) == "Zane is asked"
    refused = title(await world.says("Jānis", "/cover someday"))
    assert refused.startswith("I can't tell how long, or who.")
    assert title(await world.says("Jānis", "/cover 30 Jānis")).startswith("That is you.")


async def test_a_team_in_a_meeting_is_left_to_it_unless_nobody_else_is_there(
    world: World,
) -> None:
    await world.person("Anna", helps=False)
    await world.person("Līga", Role.SUPERVISOR, manager="Marta")
    await world.person("Ilze", manager="Līga", topics=("bills",))
    await world.person("Jānis", manager="Līga", topics=("bills",))
    asked = form(await world.says("Līga", "/plecs meeting 45"))
    done = card(await world.fills("Līga", asked, team="team:Līga"))
    assert title(done) == "The meeting is from <time> to <time>"
    assert title(world.inbox("Ilze")[-1]) == "Līga calls your team to a meeting"
    assert "bills: nobody now" in lines(card(await world.says("Anna", "/plecs who")))
    await world.says("Anna", "/hand bills")
    held = [sum("Anna" in title(one) for one in world.inbox(who)) for who in ("Ilze", "Jānis")]
    assert held == [0, 0]
    assert any("Anna" in title(one) for one in world.inbox("Līga"))
    back = lines(card(await world.says("Jānis", "/plecs back")))
    assert "on until <time>: you are asked only where nobody else is there." in back
    await world.presses("Anna", "Take my hand down")
    await world.says("Līga", "/plecs away")
    await world.says("Anna", "/hand bills")
    assert any("Anna" in title(one) for one in world.inbox("Ilze")), "nobody else is there"
    await world.presses("Anna", "Take my hand down")
    await world.presses("Līga", "It is over, or called off", done)
    assert title(world.inbox("Ilze")[0]).startswith("This meeting is over")
    refused = await world.says("Anna", "/plecs meeting")
    assert title(refused) == "This is for supervisors and coordinators."


async def test_a_meeting_ends_by_the_clock(world: World) -> None:
    await world.person("Anna", helps=False)
    await world.person("Līga", Role.SUPERVISOR)
    await world.person("Ilze", manager="Līga", topics=("bills",))
    asked = form(await world.says("Līga", "/plecs sapulce 10:30-11:00"))
    await world.fills("Līga", asked, team="team:Līga")
    world.platform.now += timedelta(minutes=29)
    assert "bills: Ilze" in lines(card(await world.says("Anna", "/plecs who")))
    world.platform.now += timedelta(minutes=2)
    assert "bills: nobody now" in lines(card(await world.says("Anna", "/plecs who")))
    world.platform.now += timedelta(minutes=30)
    assert "bills: Ilze" in lines(card(await world.says("Anna", "/plecs who")))
