"""What a workspace set is read as values, and what can't be read never stands in the way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from handlers.kit.settings import Plain, Section, listed, minutes, number, one_of, switch
from tests.fakes.settings import SettingsInMemory


@dataclass(frozen=True, slots=True)
class Tea:
    """What the tests' workspace says about its tea."""

    cups: int = 2
    brews: timedelta = timedelta(minutes=4)
    sweet: bool = False
    kinds: tuple[str, ...] = ("black",)


def section() -> Section[Tea]:
    return Section(
        "tea",
        "Tea",
        Tea(),
        {
            "cups": number(1, 9),
            "brews": minutes(0, 10),
            "sweet": switch(),
            "kinds": listed(one_of(("black", "green")), 1, 3),
        },
        holds=lambda tea: not (tea.sweet and "green" in tea.kinds),
    )


OWN = Tea(9, timedelta(minutes=10), True, ("black", "black", "black"))


def kept(value: object) -> Tea:
    settings = SettingsInMemory()
    settings.put("w", "tea", value)  # type: ignore[arg-type] # what something broke
    return section().of(settings, "w")


def test_its_own_is_kept_as_plain_values_and_comes_back() -> None:
    settings = SettingsInMemory()
    section().put(settings, "w", OWN)
    assert settings.get("w", "tea") == section().kept(OWN) == {
        "cups": 9,
        "brews": 10,
        "sweet": True,
        "kinds": ["black", "black", "black"],
    }  # fmt: skip
    assert section().of(settings, "w") == OWN
    assert section().of(settings, "other") == Tea()


def test_what_can_t_be_read_has_its_usual_value_and_the_rest_holds() -> None:
    assert kept({"cups": 3, "brews": "long", "kinds": ["mint"]}) == Tea(cups=3)
    assert kept({"cups": None, "sweet": True}) == Tea(sweet=True)
    assert kept({"saucers": 4, "cups": 5}) == Tea(cups=5)
    assert kept({}) == kept([]) == kept("x") == Tea()


def test_what_does_not_go_together_is_as_usual() -> None:
    assert kept({"cups": 3, "sweet": True, "kinds": ["green"]}) == Tea()
    assert kept({"cups": 3, "sweet": False, "kinds": ["green"]}) == Tea(3, kinds=("green",))


@pytest.mark.parametrize(
    ("made", "good", "bad"),
    [
        (lambda: number(1, 9), [1, 9], [0, 10, True, 2.5, "3", None]),
        (lambda: minutes(0, 10), [0, 10], [-1, 11, True, "3"]),
        (switch, [True, False], [1, 0, None, "yes"]),
        (lambda: one_of(("black", "")), ["black", ""], ["green", None, 7, ["black"]]),
        (
            lambda: listed(number(1, 9), 1, 2),
            [[1], [9, 1]],
            [[], [1, 2, 3], [1, 0], "12", (1,), None],
        ),
    ],
)
def test_what_each_takes_and_gives_back(
    made: Callable[[], Plain[object]], good: list[object], bad: list[object]
) -> None:
    plain = made()
    assert [plain.write(plain.read(value)) for value in good] == good
    for value in bad:
        with pytest.raises(ValueError) as error:  # noqa: PT011 - the value is compared below
            plain.read(value)
        assert error.value.args[0] in (value, *(value if isinstance(value, list) else ()))
