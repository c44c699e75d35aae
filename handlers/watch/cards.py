"""What admins read when something is wrong with Plecs itself: what, what follows, what helps."""

from handlers.kit.cards import Card, Line, Moment, Note, Paragraph, Style, Tone
from handlers.kit.notices import Lane
from handlers.kit.ports import Texts
from handlers.watch.model import Alert, Trouble


def problem(alert: Alert, t: Texts) -> Card:
    """It began, or, once it is over, that it was so."""
    if alert.over_at is not None:
        return over(alert, t)
    since = t("Since {when}.", when=Moment(alert.since, Style.DATETIME))
    return Card(
        _title(alert, t),
        (
            Paragraph((*since, " ", *_follows(alert, t))),
            Paragraph(_remedy(alert, t)),
            Note(t("I say this once, and once more when it is over.")),
        ),
        Tone.CAREFUL,
    )


def over(alert: Alert, t: Texts) -> Card:
    """It is well again."""
    assert alert.over_at is not None
    start, end = Moment(alert.since, Style.DATETIME), Moment(alert.over_at)
    return Card(
        t("It is over: {problem}", problem=_title(alert, t)),
        (Paragraph(t("It lasted from {start} until {end}.", start=start, end=end)),),
    )


def _title(alert: Alert, t: Texts) -> Line:
    name = alert.platform
    match alert.trouble, alert.lane:
        case Trouble.LANE_REFUSED, Lane.NEW:
            return t("{platform} refuses my messages", platform=name)
        case Trouble.LANE_REFUSED, Lane.CHANGE:
            return t("{platform} refuses my changes to messages", platform=name)
        case Trouble.LANE_REFUSED, _:
            return t("{platform} refuses me conversations of several people", platform=name)
        case Trouble.HAND_UNHEARD, _:
            return t("A hand is up, and no ping has arrived")
        case Trouble.RING_LATE | Trouble.CASE_STEPLESS, _:
            return t("A raised hand does not go on by itself")
        case Trouble.NOTICE_LATE | Trouble.CLAIM_ORPHANED, _:
            return t("Messages are waiting that should have left")
        case Trouble.PLANNER_LATE, _:
            return t("Breaks are not being planned")
        case Trouble.TELEPHONE_SILENT, _:
            return t("The telephone system tells me nothing any more")
        case Trouble.ACCESS_ENDS, _:
            return t("{platform} will soon take nothing from me any more", platform=name)


def _follows(alert: Alert, t: Texts) -> Line:
    match alert.trouble, alert.lane:
        case Trouble.LANE_REFUSED, Lane.NEW:
            return t("Whoever I reach only there hears of no hand.")
        case Trouble.LANE_REFUSED, Lane.CHANGE:
            return t("Pings still arrive, but cards keep buttons that no longer do anything.")
        case Trouble.LANE_REFUSED, _:
            return t("Pings still arrive, and the two get their cards each alone.")
        case Trouble.HAND_UNHEARD, _:
            return t("Somebody waits in a call. Look in on your team, if you can.")
        case Trouble.RING_LATE | Trouble.CASE_STEPLESS, _:
            return t("The next colleagues are not asked. Look in on your team, if you can.")
        case Trouble.NOTICE_LATE | Trouble.CLAIM_ORPHANED, _:
            return t("Pings and reminders come late, or not at all.")
        case Trouble.PLANNER_LATE, _:
            return t("Reminders of breaks may not come. Hands and pings are not touched by it.")
        case Trouble.TELEPHONE_SILENT, _:
            return t(
                "Nobody counts as on the telephone until it does: colleagues in a call may be "
                "asked. Hands are not touched by it."
            )
        case Trouble.ACCESS_ENDS, _:
            return t(
                "My token there ends within two hours, and I was given no new one. After that "
                "nobody hears of a hand there."
            )


def _remedy(alert: Alert, t: Texts) -> Line:
    match alert.trouble:
        case Trouble.LANE_REFUSED:
            return t(
                "It says: {word}. On Plecs' machine run plecs check: it names what is missing and "
                "where to set it.",
                word=alert.word,
            )
        case Trouble.HAND_UNHEARD:
            return t(
                "On Plecs' machine run plecs check: it names what is refused. If all is well "
                "there, the platform itself may be down."
            )
        case Trouble.NOTICE_LATE | Trouble.CLAIM_ORPHANED:
            return t(
                "On Plecs' machine look whether plecs run is running, and in its log for "
                "delivery_failed."
            )
        case Trouble.TELEPHONE_SILENT:
            return t(
                "If nobody calls, all is well. Else look whether it still posts to Plecs: on "
                "Plecs' machine plecs calls try says whether that works."
            )
        case Trouble.ACCESS_ENDS:
            return t(
                "It says: {word}. Add Plecs to the workspace once more, from the address that "
                "plecs check names on Plecs' machine: everything stays as it is.",
                word=alert.word,
            )
        case Trouble.RING_LATE | Trouble.CASE_STEPLESS | Trouble.PLANNER_LATE:
            return t("On Plecs' machine look in the log for timer_failed and left_out.")
