"""What a language model is asked, it is asked once, outside of any transaction, and its answer
reaches whoever wanted it; on both databases."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers.kit.language_models import (
    ANSWERED_WITHIN,
    ModelAnswer,
    ModelDispatch,
    ModelPlace,
    ModelQuestions,
    ModelTrouble,
    Prompt,
    PromptTurn,
    Question,
    Speaker,
    Unanswered,
)
from scheduling.asking import ModelWorker
from storage.database import Database
from storage.work import SqlWork
from tests.storage.made import NOW


@dataclass
class WaitingModel:
    """Answers with the last turn, as soon as it may."""

    may: asyncio.Event = field(default_factory=asyncio.Event)
    is_asked: asyncio.Event = field(default_factory=asyncio.Event)
    place = ModelPlace("m", "model.example")
    asked: list[str] = field(default_factory=list)

    async def answer(self, prompt: Prompt) -> ModelAnswer:
        self.asked.append(prompt.turns[-1].text)
        self.is_asked.set()
        await self.may.wait()
        return {"said": prompt.turns[-1].text}

    async def close(self) -> None:
        """It holds nothing."""


@dataclass
class AskingHouse:
    """A worker over the database, and what it was told."""

    database: Database
    model: WaitingModel
    now: datetime = NOW
    unwanted: set[str] = field(default_factory=set)
    heard: list[tuple[str, ModelAnswer]] = field(default_factory=list)

    def worker(self, *, has_model: bool = True) -> ModelWorker[SqlWork]:
        model = self.model if has_model else None
        return ModelWorker(self.database, model, lambda: self.now, self._prompt, self._hears)

    async def ask(self, about: str) -> None:
        question = Question("draft", about, self.now)
        await self.database.run(lambda work: work.of(ModelQuestions).ask(question))

    def _prompt(self, question: Question, _work: SqlWork, _now: datetime) -> Prompt | None:
        if question.about in self.unwanted:
            return None
        return Prompt((PromptTurn(Speaker.ASKING, question.about),), {})

    def _hears(
        self, question: Question, answer: ModelAnswer, _work: SqlWork, _now: datetime
    ) -> None:
        self.heard.append((question.about, answer))


async def test_each_question_is_asked_once_however_many_ask(database: Database) -> None:
    house = AskingHouse(database, WaitingModel())
    house.unwanted.add("over")
    for about in ("a", "b", "a", "over"):
        await house.ask(about)
    one, other = house.worker(), house.worker()
    both = asyncio.gather(one.drain(), other.drain())
    house.model.may.set()
    await both
    assert sorted(house.model.asked) == ["a", "b"]
    assert sorted(house.heard, key=str) == [("a", {"said": "a"}), ("b", {"said": "b"})]
    assert await database.read(lambda work: work.of(ModelDispatch).next_due()) is None


async def test_what_nobody_waits_for_any_more_is_told_to_nobody(database: Database) -> None:
    house = AskingHouse(database, WaitingModel())
    await house.ask("a")
    working = asyncio.create_task(house.worker().drain())
    await house.model.is_asked.wait()
    await database.run(lambda work: work.of(ModelQuestions).withdraw("draft", "a"))
    house.model.may.set()
    await working
    assert house.heard == []


async def test_what_died_with_its_process_is_said_to_have_failed(database: Database) -> None:
    house = AskingHouse(database, WaitingModel())
    await house.ask("a")

    def dies(work: SqlWork) -> None:
        work.of(ModelDispatch).claim("dead", house.now, lease=ANSWERED_WITHIN, limit=4)

    await database.run(dies)
    assert await house.worker().drain() == 0, "another one is at it, as far as anybody knows"
    house.now += ANSWERED_WITHIN + timedelta(seconds=1)
    await house.worker().drain()
    assert house.heard == [("a", Unanswered(ModelTrouble.SILENT, "late"))]
    assert house.model.asked == []


async def test_what_was_asked_of_a_model_that_is_no_longer_set_is_said_to_have_failed(
    database: Database,
) -> None:
    house = AskingHouse(database, WaitingModel())
    await house.ask("a")
    await house.worker(has_model=False).drain()
    assert house.heard == [("a", Unanswered(ModelTrouble.OFF))]
    assert house.model.asked == []
