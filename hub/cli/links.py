"""`ayni link`: link with another network, step by step, and see what was shared."""

from __future__ import annotations

from typing import Annotated, Any

import segno
import typer

from hub.cli.asking import Hub, named
from hub.cli.frame import Data, Json, example, out, show_json, show_table

app = typer.Typer(help="Links with other networks.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The other network, by name or by the start of its id.")]


Lend = Annotated[
    bool | None,
    typer.Option(
        "--lend-second/--lend-no-second",
        help="We are their second person, for what needs two; else as agreed.",
    ),
]
TheyLend = Annotated[
    bool | None,
    typer.Option("--they-lend-second/--they-lend-no-second", help="They are ours; else as agreed."),
]


@app.command(epilog=example("ayni link invite --qr"))
def invite(
    data: Data,
    qr: Annotated[bool, typer.Option("--qr", help="Show it as a QR code too.")] = False,
    as_json: Json = False,
) -> None:
    """Make a one-time invitation for another network's administrator. Give it to them by hand."""
    code = Hub(data).act("InviteNetwork")["code"]
    if as_json:
        show_json({"code": code})
        return
    out.print(code)
    if qr:
        segno.make(code, error="l").terminal(compact=True)


@app.command(epilog=example("ayni link accept AYNI-…"))
def accept(
    data: Data, code: Annotated[str, typer.Argument(help="What their administrator gave you.")]
) -> None:
    """Answer an invitation. Then compare safety words with the other administrator."""
    network = Hub(data).act("AcceptNetwork", code=code)["network"]
    out.print(
        f"Asked. Next: [bold]ayni link words {network[:12]}[/bold], aloud, with the other administrator."
    )


@app.command(epilog=example("ayni link words 'Red Ayni'"))
def words(data: Data, network: Name, as_json: Json = False) -> None:
    """The safety words of a link, in every language. Both administrators must see the same things."""
    found = _link(Hub(data), network)
    if as_json:
        show_json(found["safetyPairs"])
        return
    show_table(
        "Safety words: read them in order, each in your own language",
        ("", "English", "français", "español", "العربية"),
        ((n, *pair["each"]) for n, pair in enumerate(found["safetyPairs"] or (), 1)),
        empty="Not yet: the other side has not answered.",
    )


@app.command(epilog=example("ayni link match 'Red Ayni'"))
def match(data: Data, network: Name) -> None:
    """Say that the other administrator read you the same words."""
    _step(data, "ConfirmSafetyWords", network)
    out.print("Noted. When both sides have said so, one of you proposes the agreement.")


@app.command(epilog=example("ayni link propose 'Red Ayni' --show organisation --show person --answer-alarms"))
def propose(
    data: Data,
    network: Name,
    show: Annotated[list[str], typer.Option(help="person, organisation, community or bot; repeat.")],
    months: Annotated[int, typer.Option(help="How long it holds.")] = 12,
    answer_alarms: Annotated[bool, typer.Option("--answer-alarms", help="We answer their alarms.")] = False,
    they_answer: Annotated[
        bool | None, typer.Option("--they-answer/--they-do-not", help="They answer ours; else as agreed.")
    ] = None,
    lend: Lend = None,
    they_lend: TheyLend = None,
    start: Annotated[str, typer.Option("--from", help="We answer from this time of the day.")] = "00:00",
    end: Annotated[str, typer.Option("--to", help="We answer until this time.")] = "24:00",
    zone: Annotated[str, typer.Option(help="Whose clocks, as America/Bogota.")] = "UTC",
    language: Annotated[list[str] | None, typer.Option(help="A language we answer in; repeat.")] = None,
    help_with: Annotated[list[str] | None, typer.Option("--help-with", help="Help we give; repeat.")] = None,
) -> None:
    """Propose what each side shows the other. People are shown only after their own yes."""
    hub = Hub(data)
    found = _link(hub, network)
    hub.act(
        "ProposeAgreement",
        network=found["network"]["id"],
        kinds=show,
        months=months,
        answerAlarms=answer_alarms,
        theyAnswerAlarms=they_answer,
        lendSecond=lend,
        theyLendSecond=they_lend,
        coverFrom=start,
        coverTo=end,
        coverZone=zone,
        coverLanguages=language,
        coverHelp=help_with,
    )
    out.print("Proposed. Both sides sign the same text: ayni link sign")


@app.command(epilog=example("ayni link sign 'Red Ayni'"))
def sign(
    data: Data, network: Name, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False
) -> None:
    """Read the agreement and sign it."""
    hub = Hub(data)
    found = _link(hub, network)
    lines = (found.get("draft") or found.get("agreement") or {}).get("lines") or []
    for line in lines:
        out.print(line, markup=False)
    if not yes:
        typer.confirm("Sign this?", abort=True)
    hub.act("SignAgreement", network=found["network"]["id"])
    out.print("Signed.")


@app.command(epilog=example("ayni link suspend 'Red Ayni'"))
def suspend(data: Data, network: Name) -> None:
    """Stop sharing at once, one-sided. Calls for help still reach people."""
    _step(data, "SuspendLink", network)
    out.print("Suspended. Nothing more is sent until: ayni link resume")


@app.command(epilog=example("ayni link resume 'Red Ayni'"))
def resume(data: Data, network: Name) -> None:
    """Go on sharing after a suspension of ours."""
    _step(data, "ResumeLink", network)
    out.print("Resumed.")


@app.command(epilog=example("ayni link sever 'Red Ayni'"))
def sever(
    data: Data, network: Name, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False
) -> None:
    """End a link for good: what they hold of ours is withdrawn, what we hold of theirs is erased."""
    if not yes:
        typer.confirm("This cannot be undone. Sever the link?", abort=True)
    _step(data, "SeverLink", network)
    out.print("Severed.")


@app.command(epilog=example("ayni link wake 'Red Ayni' --always"))
def wake(
    data: Data,
    network: Name,
    always: Annotated[bool, typer.Option("--always/--once-a-day", help="How often.")] = True,
) -> None:
    """How often people here are woken when a network that this hub watches for falls silent."""
    hub = Hub(data)
    hub.act("WakeForNetwork", network=_link(hub, network)["network"]["id"], always=always)
    out.print("Each time." if always else "Once a day at most.")


@app.command("list", epilog=example("ayni link list"))
def list_links(data: Data, as_json: Json = False) -> None:
    """All links, how they stand, when the other side was last heard."""
    found = Hub(data).ask("Links")["links"]
    if as_json:
        show_json(found)
        return
    show_table(
        "Links",
        ("id", "name", "state", "last heard", "unconfirmed"),
        (
            (x["network"]["id"][:12], named(x["network"]), x["stateText"], x["lastHeardAt"], x["unconfirmed"])
            for x in found
        ),
        empty="No links yet. Make an invitation: ayni link invite",
    )


@app.command(epilog=example("ayni link show 'Red Ayni'"))
def show(data: Data, network: Name, as_json: Json = False) -> None:
    """How one link does: when it was heard, what waits, clocks, leases, versions, and which way it goes."""
    found = _link(Hub(data), network)
    if as_json:
        show_json(found)
        return
    out.print(found["stateText"], markup=False)
    for line in found["condition"]:
        out.print(line, markup=False)


@app.command("print", epilog=example("ayni link print 'Red Ayni' > agreement.txt"))
def print_agreement(data: Data, network: Name) -> None:
    """The agreement in force, or the one that waits for a signature, as one page a board can sign."""
    found = _link(Hub(data), network)
    for line in (found.get("agreement") or found.get("draft") or {}).get("lines") or []:
        typer.echo(line)


@app.command(epilog=example("ayni link ledger 'Red Ayni' --json"))
def ledger(data: Data, network: Name, as_json: Json = False) -> None:
    """What was shared in both directions, withdrawn, and confirmed by the other side."""
    rows = _link(Hub(data), network)["ledger"]
    if as_json:
        show_json(rows)
        return
    show_table(
        "Ledger",
        ("direction", "state", "who", "since", "confirmed", "withdrawn", "withdrawal confirmed"),
        (
            (
                r["directionText"],
                r["stateText"],
                r["title"],
                r["since"],
                r["confirmedAt"],
                r["withdrawnAt"],
                r["withdrawalConfirmedAt"],
            )
            for r in rows
        ),
    )


def _step(data: Any, operation: str, network: str) -> None:
    hub = Hub(data)
    hub.act(operation, network=_link(hub, network)["network"]["id"])


def _link(hub: Hub, wanted: str) -> dict[str, Any]:
    links: list[dict[str, Any]] = hub.ask("Links")["links"]
    fold = wanted.casefold()
    found = [
        x for x in links if x["network"]["name"].casefold() == fold or x["network"]["id"].startswith(wanted)
    ]
    if len(found) != 1:
        names = ", ".join(x["network"]["name"] for x in links) or "none"
        raise typer.BadParameter(f"No single link called {wanted}. Links: {names}")
    return found[0]
