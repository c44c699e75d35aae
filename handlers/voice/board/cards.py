"""What people see of the board."""

from collections.abc import Mapping, Sequence

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    Divider,
    Form,
    Line,
    Look,
    Note,
    Option,
    Paragraph,
    Part,
    Quote,
    Strong,
    TextField,
    on_day,
)
from handlers.kit.people import Person, Role
from handlers.kit.ports import Texts
from handlers.voice.board.model import Post, PostOutcome
from handlers.voice.cards import kind_name
from handlers.voice.model import WORDS_LIMIT, VoiceKind


def board(
    posts: Sequence[Post],
    authors: Mapping[str, Person],
    me: Person,
    more: int | None,
    t: Texts,
) -> Card:
    """The newest, and what the reader can do with each. `more`: the page that follows."""
    parts: list[Part] = [
        Buttons(
            (
                Button(t("Ask"), "voice.post.form", {"kind": VoiceKind.QUESTION}, Look.PRIMARY),
                Button(t("Admit a mistake"), "voice.post.form", {"kind": VoiceKind.LESSON}),
                *(
                    (Button(t("You said, we did"), "voice.board.form"),)
                    if me.is_a(Role.COORDINATOR)
                    else ()
                ),
                Button(t("Other doors"), "voice"),
            )
        )
    ]
    for post in posts:
        parts += [Divider(), *_post(post, authors, me, t)]
    if not posts:
        parts.append(
            Paragraph(t("Nothing stands here yet. What is said, and what came of it, will."))
        )
    if more is not None:
        older = Button(t("Older"), "voice.board", {"page": str(more)})
        parts += [Divider(), Buttons((older,))]
    return Card(t("The board: said, asked, learned"), tuple(parts))


def form(kind: VoiceKind, t: Texts) -> Form:
    """With one's name."""
    return Form(
        t("On the board"),
        "voice.post",
        t("Put it up"),
        (
            ChoiceField(
                "kind",
                t("What is it?"),
                tuple(
                    Option(one, kind_name(one, t)) for one in (VoiceKind.QUESTION, VoiceKind.LESSON)
                ),
                (kind if kind is not VoiceKind.CHANGE else VoiceKind.QUESTION,),
            ),
            TextField(
                "words",
                t("Your words"),
                limit=WORDS_LIMIT,
                multiline=True,
                hint=t("Of a mistake: what happened, and what you do otherwise now. No customers."),
            ),
        ),
        intro=(
            Note(
                t(
                    "Everybody here reads it, with your name. Without your name: another door, "
                    "“Without my name”."
                )
            ),
        ),
    )


def said_form(post: Post | None, kind: VoiceKind, t: Texts) -> Form:
    """What was said, and what came of it."""
    words = TextField(
        "words",
        t("You said"),
        limit=WORDS_LIMIT,
        multiline=True,
        hint=t("In words of your own: how somebody writes gives them away."),
    )
    return Form(
        t("You said, we did"),
        "voice.board.put",
        t("Put it up"),
        (
            *((words,) if post is None else ()),
            ChoiceField(
                "outcome",
                t("What came of it?"),
                tuple(Option(one, _outcome(one, t)) for one in PostOutcome if one),
                (post.outcome if post is not None and post.outcome else PostOutcome.DONE,),
            ),
            TextField(
                "because",
                t("What was done, or why not"),
                "" if post is None else post.because,
                limit=WORDS_LIMIT,
                multiline=True,
                required=False,
            ),
        ),
        {"kind": kind} if post is None else {"post": post.id},
        (Quote((post.words,)),) if post is not None else (),
    )


def _post(post: Post, authors: Mapping[str, Person], me: Person, t: Texts) -> tuple[Part, ...]:
    author = authors.get(post.author or "")
    parts: list[Part] = [Note(_whose(post, author, t)), Quote((post.words,))]
    if post.outcome:
        parts.append(Paragraph((*_strong(_outcome(post.outcome, t)), ": ", post.because)))
    values = {"post": post.id}
    buttons: list[Button] = []
    if author is not None and post.kind is VoiceKind.LESSON and author.id != me.id:
        thank = t("Thank {name}", name=author.first_name)
        buttons.append(Button(thank, "thanks.form", {"person": author.id}))
    if me.is_a(Role.COORDINATOR):
        buttons.append(Button(t("Say what came of it"), "voice.board.form", values))
    if me.is_a(Role.COORDINATOR) or me.id == post.author:
        gone = t("It no longer stands on the board then.")
        buttons.append(Button(t("Take it down"), "voice.post.delete", values, confirm=gone))
    return (*parts, Buttons(tuple(buttons))) if buttons else tuple(parts)


def _whose(post: Post, author: Person | None, t: Texts) -> Line:
    day = on_day(post.day.date())
    if author is None:
        match post.kind:
            case VoiceKind.CHANGE:
                return t("You said, {date}", date=day)
            case VoiceKind.QUESTION:
                return t("You asked, {date}", date=day)
            case VoiceKind.LESSON:
                return t("Somebody learned, {date}", date=day)
    if post.kind is VoiceKind.LESSON:
        return t("{name} made a mistake, and learned, {date}", name=author.name, date=day)
    return t("{name} asks, {date}", name=author.name, date=day)


def _outcome(outcome: PostOutcome, t: Texts) -> Line:
    match outcome:
        case PostOutcome.DONE:
            return t("We did")
        case PostOutcome.NOT:
            return t("We won’t, because")
        case PostOutcome.LOOKING:
            return t("We are looking into it")
        case PostOutcome.ANSWERED:
            return t("Our answer")
        case PostOutcome.NONE:
            return ()


def _strong(line: Line) -> Line:
    return tuple(Strong(span) if isinstance(span, str) else span for span in line)
