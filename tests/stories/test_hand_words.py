"""What agents type when they need somebody, and what becomes of their words."""

import pytest
from sqlalchemy import event

from handlers.kit.cards import Card, Form, Tone
from handlers.kit.commands import MENTIONED
from handlers.kit.people import Role
from tests.world import World, button_labels, card, lines, title


async def test_the_form_asks_topic_and_kind_of_help(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("bills",))
    form = await world.ask(world.command("Anna", "hand.form"))
    assert isinstance(form, Form)
    reply = await world.fills("Anna", form, topic="bills", mode="tip", line="<!channel> help")
    assert title(reply) == "Your hand is up"
    assert lines(world.inbox("Jānis")[0]) == (
        "Anna needs a colleague\nAbout: bills\nHow: A tip in chat\n<!channel> help"
    )


async def test_a_long_line_is_cut_where_the_agent_can_see_it(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    reply = await world.says("Anna", "/hand " + "ā" * 5000)
    assert isinstance(reply, Card)
    assert "Only the beginning of what you wrote fits" in lines(reply)
    assert "ā" * 299 + "…" in lines(world.inbox("Jānis")[0])


async def test_each_reads_in_their_own_language(world: World) -> None:
    await world.person("Anna", locale="lv")
    await world.person("Jānis", topics=("contracts",))
    await world.person("Ilze", topics=("contracts",), locale="lv")
    reply = await world.says("Anna", "/plecs roka par līgumu viņš draud")
    assert title(reply) == "Roka ir pacelta"
    assert world.titles("Jānis") == ["Anna needs a colleague"]
    assert world.titles("Ilze") == ["Anna lūdz palīgu"]


async def test_a_hand_goes_up_whatever_the_form_sends(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    reply = await world.ask(
        world.command("Anna", "hand.raise", values={"mode": "xyz", "topic": "xyz"})
    )
    assert isinstance(reply, Card)
    assert "How: Join the call" in lines(reply)
    assert await world.ask(world.command("Anna", "hand.mode", values={"mode": "xyz"})) == reply


async def test_a_colleague_by_name_is_asked_first(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.person("Kārlis")
    wanted = {MENTIONED: ("Kārlis",)}
    await world.ask(world.command("Anna", "hand", "@Kārlis contracts help", wanted))
    assert (world.titles("Kārlis"), world.titles("Jānis")) == (["Anna needs a colleague"], [])
    assert "@Kārlis" not in lines(world.inbox("Kārlis")[0])
    await world.forward(seconds=20)
    assert world.titles("Jānis") == ["Anna needs a colleague"]


@pytest.mark.parametrize(
    ("typed", "raises"),
    [
        ("/plecs help he threatens me", True),
        ("/plecs palīgā", True),
        ("/plecs Hi, somebody please", True),
        ("/plecs помогите", True),
        ("/plecs Emergency!", True),
        ("/plecs hand: he shouts", True),
        ("/plecs help", False),
        ("/plecs paldies par palīdzību", False),
        ("/plecs labrīt", False),
        ("/plecs hnad two bills", False),
    ],
)
async def test_plain_words_of_distress_raise_a_hand(world: World, typed: str, raises: bool) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    await world.says("Anna", typed)
    assert (world.titles("Jānis") == ["Anna needs a colleague"]) is raises


async def test_a_slip_keeps_its_words(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    offered = card(await world.says("Anna", "/plecs hnad two bills"))
    assert title(offered) == "Did you mean “hand”?"
    await world.presses("Anna", "hand", offered)
    assert "two bills" in lines(world.inbox("Jānis")[0])


@pytest.mark.parametrize(
    "typed",
    [
        "If I raise my hand, who comes?",
        "kas atnāks, ja pacelšu roku?",
        "кто придёт, если подниму руку?",
    ],
)
async def test_a_question_about_a_hand_is_answered_and_raises_none(
    world: World, typed: str
) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    answer = card(await world.says("Anna", f"/plecs {typed}"))
    assert title(answer) == "Nobody has been asked yet."
    assert "who is asked, and then who comes" in lines(answer)
    assert world.titles("Jānis") == []


@pytest.mark.parametrize(
    "typed", ["thank you", "Thanks a lot", "paldies tev, Plec", "спасибо, выручили", "hi all"]
)
async def test_thanks_and_greetings_get_a_friendly_line(world: World, typed: str) -> None:
    await world.person("Anna", name="Anna Lote Tevs")
    shown = card(await world.says("Anna", f"/plecs {typed}"))
    assert (shown.tone, title(shown)) == (
        Tone.CALM,
        "Good to hear from you. I am here when a call gets hard.",
    )


@pytest.mark.parametrize(
    "typed",
    ["sveiki, vai tu vari palīdzēt?", "hello, can you help me?", "labdien, saprotiet ziniet"],
)
async def test_who_asks_plecs_or_says_more_than_hello_is_offered_a_hand_with_their_words(
    world: World, typed: str
) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    offered = card(await world.says("Anna", f"/plecs {typed}"))
    assert title(offered) == "Good to hear from you. Do you need somebody in your call?"
    assert world.inbox("Jānis") == []
    await world.presses("Anna", "Raise a hand with these words", offered)
    assert typed in lines(world.inbox("Jānis")[0])


async def test_what_tells_who_the_caller_is_stays_with_the_agent(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    up = card(await world.says("Anna", "/hand +371 29123456 shouts, anna@example.org"))
    assert "are hidden as •••" in lines(up)
    read = lines(world.inbox("Jānis")[0])
    assert "29123456" not in read
    assert "example.org" not in read
    assert "••• shouts" in read


async def test_a_life_in_danger_gets_the_numbers_with_the_hand(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    up = card(await world.says("Anna", "/hand caller says she took all her pills"))
    assert "112: Police, fire and rescue" in lines(up)


async def test_what_nobody_understands_may_be_said_with_a_hand(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    offered = card(await world.says("Anna", "/plecs zvērinās tiesās, saproti"))
    assert button_labels(offered) == ["Raise a hand with these words", "Help"]
    await world.presses("Anna", "Raise a hand with these words", offered)
    assert "zvērinās tiesās, saproti" in lines(world.inbox("Jānis")[0])


@pytest.mark.parametrize("before", ["1. ", "2) ", "Plecs, ", "/plecs ", "@Plec: ", "– "])
async def test_what_it_is_told_to_and_a_number_of_a_list_are_no_words(
    world: World, before: str
) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    await world.says("Anna", f"/plecs {before}hand viņš kliedz")
    assert lines(world.inbox("Jānis")[0]).endswith("\nviņš kliedz")


@pytest.mark.parametrize("mark", [",", ":", "!", ";", "…", ", ", "\n", "\t", "\u00a0", " – ", "—"])
@pytest.mark.parametrize("word", ["hand", "Roka"])
async def test_a_mark_or_any_blank_after_the_word_is_no_other_word(
    world: World, word: str, mark: str
) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    await world.says("Anna", f"/plecs {word}{mark}viņš kliedz")
    assert lines(world.inbox("Jānis")[0]).endswith("\nviņš kliedz")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("@ilze he shouts", "he shouts"),
        ("he shouts @Ilze, come", "he shouts come"),
        ("@ilze ozola he shouts", "he shouts"),
        ("@ilze heinrihs is his name", "heinrihs is his name"),
    ],
)
async def test_where_no_mention_comes_as_such_the_name_is_looked_for(
    world: World, typed: str, read: str
) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    await world.person("Ilze Ozola")
    asked = lines(card(await world.says("Anna", f"/hand {typed}")))
    assert "Asked: Ilze." in asked
    assert (world.titles("Jānis"), read in asked, "@" in asked) == ([], True, False)


@pytest.mark.parametrize("typed", ["@zane he shouts", "@anna he shouts", "mail a @ il he shouts"])
async def test_words_that_name_no_colleague_stay_in_the_hand(world: World, typed: str) -> None:
    await world.person("Anna")
    await world.person("Ilze")
    await world.says("Anna", f"/hand {typed}")
    assert typed in lines(world.inbox("Ilze")[0])


async def test_however_many_names_are_behind_a_mark_few_are_looked_for(world: World) -> None:
    await world.person("Anna")
    asked: list[str] = []
    engine = world.engine.database.engine
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for user, words in (("Ilze", 5), ("Zane", 5_000)):
        await world.person(user)
        asked.clear()
        up = await world.says(user, f"/hand {'@Kaspars ' * words}")
        assert title(up) == "Your hand is up"
        counts.append(len(asked))
    # What comes due meanwhile asks a few things, too; each name would ask one and more.
    assert max(counts) - min(counts) < 500, "the one who writes is kept from others no longer"


async def test_words_added_while_nobody_is_free_stand_there_for_all_who_read(world: World) -> None:
    await world.person("Anna")
    await world.person("Māra", Role.COORDINATOR, helps=False)
    await world.says("Anna", "/hand first words")
    assert "first words" in lines(world.inbox("Māra")[0])
    again = card(await world.says("Anna", "/hand second words now"))
    told = lines(again)
    assert "it is still up. Your words are added." in told
    assert "They will read:\nfirst words\nsecond words now" in told
    assert "first words\nsecond words now" in lines(world.inbox("Māra")[0])
    assert "Your words are added" not in lines(card(await world.says("Anna", "/hand")))


async def test_what_no_longer_fits_into_a_hand_is_said(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    await world.says("Anna", "/hand " + "ā" * 290)
    told = lines(card(await world.says("Anna", "/hand and he threatens me")))
    assert "Only the beginning of what you wrote fits" in told


async def test_a_slip_is_answered_with_the_word_as_it_is_written(world: World) -> None:
    await world.person("Anna", locale="lv")
    offered = card(await world.says("Anna", "/plecs mēģināt kliedz"))
    assert (title(offered), button_labels(offered)[0]) == ("Vai domājāt „izmēģināt”?", "izmēģināt")


@pytest.mark.parametrize(
    "typed",
    [
        *("/hand down!", "/hand Down.", "/hand down, thank you", "/hand down please", "/hand stop"),
        *(
            "/plecs Roka nost!",
            "/plecs roka nost, paldies",
            "/plecs roka lejā",
            "/plecs Hand: down",
            "/plecs roka noliec, lūdzu",
        ),
        *("/hand never mind", "/hand lower it please", "/hand стоп", "/hand опусти"),
    ],
)
async def test_down_is_heard_with_a_mark_or_a_kind_word_behind_it(world: World, typed: str) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    await world.says("Anna", "/hand he shouts")
    assert title(await world.says("Anna", typed)) == "Your hand is down"


async def test_what_only_begins_like_down_is_told_to_who_comes(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    await world.says("Anna", "/hand down he says he will burn the house")
    assert "down he says he will burn the house" in lines(world.inbox("Jānis")[0])


async def test_hand_down_takes_it_down(world: World) -> None:
    await world.person("Anna", locale="lv")
    await world.person("Jānis")
    await world.says("Anna", "/plecs roka")
    assert title(await world.says("Anna", "/plecs roka nost")) == "Roka ir nolaista"
