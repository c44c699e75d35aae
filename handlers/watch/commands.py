"""The look that Plecs takes at itself every half a minute, and what admins are sent of it."""

from handlers.kit.cards import Card
from handlers.kit.feature import NoticeKind, Rest
from handlers.kit.notices import Notice
from handlers.kit.people import Address, Role
from handlers.watch import cards, model
from handlers.watch.model import Alert, Finding, Trouble, Watch
from handlers.work import Context, Occasion


def look_after_plecs(on: Occasion, _limit: int) -> int:
    """Finds what is wrong, mends what is safe, and tells the admins: once that it began, and once
    that it is over. Answers how much it found."""
    watch, now = on.work.of(Watch), on.now
    findings = (*watch.look(now), *_refused(on))
    watch.counted(findings)
    watch.mend(now)
    known = {alert.key: alert for alert in watch.open()}
    for finding in findings:
        alert = known.pop(finding.key, None) or model.begun(finding, on.new_id(), now)
        _keep(on, *model.seen(alert, finding, _admins(on, alert), now))
    for alert in known.values():
        after, notices = model.not_seen(alert, _admins(on, alert), now)
        _keep(on, after, notices)
        if notices:
            on.work.outbox.refresh(alert.workspace, model.PROBLEM, alert.id, now)
    return len(findings)


def _refused(on: Occasion) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            Trouble.LANE_REFUSED,
            on.work.workspaces.of(Address(*refusal.place, "")),
            refusal.since,
            where="/".join(refusal.place),
            lane=refusal.lane,
            word=refusal.word,
        )
        for refusal in on.work.lanes.refused()
    )


def _admins(on: Occasion, alert: Alert) -> tuple[str, ...]:
    found = on.work.people.with_role(alert.workspace, Role.ADMIN)
    return tuple(admin.id for admin in found)


def _keep(on: Occasion, alert: Alert, notices: tuple[Notice, ...]) -> None:
    on.work.of(Watch).put(alert)
    on.work.outbox.add(alert.workspace, *notices)


def problem_card(notice: Notice, ctx: Context) -> Card | None:
    alert = ctx.work.of(Watch).get(notice.about)
    if alert is None or (alert.over_at is not None and not notice.sent):
        return None
    return cards.problem(alert, ctx.t)


def over_card(notice: Notice, ctx: Context) -> Card | None:
    alert = ctx.work.of(Watch).get(notice.about)
    return None if alert is None or alert.over_at is None else cards.over(alert, ctx.t)


NOTICES: tuple[NoticeKind, ...] = (
    NoticeKind(model.PROBLEM, problem_card),
    NoticeKind(model.OVER, over_card, rest=Rest.THROUGH_HOURS),
)
