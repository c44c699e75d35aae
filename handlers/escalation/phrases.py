"""Words that several cards of a raised hand have in common."""

from handlers.escalation.model import Case, Member, Mode
from handlers.kit.cards import Facts, Line, Part, Quote, mention
from handlers.kit.people import Person, Topic
from handlers.kit.ports import Texts


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


def no_shared_chat(other: Person, t: Texts) -> Line:
    return t(
        "{name} uses another chat app than you: speak by phone. Each of you has the buttons.",
        name=mention(other),
    )


def reached(person: Person, t: Texts) -> Line:
    """Who it is, and by which extension or at which desk, where they said so."""
    if not person.extension:
        return (mention(person),)
    if any(letter.isalpha() for letter in person.extension):
        return (mention(person), f", {person.extension}")
    return t("{name}, ext. {extension}", name=mention(person), extension=person.extension)


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
