"""A thank-you over signed Slack: written by a form, taken in by one, shown by them to another."""

from handlers.kit.people import Role
from tests.e2e.slack_house import SlackHouse, shown


async def test_one_reads_it_and_shows_it_to_whom_they_like(over_http: SlackHouse) -> None:
    house = over_http
    anna = await house.person("U1", "Anna Liepa")
    ilze = await house.person("U2", "Ilze Vītola", locale="lv")
    liga = await house.person("U3", "Līga Kalna", Role.SUPERVISOR, locale="lv")
    await anna.types("/thanks")
    await anna.presses("Write a thank-you")
    await house.slack.until(lambda: anna.window is not None)
    words = "you took the <third> call & stayed"
    assert await anna.submits(colleague="U2", words=words) == {}
    await house.sees(ilze, "jums pateicas")
    assert "you took the &lt;third&gt; call &amp; stayed" in shown(ilze)[-1]
    assert shown(liga) == []

    await ilze.presses("Parādīt kādam")
    await house.slack.until(lambda: ilze.window is not None)
    assert await ilze.submits(readers=["U3"]) == {}
    await house.sees(liga, "you took the &lt;third&gt; call")
    await ilze.presses("Dzēst", ilze.messages[-1])
    await house.sees(liga, "vairs netiek glabāta")
    assert "third" not in "".join((*shown(ilze), *shown(liga)))
