"""What is typed behind a command costs no more than its length, however long it is."""

import time

import pytest

from handlers.kit.cards import Reply
from tests.world import World, title


@pytest.mark.parametrize(
    ("command", "piece"),
    [("/cover", "viņš draud "), ("/thanks", "Ilze,"), ("/plecs shift", "a b ")],
)
async def test_a_screen_of_words_is_answered_at_once(
    world: World, command: str, piece: str
) -> None:
    await world.person("Anna")
    await world.person("Ilze")

    async def cost(length: int) -> tuple[float, Reply]:
        line = f"{command} {piece * (length // len(piece))}"
        spent = []
        for _ in range(3):
            begun = time.process_time()
            reply = await world.says("Anna", line)
            spent.append(time.process_time() - begun)
        return min(spent), reply

    short, _ = await cost(1_000)
    long, reply = await cost(8_000)
    assert title(reply)
    # Eight times as much to read, and not sixty-four.
    assert long < 24 * max(short, 0.002), (short, long)
