"""A known issue: one approved sentence about a topic, said by everybody while it holds.

It stands first wherever somebody looks for words: among the answers, on calm's screen, on the card
of a caller, and on a raised hand's own answer. A room below the features, asked by all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from handlers.kit.cards import Moment, Note, Paragraph, Part, Quote, Strong
from handlers.kit.ports import Texts, WorkspaceSettings, mark
from handlers.kit.settings import Plain, Section, listed
from handlers.kit.text import plain

if TYPE_CHECKING:
    from handlers.work import Context

MOST_ISSUES = 5
"""That hold at a time in a workspace: of more nobody keeps track."""

SENTENCE_LIMIT = 300


@dataclass(frozen=True, slots=True)
class KnownIssue:
    """What is said about a topic, by its id, until then (aware UTC). Who set it stands in the audit
    log."""

    topic: str
    lv: str
    en: str
    until: datetime


@dataclass(frozen=True, slots=True)
class KnownIssues:
    """Those of a workspace; what is over may still be among them."""

    issues: tuple[KnownIssue, ...] = ()


_READ = ("topic", "lv", "en", "until")


def _read(kept: object) -> KnownIssue:
    if not isinstance(kept, dict) or not all(isinstance(kept.get(name), str) for name in _READ):
        raise ValueError(kept)
    until = datetime.fromisoformat(kept["until"])
    if until.tzinfo is None or not kept["lv"] or not kept["en"]:
        raise ValueError(kept)
    lv, en = (kept[name][:SENTENCE_LIMIT] for name in ("lv", "en"))
    return KnownIssue(kept["topic"][:80], lv, en, until.astimezone(UTC))


def _write(one: KnownIssue) -> object:
    return {name: getattr(one, name) for name in _READ} | {"until": one.until.isoformat()}


KNOWN_ISSUES = Section(
    "known_issues",
    mark("Known issues"),
    KnownIssues(),
    {"issues": listed(Plain(_read, _write), 0, MOST_ISSUES)},
)


def live_issues(
    settings: WorkspaceSettings, workspace: str, now: datetime
) -> tuple[KnownIssue, ...]:
    """Those that hold now."""
    return tuple(one for one in KNOWN_ISSUES.of(settings, workspace).issues if one.until > now)


def standing(ctx: "Context", topics: Sequence[str] = ()) -> tuple[Part, ...]:
    """What is said at the moment about these topics, in both languages; where none is known, about
    any. Nothing where nothing holds."""
    live = live_issues(ctx.work.settings, ctx.me.workspace, ctx.now)
    meant = [one for one in live if not topics or one.topic in topics]
    return tuple(part for one in meant for part in issue_parts(one, ctx.t))


def issue_parts(one: KnownIssue, t: Texts) -> tuple[Part, ...]:
    """The sentence, and until when it is said."""
    first, second = (one.lv, one.en) if t.locale == "lv" else (one.en, one.lv)
    return (
        Paragraph((Strong(plain(t("Known issue. Say:"))),)),
        Quote((first,)),
        Quote((second,)),
        Note(t("Until {time}, set by a supervisor.", time=Moment(one.until))),
    )
