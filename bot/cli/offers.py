"""`plecs offers`: the rules, the ledger for accounting and auditors, and gift codes."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli.export import export, in_workspace, seen_in_workspace
from bot.cli.library import library_app
from bot.cli.run import content_or_exit, refuse
from bot.cli.workspace import WorkspaceOption
from bot.code_list import read_codes
from handlers.kit.money import in_books
from handlers.kit.tables import table
from handlers.kit.text import sort_key
from handlers.offers.auditing import NOBODY, Audited, Evidence, audited
from handlers.offers.ledger.books import COLUMNS, beancount, rows
from handlers.offers.ledger.model import ChainFault, Head, Ledger, faults
from handlers.offers.model import GiftCodes, KeptRules, Offers
from handlers.offers.plain import RULES
from handlers.offers.settings import SETTINGS
from handlers.offers.signing.asking import SIGNERS
from scheduling.clock import system_clock
from storage.work import SqlWork

_MOST = 10_000_000
"""Offers of twelve months that anybody has."""

app = typer.Typer(help="What is offered to customers, and its ledger.", no_args_is_help=True)
app.add_typer(library_app(RULES, KeptRules, "What may be offered."), name="rules")


@app.command("export")
def export_(
    file: Annotated[
        Path, typer.Argument(dir_okay=False, writable=True, help="Ends in .csv or .beancount.")
    ],
    *,
    workspace: WorkspaceOption = "",
    language: Annotated[
        Literal["lv", "en"], typer.Option(help="Latvian spreadsheets part columns by semicolons.")
    ] = "en",
) -> None:
    """Write the whole ledger: a table with a row a leg, or a file for beancount."""
    if file.suffix not in (".csv", ".beancount"):
        refuse("The file's name ends in .csv or in .beancount.")

    def made(work: SqlWork, here: str) -> bytes:
        entries = work.of(Ledger).entries(here)
        if file.suffix == ".csv":
            return table(COLUMNS, rows(entries), language)
        return beancount(entries).encode()

    export(file, workspace, made)
    typer.echo(f"{file} is written.")


@app.command()
def verify(
    *,
    workspace: WorkspaceOption = "",
    held: Annotated[
        list[str] | None,
        typer.Option(help="NUMBER:HASH that was written down elsewhere, once or several times."),
    ] = None,
) -> None:
    """Look through the ledger for anything that was changed, added or torn out."""
    written = _written_down(held or [])

    def look(work: SqlWork, here: str) -> tuple[list[tuple[int, ChainFault]], Head]:
        ledger = work.of(Ledger)
        head = ledger.head(here)
        return list(faults(ledger.entries(here), head, written)), head

    found, head = seen_in_workspace(workspace, look)
    for number, fault in found:
        typer.echo(f"entry {number}: {fault}")
    if found:
        refuse("The ledger does not hold.")
    typer.echo(f"The ledger holds: {head.number} entries. Write this down, to hold it to it later:")
    typer.echo(f"{head.number}:{head.hash}")


@app.command()
def audit(*, workspace: WorkspaceOption = "") -> None:
    """Who could, who did, who approved, by which version; and what has to be looked at."""
    now = system_clock()
    evidence, alone, could = seen_in_workspace(
        workspace, lambda work, here: _looked_up(work, here, now)
    )
    for line in _audit_lines(audited(evidence, alone, now), could):
        typer.echo(line)


@app.command()
def codes(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, help="CSV with the columns code, amount, until."
        ),
    ],
    *,
    workspace: WorkspaceOption = "",
) -> None:
    """Bring in gift cards' codes. They are kept sealed; delete the file afterwards."""
    now, content = system_clock(), content_or_exit(file)

    def bring(work: SqlWork, here: str) -> tuple[int, int, list[str]]:
        brought, bad = read_codes(content, SETTINGS.of(work.settings, here).currency)
        for line in bad:
            typer.echo(f"line {line.number}: {line.reason}")
        if bad:
            refuse("Nothing was brought in.")
        new = work.of(GiftCodes).bring_in(here, brought, now)
        stock = work.of(GiftCodes).stock(here, now.date())
        told = [f"{in_books(one.cents)} {one.currency}: {one.free} free" for one in stock]
        return len(brought), new, told

    brought, new, stock = in_workspace(workspace, bring)
    typer.echo(f"{new} new, {brought - new} were there already.")
    for line in stock:
        typer.echo(line)
    typer.echo(f"Delete {file} now: the codes stand in it for anybody to read.")


def _looked_up(work: SqlWork, here: str, now: datetime) -> tuple[Evidence, int, list[str]]:
    """What is to be looked through, what one may offer alone, and who could what. It is looked
    through afterwards: that takes longer than a transaction may do nothing."""
    ledger, rules = work.of(Ledger), work.of(KeptRules)
    persons = ledger.persons(here)
    people = work.people.many(sorted(set(persons.values())))
    names = {party: people[person].name for party, person in persons.items() if person in people}
    in_force = rules.in_force(here, now)
    evidence = Evidence(
        list(ledger.entries(here)),
        ledger.head(here),
        names,
        work.of(GiftCodes).states(here),
        work.of(Offers).posted(here, 0, _MOST),
    )
    signers = {one.id: one.name for role in SIGNERS for one in work.people.with_role(here, role)}
    could = [
        *_could(work, here, now),
        f"  may sign today: {', '.join(sorted(signers.values(), key=sort_key)) or 'nobody'}",
    ]
    return evidence, in_force.bounds.alone if in_force is not None else 0, could


def _audit_lines(found: Audited, could: list[str]) -> list[str]:
    return [
        f"Ledger: {found.entries} entries, newest {found.head.number}:{found.head.hash}",
        "",
        "Who could, by version of the rules:",
        *could,
        "",
        "Who did, signed and took back:",
        *(f"  {line}" for line in found.did or ("nobody, nothing",)),
        "",
        *_findings(found),
    ]


def _could(work: SqlWork, here: str, now: datetime) -> list[str]:
    rules, lines = work.of(KeptRules), list[str]()
    history = rules.history(here, _MOST)
    adoptions = rules.current(here, now).adoptions
    saved = work.people.many([one.by.person for one in history if one.by.person])
    for version in reversed(history):
        bounds = version.content.bounds
        by = saved[version.by.person].name if version.by.person in saved else version.by.name
        lines.append(
            f"  version {version.number}, saved {version.saved_at:%Y-%m-%d %H:%M} UTC by "
            f"{by or 'Plecs itself'}: alone {in_books(bounds.alone)}, agent "
            f"{in_books(bounds.agent)} and signer {in_books(bounds.signer)} a month, customer "
            f"{in_books(bounds.customer)} in twelve, budget {in_books(bounds.budget)} a month"
        )
        lines += (
            f"    adopted {one.at:%Y-%m-%d %H:%M} UTC by {one.by.name or NOBODY}: {one.entry}"
            for one in adoptions.values()
            if one.version == version.number
        )
    return lines or ["  nobody: nothing was adopted"]


def _findings(found: Audited) -> list[str]:
    lines = []
    for about, told in found.findings.items():
        lines.append(f"{about[0].upper()}{about[1:]}: {'' if told else 'nothing to look at'}")
        lines += (f"  {line}" for line in told)
    return lines


def _written_down(held: list[str]) -> Mapping[int, str]:
    written: dict[int, str] = {}
    for one in held:
        number, _, said = one.partition(":")
        if not (number.isascii() and number.isdigit()) or len(said) != 64:
            refuse(f"--held {one}: should be a number, a colon and 64 characters.")
        written[int(number)] = said
    return written
