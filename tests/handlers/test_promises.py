"""Cards of a raised hand promise nothing that the code does not keep: each has its proof."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

HAND, LIVING = "tests/stories/test_hand.py", "tests/stories/test_living_hand.py"
WORDS, REPORTS = "tests/stories/test_hand_words.py", "tests/stories/test_hand_reports.py"
TRUTH, CALLS = "tests/stories/test_hand_truth.py", "tests/stories/test_calls.py"
TWO, CLEANING = "tests/stories/test_two_platforms.py", "tests/storage/test_cleaning.py"

PROMISES = {
    "Your hand stays up until {when}, and Plecs asks whoever becomes free.": (
        (HAND, "test_nobody_was_free_and_somebody_becomes_so"),
        (LIVING, "test_a_hand_stays_up_until_the_time_that_its_card_says"),
    ),
    "Your hand stays up until {when}, and I keep trying.": (
        (LIVING, "test_when_nothing_gets_through_the_agent_reads_whom_to_call"),
        (LIVING, "test_a_hand_stays_up_until_the_time_that_its_card_says"),
    ),
    "You did right to ask. The coordinators are told.": (
        (HAND, "test_the_coordinators_are_said_to_be_told_once_one_of_them_is"),
    ),
    "{who} at {when}, if they are free": ((LIVING, "test_one_card_tells_every_step"),),
    "at {when} I say so if nobody could come": (
        (LIVING, "test_the_last_ring_says_when_it_is_over"),
    ),
    "I am writing to the two of you together.": (
        (HAND, "test_a_specialist_comes_at_once"),
        (TRUTH, "test_no_card_says_that_there_is_a_conversation_which_nobody_opened"),
    ),
    "To write to each other: the message “{agent} and {helper}”.": (
        (TRUTH, "test_the_conversation_is_named_once_it_is_there"),
    ),
    "You have no chat of the two of you here: speak by phone.": (
        (HAND, "test_a_conversation_the_platform_refuses_is_had_alone"),
        (TRUTH, "test_no_card_says_that_there_is_a_conversation_which_nobody_opened"),
    ),
    "{name} uses another chat app than you: speak by phone. Each of you has the buttons.": (
        (TWO, "test_nobody_here_and_a_supervisor_in_the_other_app_takes_it"),
    ),
    "You can't come now. That is all right, and {agent} does not see it.": (
        (HAND, "test_not_now_is_never_shown_to_the_agent"),
        (HAND, "test_not_now_does_not_show_when_the_agent_looks_again"),
        (TRUTH, "test_who_is_with_somebody_else_is_not_waited_for"),
    ),
    "Nobody was free. The newer message has the button.": (
        (HAND, "test_a_coordinator_who_was_asked_as_well_has_one_card_with_buttons"),
    ),
    "This has moved on. If you are needed, there is a newer message.": (
        (HAND, "test_somebody_else_is_needed"),
    ),
    "Somebody else is being asked now. Thank you, {helper}.": (
        (HAND, "test_somebody_else_is_needed"),
    ),
    "{agent}: you went there half an hour ago. I take it that it is over, and that you may be "
    "asked again.": ((HAND, "test_a_hand_that_nobody_closed_is_over_after_half_an_hour"),),
    "Another card shows who is asked and who comes.": (
        (
            CALLS,
            "test_a_hand_comes_down_with_its_call_and_its_agent_is_asked_once",
        ),
    ),
    "Closed by itself, half an hour after somebody came.": (
        (HAND, "test_a_hand_that_nobody_closed_is_over_after_half_an_hour"),
    ),
    "This is the hand you raised before; it is still up.": (
        (HAND, "test_a_second_hand_shows_the_first"),
    ),
    "This is the hand you raised before; it is still up. Your words are added.": (
        (HAND, "test_a_second_hand_shows_the_first"),
    ),
    "Numbers and names that tell who the caller is are hidden as •••.": (
        (WORDS, "test_what_tells_who_the_caller_is_stays_with_the_agent"),
    ),
    "Only the beginning of what you wrote fits; that is what they see.": (
        (WORDS, "test_a_long_line_is_cut_where_the_agent_can_see_it"),
    ),
    "Helpers see this. Leave the customer's name and number out.": (
        (WORDS, "test_the_form_asks_topic_and_kind_of_help"),
    ),
    "{agent} sees no extension of yours. You can set one: {typed}.": (
        (LIVING, "test_who_comes_without_an_extension_reads_where_to_set_it"),
    ),
    "Only you see this list, and a hand leaves it a day after it is down. Then only its times are "
    "kept, for 13 months and the counts, and no name stands beside them.": (
        (REPORTS, "test_the_log_and_the_week"),
        (CLEANING, "test_a_closed_hands_line_is_gone_from_the_files"),
        (CLEANING, "test_what_lived_long_enough_goes_and_the_rest_stays"),
    ),
    "You have not raised a hand yet. Or it has been down for longer than a day: then it no longer "
    "stands under your name.": ((REPORTS, "test_the_log_and_the_week"),),
    "Hands raised from now on climb like this.": ((REPORTS, "test_an_admin_changes_the_rings"),),
}
"""What the cards say will be, or is true of what nobody can see from them, and the tests that prove
it."""

OF_PEOPLE = (
    "Nobody listens in silently: whoever joins says so on the line.",
    "They come on the line, say that they are there, and listen with you.",
    "They come on the line, say who they are, and you talk on together.",
    "They come on the line, say who they are, and take the call from you.",
    "{helper} comes on the line, says so, and listens with {agent}.",
    "{helper} comes on the line, says so, and the two of you talk on.",
    "{helper} comes on the line, says so, and takes over from {agent}.",
    "{agent} stays on the call; {helper} writes the advice here.",
    "Stay on the call; advice comes here in writing.",
    (
        "I can't solve this properly right now. I will find out and call you back today. Which "
        "number suits you?"
    ),
    (
        "I want to help you, but not in this tone. I am ending this call now. You can reach us "
        "again at any time."
    ),
    "I want to get this right for you. Give me a moment, I am bringing a colleague.",
    "A colleague is joining us in a moment. Thank you for waiting.",
)
"""What people do, or say to a caller: agreed among them, and nothing that code could keep."""

_SOUNDS_LIKE_ONE = re.compile(
    r"\b(stays?|still up|until|will|whoever|told|see|sees|stands|kept|deleted|hidden|fits|from now "
    r"on|at \{when\}|conversation|chat|newer|being asked|asked again|by itself|comes?|"
    r"come on|joining|bringing)\b"
)


def said() -> set[str]:
    """Every sentence on the cards of hands."""
    found: set[str] = set()
    for name in ("cards", "mine", "phrases", "pages"):
        tree = ast.parse((ROOT / f"handlers/escalation/{name}.py").read_text())
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id == "t":
                found |= {str(one.value) for one in call.args if isinstance(one, ast.Constant)}
    return {sentence for sentence in found if len(sentence) > len("{helper} is on the way")}


def test_every_sentence_that_sounds_like_a_promise_is_in_the_table() -> None:
    sounds = {sentence for sentence in said() if _SOUNDS_LIKE_ONE.search(sentence)}
    assert sounds - PROMISES.keys() - set(OF_PEOPLE) == set()


def test_the_table_has_nothing_that_no_card_says() -> None:
    assert (PROMISES.keys() | set(OF_PEOPLE)) - said() == set()


@pytest.mark.parametrize("promise", PROMISES)
def test_its_proof_is_there(promise: str) -> None:
    for file, test in PROMISES[promise]:
        assert re.search(rf"^(async )?def {test}\(", (ROOT / file).read_text(), re.MULTILINE), test
