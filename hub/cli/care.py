"""`ayni care`: how well calls for help were answered, and who is on duty when."""

from __future__ import annotations

import typer

from hub.cli.asking import Hub
from hub.cli.frame import Data, Json, example, out, show_json, show_table

app = typer.Typer(help="Calls for help: figures, rota, what runs.", no_args_is_help=True)


@app.command(epilog=example("ayni care figures"))
def figures(data: Data, as_json: Json = False) -> None:
    """The last thirty days. The figure that counts: from a call to a person's “I have it”."""
    found = Hub(data).ask("Care")["careFigures"]
    if as_json:
        show_json(found)
        return
    for line in found["lines"]:
        out.print(line, markup=False)


@app.command(epilog=example("ayni care rota"))
def rota(data: Data, as_json: Json = False) -> None:
    """Who is on duty in the coming week, and when nobody is."""
    found = Hub(data).ask("Rota")["rota"]
    if as_json:
        show_json(found)
        return
    show_table(
        "On duty",
        ("who", "from", "until", "languages", "note"),
        (
            (x["handle"], x["startsAt"], x["endsAt"], ", ".join(y["name"] for y in x["languages"]), x["note"])
            for x in found["stretches"]
        ),
        empty="Nothing is planned.",
    )
    show_table(
        "Nobody", ("from", "until"), ((x["startsAt"], x["endsAt"]) for x in found["gaps"]), empty="No gaps."
    )


@app.command(epilog=example("ayni care silences"))
def silences(data: Data, as_json: Json = False) -> None:
    """Many who do not answer at once, or whom this hub could not hear; the greatest risk first."""
    both = Hub(data).ask("Silences")
    found = both["silences"]
    if as_json:
        show_json(both)
        return
    networks = both["silentNetworks"] or ()
    if networks:
        columns = ("network", "heard last", "told at", "wakes")
        shown = (
            (x["name"], x["since"], x["toldAt"], "always" if x["always"] else "once a day") for x in networks
        )
        show_table("Silent networks", columns, shown, empty="")
    show_table(
        "Silence of many",
        ("who", "very great risk", "was due", "held until", "state", "taken by"),
        (
            (y["handle"], y["highRisk"] and "yes", y["dueAt"], y["heldUntil"], y["state"], x["takenBy"])
            for x in found
            for y in x["people"]
        ),
        empty="There is no silence of many now.",
    )


@app.command(epilog=example("ayni care alarms"))
def alarms(data: Data, as_json: Json = False) -> None:
    """What runs now, and for each person who was told: arrived, read, answered."""
    found = Hub(data).ask("Today")["openAlarms"] or []
    if as_json:
        show_json(found)
        return
    show_table(
        "Calls for help",
        ("who", "since", "state", "taken by", "told", "arrived", "read", "answered"),
        (
            (
                x["handle"] or x["network"],
                x["raisedAt"],
                x["stateText"],
                x["takenBy"],
                len(x["contacts"] or []),
                sum(1 for y in x["contacts"] or [] if y["deliveredAt"]),
                sum(1 for y in x["contacts"] or [] if y["readAt"]),
                sum(1 for y in x["contacts"] or [] if y["answeredAt"]),
            )
            for x in found
        ),
        empty="Nobody is asking for help now.",
    )


@app.command("gateways", epilog=example("ayni care gateways"))
def gateways_of(data: Data) -> None:
    """Where each gateway for text messages delivers what came in. Keep these addresses to yourself."""
    from hub.address import port_of
    from hub.data_folder import settings_of
    from hub.texting.gateways import gateways

    settings = settings_of(data)
    front = settings.door.public_url or f"http://{settings.door.host}:{port_of(data, settings)}"
    found = gateways(settings)
    for one in found:
        out.print(f"{one.name}: {front}/{one.path}", markup=False)
    if not found:
        out.print("No gateway is named in the settings.")


@app.command(epilog=example("ayni care steps"))
def steps(data: Data, as_json: Json = False) -> None:
    """What is to be done for somebody who is held or missing: who has each step, and until when.

    Beginning, taking and finishing are a person's: in chat or on the page, with their word.
    """
    found = Hub(data).ask("Playbooks")["playbookRuns"] or []
    if as_json:
        show_json(found)
        return
    show_table(
        "Held or missing",
        ("who", "step", "state", "has it", "until"),
        (
            (run["handle"], f"{x['number']}. {x['title']}", x["stateText"], x["holder"], x["dueAt"])
            for run in found
            for x in run["steps"]
        ),
        empty="Nothing is begun.",
    )
