"""Words that several cards of a raised hand have in common."""

from enum import Enum, auto

from handlers.common.reach import by_extension
from handlers.escalation.model import Case, Member, Mode
from handlers.kit.cards import Facts, Line, Part, Quote, mention
from handlers.kit.people import Person, Topic
from handlers.kit.ports import Texts


class Together(Enum):
    """How the two write to each other."""

    ON_ITS_WAY = auto()
    """They will have a message of their own; it isn't there yet."""
    THERE = auto()
    ALONE = auto()
    """The platform gives them none: each has its card alone."""
    NOWHERE = auto()
    """They use different apps."""


def of_case(case: Case, topic: Topic | None, t: Texts) -> tuple[Part, ...]:
    said: tuple[Part, ...] = (Quote((case.line,)),) if case.line else ()
    return (Facts(about(case, topic, t)), *said)


def about(case: Case, topic: Topic | None, t: Texts) -> tuple[tuple[Line, Line], ...]:
    on = ((t("About"), (topic.name(t.locale),)),) if topic is not None else ()
    return (*on, (t("How"), mode_name(case.mode, t)))


def mode_name(mode: Mode, t: Texts) -> Line:
    match mode:
        case Mode.TIP:
            return t("A tip in chat")
        case Mode.LISTEN:
            return t("Listen in")
        case Mode.JOIN:
            return t("Join the call")
        case Mode.TAKE_OVER:
            return t("Take the call over")


def how_they_come(mode: Mode, t: Texts) -> Line:
    match mode:
        case Mode.TIP:
            return t("Stay on the call; advice comes here in writing.")
        case Mode.LISTEN:
            return t("They come on the line, say that they are there, and listen with you.")
        case Mode.JOIN:
            return t("They come on the line, say who they are, and you talk on together.")
        case Mode.TAKE_OVER:
            return t("They come on the line, say who they are, and take the call from you.")


def how_two_write(together: Together, two: tuple[Person, Person], me: Person, t: Texts) -> Line:
    """How the agent and the helper, or somebody who comes as well, write to each other, told to
    one of them."""
    agent, helper = two
    match together:
        case Together.ON_ITS_WAY:
            return t("I am writing to the two of you together.")
        case Together.THERE:
            return t(
                "To write to each other: the message “{agent} and {helper}”.",
                agent=mention(agent),
                helper=mention(helper),
            )
        case Together.ALONE:
            return t("You have no chat of the two of you here: speak by phone.")
        case Together.NOWHERE:
            return t(
                "{name} uses another chat app than you: speak by phone. "
                "Each of you has the buttons.",
                name=mention(helper if me == agent else agent),
            )


def reached(person: Person, t: Texts) -> Line:
    """Who it is, and by which extension or at which desk, where they said so."""
    return by_extension(person, t, mention(person))


def of_round(case: Case) -> dict[str, str]:
    return {"case": case.id, "round": str(case.round)}


def member_name(member: Member, t: Texts) -> Line:
    match member:
        case Member.TOPIC:
            return t("those who declared the topic")
        case Member.SUPERVISORS:
            return t("supervisors")
        case Member.TRUSTED:
            return t("the agent's trusted colleagues")
        case Member.EVERYBODY:
            return t("everybody else who may help")
