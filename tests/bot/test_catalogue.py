import re

from babel.messages.catalog import Catalog

from bot import catalogue
from bot.catalogue import BadMessage


def test_every_message_in_the_code_is_translated() -> None:
    collected = catalogue.collect()
    for locale in catalogue.LOCALES:
        missing = catalogue.faults(catalogue.read(locale), collected)
        assert missing == (), f"run `plecs language extract`, then translate in {locale}"


def test_the_catalogue_has_nothing_that_the_code_no_longer_says() -> None:
    collected = catalogue.collect()
    for locale in catalogue.LOCALES:
        said = {message.id for message in catalogue.read(locale) if message.id}
        left_over = {one for one in said if collected.get(one) is None}
        assert left_over == set(), "run `plecs language extract`"


def test_no_message_knows_how_a_platform_has_its_commands_typed() -> None:
    """A slash opens a menu of Teams' own there: what one types is a ToType, each platform writes it
    its way. What only Slack or only the local page shows may."""
    own = (
        "/break status",
        "/hand contracts he",
        "/policy he shouts",
        "/vent @Pēteris",
        "/calendar/",
    )
    for locale in catalogue.LOCALES:
        said = [str((one.id, one.string)) for one in catalogue.read(locale) if one.id]
        slashed = [one for one in said if re.search(r"[\s'„“(]/\w", one)]
        assert [one for one in slashed if not any(theirs in one for theirs in own)] == []


def test_faults_name_the_message_and_what_is_wrong_with_it() -> None:
    collected, catalog = Catalog(), Catalog(locale="lv")
    for message in (
        "new",
        "empty",
        "added",
        "unsure",
        "Hi {name}",
        "fine",
        ("{n} cat", "{n} cats"),
    ):
        collected.add(message)
    catalog.add("empty", "")
    catalog.add("added")
    catalog.add("unsure", "laikam", flags={"fuzzy"})
    catalog.add("Hi {name}", "Sveiki {vārds}")
    catalog.add("fine", "labi")
    catalog.add(("{n} cat", "{n} cats"), ("{n} kaķis", "", "kaķu"))
    assert set(catalogue.faults(catalog, collected)) == {
        BadMessage("new", "is not in the catalogue"),
        BadMessage("empty", "is not translated"),
        BadMessage("added", "is not translated"),
        BadMessage("unsure", "is marked fuzzy: read it and remove the mark"),
        BadMessage("Hi {name}", "must keep these placeholders: name"),
        BadMessage("{n} cats", "is not translated"),
        BadMessage("{n} cats", "must keep these placeholders: n"),
    }
