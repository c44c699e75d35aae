"""The tree that one's own call is written into: its turns and where each reply leads are given, so
that nobody has to know what a dead end is. Only words are left to write."""

from dataclasses import dataclass

from handlers.kit.ports import mark

_GOOD, _USUAL, _BAD = "good", "usual", "bad"


@dataclass(frozen=True, slots=True)
class ReplySlot:
    """A reply that has to be written: where it leads, `to` a turn or an ending. `because`, a
    message id, is what stands as its reason until its author writes a better one."""

    name: str
    to: str
    because: str

    @property
    def is_good(self) -> bool:
        return self.name == _GOOD

    @property
    def is_bad(self) -> bool:
        return self.name == _BAD


@dataclass(frozen=True, slots=True)
class TurnSlot:
    """A turn that has to be written. `label` and `asks` are message ids: what it is called, and
    what belongs there. The replies stand in the order in which whoever practises reads them."""

    id: str
    heat: int
    label: str
    asks: str
    replies: tuple[ReplySlot, ReplySlot, ReplySlot]


@dataclass(frozen=True, slots=True)
class EndingSlot:
    """An ending that has to be written; its `label` is a message id."""

    id: str
    heat: int
    label: str


TURNS = (
    TurnSlot(
        "opening",
        4,
        mark("How it begins"),
        mark("The first sentence, as loud or as quiet as it was."),
        (
            ReplySlot(
                _USUAL,
                "worse",
                mark("It is correct, and the caller hears that nobody listened."),
            ),
            ReplySlot(
                _GOOD,
                "matter",
                mark("The caller hears that somebody understood. Then there is room to ask."),
            ),
            ReplySlot(
                _BAD,
                "worse",
                mark("Now the caller has to defend themselves as well."),
            ),
        ),
    ),
    TurnSlot(
        "worse",
        5,
        mark("When it gets worse"),
        mark("Who was not heard says it once more, and louder."),
        (
            ReplySlot(
                _BAD,
                "lost",
                mark("Whoever is told off hangs up, or comes back with a complaint."),
            ),
            ReplySlot(
                _USUAL,
                "matter",
                mark("It goes on, but the caller gives in rather than calms down."),
            ),
            ReplySlot(
                _GOOD,
                "matter",
                mark("A pause and one honest sentence: nobody has to be louder any more."),
            ),
        ),
    ),
    TurnSlot(
        "matter",
        3,
        mark("What it is really about"),
        mark("What they tell only once somebody asks."),
        (
            ReplySlot(
                _GOOD,
                "way",
                mark("A question shows interest, and brings the reason to light."),
            ),
            ReplySlot(
                _BAD,
                "doubt",
                mark("The reason was told, and nobody took it up. Trust is gone again."),
            ),
            ReplySlot(
                _USUAL,
                "way",
                mark("It moves on to the solution; the reason stays where it was."),
            ),
        ),
    ),
    TurnSlot(
        "way",
        2,
        mark("What can be done"),
        mark("They ask what happens now."),
        (
            ReplySlot(
                _USUAL,
                "doubt",
                mark("It is right, and too vague to rely on."),
            ),
            ReplySlot(
                _BAD,
                "doubt",
                mark("A promise without a day, or none at all: doubt grows."),
            ),
            ReplySlot(
                _GOOD,
                "solved",
                mark("Who does what, until when. With that one can hang up."),
            ),
        ),
    ),
    TurnSlot(
        "doubt",
        3,
        mark("The last doubt"),
        mark("They don't quite believe it yet."),
        (
            ReplySlot(
                _GOOD,
                "solved",
                mark("The doubt is named and answered; nobody is talked out of it."),
            ),
            ReplySlot(
                _USUAL,
                "half",
                mark("They have an answer, but will call once more to be sure."),
            ),
            ReplySlot(
                _BAD,
                "lost",
                mark("Whoever is doubted back gives up, or goes to somebody else."),
            ),
        ),
    ),
)

ENDINGS = (
    EndingSlot("solved", 1, mark("It ends well")),
    EndingSlot("half", 3, mark("It ends half well")),
    EndingSlot("lost", 5, mark("It ends badly")),
)

CALL, ENDS = "call", "ends"

PARTS = (CALL, *(turn.id for turn in TURNS), ENDS)
"""What is written one after the other, each in a form of its own."""


def turn_of(part: str) -> TurnSlot | None:
    return next((turn for turn in TURNS if turn.id == part), None)
