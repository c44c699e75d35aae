"""What is said without a name in Teams, in Microsoft's own client: written, read by who answers it,
and the answer read with the code alone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from handlers.kit.people import Address, Profile
from handlers.voice.unlinked import model
from handlers.voice.unlinked.model import Unlinked
from storage.database import Database
from storage.sealed import Seal
from storage.work import SqlWork
from tests.teams_e2e.conftest import ANNA, MARA, SECRET, ClientsHouse
from tests.teams_e2e.playground import TENANT

pytestmark = pytest.mark.slow

WORDS = "The plan of a week comes on Sunday evening"


def test_a_message_without_a_name_gets_its_answer(house: ClientsHouse) -> None:
    database = Database(f"sqlite:///{house.folder}/plecs.db", Seal(SECRET))
    try:
        database.run_now(_three_more)
        anna, mara = house.windows(ANNA, MARA)
        anna.says("voice")
        anna.presses("Without my name", anna.card("Say it, ask it, admit it"))
        asked = anna.card("your chat program puts your name into every request")
        asked.get_by_label("Your words").fill(WORDS)
        anna.presses("Send", asked)
        kept = anna.card("Your message waits to go out, without your name")
        expect(kept).to_be_visible()
        [code] = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", kept.inner_text())

        database.run_now(_written_two_days_ago)
        came = mara.card("1 message without a name waits for an answer")
        expect(came).to_be_visible()
        mara.presses("Read", came)
        mara.presses("Open", mara.card(WORDS))
        mara.presses("Answer", mara.card(WORDS))
        form = mara.card("Your answer")
        form.get_by_label("Your answer").fill("From May on, a week before")
        mara.presses("Answer", form)
        expect(mara.card("Your answer is kept for whoever has the code")).to_be_visible()

        expect(anna.page.get_by_text("From May on")).to_have_count(0)
        anna.says("voice")
        anna.presses("Read an answer", anna.card("Say it, ask it, admit it"))
        form = anna.card("Your code")
        form.get_by_label("Your code").fill(code)
        anna.presses("Read", form)
        expect(anna.card("There is an answer")).to_contain_text("From May on, a week before")
    finally:
        database.close()


def _three_more(work: SqlWork) -> None:
    """Eight could have written it then."""
    for number in range(3):
        address = Address("teams", TENANT, f"1a5e0000-0000-4000-8000-0000000000a{number}")
        profile = Profile(address, f"Agent {number}", "en")
        work.people.add(work.workspaces.of(address), profile, frozenset())


def _written_two_days_ago(work: SqlWork) -> None:
    """What waits goes out in the morning; nobody waits for one here."""
    now = datetime.now(UTC)
    waiting = work.of(Unlinked).due(now + timedelta(days=2), 9)
    work.of(Unlinked).put_off(waiting, model.next_morning(now - timedelta(days=2), "Europe/Riga"))
