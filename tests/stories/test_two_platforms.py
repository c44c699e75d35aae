"""One organisation in two chat apps: one people list, and each is reached where they are."""

from dataclasses import replace

from handlers.kit.cards import Card
from handlers.kit.commands import Value
from handlers.kit.people import Address, Person, Profile, Role
from handlers.vents.model import Listener, Vents
from handlers.work import Work
from tests.world import World, lines, plain

ANNA_THERE = Address("other", "O1", "anna.k")


async def moves_in(world: World, user: str, *roles: Role, **also: object) -> Person:
    """Somebody on the other platform of the same organisation."""
    world.elsewhere.add(user)
    return await world.person(user, *roles, **also)  # type: ignore[arg-type] # a story's few words


async def at_both(world: World, user: str, there: str) -> Person:
    """Somebody with an address on each platform."""
    person = await world.person(user)
    world.elsewhere.add(there)
    both = replace(person, addresses=(*person.addresses, world.address(there)))
    await world.engine.database.run(lambda work: work.people.save(both))
    return both


async def test_nobody_here_and_a_supervisor_in_the_other_app_takes_it(world: World) -> None:
    await world.join()
    await world.person("Anna")
    await moves_in(world, "Līga", Role.SUPERVISOR)
    await world.says("Anna", "/hand contracts he threatens me")
    await world.forward(seconds=5)
    assert world.titles("Līga") == ["Anna needs a colleague"]

    await world.presses("Līga", "I'm coming")
    assert world.titles("Anna") == ["Līga is on the way", "Anna and Līga"]
    assert world.titles("Līga") == ["You are on the way to Anna", "Anna and Līga"]
    there = [message.to for message in world.other.messages.values()]
    assert there == [("Līga",), ("Līga",)]
    for user, name in (("Anna", "Līga"), ("Līga", "Anna")):
        seen = "\n".join(lines(card) for card in world.inbox(user))
        assert f"{name} uses another chat app than you" in seen
        assert "conversation of your own" not in seen

    await world.presses("Anna", "Solved")
    assert world.titles("Līga")[0] == "Solved. Thank you for being there."


async def test_two_organisations_stay_two(world: World) -> None:
    """Nobody joined them: the supervisor of the other one is never asked."""
    await world.person("Anna")
    await moves_in(world, "Līga", Role.SUPERVISOR)
    await world.says("Anna", "/hand contracts")
    await world.forward(seconds=200)
    assert world.messages == []
    answer = world.replies["Anna"][0]
    assert isinstance(answer, Card)
    assert plain(answer.title) == "Nobody else is here yet"


async def test_two_who_share_an_app_have_their_conversation_there(world: World) -> None:
    await world.join()
    await at_both(world, "Anna", "anna.k")
    await moves_in(world, "Jānis", topics=("contracts",))
    await world.says("Anna", "/hand contracts")
    await world.presses("Jānis", "I'm coming")
    assert world.titles("anna.k", "Jānis") == ["Anna and Jānis"]
    assert world.titles("Anna") == ["Jānis is on the way"], "she is where she raised it"
    seen = "\n".join(lines(card) for card in world.inbox("Anna"))
    assert "I am writing to the two of you together." in seen


async def test_everybody_is_reached_where_they_were_last(world: World) -> None:
    await world.join()
    await world.person("Anna")
    await at_both(world, "Jānis", "janis.o")
    janis = await world.known("Jānis")
    topics = replace(janis, topics=("contracts",))
    await world.engine.database.run(lambda work: work.people.save(topics))

    await world.says("janis.o", "/policy")  # only looks something up, over there
    await world.says("Anna", "/hand contracts")
    assert (len(world.inbox("Jānis")), world.titles("janis.o")) == (0, ["Anna needs a colleague"])

    await world.says("Jānis", "/hand log")  # and now he is here again
    await world.says("Anna", "/hand cancel")
    await world.presses("Anna", "Take my hand down")
    assert world.titles("janis.o") == ["Anna no longer needs anybody"], "changed where it is"
    await world.says("Anna", "/hand contracts")
    assert world.titles("Jānis") == ["Anna needs a colleague"]
    assert len(world.inbox("janis.o")) == 1


async def test_where_the_app_is_gone_the_other_one_is_tried(world: World) -> None:
    await world.join()
    await world.person("Anna")
    janis = await at_both(world, "Jānis", "janis.o")
    topics = replace(janis, topics=("contracts",))
    await world.engine.database.run(lambda work: work.people.save(topics))
    await world.says("janis.o", "/policy")
    world.other.unreachable.add("janis.o")
    await world.says("Anna", "/hand contracts")
    assert world.titles("Jānis") == ["Anna needs a colleague"]

    world.platform.unreachable.add("Jānis")
    await moves_in(world, "Līga", Role.SUPERVISOR)
    await world.presses("Anna", "Take my hand down")
    await world.says("Anna", "/hand contracts")
    await world.forward(seconds=1)
    assert world.titles("Līga") == ["Anna needs a colleague"], "the ring goes on without him"


async def test_a_talk_of_two_in_different_apps(world: World) -> None:
    await world.join()
    await world.person("Anna")
    ieva = await moves_in(world, "Ieva")
    await world.says("Anna", "/vent")
    await world.ask(world.command("Anna", "vent.ask", values={"person": ieva.id}))
    await world.presses("Ieva", "Yes, now")
    for user in ("Anna", "Ieva"):
        (room,) = [card for card in world.inbox(user) if plain(card.title) == "Anna and Ieva"]
        assert "You use different chat apps" in lines(room)
    await world.presses("Ieva", "Done")
    assert world.titles("Anna")[-1].startswith("Good that you talked.")
    kept = await world.engine.database.read(lambda work: work.of(Vents).of_asker(ieva.id))
    assert kept is None


def told(address: Address, name: str, email: str, **also: object) -> Profile:
    return replace(Profile(address, name, "en", "Europe/Riga", email=email), **also)  # type: ignore[arg-type] # a story's few words


async def test_the_same_verified_address_makes_one_person(world: World) -> None:
    await world.join()
    anna = await world.person("Anna", Role.SUPERVISOR)
    world.elsewhere |= {"anna.k", "peteris.k"}
    world.platform.profiles = {
        "Anna": told(anna.addresses[0], "Anna", "anna@example.org"),
        "Guest": told(
            Address("paper", "T1", "Guest"), "Guest", "peteris@example.org", is_outsider=True
        ),
    }
    world.other.profiles = {
        "anna.k": told(ANNA_THERE, "Anna Kalniņa", "anna@example.org"),
        "peteris.k": told(
            Address("other", "O1", "peteris.k"), "Pēteris Kļaviņš", "peteris@example.org"
        ),
    }
    await world.says("anna.k", "/hand log")
    both = await world.known("Anna")
    assert both.id == anna.id
    assert both.addresses == (ANNA_THERE, anna.addresses[0])
    assert Role.SUPERVISOR in both.roles

    await world.says("peteris.k", "/hand log")
    peteris = await world.known("peteris.k")
    assert peteris.addresses == (Address("other", "O1", "peteris.k"),), "a guest is not joined"


async def test_known_there_before_ever_writing_from_here(world: World) -> None:
    """Met first in the one app, and asked about in the other, where nobody knew them yet."""
    await world.join()
    world.elsewhere.add("anna.k")
    here = Address("paper", "T1", "Anna")
    world.platform.profiles = {"Anna": told(here, "Anna", "anna@example.org")}
    world.other.profiles = {"anna.k": told(ANNA_THERE, "Anna Kalniņa", "anna@example.org")}
    await world.says("anna.k", "/hand log")
    await world.says("Anna", "/hand log")
    assert (await world.known("Anna")).addresses == (here, ANNA_THERE)


async def test_who_never_was_joined_is_not_asked_about(world: World) -> None:
    anna = await world.person("Anna")
    world.elsewhere.add("anna.k")
    world.platform.profiles = {"Anna": told(anna.addresses[0], "Anna", "anna@example.org")}
    world.other.profiles = {"anna.k": told(ANNA_THERE, "Anna Kalniņa", "anna@example.org")}
    await world.says("anna.k", "/hand log")
    assert (await world.known("anna.k")).id != anna.id


async def test_who_left_one_app_is_reached_in_the_other(world: World) -> None:
    await world.join()
    janis = await at_both(world, "Jānis", "janis.o")
    await world.engine.desk.learn(Profile(janis.addresses[0], "Jānis", active=False))
    left = await world.known("janis.o")
    assert (left.active, left.addresses) == (True, (Address("other", "O1", "janis.o"),))
    await world.engine.desk.learn(Profile(left.addresses[0], "Jānis", active=False))
    assert not (await world.known("janis.o")).active


async def test_a_form_shows_each_person_once(world: World) -> None:
    await world.join()
    janis = await at_both(world, "Jānis", "janis.o")
    await world.person("Anna", trusted=(janis.id,))
    card = await world.says("Anna", "/vent")
    assert isinstance(card, Card)
    assert lines(card).count("Jānis") == 1


async def test_a_form_here_forgets_nobody_who_is_there(world: World) -> None:
    await world.join()
    janis = await moves_in(world, "Jānis")
    await world.person("Anna", trusted=(janis.id,))
    ieva = await world.person("Ieva")
    values: dict[str, Value] = {"trusted": ("Ieva",), "topics": (), "helps": "yes"}
    await world.ask(world.command("Anna", "topics.save", values=values))
    assert (await world.known("Anna")).trusted == (ieva.id, janis.id)

    def block(work: Work) -> None:
        anna = work.people.at(world.address("Anna"))
        assert anna is not None
        work.of(Vents).save_listener(Listener(anna.id, anna.workspace, blocked=(janis.id,)))

    await world.engine.database.run(block)
    await world.ask(world.command("Anna", "vent.settings.save", values={"blocked": ("Ieva",)}))
    anna = await world.known("Anna")
    kept = await world.engine.database.read(lambda work: work.of(Vents).listeners((anna.id,)))
    assert set(kept[anna.id].blocked) == {janis.id, ieva.id}
