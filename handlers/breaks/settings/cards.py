"""What admins see of the rule for breaks."""

from handlers.availability.coverage import MOST_KEPT, CountedBy, CoverageRule
from handlers.kit.cards import Card, ChoiceField, Form, Line, NumberField, Option, Paragraph, Tone
from handlers.kit.ports import Texts


def rule_form(rule: CoverageRule, t: Texts) -> Form:
    """For admins: how many stay."""
    return Form(
        t("Breaks"),
        "settings.breaks.save",
        t("Save"),
        (
            NumberField(
                "keep",
                t("At least so many of a team stay available"),
                rule.keep,
                0,
                MOST_KEPT,
                hint=t("A team: those with the same manager. Supervisors are not counted."),
            ),
            NumberField(
                "share",
                t("And at least this percentage of those on duty"),
                rule.share,
                0,
                100,
                hint=t("0: the number alone decides."),
            ),
            ChoiceField(
                "hard_first",
                t("After a threat or an ended call"),
                (
                    Option("yes", t("a break is never put off")),
                    Option("no", t("a break waits like any other")),
                ),
                value=("yes" if rule.hard_first else "no",),
            ),
            ChoiceField(
                "others",
                t("Who has no manager in the people list is counted together with those who have"),
                (
                    Option(CountedBy.TOPIC, t("the same first topic")),
                    Option(CountedBy.POSITION, t("the same position")),
                ),
                value=(rule.others,),
                hint=t("Who has none of that either is counted alone: their breaks never wait."),
            ),
        ),
    )


def rule_saved(t: Texts) -> Card:
    return Card(t("Saved"), (Paragraph(t("Breaks asked for from now on keep to it.")),), Tone.GOOD)


def rule_line(rule: CoverageRule, t: Texts) -> Line:
    """The rule in a few words, for the settings."""
    return t("at least {n} available, and {share} %", n=rule.keep, share=rule.share)
