"""`ayni member`: invite people, say yes to them, give them a way in."""

from __future__ import annotations

from typing import Annotated

import typer

from hub.cli.asking import Hub, named
from hub.cli.frame import Data, Json, example, out, show_json, show_table

app = typer.Typer(help="People of this network: invite, confirm, list, log in.", no_args_is_help=True)


@app.command(epilog=example("ayni member invite --language es --role responder"))
def invite(
    data: Data,
    language: Annotated[str | None, typer.Option(help="en, fr, es or ar: how the bot greets them.")] = None,
    role: Annotated[list[str], typer.Option(help="Beyond member; may be repeated.")] = [],  # noqa: B006
    speaks_for: Annotated[
        str | None, typer.Option(help="A listed organisation they will speak for (its id).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a code that lets one person in, and two words to say aloud: without them it opens nothing."""
    values: dict[str, object] = {"roles": [name.upper() for name in role]}
    if language:
        values["language"] = language
    if speaks_for:
        values["organisation"] = speaks_for
    made = Hub(data).act("InviteMember", **values)["invitation"]
    if as_json:
        show_json(made)
        return
    out.print(f"The code, to hand over; it works once, for 72 hours:\n\n  [bold]{made['code']}[/bold]\n")
    out.print(f"Two words to say aloud, never beside the code:\n\n  [bold]{made['spoken']}[/bold]\n")
    out.print(
        "They write to the network's bot: join, the code, the two words. With only a browser they open:"
    )
    out.print(f"\n  {made['page']}\n")
    out.print("You will be asked whether it is them before they are let in.")


@app.command(epilog=example("ayni member waiting"))
def waiting(data: Data, as_json: Json = False) -> None:
    """Who has come in and waits for somebody's yes."""
    people = Hub(data).ask("Today")["waiting"]
    if as_json:
        show_json(people)
        return
    show_table(
        "Waiting for a yes",
        ("id", "handle", "country", "language", "since"),
        ((p["member"], p["handle"], named(p["country"]), p["language"], p["since"]) for p in people),
        empty="Nobody waits.",
    )


@app.command(epilog=example("ayni member confirm quetzal"))
def confirm(data: Data, handle: Annotated[str, typer.Argument(help="Whom you know to be there.")]) -> None:
    """Say yes: it is them. Ask them something only they know, on another way, before you do."""
    hub = Hub(data)
    hub.act("ConfirmMember", member=_waiting(hub, handle))
    out.print(f"{handle} is a member now.")


@app.command("without-phone", epilog=example("ayni member without-phone --json"))
def without_phone(data: Data, as_json: Json = False) -> None:
    """Who is in the directory without a phone: who looks after them, and until when their yes holds."""
    people = Hub(data).ask("CarriedPeople")["carriedPeople"]
    if as_json:
        show_json(people)
        return
    show_table(
        "Without a phone",
        ("handle", "looked after by", "asked", "in", "holds until", "found now"),
        (
            (
                p["handle"],
                p["carrier"],
                p["askedAt"],
                named(p["language"]),
                p["endsAt"],
                "no" if p["ended"] else "yes",
            )
            for p in people
        ),
        empty="Nobody without a phone is in the directory.",
    )


@app.command("turn-away", epilog=example("ayni member turn-away quetzal"))
def turn_away(data: Data, handle: Annotated[str, typer.Argument(help="Whom you do not know.")]) -> None:
    """Say no. Everything they wrote is erased."""
    hub = Hub(data)
    hub.act("TurnAwayMember", member=_waiting(hub, handle))
    out.print("Turned away, and erased.")


@app.command("list", epilog=example("ayni member list --json"))
def list_members(data: Data, as_json: Json = False) -> None:
    """Everybody in this network, by handle. No contact data."""
    people = Hub(data).ask("Members")["members"]
    if as_json:
        show_json(people)
        return
    show_table(
        "Members",
        ("handle", "kind", "state", "roles"),
        ((p["handle"], p["kind"], p["stateText"], ", ".join(p["roles"]).lower()) for p in people),
    )


@app.command("login-link", epilog=example("ayni member login-link quetzal"))
def login_link(data: Data, handle: str, as_json: Json = False) -> None:
    """A link that opens the pages once, for reading, within the hour. Their word opens the rest."""
    made = Hub(data).act("MakeLoginLink", handle=handle)
    if as_json:
        show_json(made)
        return
    out.print(made["url"])


@app.command(epilog=example("ayni member lost quetzal"))
def lost(data: Data, handle: str) -> None:
    """Close a lost device: nothing is sent to it, and what comes from it is no order."""
    Hub(data).act("ReportLost", handle=handle)
    out.print(f"The device of {handle} is closed. To let them back: ayni member back {handle}")


@app.command(epilog=example("ayni member back quetzal"))
def back(data: Data, handle: str) -> None:
    """Ring them first; then make the code for their new device."""
    made = Hub(data).act("InviteBack", handle=handle)["invitation"]
    said = f"join {made['code']} {made['spoken']}"
    out.print(f"Tell them, by voice, to write from the new device:\n\n  [bold]{said}[/bold]\n")


@app.command(epilog=example("ayni member freeze quetzal"))
def freeze(data: Data, handle: str) -> None:
    """Hold an entry back for 72 hours when somebody may be arrested. Two members keep it or lift it."""
    Hub(data).act("FreezeMember", handle=handle)
    out.print(f"The entry of {handle} is held back for 72 hours. What concerns them goes on.")


@app.command("give-role", epilog=example("ayni member give-role quetzal responder"))
def give_role(data: Data, handle: str, role: str) -> None:
    """Give a role: connector, responder, coordinator, reviewer or administrator."""
    waits = Hub(data).act("GiveRole", handle=handle, role=role.upper())["waits"]
    out.print(waits or f"{handle} is {role.lower()} now.")


@app.command("take-role", epilog=example("ayni member take-role quetzal responder"))
def take_role(data: Data, handle: str, role: str) -> None:
    """Take a role away. The last administrator stays one."""
    Hub(data).act("TakeRole", handle=handle, role=role.upper())
    out.print(f"{handle} is {role.lower()} no more.")


@app.command("sign-ins", epilog=example("ayni member sign-ins quetzal --end"))
def sign_ins(
    data: Data,
    handle: str,
    end: Annotated[bool, typer.Option("--end", help="Sign them out everywhere.")] = False,
    as_json: Json = False,
) -> None:
    """Where somebody is signed in on the pages, and signing them out."""
    if end:
        ended = Hub(data).act("EndSignIns", handle=handle)["ended"]
        out.print(f"Sign-ins ended: {ended}.")
        return
    found = Hub(data).ask("MemberSignIns", handle=handle)["memberSignIns"]
    if as_json:
        show_json(found)
        return
    rows = ((one["since"], one["expiresAt"]) for one in found)
    show_table("Signed in", ("since", "ends by itself"), rows, empty="Nowhere.")


@app.command("off-board", epilog=example("ayni member off-board quetzal"))
def off_board(data: Data, handle: str, as_json: Json = False) -> None:
    """End all at once: roles, sign-ins, links, tokens, codes, duty. They stay a member."""
    ended = Hub(data).act("OffBoard", handle=handle)["ended"]
    if as_json:
        show_json(ended)
        return
    for line in ended["lines"]:
        out.print(line)


def _waiting(hub: Hub, handle: str) -> str:
    for person in hub.ask("Today")["waiting"]:
        if person["handle"].casefold() == handle.casefold():
            return str(person["member"])
    raise typer.BadParameter(f"Nobody called {handle} waits. See: ayni member waiting")
