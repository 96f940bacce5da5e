"""`ayni community`: which communities the network knows, and entering one."""

from __future__ import annotations

from typing import Annotated

import typer

from hub.cli.asking import Hub
from hub.cli.frame import Data, Json, example, out, show_json, show_table

app = typer.Typer(help="Communities: how each decides, and entering one.", no_args_is_help=True)
Speakers = Annotated[
    list[str], typer.Option("--speaks", help="A member who speaks for it; repeat: two or more.")
]


@app.command("list", epilog=example("ayni community list"))
def list_communities(data: Data, as_json: Json = False) -> None:
    """Communities of this network: how each decides, and who speaks for it."""
    found = Hub(data).ask("Communities")["communities"]
    if as_json:
        show_json(found)
        return
    show_table(
        "Communities",
        ("id", "name", "decides", "since", "speak for it", "yes needed", "shown"),
        (
            (
                one["id"],
                one["name"],
                one["way"],
                one["since"],
                ", ".join(one["speakers"]) + (" (too few)" if one["short"] else ""),
                str(one["needed"]),
                "no" if one["hidden"] else "yes",
            )
            for one in found
        ),
        empty="No community has been entered yet.",
    )


@app.command(
    epilog=example(
        "ayni community enter 'San Isidro' --way 'an assembly' --since 1994 --speaks ana --speaks luz"
    )
)
def enter(
    data: Data,
    name: Annotated[str, typer.Argument(help="What it is called.")],
    way: Annotated[str, typer.Option(help="How it decides, in its own words.")],
    since: Annotated[str, typer.Option(help="Since when.")],
    speaks: Speakers,
    needed: Annotated[int, typer.Option(help="How many of them must say yes to show more.", min=2)] = 2,
    country: Annotated[str, typer.Option(help="Its name in any language.")] = "",
    issues: Annotated[str, typer.Option(help="What it works on, divided by commas.")] = "",
    languages: Annotated[str, typer.Option(help="What is spoken, divided by commas.")] = "",
) -> None:
    """Enter a community. Nobody sees it before everybody who speaks for it said yes."""
    says = {"country": country, "issues": issues, "languages": languages}
    Hub(data).act("EnterCommunity", name=name, way=way, since=since, speakers=speaks, needed=needed, **says)
    out.print("Entered, and hidden. Those who speak for it are asked; it is shown once all of them said yes.")


@app.command("name", epilog=example("ayni community name 3f2a… --speaks eva"))
def name_speakers(
    data: Data,
    community: Annotated[str, typer.Argument(help="Its id. See: ayni community list")],
    speaks: Speakers,
) -> None:
    """Name who speaks for a community for which too few do. Hidden until all of them said yes."""
    Hub(data).act("NameSpeakers", community=community, speakers=speaks)
    out.print("Asked. It is hidden until all who speak for it said yes.")
