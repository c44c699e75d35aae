"""Has a language model asked what handlers want to know: claims, asks outside of any transaction,
and gives the answer to whoever wanted it. Nobody waits for it but the card that says so."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Generic
from uuid import uuid4

import structlog

from handlers.kit.language_models import (
    ANSWERED_WITHIN,
    LanguageModel,
    ModelAnswer,
    ModelDispatch,
    ModelTrouble,
    Prompt,
    Question,
    Unanswered,
)
from scheduling.clock import Clock
from scheduling.due_work import DueWork
from scheduling.transactions import FeatureTransactions, FeatureWorkT

AT_ONCE = 4
"""Questions asked at once by one process: a small model answers one after the other anyway."""

log = structlog.get_logger()


class ModelWorker(DueWork, Generic[FeatureWorkT]):
    """One process's worker. `prompt_of` makes what is asked, and `answered` hears what came of
    it. Without a model it says so of what was asked while there was one."""

    def __init__(
        self,
        database: FeatureTransactions[FeatureWorkT],
        model: LanguageModel | None,
        clock: Clock,
        prompt_of: Callable[[Question, FeatureWorkT, datetime], Prompt | None],
        answered: Callable[[Question, ModelAnswer, FeatureWorkT, datetime], None],
    ) -> None:
        super().__init__(clock, at_once=AT_ONCE, event="asking_failed")
        self._database = database
        self._model = model
        self._prompt_of = prompt_of
        self._answered = answered
        self._process = uuid4().hex

    async def finish(self, seconds: float) -> None:
        """The same, and lets go of the model."""
        await super().finish(seconds)
        if self._model is not None:
            await self._model.close()

    async def _claim(self, most: int) -> list[Coroutine[None, None, None]]:
        now = self._clock()
        claimed = await self._database.run(
            lambda work: work.of(ModelDispatch).claim(
                self._process, now, lease=ANSWERED_WITHIN, limit=most
            )
        )
        return [self._see_to(question) for question in claimed]

    async def _see_to(self, question: Question) -> None:
        try:
            answer = await self._answer(question)
            await self._database.run(lambda work: self._settle(question, answer, work))
        except Exception:
            log.exception("question_failed", kind=question.kind)  # its lease runs out

    async def _answer(self, question: Question) -> ModelAnswer | None:
        now, model = self._clock(), self._model
        if model is None:
            return Unanswered(ModelTrouble.OFF)
        if now - question.asked_at > ANSWERED_WITHIN:  # whoever claimed it before died
            return Unanswered(ModelTrouble.SILENT, "late")
        prompt = await self._database.read(lambda work: self._prompt_of(question, work, now))
        return None if prompt is None else await model.answer(prompt)

    def _settle(self, question: Question, answer: ModelAnswer | None, work: FeatureWorkT) -> None:
        is_ours = work.of(ModelDispatch).settle(self._process, question)
        if is_ours and answer is not None:
            self._answered(question, answer, work, self._clock())

    async def _next_due(self) -> datetime | None:
        return await self._database.read(lambda work: work.of(ModelDispatch).next_due())
