"""Shifts and cover over signed Slack: seen, corrected, swapped by two, looked after."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from handlers.kit.people import Role
from tests.e2e.slack_house import SlackHouse, shown


async def test_two_swap_a_day_and_one_looks_after_the_others_topics(over_http: SlackHouse) -> None:
    house = over_http
    anna = await house.person("U1", "Anna Liepa", topics=("bills",))
    ilze = await house.person("U2", "Ilze Vītola", locale="lv")
    dace = await house.person("U3", "Dace Kalna", Role.COORDINATOR)
    tomorrow = house.clock().astimezone(ZoneInfo("Europe/Riga")).date() + timedelta(days=1)
    await anna.types("/plecs shift tomorrow")
    await house.sees(anna, "Your shifts from")
    await anna.presses("Correct")
    await house.slack.until(lambda: anna.window is not None)
    assert await anna.submits(kind="work", start="10:00", end="18:00") == {}
    await house.sees(dace, "corrected a shift")

    await anna.types("/plecs shift @U2 tomorrow")
    await house.slack.until(lambda: "Swap shifts" in str(anna.window))
    assert await anna.submits(gives=tomorrow.isoformat()) == {}
    await house.sees(ilze, "10:00–18:00")
    await ilze.presses("Piekrītu")
    await house.sees(anna, "swapped shifts")
    await house.sees(dace, "swapped shifts")

    await anna.types("/cover 2h30m @U2")
    await house.sees(ilze, "lūdz jūs aizstāt")
    await ilze.presses("Aizstāšu")
    await house.sees(anna, "looks after your topics until")
    await dace.types("/plecs who")
    await house.sees(dace, "Who is there now")
    assert "*bills*\n<@U2>" in shown(dace)[-1]
    await ilze.types("/plecs kurš")
    await house.sees(ilze, "Kurš tagad ir klāt")
    await house.later(hours=2, minutes=31)
    await house.sees(anna, "no longer looks after your topics")
