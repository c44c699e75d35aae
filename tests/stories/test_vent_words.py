"""Whom and what people type when they want to let off steam."""

import pytest

from handlers.kit.cards import Card, Reply
from handlers.kit.people import Address, Profile
from tests.stories.vents import kept, three
from tests.world import World, button_labels, plain, title


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ar Annu", "Anna Kalniņa"),
        ("Annai", "Anna Kalniņa"),
        ("Annas", "Anna Kalniņa"),
        ("with Anna", "Anna Kalniņa"),
        ("ar Jāni", "Jānis Ozols"),
        ("Jānim Ozolam slikta diena", "Jānis Ozols"),
        ("Jāņa", "Jānis Ozols"),
        ("ar Ilzi", "Ilze Bērziņa-Liepa"),
        ("Liepa", "Ilze Bērziņa-Liepa"),
        ("Bērziņa–Liepa", "Ilze Bērziņa-Liepa"),
        ("berzinai slikta diena", "Ilze Bērziņa-Liepa"),
        ("O'Brien", "Pat O’Brien"),
        ("OBrien", "Pat O’Brien"),
        ("Lukasz", "Łukasz Żak"),
        ("bjorn", "Bjørn Æther"),
        ("“Bjørn”", "Bjørn Æther"),
        ("Johanna", "Johanna Žagare"),
    ],
)
async def test_a_colleague_is_found_however_the_name_is_written(
    world: World, typed: str, meant: str
) -> None:
    names = (
        *("Anna Kalniņa", "Jānis Ozols", "Ilze Bērziņa-Liepa", "Pat O’Brien"),
        *("Łukasz Żak", "Bjørn Æther", "Johanna Žagare"),
    )
    for name in names:
        await world.person(name.split(maxsplit=1)[0], name=name)
    await world.person("Mara")
    assert title(await world.says("Mara", f"/vent {typed}")) == "Asked"
    assert [m.to for m in world.messages if "talk with you" in plain(m.card.title)] == [
        (meant.split(maxsplit=1)[0],)
    ]


@pytest.mark.parametrize(
    "typed",
    [
        *("vent Līga", "vent\u00a0Līga", "vent\tLīga", "vent\nLīga", "\u200bvent Līga"),
        *(
            "• vent Līga",
            "`vent` Līga",
            "“vent” Līga",
            "/vent Līga",
            "VENT  Līga",
            "ve\u00adnt Līga",
        ),
    ],
)
async def test_a_word_behind_plecs_is_understood_however_it_is_set(
    world: World, typed: str
) -> None:
    await three(world)
    assert title(await world.says("Anna", f"/plecs {typed}")) == "Asked"


@pytest.mark.parametrize("typed", ["\u00a0", "\u200b", "–", "?", "\t•"])
async def test_no_word_behind_plecs_is_a_question_for_help(world: World, typed: str) -> None:
    await world.person("Anna")
    assert await world.says("Anna", f"/plecs {typed}") == await world.says("Anna", "/plecs")


@pytest.mark.parametrize("locale", ["en", "lv"])
async def test_what_cannot_be_asked_is_answered_kindly(world: World, locale: str) -> None:
    await world.person("Anna", locale=locale)
    await world.person("Līga")
    await world.person("Līga2", name="Līga Liepa")
    await world.person("Pēteris", active=False)

    robot, outsider = (Address("paper", "T1", user) for user in ("Robots", "Svešais"))
    world.platform.profiles["Robots"] = Profile(robot, "Robots", is_bot=True)
    world.platform.profiles["Svešais"] = Profile(outsider, "Svešais", is_outsider=True)

    async def answer(text: str, *mentioned: str) -> Reply:
        values = {"mentioned": mentioned} if mentioned else {}
        return await world.ask(world.command("Anna", "vent", text, values))

    answers = {
        "oneself": await answer("@Anna", "Anna"),
        "oneself by name": await answer("Anna slikta diena"),
        "a bot": await answer("@Robots", "Robots"),
        "another workspace": await answer("@Svešais", "Svešais"),
        "unknown": await answer("Nezināmais"),
        "deactivated": await answer("@Pēteris", "Pēteris"),
        "two": await answer("@Līga @Pēteris", "Līga", "Pēteris"),
    }
    titles = {case: title(reply) for case, reply in answers.items()}
    expected = {
        "en": {
            "oneself": "That is you. Choose a colleague: two hear more than one.",
            "oneself by name": "That is you. Choose a colleague: two hear more than one.",
            "a bot": "Robots is a bot. This is for people.",
            "another workspace": (
                "Svešais is not of your organisation. I can only ask your own colleagues."
            ),
            "unknown": (
                "I find no colleague by that name here. Write it as in the people list, or type "
                "/vent alone for those you may ask."
            ),
            "deactivated": "Pēteris no longer works here. Nothing was sent.",
            "two": "I can ask one colleague at a time. Whom would you like first?",
        },
        "lv": {
            "oneself": "Sev jautāt nevar. Izvēlieties kolēģi.",
            "oneself by name": "Sev jautāt nevar. Izvēlieties kolēģi.",
            "a bot": "Robots ir bots. Šis ir cilvēkiem.",
            "another workspace": (
                "Svešais nav no jūsu organizācijas. Varu jautāt tikai jūsu kolēģiem."
            ),
            "unknown": (
                "Šeit neatrodu kolēģi ar tādu vārdu. Rakstiet to kā darbinieku sarakstā vai "
                "rakstiet tikai /vent, lai redzētu, kam varat jautāt."
            ),
            "deactivated": "Pēteris šeit vairs nestrādā. Nekas netika nosūtīts.",
            "two": "Varu jautāt vienam kolēģim reizē. Kam vispirms?",
        },
    }
    assert titles == expected[locale]
    which = await answer("Līga")
    assert isinstance(which, Card)
    assert button_labels(which) == [("Jautāt" if locale == "lv" else "Ask")] * 2
    assert world.platform.messages == {}
    assert await kept(world) == {}
