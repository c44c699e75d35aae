"""What stands around an offer: gift cards, taking back, rules that change, and who left."""

from datetime import date, timedelta

from sqlalchemy import select

from handlers import profiles
from handlers.calls.model import Call, Calls, Details, Happened, Telephone
from handlers.kit.callers import Purpose
from handlers.kit.cards import Form, Quote
from handlers.kit.people import Person, Role
from handlers.offers.ledger.model import Ledger
from handlers.offers.model import GiftCode, GiftCodes
from storage.cleaning import erase, export
from storage.offers.codes import offer_codes
from storage.offers.limits import offer_limits
from storage.offers.offers import offers
from storage.schema import retention_of
from storage.work import SqlWork
from tests.stories.offers import NUMBER, booked, entries, picks
from tests.world import World, button_labels, card, form, lines, plain, title

OTHER = "+371 26 000 111"
OFF_THE_BILL = "Es varu no nākamā rēķina atskaitīt 15 eiro. Vai jums tas der?"


async def bring_in(world: World, *codes: str) -> None:
    """Gift cards of 25 euros."""
    brought = [GiftCode(code, 2_500, "EUR", date(2027, 1, 31)) for code in codes]
    await world.engine.database.run(
        lambda work: work.of(GiftCodes).bring_in("paper-T1", brought, world.now)
    )


async def gift(world: World, user: str, signer: str, number: str = NUMBER) -> None:
    """A gift card that the customer accepts, with a second signature."""
    shown = await picks(world, user, "missed visit", number)
    asked = form(await world.presses(user, "Card €25, if signed", shown))
    await world.fills(user, asked, reason="prefers")
    await world.presses(signer, "Sign")
    await world.presses(user, "The customer accepts")


def code_in(window: Form) -> str:
    return next(plain(part.line) for part in window.intro if isinstance(part, Quote))


async def test_a_gift_cards_code_is_seen_by_one_person_in_a_window_and_then_gone(
    centre: World,
) -> None:
    await bring_in(centre, "SECRET-1234")
    await gift(centre, "Anna", "Līga")
    window = form(await centre.presses("Anna", "Show the code"))
    assert code_in(window) == "SECRET-1234"
    await centre.forward(minutes=10)
    assert code_in(form(await centre.presses("Anna", "Show the code"))) == "SECRET-1234"
    shown = centre.button("Anna", "Show the code")
    theirs = await centre.ask(centre.command("Līga", shown.does, "", dict(shown.values)))
    assert title(theirs) == "That offer is long over, or somebody else’s. Nothing was changed."
    assert title(await centre.fills("Anna", window)) == "The customer has the gift card"
    gone = title(await centre.presses("Anna", "Show the code"))
    assert gone.startswith("The code is no longer here: it was handed over")
    kept = await centre.engine.database.run(
        lambda work: [*work.connection.scalars(select(offer_codes.c.code))]
    )
    assert kept == [""]
    everything = repr([message.card for message in centre.messages])
    assert "SECRET" not in everything


async def test_a_code_that_nobody_saw_comes_back_and_few_are_told_of_once(centre: World) -> None:
    await bring_in(centre, *(f"CARD-{n:04}" for n in range(11)))
    await gift(centre, "Anna", "Līga")
    assert centre.titles("Dace") == ["10 gift cards of €25 are left"]
    await centre.forward(seconds=1)
    await gift(centre, "Jānis", "Ilze", OTHER)
    assert centre.titles("Dace") == ["10 gift cards of €25 are left"]
    listed = card(await centre.says("Dace", "/offer given"))
    assert [line.split(": ")[0] for line in lines(listed).splitlines()[1:3]] == [
        "<time>, Jānis",
        "<time>, Anna",
    ]
    asked = form(await centre.presses("Dace", "Take back", listed))
    taken = card(await centre.fills("Dace", asked, reason="wrong_customer"))
    assert title(taken) == "Taken back: gift card, €25"
    assert [what for what, _ in await booked(centre)][-1] == "reversed"
    stock = await centre.engine.database.run(
        lambda work: work.of(GiftCodes).stock("paper-T1", centre.now.date())
    )
    assert [(one.free, one.all) for one in stock] == [(10, 11)]


async def test_what_was_given_is_taken_back_by_somebody_else_and_both_entries_stay(
    centre: World,
) -> None:
    await centre.person("Zane", Role.COORDINATOR)
    await picks(centre, "Zane", "missed visit")
    await centre.presses("Zane", "Offer €15")
    await centre.presses("Zane", "The customer accepts")
    own = await centre.presses("Zane", "Take back", card(await centre.says("Zane", "/offer given")))
    assert title(own).startswith("You gave or signed this yourself")
    listed = card(await centre.says("Dace", "/offer given"))
    asked = form(await centre.presses("Dace", "Take back", listed))
    await centre.fills("Dace", asked, reason="given_twice")
    assert await booked(centre) == [("held", 1_500), ("posted", 1_500), ("reversed", 1_500)]
    reversed_ = (await entries(centre))[-1].booking
    assert (reversed_.reason, reversed_.by != reversed_.agent) == ("given_twice", True)
    assert "Taken back: €15 off the bill" in centre.titles("Zane")
    again = await picks(centre, "Anna", "missed visit")
    assert "Left for this customer: €60" in lines(again)
    assert "This customer had" not in lines(again)
    twice = await centre.fills("Dace", asked, reason="given_twice")
    assert title(twice) == "This is not given any more: there is nothing to take back."


async def test_a_changed_rule_holds_once_it_is_adopted(centre: World) -> None:
    rules = card(await centre.says("Dace", "/offer rules"))
    assert title(rules) == "Every rule for offers is adopted"
    shown = card(
        await centre.ask(centre.command("Dace", "offer.rule", "", {"entry": "missed_visit"}))
    )
    asked = form(await centre.presses("Dace", "Change", shown))
    wrong = form(await centre.fills("Dace", asked, amount_0="1.005", kind_2="none"))
    assert {name: plain(fault) for name, fault in wrong.errors.items()} == {
        "amount_0": "An amount, please: 10 or 12.50."
    }
    draft = card(await centre.fills("Dace", asked, amount_0="17.50", kind_2="none"))
    assert "The usual: €17.50 off the bill (was €15 off the bill)" in lines(draft)
    assert "Offer €15" in button_labels(await picks(centre, "Anna", "missed visit"))
    await centre.presses("Dace", "Adopt", draft)
    stale = card(await centre.presses("Anna", "Offer €15"))
    assert lines(stale).splitlines()[1] == (
        "The rules were changed meanwhile. This is how they are now."
    )
    await centre.presses("Anna", "Offer €17.50", stale)
    (held,) = await entries(centre)
    assert (held.booking.cents, held.booking.version, held.booking.limits_version) == (1_750, 2, 1)


async def test_limits_that_are_met_are_told_and_a_signature_lifts_none_but_ones_own(
    centre: World,
) -> None:
    asked = form(
        await centre.ask(centre.command("Dace", "offer.rule.form", "", {"entry": "limits"}))
    )
    lines_in = dict.fromkeys(("reasons_en", "reasons_lv"), "a\n" * 40)
    wrong = form(await centre.fills("Dace", asked, **lines_in))
    told = {name: plain(fault) for name, fault in wrong.errors.items()}
    assert told == dict.fromkeys(lines_in, "One to 12 lines.")
    draft = card(await centre.fills("Dace", asked, customer="20", agent="20", budget="60"))
    await centre.presses("Dace", "Adopt", draft)
    await picks(centre, "Anna", "missed visit")
    await centre.presses("Anna", "Offer €15")
    await centre.presses("Anna", "The customer accepts")
    full = await picks(centre, "Jānis", "missed visit")
    assert button_labels(full) == ["Another occasion"]
    assert "this customer has had a lot within twelve months" in lines(full)
    assert "Left for this customer: €5" in lines(full)
    mine = await picks(centre, "Anna", "missed visit", OTHER)
    assert button_labels(mine)[0] == "€15, if signed"
    waiting = card(await centre.presses("Anna", "€15, if signed", mine))
    assert title(waiting) == "A second signature is asked for"
    again = card(await centre.presses("Anna", "The usual, without waiting"))
    assert title(again) == "Missed visit"
    assert centre.titles("Līga") == ["No signature is needed any more"]


async def test_the_call_that_somebody_is_in_tells_who_the_customer_is(centre: World) -> None:
    anna = await centre.known("Anna")
    await centre.engine.database.run(lambda work: _rings(work, anna, centre))
    shown = card(await centre.says("Anna", "/offer missed visit"))
    assert "The customer is known: by the telephone number" in lines(shown)
    await centre.presses("Anna", "Offer €15")
    await centre.presses("Anna", "The customer accepts")
    typed = await picks(centre, "Jānis", "missed visit", NUMBER)
    assert "This customer had €15 off the bill (<time>), for: Missed visit." in lines(typed)


def _rings(work: SqlWork, person: Person, world: World) -> None:
    """The person is on the telephone with that number."""
    caller, now = world.engine.services.caller(NUMBER, world.now), world.now
    calls, mark = work.of(Calls), "a call's mark"
    call = Call("call", person.workspace, mark, now, now, Happened.ANSWERED, person.id)
    calls.put(call)
    calls.keep_details("call", Details(caller), now + timedelta(hours=3))
    until = now + timedelta(hours=2)
    calls.put_telephone(Telephone(person.id, person.workspace, mark, Happened.ANSWERED, now, until))


async def test_twelve_months_on_the_customers_limit_is_free_again(centre: World) -> None:
    await picks(centre, "Anna", "missed visit")
    await centre.presses("Anna", "Offer €15")
    await centre.presses("Anna", "The customer accepts")
    centre.platform.now += timedelta(days=364)
    await centre.settle()
    assert "Left for this customer: €45" in lines(await picks(centre, "Jānis", "missed visit"))
    centre.platform.now += timedelta(days=1, seconds=1)
    await centre.settle()
    later = lines(await picks(centre, "Jānis", "missed visit"))
    assert "Left for this customer: €60" in later
    assert "This customer had" not in later
    assert await booked(centre) == [("held", 1_500), ("posted", 1_500)]


async def test_who_is_erased_is_named_by_nothing_and_the_bookings_stay(centre: World) -> None:

    await picks(centre, "Anna", "missed visit")
    await centre.presses("Anna", "Offer €15")
    await centre.presses("Anna", "The customer accepts")
    await picks(centre, "Anna", "outage", OTHER)
    await centre.presses("Anna", "Offer €15")
    anna = await centre.known("Anna")

    def leave(work: SqlWork) -> tuple[int, bool, dict[str, str]]:
        theirs = export(work.connection, anna.id, work.seal)

        profiles.leave(work, anna, centre.now, centre.engine.services)
        erase(work.connection, anna.id)
        named = anna.id in repr(work.connection.execute(select(offers)).all())
        return len(theirs["offers"]), named, dict(work.of(Ledger).persons("paper-T1"))

    assert await centre.engine.database.run(leave) == (2, False, {})
    assert [what for what, _ in await booked(centre)] == ["held", "posted", "held", "expired"]
    listed = card(await centre.says("Dace", "/offer given"))
    assert "somebody no longer here: €15 off the bill, Missed visit" in lines(listed)
    asked = form(await centre.presses("Dace", "Take back", listed))
    await centre.fills("Dace", asked, reason="other")
    assert [what for what, _ in await booked(centre)][-1] == "reversed"


async def test_a_caller_who_is_erased_is_met_by_nothing_kept(centre: World) -> None:

    await picks(centre, "Anna", "missed visit")
    await centre.presses("Anna", "Offer €15")
    await centre.presses("Anna", "The customer accepts")
    caller = centre.engine.services.caller(NUMBER, centre.now)
    assert caller is not None
    marks = caller.of(Purpose.OFFERS)

    def forget(work: SqlWork) -> None:
        for table in (offers, offer_limits):
            forgets = retention_of(table).forget_caller
            assert forgets is not None
            for statement in forgets(marks):
                work.connection.execute(statement)

    await centre.engine.database.run(forget)
    again = lines(await picks(centre, "Jānis", "missed visit"))
    assert "This customer had" not in again
    assert "Left for this customer: €60" in again


async def test_supervisors_see_the_spread_of_a_month_that_is_over_and_of_five_people(
    centre: World,
) -> None:
    people = ["Anna", "Jānis", "Līga", "Ilze"]
    for number, name in enumerate(people):
        await picks(centre, name, "missed visit", f"+371 26 000 {number:03}")
        await centre.presses(name, "Offer €15")
        await centre.presses(name, "The customer accepts")
    centre.platform.now += timedelta(days=31)
    await centre.settle()
    few = card(await centre.says("Līga", "/offer spread"))
    assert "For no occasion did 5 people offer something in that month." in lines(few)
    centre.platform.now -= timedelta(days=31)
    await centre.person("Pēteris")
    await picks(centre, "Pēteris", "missed visit", "+371 26 000 200")
    await centre.presses("Pēteris", "Offer €15")
    await centre.presses("Pēteris", "The customer accepts")
    now = card(await centre.says("Līga", "/offer spread"))
    assert "For no occasion" in lines(now), "the month is not over"
    centre.platform.now += timedelta(days=31)
    spread = card(await centre.says("Līga", "/offer spread"))
    assert lines(spread).splitlines()[1] == (
        "Missed visit: 5 offers, 100 % the usual; €15 to €15, half of them up to €15"
    )
    assert not any(name in lines(spread) for name in (*people, "Pēteris"))
    refused = title(await centre.says("Anna", "/offer spread"))
    assert refused == "Supervisors and coordinators see how offers are spread."


async def test_in_latvian_one_reads_and_says_it_in_latvian(centre: World) -> None:
    await centre.person("Baiba", locale="lv")
    shown = card(await centre.says("Baiba", f"/plecs piedāvājums {NUMBER} neatnāca meistars"))
    assert lines(shown).splitlines()[:3] == [
        "Meistars neatnāca",
        "Norunātajā laikā neviens neatnāca un iepriekš nepaziņoja.",
        f"Jūs gaidījāt, un neviens neatnāca. Piedodiet par velti pavadīto laiku. {OFF_THE_BILL}",
    ]
    assert button_labels(shown)[:2] == ["Piedāvāt 15\u00a0€", "25\u00a0€, ar otru parakstu"]
    pending = card(await centre.presses("Baiba", "Piedāvāt 15\u00a0€"))
    assert title(pending, "lv") == "Piedāvājums: 15\u00a0€ no rēķina"
    given = card(await centre.presses("Baiba", "Klients piekrīt"))
    assert title(given, "lv") == "Piešķirts: 15\u00a0€ no rēķina"
