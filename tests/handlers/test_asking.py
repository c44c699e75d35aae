"""Whole sentences ask for what a word of ours would, in three languages."""

import pytest

from handlers import routes
from handlers.kit.commands import Command
from handlers.kit.people import Address

ASKED = {
    "please raise a hand": ("hand", ""),
    "could you raise my hand please": ("hand", ""),
    "hey Plecs raise a hand for me, he is screaming about his bill": (
        "hand",
        "he is screaming about his bill",
    ),
    "vai tu vari man pacelt roku?": ("hand", ""),
    "lūdzu, paceliet roku, klients draud": ("hand", "klients draud"),
    "подними, пожалуйста, руку, он орёт": ("hand", "он орёт"),
    "get me a supervisor": ("hand", "supervisor"),
    "pasauc vadītāju": ("hand", "pasauc vadītāju"),
    "help what do I do if he comes here": ("hand", "help what do I do if he comes here"),
    "palīgā, ko darīt, ja viņš nāk šurp": ("hand", "palīgā, ko darīt, ja viņš nāk šurp"),
    "can you help me?": (None, "can you help me?"),
    "the customer is abusive, what now": ("hand", "the customer is abusive, what now"),
    "vajag kādu, kas zina, ko darīt ar tādu klientu": (
        "hand",
        "vajag kādu, kas zina, ko darīt ar tādu klientu",
    ),
    "what happens when I raise a hand?": ("policy", "what happens when I raise a hand?"),
    "raise my hand, what happens next?": ("hand", "what happens next?"),
    "paceliet manu roku, kas notiks tālāk?": ("hand", "notiks tālāk?"),
    "when you can, raise my hand": ("hand", "when you can, raise my hand"),
    "If I raise my hand, who comes?": (None, "If I raise my hand, who comes?"),
    "kas notiks, ja pacelšu roku": (None, "kas notiks, ja pacelšu roku"),
    "если я подниму руку, кто придёт?": (None, "если я подниму руку, кто придёт?"),
    "how do I raise my hand, he threatens me": ("hand", "how do I raise my hand, he threatens me"),
    "could you take my hand down": ("hand", "could you take my hand down"),
    "he put his hand down my shirt": ("hand", "he put his hand down my shirt"),
    "рука": ("hand", ""),
    "перерыв 5": ("break", "5"),
    "caller wont calm down": ("hand", "caller wont calm down"),
    "zvanītājs nebeidz kliegt, palīgā": ("hand", "zvanītājs nebeidz kliegt, palīgā"),
    "caller +37120000000": ("caller", "+37120000000"),
    "zvanītājs bija ļoti jauks": ("caller", "bija ļoti jauks"),
    "what may I do if the caller is drunk?": ("policy", "what may I do if the caller is drunk?"),
    "am I allowed to hang up?": ("policy", "am I allowed to hang up?"),
    "ko man darīt, ja zvanītājs draud": ("policy", "ko man darīt, ja zvanītājs draud"),
    "vai drikstu partraukt zvanu": ("policy", "vai drikstu partraukt zvanu"),
    "как себя вести с пьяным клиентом": ("policy", "как себя вести с пьяным клиентом"),
    "he will kill himself, what can you do": ("policy", "he will kill himself, what can you do"),
    "may I have a break?": ("break", ""),
    "es gribētu pauzi uz 10 minūtēm": ("break", "10 minūtēm"),
    "хочу перерыв 5 минут": ("break", "5 минут"),
    "I need to vent": ("vent", ""),
    "vajag parunāties": ("vent", ""),
    "what can you do?": ("help", ""),
    "kā tu vari palīdzēt?": ("help", ""),
    "что ты умеешь": ("help", ""),
    "my hand hurts": (None, "my hand hurts"),
    "paldies par palīdzību": ("thanks", "par palīdzību"),
    "klients grib beigt līgumu": (None, "klients grib beigt līgumu"),
    "the printer is broken": (None, "the printer is broken"),
}


@pytest.mark.parametrize("sentence", ASKED)
def test_a_sentence_asks_for_what_it_says(sentence: str) -> None:
    command, route = routes.find(Command("plecs", Address("teams", "t", "u"), sentence))
    assert (route.name if route else None, command.text) == ASKED[sentence]
