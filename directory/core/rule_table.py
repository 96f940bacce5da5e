"""The rule table: one line a thing. Whoever adds a field, command, page or envelope type adds its line here.

Names: `Type.field`, `argument:operation.argument`, `act:what` (a use case), `command:word` (chat),
`page:/path`, `envelope:type`, `subscription:name`, `operation:Name` (GraphQL documents).
"""

from __future__ import annotations

from collections.abc import Mapping

from directory.core.relations import Relation as R
from directory.core.verdicts import Rule, Verdict

ANYONE = frozenset({R.ANYONE})
KNOWN = frozenset({R.JOINING, R.HOME})
OWN = frozenset({R.SELF})
MEMBERS = frozenset({R.HOME})
KEEPERS = frozenset({R.COORDINATOR, R.ADMINISTRATOR})
COORDINATORS = frozenset({R.COORDINATOR})
ADMINISTRATORS = frozenset({R.ADMINISTRATOR, R.TECHNICIAN})
MACHINE = frozenset({R.TECHNICIAN})
PEERS = frozenset({R.PEER})
CLOCK = frozenset({R.CLOCK})
READERS = MEMBERS | {R.TECHNICIAN, R.INTEGRATOR}


def _each(prefix: str, names: str, rule: Rule) -> dict[str, Rule]:
    return {f"{prefix}{name}": rule for name in names.split()}


# What a member is, field by field: the member's own audiences decide; everybody else sees it empty.
_MEMBER_FIELDS = {
    f"Member.{field}": Rule(OWN, audience=field, otherwise=Verdict.VEIL)
    for field in (
        "handle",
        "languages",
        "offers",
        "country",
        "works_in",
        "issues",
        "marked_issues",
        "subdivision",
        "city",
        "text",
        "organisation",
    )
}

# What stands on a card was put there for whoever may search; a card holds nothing else.
_CARD_FIELDS = _each(
    "Card.",
    "id kind title acronym country regions issues languages offers website listed_publicly confirmed_at "
    "purpose network networkName why unconfirmed",
    Rule(READERS),
)

_ACTS: dict[str, Rule] = {
    "act:found": Rule(MACHINE),
    "act:enter-bot": Rule(MACHINE),
    "act:invite": Rule(KEEPERS | MACHINE | {R.CONNECTOR}),
    "act:invite-responder": Rule(KEEPERS | MACHINE),
    "act:invite-keeper": Rule(ADMINISTRATORS),
    "act:invite-back": Rule(KEEPERS | MACHINE),
    "act:lost": Rule(OWN | KEEPERS | MACHINE | {R.CIRCLE}),
    "act:vouch": Rule(frozenset({R.CIRCLE})),
    "act:seen-from": Rule(COORDINATORS),
    "act:freeze": Rule(KEEPERS | MACHINE | {R.CIRCLE}),
    **_each("act:second-", "keep-freeze lift-freeze", Rule(KEEPERS | {R.CIRCLE, R.CUSTODIAN})),
    **_each("act:second-", "give-administrator name-custodian", Rule(KEEPERS | {R.CUSTODIAN})),
    "act:second-lift-silent": Rule(KEEPERS),
    "act:lift-silent": Rule(KEEPERS),
    "act:stop-later": Rule(KEEPERS),
    "act:sign-ins-of": Rule(KEEPERS | MACHINE),
    "act:second-elsewhere": Rule(COORDINATORS),
    "act:name-custodian": Rule(ADMINISTRATORS),
    "act:custodians": Rule(ADMINISTRATORS | {R.REVIEWER}),
    "act:profile": Rule(OWN | MACHINE),
    "act:confirm": Rule(KEEPERS | MACHINE | {R.INVITER}),
    "act:waiting": Rule(KEEPERS | MACHINE),
    "act:members": Rule(KEEPERS | MACHINE),
    "act:take-over": Rule(KEEPERS | MACHINE),
    "act:give-role": Rule(ADMINISTRATORS),
    "act:off-board": Rule(ADMINISTRATORS),
    "act:my-card": Rule(OWN),
    "act:edit-organisation": Rule(frozenset({R.SPOKESPERSON}) | KEEPERS),
    "act:consent": Rule(MEMBERS),
    "act:withdraw": Rule(KNOWN),
    "act:leave": Rule(MEMBERS),
    "act:my-link": Rule(MEMBERS),
    "act:remove": Rule(KEEPERS | MACHINE),
    "act:find": Rule(READERS),
    "act:introduce": Rule(MEMBERS),
    "act:answer-introduction": Rule(frozenset({R.SELF, R.SPOKESPERSON})),
    "act:import": Rule(KEEPERS | MACHINE),
    "act:outside": Rule(MEMBERS),
    "act:keep-apart": Rule(MEMBERS),
    "act:carry": Rule(COORDINATORS | {R.CONNECTOR}),
    "act:carried": Rule(KEEPERS | MACHINE | {R.CONNECTOR}),
    "act:all-carried": Rule(KEEPERS | MACHINE),
    "act:communities": Rule(MEMBERS | MACHINE),
    "act:community": Rule(frozenset({R.SPOKESPERSON})),
    "act:enter-community": Rule(KEEPERS | MACHINE),
    "act:texts": Rule(ADMINISTRATORS),
    "act:audit": Rule(ADMINISTRATORS | {R.REVIEWER}),
    "act:reach": Rule(COORDINATORS | MACHINE | {R.CLOCK}),
    "act:read-reach": Rule(KEEPERS | MACHINE | {R.REVIEWER}),
    "act:ledger": Rule(KEEPERS | MACHINE | {R.REVIEWER}),
    "act:my-ledger": Rule(MEMBERS),
    "act:open-playbook": Rule(COORDINATORS),
}

_ENVELOPES: dict[str, Rule] = _each(
    "envelope:", "card tombstone introduction decision second seconded", Rule(PEERS)
)

# What keeps a link itself alive.
_LINK_ENVELOPES = _each(
    "envelope:",
    "link keys revoke freeze suspend heartbeat watch checkpoint snapshot epoch receipt heads resend",
    Rule(PEERS),
)

_ALARM_ENVELOPES = _each("envelope:", "alarm acknowledge action", Rule(PEERS))

# What can be said in chat. Whoever is still coming in, and whoever is frozen, can always call for help.
_COMMANDS = {
    **_each("command:", "alarm join help language voice stop status clear", Rule(KNOWN)),
    **_each(
        "command:", "cancel safe here have done debrief alarms check-in ok circle plan word", Rule(MEMBERS)
    ),
    **_each("command:", "bots find more card see-as networks yes no meet introductions", Rule(MEMBERS)),
    **_each("command:", "pictures outside communities hide show card-right never allow-again", Rule(MEMBERS)),
    **_each("command:", "journey later call-off", Rule(MEMBERS)),
    **_each("command:", "answer-for without-phone", Rule(COORDINATORS | {R.CONNECTOR})),
    "command:silence": Rule(KEEPERS | {R.RESPONDER}),
    "command:pass on": Rule(MEMBERS),
    **_each("command:", "duty drill wake", Rule(COORDINATORS | {R.RESPONDER})),
    "command:figures": Rule(KEEPERS),
    **_each("command:", "waiting confirm", Rule(KEEPERS)),
    **_each("command:", "lost", Rule(KNOWN)),
    **_each("command:", "vouch freeze keep lift", Rule(MEMBERS)),
    **_each("command:", "second sign-ins page", Rule(MEMBERS)),
    "command:invite": Rule(KEEPERS | {R.CONNECTOR}),
    "command:custodian": Rule(frozenset({R.ADMINISTRATOR})),
    "command:back": Rule(KEEPERS),
    "command:seen": Rule(COORDINATORS),
    "command:texts": Rule(MEMBERS),
    "command:begin": Rule(COORDINATORS),
    "command:steps": Rule(MEMBERS),
    "command:wish": Rule(MEMBERS),
    **_each("command:", "halt all-clear", Rule(KEEPERS)),
    **_each("command:", "phrase copy leave", Rule(MEMBERS)),
    "command:audit": Rule(frozenset({R.ADMINISTRATOR, R.REVIEWER})),
    **_each("command:", "give-role take-role off-board", Rule(frozenset({R.ADMINISTRATOR}))),
}

RULES: Mapping[str, Rule] = {
    **_MEMBER_FIELDS,
    **_CARD_FIELDS,
    **_ACTS,
    **_ENVELOPES,
    **_ALARM_ENVELOPES,
    **_LINK_ENVELOPES,
    **_COMMANDS,
}
