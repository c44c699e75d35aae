"""What `make mutants` found: how many changes to each module of rules the fast tests noticed, and
every change that they did not."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files
from rich.console import Console
from rich.table import Table

_SHOWN = ("killed", "timeout", "survived", "no tests")
_NOTICED = ("killed", "timeout")
"""A change that never ends is noticed: the test run would stop."""


def main() -> None:
    console = Console(width=120, highlight=False)
    table = Table("module", *_SHOWN, "noticed")
    unnoticed: list[tuple[Path, str, str]] = []
    whole: Counter[str] = Counter()
    for path, outcomes in _checked():
        counts = Counter(outcomes.values())
        whole += counts
        table.add_row(str(path), *_row(counts))
        unnoticed += [
            (path, mutant, outcome)
            for mutant, outcome in outcomes.items()
            if outcome not in _NOTICED
        ]
    table.add_section()
    table.add_row("all", *_row(whole))
    for path, mutant, outcome in unnoticed:
        console.print(f"{mutant}: {outcome}", style="bold", markup=False)
        for line in _changed_lines(mutant, path):
            console.print(f"    {line}", markup=False, soft_wrap=True)
    console.print(table)


def _checked() -> Iterator[tuple[Path, dict[str, str]]]:
    """Each module with what became of its mutants, as far as they were run."""
    for path in sorted(walk_mutatable_files()):
        data = SourceFileMutationData(path=path)
        data.load()
        outcomes = {
            mutant: status_by_exit_code[code]
            for mutant, code in data.exit_code_by_key.items()
            if code is not None
        }
        if outcomes:
            yield path, outcomes


def _row(counts: Counter[str]) -> tuple[str, ...]:
    noticed = sum(counts[outcome] for outcome in _NOTICED)
    return *(str(counts[outcome]) for outcome in _SHOWN), f"{noticed / counts.total():.1%}"


def _changed_lines(mutant: str, path: Path) -> Iterator[str]:
    for line in get_diff_for_mutant(mutant, path=path).splitlines():
        if line.startswith(("-", "+")) and not line.startswith(("---", "+++")):
            yield line


if __name__ == "__main__":
    main()
