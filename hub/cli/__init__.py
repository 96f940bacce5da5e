"""The `ayni` command. Each group lives in its own module; this one only puts them together."""

from __future__ import annotations

import sys

import typer

from hub.cli import (
    auditing,
    beginning,
    bots,
    care,
    chat,
    communities,
    copies,
    custody,
    demo,
    doctor,
    entrance,
    finding,
    links,
    members,
    networks,
    recovering,
    running,
    seconding,
    texts,
)
from hub.cli.frame import EXIT_CODES, example, saying_what_failed

app = typer.Typer(
    help="Ayni: a hub that a network of human rights defenders runs for itself.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command("init", epilog=beginning.INIT_EXAMPLE)(beginning.init)
app.command("up", epilog=running.UP_EXAMPLE)(running.up)
app.command("run", epilog=running.RUN_EXAMPLE)(running.run)
app.command("demo", epilog=demo.DEMO_EXAMPLE)(demo.demo)
app.command("recover", epilog=recovering.RECOVER_EXAMPLE)(recovering.recover)
app.command("entrance", epilog=entrance.ENTRANCE_EXAMPLE)(entrance.entrance)
app.command("unseal", epilog=custody.UNSEAL_EXAMPLE)(custody.unseal)
app.command("backup", epilog=copies.BACKUP_EXAMPLE)(copies.backup)
app.command("restore", epilog=copies.RESTORE_EXAMPLE)(copies.restore)
app.command("doctor", epilog=doctor.DOCTOR_EXAMPLE)(doctor.doctor)
app.command("chat", epilog=chat.CHAT_EXAMPLE)(chat.chat)
app.command("audit", epilog=auditing.AUDIT_EXAMPLE)(auditing.audit)
app.add_typer(custody.app, name="custody")
app.add_typer(bots.app, name="bots")
app.add_typer(networks.app, name="network")
app.add_typer(members.app, name="member")
app.add_typer(communities.app, name="community")
app.add_typer(links.app, name="link")
app.add_typer(care.app, name="care")
app.add_typer(seconding.app, name="second")
app.command("find", epilog=example("ayni find --issue 'land and territory' --region Guatemala"))(finding.find)
app.command("bots", epilog=example("ayni bots"))(finding.bots)
app.add_typer(finding.action, name="action")
app.add_typer(finding.reach, name="reach")
app.add_typer(finding.token, name="token")
app.add_typer(texts.text, name="text")
app.add_typer(texts.language, name="language")


def main() -> None:
    """What `ayni` on the command line runs."""
    sys.exit(saying_what_failed(app))
