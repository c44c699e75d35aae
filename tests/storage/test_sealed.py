"""What is sealed is opened by the same secret, and by nothing else."""

from collections.abc import MutableMapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from storage.sealed import Seal, derived_key

SEAL = Seal("the secret of these tests")


@given(st.text())
def test_what_is_sealed_opens_again_and_is_not_to_be_read(text: str) -> None:
    sealed = SEAL.seal(text)
    assert Seal("the secret of these tests").open(sealed, "about") == text
    assert len(text) < 4 or text not in sealed
    assert SEAL.seal(text) != sealed


def opened(seal: Seal, sealed: str) -> tuple[str | None, list[MutableMapping[str, Any]]]:
    with capture_logs() as logs:
        return seal.open(sealed, "p1"), logs


def test_with_another_secret_or_a_scratch_it_is_as_if_it_were_not_there() -> None:
    sealed = SEAL.seal("xoxp-1")
    told = {
        "event": "sealed.with_another_key: was SECRET_KEY changed?",
        "about": "p1",
        "log_level": "error",
    }
    assert opened(Seal("another secret"), sealed) == (None, [told])
    assert opened(SEAL, sealed[:-2] + "A=") == (None, [told])
    assert opened(SEAL, "") == (None, [told])
    assert opened(SEAL, "āšķ") == (None, [told])
    assert opened(SEAL, sealed) == ("xoxp-1", [])


def test_each_purpose_has_a_key_of_its_own() -> None:
    keys = {derived_key(secret, purpose) for secret in ("a", "b") for purpose in ("x", "y")}
    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}
