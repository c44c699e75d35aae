"""What Prometheus reads: counts and times, nobody's name."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from handlers.calls.model import Taken
from handlers.features import label_of
from handlers.kit.notices import Lane, Notice, Rejected, SendResult, Sent, TryLater
from handlers.watch.model import Trouble
from storage.outbox.state import OutboxState

REFUSED = ("invalid", "unsigned", "too_large", "busy")
"""What becomes of what a telephone system posts, besides being taken."""


class Metrics:
    """One process's figures, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._sends = Counter(
            "plecs_sends_total",
            "Messages sent or changed, by platform, kind and what became of it",
            ("platform", "kind", "result"),
            registry=self._registry,
        )
        self._late = Histogram(
            "plecs_send_delay_seconds",
            "From when a message was due until the platform had it",
            ("priority",),
            buckets=(0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
            registry=self._registry,
        )
        self._asked = Histogram(
            "plecs_ack_seconds",
            "From a command's arrival until what it did was committed, by route",
            ("route",),
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3),
            registry=self._registry,
        )
        self._hands = Counter("plecs_hands_total", "Hands raised", registry=self._registry)
        self._to_human = Histogram(
            "plecs_seconds_to_human",
            "From a hand going up to the first one who comes",
            buckets=(1, 2, 5, 10, 20, 30, 45, 60, 90, 120, 300, 600),
            registry=self._registry,
        )
        self._found = Counter(
            "plecs_messages_found_total",
            "Messages that people pressed and nobody knew of: adopted, or there twice",
            ("how",),
            registry=self._registry,
        )
        self._call_events = Counter(
            "plecs_call_events_total",
            "What telephone systems posted, by what became of it",
            ("result",),
            registry=self._registry,
        )
        for result in (*Taken, *REFUSED):
            self._call_events.labels(result)
        self._clock_steps = Counter(
            "plecs_clock_steps_total",
            "Times that the clock which decides was set by a second or more",
            ("direction",),
            registry=self._registry,
        )
        self._troubles = Gauge(
            "plecs_troubles",
            "What is wrong, as of the last look: cases, messages, plans or ways of sending",
            ("trouble",),
            registry=self._registry,
        )
        self._troubles_found = Counter(
            "plecs_troubles_found_total",
            "The same, counted at every look",
            ("trouble",),
            registry=self._registry,
        )
        for trouble in Trouble:
            self._troubles.labels(trouble)
            self._troubles_found.labels(trouble)
        self._database_errors = Counter(
            "plecs_database_errors_total",
            "What the database refused, by SQLSTATE or SQLite's own name",
            ("code",),
            registry=self._registry,
        )
        self._ticks = Counter("plecs_ticks_total", "Looks at what is due", registry=self._registry)
        self._connections = Gauge(
            "plecs_database_connections",
            "Connections to the database: in use, and how many there may be",
            ("state",),
            registry=self._registry,
        )
        self._oldest = Gauge(
            "plecs_oldest_urgent_seconds",
            "How long the urgent message that is due and not sent has been due; 0 for none",
            registry=self._registry,
        )
        self._stale = Gauge(
            "plecs_stale_messages",
            "Messages that are there and look otherwise than they should: buttons that are over",
            registry=self._registry,
        )
        self._held = Gauge(
            "plecs_lane_held_seconds",
            "How long a platform takes nothing by a way of sending, as it asked; 0 for none",
            ("platform", "lane"),
            registry=self._registry,
        )
        self._refused = Gauge(
            "plecs_lanes_refused",
            "Workspaces of a platform in which it refuses a way of sending",
            ("platform", "lane"),
            registry=self._registry,
        )
        self._depth = Gauge(
            "plecs_outbox_depth",
            "Messages that are due and not sent, by priority",
            ("priority",),
            registry=self._registry,
        )

    def sent(self, platform: str, notice: Notice, result: SendResult, late: timedelta) -> None:
        """A send ended."""
        match result:
            case Sent():
                word = "sent"
                if not notice.sent:  # a change has no time of its own
                    self._late.labels(notice.priority.name.lower()).observe(late.total_seconds())
            case TryLater():
                word = "later"
            case Rejected():
                word = "rejected"
        self._sends.labels(platform, label_of(notice.kind), word).inc()

    def asked(self, route: str, seconds: float) -> None:
        """A command was answered, which is counted under `route`."""
        self._asked.labels(route).observe(seconds)

    def committed(
        self, hands: int, waits: Iterable[float], *, adopted: int = 0, repeated: int = 0
    ) -> None:
        """So many hands went up, and for others somebody came after so many seconds; so many
        messages turned out to be there unknown, or twice."""
        self._hands.inc(hands)
        for seconds in waits:
            self._to_human.observe(seconds)
        self._found.labels("adopted").inc(adopted)
        self._found.labels("repeated").inc(repeated)

    def call_event(self, result: str) -> None:
        """A telephone system posted something, and this became of it."""
        self._call_events.labels(result).inc()

    def clock_set(self, by: timedelta) -> None:
        """The clock that decides was set by so much."""
        self._clock_steps.labels("back" if by < timedelta() else "forward").inc()

    def found(self, troubles: Mapping[str, int]) -> None:
        """So much of each trouble was found at a look."""
        for trouble, count in troubles.items():
            self._troubles.labels(trouble).set(count)
            self._troubles_found.labels(trouble).inc(count)

    def database_refused(self, code: str) -> None:
        """The database refused something."""
        self._database_errors.labels(code).inc()

    def ticked(self) -> None:
        """What is due was looked at."""
        self._ticks.inc()

    def connections(self, used: int, most: int) -> None:
        """So many connections to the database are in use, of so many."""
        self._connections.labels("used").set(used)
        self._connections.labels("most").set(most)

    def outbox(self, state: OutboxState, platforms: Iterable[str]) -> None:
        """How the outbox is at this moment, and what these platforms take of it."""
        for priority, count in state.depth.items():
            self._depth.labels(priority.name.lower()).set(count)
        self._oldest.set(state.oldest_urgent.total_seconds())
        self._stale.set(state.stale)
        for platform in platforms:
            for lane in Lane:
                held = state.held.get((platform, lane), timedelta())
                self._held.labels(platform, lane).set(held.total_seconds())
                self._refused.labels(platform, lane).set(state.refused.get((platform, lane), 0))

    def page(self) -> bytes:
        """The figures as Prometheus reads them."""
        return generate_latest(self._registry)
