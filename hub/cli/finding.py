"""`ayni find`, `ayni action`, `ayni reach`, `ayni token`: what a technician looks up and hands out."""

from __future__ import annotations

from typing import Annotated

import typer

from hub.cli.asking import Hub, named
from hub.cli.frame import Data, Json, example, out, show_json, show_table

action = typer.Typer(help="Alarms and what became of them.", no_args_is_help=True)
reach = typer.Typer(help="Whom this network reaches, and whom it does not.", no_args_is_help=True)
token = typer.Typer(help="Tokens for other programs: what they may run, until when.", no_args_is_help=True)


def find(
    data: Data,
    issue: Annotated[list[str], typer.Option(help="In your own words; may be repeated.")] = [],  # noqa: B006
    region: Annotated[list[str], typer.Option(help="A country, part of one, or part of the world.")] = [],  # noqa: B006
    language: Annotated[list[str], typer.Option(help="A language they speak.")] = [],  # noqa: B006
    offer: Annotated[list[str], typer.Option(help="What help is needed.")] = [],  # noqa: B006
    first: Annotated[int, typer.Option(help="How many.", min=1, max=50)] = 20,
    as_json: Json = False,
) -> None:
    """Find allies by issue and region, here and at linked networks."""
    question = {"issues": issue, "regions": region, "languages": language, "offers": offer}
    found = Hub(data).ask("FindAllies", question=question, first=first)["findAllies"]
    if as_json:
        show_json(found)
        return
    for puzzle in found["puzzles"]:
        near = ", ".join(one["name"] for one in puzzle["suggestions"]) or "nothing near it"
        out.print(f"“{puzzle['word']}” is not known. Did you mean: {near}")
    cards = [edge["node"] for edge in found["edges"]]
    show_table(
        "Allies",
        ("who", "network", "country", "issues", "help", "why"),
        (
            (
                card["title"],
                named(card["network"]),
                named(card["country"]),
                ", ".join(map(named, card["issues"])),
                ", ".join(map(named, card["offers"])),
                card["why"],
            )
            for card in cards
        ),
        empty=found["advice"] or "Nobody matches.",
    )
    if found["pageInfo"]["hasNextPage"]:
        out.print("There are more: narrow the question, or raise --first.")


def bots(data: Data, as_json: Json = False) -> None:
    """The bots of this network: what each is for, its address, the key of its device, what one can write."""
    found = Hub(data).ask("Bots")["bots"]
    if as_json:
        show_json(found)
        return
    show_table(
        "Bots",
        ("name", "what it is for", "address", "key of its device", "speaks", "understands"),
        (
            (
                bot["name"],
                bot["purpose"],
                bot["matrixId"],
                bot["fingerprint"],
                ", ".join(map(named, bot["languages"])),
                ", ".join(one["word"] for one in bot["commands"]),
            )
            for bot in found
        ),
        empty="No bot is listed. Make them: ayni init",
    )


@action.command("list", epilog=example("ayni action list"))
def list_actions(data: Data, as_json: Json = False) -> None:
    """Alarms that are open now."""
    alarms = Hub(data).ask("Today")["openAlarms"]
    if as_json:
        show_json(alarms)
        return
    show_table(
        "Open alarms",
        ("id", "who", "network", "state", "raised", "who has it"),
        ((a["id"], a["handle"], a["network"], a["stateText"], a["raisedAt"], a["takenBy"]) for a in alarms),
        empty="No alarm is open.",
    )


@action.command("show", epilog=example("ayni action show 3f2a…"))
def show_action(
    data: Data,
    alarm: Annotated[str, typer.Argument(help="Its id, or the start of it.")],
    as_json: Json = False,
) -> None:
    """The timeline of one alarm."""
    found = [a for a in Hub(data).ask("Today")["openAlarms"] if a["id"].startswith(alarm)]
    if len(found) != 1:
        raise typer.BadParameter("No single open alarm with that id. See: ayni action list")
    if as_json:
        show_json(found[0])
        return
    show_table(
        found[0]["stateText"],
        ("when", "what", "who"),
        ((step["at"], step["text"], step["who"]) for step in found[0]["timeline"]),
    )


@reach.command("show", epilog=example("ayni reach show --json"))
def show_reach(data: Data, as_json: Json = False) -> None:
    """The latest release: who is here, who was contacted, who has no tie. Small numbers are hidden."""
    release = Hub(data).ask("Reach")["reach"]
    if as_json:
        show_json(release)
        return
    if release is None:
        out.print("No release yet. Make one: ayni reach release")
        return
    for table in release["tables"]:
        show_table(
            table["title"],
            ("", *table["columns"]),
            ((row["name"], *(cell["text"] for cell in row["cells"])) for row in table["rows"]),
        )


@reach.command("release", epilog=example("ayni reach release"))
def make_release(data: Data) -> None:
    """Count again, in the background. The new tables replace the old ones when they are ready."""
    Hub(data).act("MakeRelease")
    out.print("Counting. Look again in a moment: ayni reach show")


@token.command("create", epilog=example("ayni token create 'web site' --operation FindAllies --days 30"))
def create_token(
    data: Data,
    label: Annotated[str, typer.Argument(help="What it is for; you will see it in the list.")],
    operation: Annotated[
        list[str],
        typer.Option(
            help="An operation it may run, or open or introspect (docs/builders.md); may be repeated."
        ),
    ],
    days: Annotated[int, typer.Option(help="How long it works.", min=1, max=365)] = 30,
    as_json: Json = False,
) -> None:
    """Make a token. It is shown once, and kept here as a digest only."""
    made = Hub(data).act("MakeToken", label=label, operations=operation, days=days)
    if as_json:
        show_json(made)
        return
    out.print(made["secret"])


@token.command("list", epilog=example("ayni token list"))
def list_tokens(data: Data, as_json: Json = False) -> None:
    """All tokens ever made, and which still work."""
    tokens = Hub(data).ask("Tokens")["tokens"]
    if as_json:
        show_json(tokens)
        return
    show_table(
        "Tokens",
        ("id", "for", "may run", "until", "revoked"),
        ((t["id"], t["label"], ", ".join(t["operations"]), t["expiresAt"], t["revokedAt"]) for t in tokens),
    )


@token.command("revoke", epilog=example("ayni token revoke 3f2a…"))
def revoke_token(data: Data, id: Annotated[str, typer.Argument(help="From the list.")]) -> None:
    """End a token now."""
    Hub(data).act("RevokeToken", token=id)
    out.print("It no longer works.")
