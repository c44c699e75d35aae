"""What Prometheus reads: counts and times, nobody's name."""

from collections.abc import Iterable
from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from handlers.features import label_of
from handlers.kit.notices import Notice, Priority, Rejected, SendResult, Sent, TryLater


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
        self._clock_steps = Counter(
            "plecs_clock_steps_total",
            "Times that the clock which decides was set by a second or more",
            ("direction",),
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

    def clock_set(self, by: timedelta) -> None:
        """The clock that decides was set by so much."""
        self._clock_steps.labels("back" if by < timedelta() else "forward").inc()

    def outbox(self, depth: dict[Priority, int]) -> None:
        for priority, count in depth.items():
            self._depth.labels(priority.name.lower()).set(count)

    def page(self) -> bytes:
        """The figures as Prometheus reads them."""
        return generate_latest(self._registry)
