"""A whole call in Teams, as a telephone system tells of it: who calls again, calm, a draft, an
offer with a second signature, and a hand that ends with the call."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from pydantic import SecretStr

from bot.callers import KeyedPseudonyms
from handlers.callers.model import Callers, CallNote, Promise
from handlers.calls.model import Call, Calls, Happened
from handlers.calm.model import TECHNIQUES, Techniques
from handlers.draft.model import ANSWERS, Answers
from handlers.kit.callers import Purpose
from handlers.kit.people import Address
from handlers.library.model import Adoption, Author, Kept, Library
from handlers.offers.model import KeptRules
from handlers.offers.plain import RULES
from storage.database import Database
from storage.sealed import Seal
from storage.work import SqlWork
from tests.fakes.language_model import KEY, FakeModel, model_beside, parts
from tests.patience import LIMIT
from tests.teams_e2e.conftest import ANNA, EXTENSIONS, LIGA, SECRET, ClientsHouse, opened_house
from tests.teams_e2e.playground import TENANT, Window
from tests.webhooks import SECRET as SIGNS
from tests.webhooks import signed

pytestmark = pytest.mark.slow

NUMBER = "+371 26 123 456"
SAYS = "All three are on the second page of the bill."
PROMISES = "We refund the bill if the readings are not what you see on the meter."


@dataclass(frozen=True, slots=True)
class SignedTelephones:
    """It posts to the house, signed."""

    house: ClientsHouse

    def tells(self, kind: str) -> None:
        body = json.dumps(
            {
                "type": f"call.{kind}",
                "call": "c1",
                "from": NUMBER,
                "agent": EXTENSIONS[ANNA],
                "queue": "bills",
                "at": datetime.now(UTC).isoformat(),
            }
        ).encode()
        client = HTTPConnection("127.0.0.1", self.house.served.port, timeout=LIMIT)
        client.request("POST", "/api/contacts", body, signed(body, delivery=kind))
        answer = client.getresponse()
        assert (answer.status, json.load(answer)) == (202, {"result": "kept"})
        client.close()


@pytest.fixture
def model() -> Iterator[FakeModel]:
    with model_beside() as fake:
        yield fake


@pytest.fixture
def house(browser: Browser, model: FakeModel, tmp_path: Any) -> Iterator[ClientsHouse]:
    with opened_house(
        browser,
        tmp_path,
        contact_secrets=SecretStr(SIGNS),
        llm_url=model.url,
        llm_key=SecretStr(KEY),
        llm_model="m1",
    ) as opened:
        database = Database(f"sqlite:///{tmp_path}/plecs.db", Seal(SECRET))
        database.run_now(yesterday)
        database.close()
        yield opened


def yesterday(work: SqlWork) -> None:
    """What ships is adopted, and Līga promised something to the number."""
    liga = work.people.at(Address("teams", TENANT, LIGA.user))
    caller = KeyedPseudonyms(SECRET)(NUMBER, datetime.now(UTC))
    assert liga is not None
    assert caller is not None
    at, by, workspace = datetime.now(UTC) - timedelta(days=1), Author(liga.id), liga.workspace
    adopt(work.of(Techniques), TECHNIQUES, workspace, by, at)
    adopt(work.of(Answers), ANSWERS, workspace, by, at)
    adopt(work.of(KeptRules), RULES, workspace, by, at)
    [pseudonym] = caller.of(Purpose.REMEMBERING)[:1]
    mark, talked = work.of(Calls).mark("contacts", "c0"), Happened.ANSWERED
    over = at + timedelta(minutes=4)
    call = Call("c0", workspace, mark, at, at, talked, liga.id, over, caller=pseudonym)
    work.of(Calls).put(call)
    kept, due = work.of(Callers), datetime.now(UTC).date() + timedelta(days=2)
    kept.put_note(
        CallNote("c0", workspace, liga.id, pseudonym, over, "bills", "naming the next step")
    )
    kept.put_promise(
        Promise("p0", workspace, "c0", liga.id, pseudonym, "bills", "recalculation", due, over)
    )


def adopt(kept: Kept[Any], library: Library[Any], workspace: str, by: Author, at: datetime) -> None:
    kept.settle(workspace, at)
    content = kept.current(workspace, at).content
    kept.adopt(
        [Adoption(workspace, one.id, one.version, by, at) for one in library.entries(content)]
    )


def test_a_whole_call(house: ClientsHouse, model: FakeModel) -> None:
    anna, liga = house.windows(ANNA, LIGA)
    system = SignedTelephones(house)

    system.tells("answered")
    known = anna.card("This number calls again")
    expect(known).to_contain_text("Līga promised")
    expect(known).to_contain_text("recalculation")
    expect(known).to_contain_text("What helped: naming the next step.")
    anna.says("calm he shouts")
    expect(anna.card("For me")).to_be_visible()
    anna.presses("Worse")
    expect(anna.card("the next step")).to_be_visible()
    a_draft_is_fitted(anna, model)
    an_offer_is_signed(anna, liga)

    anna.says("hand bills he threatens me")
    expect(liga.card("Anna needs a colleague")).to_contain_text("he threatens me")
    system.tells("ended")
    expect(anna.card("Your call has ended. Still need somebody?")).to_be_visible()
    anna.presses("No, thank you")
    expect(liga.card().get_by_role("button", name="I'm coming")).to_have_count(0)
    expect(anna.card("This draft is gone")).to_be_visible()
    expect(anna.page.get_by_text(SAYS)).to_have_count(0)
    expect(anna.page.get_by_text("recalculation")).to_have_count(0)

    anna.presses("Two lines about it", anna.card("What did you promise, and what helped?"))
    form = anna.card("Two lines about it")
    form.get_by_label("What helped?").fill("a technician on Monday")
    anna.presses("Keep", form)
    expect(anna.card("What helped: a technician on Monday.")).to_be_visible()


def a_draft_is_fitted(agent: Window, model: FakeModel) -> None:
    """What leaves is looked at before it does."""
    model.says = [parts((1, SAYS), (1, PROMISES))]
    agent.says("draft why is the bill of Mr Ozols twice as high")
    agent.presses("Fit to this case", agent.card("The nearest answers"))
    leaves = agent.card("This is what leaves")
    expect(leaves).to_be_visible()
    expect(leaves).not_to_contain_text("Ozols")
    assert model.bodies == []
    agent.presses("Send it", leaves)
    draft = agent.card("AI draft, you answer for it")
    expect(draft).to_contain_text(SAYS)
    expect(draft).to_contain_text("Left out, for it promises")
    assert len(model.bodies) == 1
    assert "26 123 456" not in str(model.bodies)


def an_offer_is_signed(agent: Window, supervisor: Window) -> None:
    """More than is in the agent's own power."""
    agent.says("offer missed visit")
    offer = agent.card("Missed visit")
    expect(offer).to_contain_text("I can take 15 euros off your next bill.")
    agent.presses("€25, if signed", offer)
    form = agent.card("Why something else?")
    form.get_by_label("They had expenses").check()
    agent.presses("Offer it", form)
    asked = supervisor.card("Anna asks you to sign")
    expect(asked).to_contain_text("They had expenses")
    supervisor.presses("Sign", asked)
    expect(supervisor.card("You have signed")).to_be_visible()
    expect(agent.card("Līga has signed it.")).to_be_visible()
    agent.presses("The customer accepts")
    expect(agent.card("Given: €25 off the bill")).to_be_visible()
