"""What the audit log calls each act, for people. An act without a line here cannot be written down."""

from __future__ import annotations

from collections.abc import Mapping

from directory.core.text import Text, say

ACTS: Mapping[str, Text] = {
    "invited": say("made a code for somebody new"),
    "invited-back": say("made a code to come back with"),
    "confirmed": say("let somebody in"),
    "turned-away": say("turned somebody away"),
    "removed": say("took somebody out"),
    "role-given": say("gave a role"),
    "role-taken": say("took a role"),
    "took-over": say("let somebody speak for an organisation"),
    "recovered": say("made an administrator at the machine"),
    "off-boarded": say("ended everything somebody could do here"),
    "login-link": say("made a link to sign in"),
    "token-made": say("made a token for a program"),
    "token-revoked": say("ended a token"),
    "read-members": say("looked at the list of people"),
    "read-audit": say("looked at this log"),
    "audit-erased": say("erased what the log said of somebody"),
    "link-invited": say("made a code for another network"),
    "link-accepted": say("answered another network's invitation"),
    "link-words": say("compared the words with another network"),
    "link-proposed": say("wrote an agreement"),
    "link-signed": say("signed an agreement"),
    "link-suspended": say("paused a link"),
    "link-resumed": say("took a pause back"),
    "link-severed": say("ended a link"),
    "text-changed": say("changed a sentence"),
    "text-undone": say("took a changed sentence back"),
    "language-added": say("added a language"),
    "language-removed": say("took a language out"),
    "lost": say("closed a lost device"),
    "vouched": say("vouched for somebody's new device"),
    "second-asked": say("asked for a second person"),
    "second-agreed": say("was confirmed by a second person"),
    "second-refused": say("said no as the second person"),
    "second-passed": say("asked a linked network for the second person"),
    "second-elsewhere": say("answered a linked network as its second person"),
    "custodian-named": say("named a second person"),
    "custodian-ended": say("took away a second person"),
    "chat-account": say("made a chat account for somebody"),
    "frozen": say("held somebody's entry back"),
    "freeze-kept": say("wants it held back longer"),
    "freeze-lifted": say("wants it free again"),
}
