"""What one would write instead of Plecs' `/hand`, honest and as the libraries' own pages have it:
Bolt, SQLAlchemy's async ORM over aiosqlite, APScheduler with its SQLAlchemyJobStore for the rings,
pings by the web client, everything in the handler.

A hand is kept, five of those who were asked least recently are pinged, the next ring is a job half
a minute away, and then the agent reads that their hand is up.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import ForeignKey, event, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

HELPERS = 200
ASKED = 5
RING = timedelta(seconds=30)


class Base(DeclarativeBase):
    pass


class PeerHelper(Base):
    __tablename__ = "helpers"

    user: Mapped[str] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime | None] = mapped_column(index=True)


class PeerCase(Base):
    __tablename__ = "cases"

    id: Mapped[str] = mapped_column(primary_key=True)
    agent: Mapped[str] = mapped_column(index=True)
    line: Mapped[str]
    state: Mapped[str]
    ring: Mapped[int]


class PeerSeat(Base):
    __tablename__ = "seats"

    case: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    user: Mapped[str] = mapped_column(primary_key=True)


class Peer:
    """The rings, as one process has them: a job is found by what is at the top of a module, so the
    running one stands in `RUNNING`."""

    def __init__(self, client: AsyncWebClient, file: Path) -> None:
        self._client = client
        self._engine = create_async_engine(f"sqlite+aiosqlite:///{file}")
        event.listen(self._engine.sync_engine, "connect", _durably)
        self.sessions = async_sessionmaker(self._engine, expire_on_commit=False)
        self.scheduler = AsyncIOScheduler(
            jobstores={"default": SQLAlchemyJobStore(f"sqlite:///{file}.jobs")}
        )

    async def open(self) -> None:
        async with self._engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        async with self.sessions() as session, session.begin():
            if await session.scalar(select(PeerHelper).limit(1)) is None:
                session.add_all(PeerHelper(user=f"H{number:03}") for number in range(HELPERS))
        self.scheduler.start()
        RUNNING.append(self)

    async def close(self) -> None:
        RUNNING.remove(self)
        self.scheduler.shutdown()
        await self._engine.dispose()

    async def raise_hand(self, agent: str, line: str) -> PeerCase:
        case = PeerCase(id=uuid4().hex, agent=agent, line=line, state="calling", ring=0)
        async with self.sessions() as session, session.begin():
            session.add(case)
        await self.ask(case)
        return case

    async def ask(self, case: PeerCase) -> None:
        async with self.sessions() as session, session.begin():
            asked = await self._next(session, case)
        for user in asked:
            await self._ping(user, case)
        self.scheduler.add_job(climb, "date", run_date=datetime.now(UTC) + RING, args=[case.id])

    async def _next(self, session: AsyncSession, case: PeerCase) -> list[str]:
        already = select(PeerSeat.user).where(PeerSeat.case == case.id)
        found = await session.scalars(
            select(PeerHelper)
            .where(PeerHelper.user.not_in(already), PeerHelper.user != case.agent)
            .order_by(PeerHelper.asked_at.asc().nulls_first(), PeerHelper.user)
            .limit(ASKED)
        )
        helpers = list(found)
        for helper in helpers:
            helper.asked_at = datetime.now(UTC)
            session.add(PeerSeat(case=case.id, user=helper.user))
        return [helper.user for helper in helpers]

    async def _ping(self, user: str, case: PeerCase) -> None:
        opened = await self._client.conversations_open(users=user)
        coming = {
            "type": "button",
            "text": {"type": "plain_text", "text": "I'm coming"},
            "action_id": "take",
            "value": case.id,
        }
        text = f"<@{case.agent}> needs a colleague: {case.line}"
        await self._client.chat_postMessage(
            channel=opened["channel"]["id"],
            text=text,
            blocks=[
                {"type": "section", "text": {"type": "mrkdwn", "text": text}},
                {"type": "actions", "elements": [coming]},
            ],
        )


RUNNING: list[Peer] = []


async def climb(case_id: str) -> None:
    """The next ring, as a job: nobody has come."""
    (peer,) = RUNNING
    async with peer.sessions() as session:
        case = await session.get(PeerCase, case_id)
    if case is not None and case.state == "calling":
        await peer.ask(case)


async def peer(app: AsyncApp, file: Path) -> Peer:
    """Answers `/hand` and *I'm coming*."""
    made = Peer(app.client, file)
    await made.open()

    @app.command("/hand")
    async def hand(ack: AsyncAck, body: dict[str, str]) -> None:
        case = await made.raise_hand(body["user_id"], body["text"])
        await ack(f"Your hand is up ({case.id})")

    @app.action("take")
    async def take(ack: AsyncAck, body: dict[str, list[dict[str, str]]]) -> None:
        async with made.sessions() as session, session.begin():
            case = await session.get(PeerCase, body["actions"][0]["value"])
            if case is not None:
                case.state = "taken"
        await ack()

    return made


def _durably(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined] # the driver's own
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()
