"""What may stand in a setting, and what is said of anything else."""

import pytest

from bot.settings import SettingsError, read, remedy


@pytest.mark.parametrize(
    ("name", "written", "wrong"),
    [
        *(("port", port, "must be a number from 1 to 65535") for port in ("0", "65536", "80a")),
        ("teams_insecure_local", "perhaps", "must be true or false"),
        ("log_format", "JSON", "must be console or json"),
        ("xapi_key", "k" * 201, "has more than 200 characters"),
        ("llm_model", "m" * 121, "has more than 120 characters"),
    ],
)
def test_what_it_can_be_is_told(name: str, written: str, wrong: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read({name: written})
    assert refused.value.problems == (f"{name.upper()}: {wrong}. {remedy(name)}",)


@pytest.mark.parametrize(("written", "meant"), [("TRUE", True), ("1", True), ("off", False)])
def test_true_and_false_have_many_words(written: str, *, meant: bool) -> None:
    assert read({"xapi_inside": written}).xapi_inside is meant
