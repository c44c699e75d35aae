"""What people ask for most stays cheap: counted, so that it is the same on any machine."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.bench.calls import Cost, budget, costs, over_budget


def test_nothing_costs_more_than_its_budget(tmp_path: Path) -> None:
    # Elsewhere: what the tests here share is not shared outside of them.
    with ProcessPoolExecutor(1, get_context("spawn")) as elsewhere:
        found = elsewhere.submit(costs, tmp_path).result()
    assert found.keys() == budget().keys()
    assert over_budget(found) == []


def test_a_twentieth_more_is_told_and_so_is_one_statement_more() -> None:
    may = budget()["/hand"]
    for found, told in (
        (may, []),
        (Cost(may.calls * 21 // 20, may.statements), []),
        (Cost(may.calls * 21 // 20 + 1, may.statements), ["/hand"]),
        (Cost(may.calls, may.statements + 1), ["/hand"]),
    ):
        assert [line.partition(":")[0] for line in over_budget({"/hand": found})] == told
