"""What people see of a draft that is fitted to a case: what would leave, that it is being written,
what came back, and that it is gone."""

from handlers.draft.fitting.model import SENT_LIMIT, FitState, Fitting
from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Divider,
    Form,
    Look,
    Moment,
    Note,
    Paragraph,
    Part,
    Quote,
    Strong,
    TextField,
    Tone,
)
from handlers.kit.language_models import ModelPlace, ModelTrouble
from handlers.kit.ports import Texts
from handlers.kit.text import plain


def leaves(one: Fitting, place: ModelPlace, t: Texts) -> Card:
    """All that would leave, to the letter, before it does."""
    values = {"fitting": one.id}
    return Card(
        t("This is what leaves"),
        (
            Quote((one.words,)),
            Paragraph(
                (
                    *t(
                        "It goes to the language model {model} at {host}.",
                        model=place.model,
                        host=place.host,
                    ),
                    " ",
                    Strong(plain(t("Names without a title may be missed: look."))),
                )
            ),
            Buttons(
                (
                    Button(
                        t("Send it"),
                        "draft.fit.send",
                        values | {"shown": one.fingerprint},
                        Look.PRIMARY,
                    ),
                    Button(t("Change the words"), "draft.fit.words", values),
                )
            ),
            Divider(),
            Paragraph(t("To the letter, with what it is told to do and the answers it may use:")),
            *(Quote((piece,)) for piece in (one.instructions, *one.pieces)),
        ),
    )


def words_form(one: Fitting, t: Texts) -> Form:
    return Form(
        t("Change the words"),
        "draft.fit.changed",
        t("Look again"),
        (
            TextField(
                "words",
                t("The customer’s question"),
                one.words,
                limit=SENT_LIMIT,
                multiline=True,
                hint=t("No names and no numbers: they would be hidden as •••."),
            ),
        ),
        values={"fitting": one.id},
    )


def fitted(one: Fitting, t: Texts) -> Card:
    """The draft as it stands: being written, there, or not."""
    match one.state:
        case FitState.WRITTEN if one.to_copy:
            return _written(one, t)
        case FitState.WRITTEN:
            return _nothing(one, t)
        case FitState.FAILED:
            return _failed(one, t)
        case FitState.ASKED | FitState.SHOWN:
            return Card(
                t("A draft is being written"),
                (
                    Paragraph(
                        t("It comes here, mostly within ten seconds. You need not wait for it.")
                    ),
                    _as_they_are(one, t),
                ),
            )


def gone(t: Texts) -> Card:
    """When the call, the answers or half an hour have passed."""
    return Card(
        t("This draft is gone"),
        (
            Paragraph(
                t(
                    "It was for that call and those answers, and stands for half an hour at most. "
                    "Ask anew where you need one."
                )
            ),
            Buttons((Button(t("A first draft"), "draft"),)),
        ),
    )


def off(t: Texts) -> Card:
    """Where no language model is set any more."""
    return Card(t("No language model is set: use an approved answer as it is."))


def _written(one: Fitting, t: Texts) -> Card:
    used = dict.fromkeys(
        one.sources[passage.source - 1].name for passage in one.passages if passage.may_be_copied
    )
    parts: list[Part] = [
        Paragraph((Strong(plain(t("AI draft, you answer for it: read it before you send it."))),)),
        Paragraph(t("To copy:")),
        Quote((one.to_copy,)),
    ]
    parts += [
        *_left_out(one, t),
        _as_they_are(one, t),
        Note(t("Made of: {answers}.", answers=", ".join(used))),
        Note(t("Gone at {when}, or when the call ends.", when=Moment(one.ends_at))),
    ]
    return Card(t("A draft for this case"), tuple(parts))


def _left_out(one: Fitting, t: Texts) -> tuple[Part, ...]:
    """What nobody may copy, and why."""
    promised = [passage.text for passage in one.passages if passage.promises]
    reworded = [
        passage.text for passage in one.passages if passage.reworded and not passage.promises
    ]
    parts: list[Part] = []
    if promised:
        parts.append(
            Paragraph(t("Left out, for it promises what no answer and no offer of yours does:"))
        )
        parts += [Quote((text,)) for text in promised]
    if reworded:
        parts.append(Paragraph(t("Left out, for no answer says it so; compare before you say it:")))
        parts += [Quote((text,)) for text in reworded]
    return tuple(parts)


def _nothing(one: Fitting, t: Texts) -> Card:
    return Card(
        t("Nothing of the draft can be used"),
        (
            Paragraph(
                t(
                    "What the model wrote does not stand so in the approved answers. Use one of "
                    "them as it is."
                )
            ),
            *_left_out(one, t),
            _as_they_are(one, t),
        ),
        Tone.CAREFUL,
    )


def _failed(one: Fitting, t: Texts) -> Card:
    match one.trouble:
        case ModelTrouble.OFF:
            why = t("No language model is set any more.")
        case ModelTrouble.BUSY:
            why = t("The language model takes no more at the moment.")
        case ModelTrouble.SILENT:
            why = t("The language model took too long.")
        case ModelTrouble.GARBLED:
            why = t("What the language model wrote was cut off or could not be read.")
        case ModelTrouble.REFUSED:
            why = t("The language model will not write this.")
        case ModelTrouble.UNREACHABLE | None:
            why = t("The language model does not answer.")
    again = Button(
        t("Try again"),
        "draft.fit.send",
        {"fitting": one.id, "shown": one.fingerprint},
        Look.PRIMARY,
    )
    return Card(
        t("No draft came"),
        (
            Paragraph((*why, " ", *t("The approved answers are there as they are."))),
            *(() if one.trouble is ModelTrouble.OFF else (Buttons((again,)),)),
            _as_they_are(one, t),
        ),
        Tone.CAREFUL,
    )


def _as_they_are(one: Fitting, t: Texts) -> Buttons:
    """The approved answers, each by its name."""
    return Buttons(
        tuple(
            Button(
                t("As it is, no. {n}", n=number),
                "answers.show",
                {"entry": source.answer, "language": one.language},
            )
            for number, source in enumerate(one.sources, 1)
        )
    )
