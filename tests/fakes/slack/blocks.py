"""Blocks as somebody reads them."""

from collections.abc import Iterator

from tests.fakes.slack.objects import Json


def words(blocks: list[Json]) -> str:
    """The text of blocks as somebody reads it, one line a text; markup as it was sent."""
    return "\n".join(text["text"] for block in blocks for text in texts_of(block))


def buttons(blocks: list[Json]) -> list[str]:
    """The labels of the buttons, in their order."""
    return [element["text"]["text"] for _, element in buttons_of(blocks)]


def texts_of(block: Json) -> list[Json]:
    match block["type"]:
        case "section":
            return [*([block["text"]] if "text" in block else []), *block.get("fields", [])]
        case "context":
            return list(block["elements"])
        case "header":
            return [block["text"]]
        case "input":
            return [block["label"]]
        case _:
            return []


def buttons_of(blocks: list[Json]) -> list[tuple[Json, Json]]:
    found = []
    for block in blocks:
        elements = block.get("elements", []) + (
            [block["accessory"]] if "accessory" in block else []
        )
        found += [(block, element) for element in elements if element["type"] == "button"]
    return found


def with_ids(blocks: list[Json], numbers: Iterator[int]) -> list[Json]:
    """Blocks as Slack gives them back: each with an id."""
    return [{"block_id": f"b{next(numbers)}", **block} for block in blocks]
