"""An offer from the first look to the ledger: by two people, in both languages."""

from handlers.callers.model import Callers
from handlers.kit.people import Address, Profile, Role
from handlers.offers.ledger.model import What
from tests.stories.offers import NUMBER, booked, entries, picks
from tests.stories.telephones import PretendTelephones
from tests.world import World, button_labels, card, form, lines, plain, title

TAKE_OFF = "I can take 15 euros off your next bill. Would that be all right?"


async def test_until_the_rules_are_adopted_nothing_can_be_offered(world: World) -> None:
    await world.person("Anna")
    await world.person("Dace", Role.COORDINATOR)
    assert title(await world.says("Anna", "/offer")) == "There are no rules for offers yet"
    rules = card(await world.says("Dace", "/offer rules"))
    assert title(rules) == "11 rules for offers are drafts"
    await world.presses("Dace", "Adopt all drafts", rules)
    assert title(await world.says("Anna", "/offer")) == "What went wrong for the customer?"


async def test_the_usual_is_offered_said_accepted_and_booked(centre: World) -> None:
    shown = await picks(centre, "Anna", "missed visit")
    assert lines(shown).splitlines() == [
        "Missed visit",
        "Nobody came at the time agreed, and nobody said so beforehand.",
        f"You waited, and nobody came. I am sorry for the time that cost you. {TAKE_OFF}",
        "Not everything is possible: there is no gift card of that amount.",
        "The customer is known: by the telephone number",
        "Left to you this month: €150",
        "Left for this customer: €60",
    ]
    assert button_labels(shown) == ["Offer €15", "€25, if signed", "Another occasion"]
    pending = card(await centre.presses("Anna", "Offer €15"))
    assert title(pending) == "Offer: €15 off the bill"
    assert await booked(centre) == [("held", 1_500)]
    accepted = card(await centre.presses("Anna", "The customer accepts"))
    assert title(accepted) == "Given: €15 off the bill"
    assert await booked(centre) == [("held", 1_500), ("posted", 1_500)]
    again = await picks(centre, "Jānis", "missed visit")
    assert "This customer had €15 off the bill (<time>), for: Missed visit." in lines(again)
    assert "Left for this customer: €45" in lines(again)
    mine = lines(card(await centre.says("Anna", "/offer mine")))
    assert mine.splitlines() == [
        "What I gave",
        "Left to you this month: €135 of €150",
        "<time>: €15 off the bill, Missed visit",
    ]


async def test_what_nobody_answers_is_free_again_after_fifteen_minutes(centre: World) -> None:
    await picks(centre, "Anna", "missed visit")
    await centre.presses("Anna", "Offer €15")
    await centre.forward(minutes=14, seconds=58)
    assert await booked(centre) == [("held", 1_500)]
    await centre.forward(seconds=4)
    assert await booked(centre) == [("held", 1_500), ("expired", 1_500)]
    assert centre.titles("Anna") == ["It was not answered in time"]
    assert "Left to you this month: €150" in lines(await picks(centre, "Anna", "missed visit"))


async def test_what_the_customer_declines_counts_towards_nothing(centre: World) -> None:
    await picks(centre, "Anna", "missed visit")
    await centre.presses("Anna", "Offer €15")
    declined = card(await centre.presses("Anna", "They decline"))
    assert title(declined) == "Not given"
    assert await booked(centre) == [("held", 1_500), ("voided", 1_500)]
    anew = card(await centre.presses("Anna", "Offer something else"))
    assert title(anew) == "Missed visit"
    assert "Left for this customer: €60" in lines(anew)


async def test_something_else_takes_a_reason_and_beyond_ones_power_a_second_signature(
    centre: World,
) -> None:
    shown = await picks(centre, "Anna", "missed visit")
    asked = form(await centre.presses("Anna", "€25, if signed", shown))
    assert plain(asked.title) == "Why something else?"
    waiting = card(await centre.fills("Anna", asked, reason="costs"))
    assert title(waiting) == "A second signature is asked for"
    assert await booked(centre) == []
    for name in ("Līga", "Ilze"):
        (to_sign,) = centre.inbox(name)
        assert lines(to_sign).splitlines() == [
            "Anna asks you to sign: €25 off the bill",
            "For: Missed visit",
            "The reason: They had expenses",
            "What is usual: €15 off the bill",
            "The customer is known: by the telephone number",
            "Left for you to sign this month: €500",
            "The customer waits. “Not now” is told to nobody.",
        ]
    await centre.presses("Ilze", "Not now")
    assert centre.titles("Ilze") == ["Anna asks for a signature"]
    await centre.presses("Līga", "Sign")
    assert centre.titles("Līga") == ["You have signed: €25 off the bill"]
    assert centre.titles("Ilze") == ["No signature is needed any more"]
    (mine,) = centre.inbox("Anna")
    assert title(mine) == "Offer: €25 off the bill"
    assert "Līga has signed it." in lines(mine)
    await centre.presses("Anna", "The customer accepts")
    (held, posted) = await entries(centre)
    assert held.booking.signer not in ("", held.booking.agent)
    assert (posted.booking.what, posted.booking.choice) == (What.POSTED, "costs")
    left = lines(await picks(centre, "Anna", "missed visit", "+371 26 000 111"))
    assert "Left to you this month: €150" in left


async def test_a_no_looks_like_a_silence(centre: World) -> None:
    """Whether everybody says no or nobody looks, the agent sees the same at the same time."""

    async def seen(user: str, *, says_no: bool, number: str) -> list[str]:
        shown = await picks(centre, user, "missed visit", number)
        asked = form(await centre.presses(user, "€25, if signed", shown))
        await centre.fills(user, asked, reason="costs")
        titles = []
        for _ in range(11):
            if says_no:
                for name in ("Līga", "Ilze", "Dace"):
                    for one in centre.inbox(name):
                        if "Not now" in button_labels(one):
                            await centre.presses(name, "Not now", one)
            titles.append(centre.titles(user)[-1] if centre.titles(user) else "")
            await centre.forward(minutes=1)
        return titles

    silent = await seen("Anna", says_no=False, number=NUMBER)
    refused = await seen("Jānis", says_no=True, number="+371 26 000 111")
    assert silent == refused
    assert silent[-1] == "Nobody could sign within ten minutes"
    assert await booked(centre) == []


async def test_nobody_signs_their_own_offer(centre: World) -> None:
    shown = await picks(centre, "Līga", "missed visit")
    asked = form(await centre.presses("Līga", "€25, if signed", shown))
    await centre.fills("Līga", asked, reason="costs")
    (to_sign,) = centre.inbox("Ilze")
    button = next(one for one in [centre.button("Ilze", "Sign", to_sign)])
    own = await centre.ask(centre.command("Līga", button.does, "", dict(button.values)))
    assert title(own) == "This is your own offer: somebody else has to sign it."
    agent = await centre.ask(centre.command("Anna", button.does, "", dict(button.values)))
    assert title(agent) == "Supervisors and coordinators sign what others offer."
    assert await booked(centre) == []


async def test_a_customer_nobody_knows_takes_a_signature_or_a_case(centre: World) -> None:
    shown = card(await centre.says("Anna", "/offer missed visit"))
    assert button_labels(shown)[0] == "€15, if signed"
    asked = form(await centre.presses("Anna", "Their number or case", shown))
    wrong = form(await centre.fills("Anna", asked, number="12"))
    assert set(wrong.errors) == {"number"}
    known = card(await centre.fills("Anna", asked, case="SR-2026/114"))
    assert "The customer is known: by a case’s reference" in lines(known)
    await centre.presses("Anna", "Offer €15", known)
    await centre.presses("Anna", "The customer accepts")
    assert [one.booking.customer for one in await entries(centre)] == ["case", "case"]


async def test_of_a_caller_who_objected_offers_keep_nothing_either(centre: World) -> None:
    caller = centre.engine.services.caller(NUMBER, centre.now)
    assert caller is not None
    await centre.engine.database.run(lambda work: work.of(Callers).object(caller, (), centre.now))
    shown = await picks(centre, "Anna", "missed visit")
    assert button_labels(shown)[0] == "€15, if signed", "nobody knows what they had before"
    asked = form(await centre.presses("Anna", "Their number or case", shown))
    wrong = form(await centre.fills("Anna", asked, number=NUMBER))
    assert plain(wrong.errors["number"]) == "Nothing is kept of this caller"
    known = card(await centre.fills("Anna", asked, case="SR-2026/114"))
    await centre.presses("Anna", "Offer €15", known)
    await centre.presses("Anna", "The customer accepts")
    assert [one.booking.customer for one in await entries(centre)] == ["case", "case"]


async def test_an_objection_in_the_call_gives_no_second_limit_to_the_same_caller(
    centre: World,
) -> None:
    """What they had is known no longer: so another has to sign, and no case stands in for it."""
    system = PretendTelephones(centre)
    await centre.person("Oto", extension="Oto")
    await system.answered("c1", "Oto", NUMBER)
    await centre.says("Oto", "/caller")
    await centre.presses("Oto", "They want nothing kept")
    shown = card(await centre.says("Oto", "/offer missed visit"))
    assert button_labels(shown)[0] == "€15, if signed"
    asked = form(await centre.presses("Oto", "Their number or case", shown))
    wrong = form(await centre.fills("Oto", asked, case="SR-2026/114"))
    assert plain(wrong.errors["case"]) == (
        "This caller wants nothing kept, so nobody knows what they had: somebody else has to sign."
    )
    await system.ended("c1")
    await centre.forward(seconds=1)
    await system.answered("c2", "Oto", NUMBER)
    assert set(form(await centre.fills("Oto", asked, case="SR-2026/114")).errors) == {"case"}


async def test_where_the_one_who_was_asked_leaves_others_are_asked_at_once(centre: World) -> None:
    for name in ("Ilze", "Dace"):
        await centre.says(name, "/away 1h")
    shown = await picks(centre, "Anna", "missed visit")
    asked = form(await centre.presses("Anna", "€25, if signed", shown))
    await centre.fills("Anna", asked, reason="costs")
    assert len(centre.inbox("Līga")) == 1
    await centre.says("Ilze", "/back")
    before = len(centre.inbox("Ilze"))
    gone = Profile(Address("paper", "T1", "Līga"), "Līga", active=False)
    await centre.engine.desk.learn(gone)
    await centre.settle()
    assert len(centre.inbox("Ilze")) == before + 1


async def forgotten(centre: World) -> None:
    caller = centre.engine.services.caller(NUMBER, centre.now)
    assert caller is not None
    await centre.engine.database.run(lambda work: work.of(Callers).forget(caller))


async def test_who_is_forgotten_while_a_signature_is_asked_for_is_booked_as_unknown(
    centre: World,
) -> None:
    asked = form(
        await centre.presses("Anna", "€25, if signed", await picks(centre, "Anna", "missed visit"))
    )
    await centre.fills("Anna", asked, reason="costs")
    await forgotten(centre)
    await centre.presses("Līga", "Sign")
    assert [one.booking.customer for one in await entries(centre)] == ["nothing"]


async def test_a_customer_who_is_forgotten_meanwhile_is_somebody_unknown(centre: World) -> None:
    begun = await picks(centre, "Anna", "missed visit")
    await forgotten(centre)
    asked = card(await centre.presses("Anna", "Offer €15", begun))
    assert title(asked) == "A second signature is asked for"
    anew = card(await centre.presses("Anna", "The usual, without waiting", asked))
    assert button_labels(anew)[0] == "€15, if signed"
    assert await booked(centre) == []
