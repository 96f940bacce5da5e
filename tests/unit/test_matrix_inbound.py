"""What an event is worth: only the plain body of an unrelated text, from the sender's own signed device."""

from __future__ import annotations

from typing import Any

import pytest

from bots.said import Form
from hub.matrix.hearing import parse_invite
from hub.matrix.identities import Device, Identity
from hub.matrix.inbound import Doubt, opened, parse_event, plain
from hub.matrix.ratchets import Opened

BOT, ANA, ROOM = "@bot:a.org", "@ana:b.org", "!room:a.org"
PHONE = Device(ANA, "PHONE", "ed", "curve", True)
KNOWN = Identity(ANA, "master", (PHONE, Device(ANA, "ROGUE", "ed2", "curve2", False)))


def an_event(content: dict[str, Any] | None = None, **more: Any) -> Any:
    raw = {
        "event_id": "$1",
        "sender": ANA,
        "type": "m.room.encrypted",
        "content": content or {},
        "origin_server_ts": 1_700_000_000_000,
    }
    return parse_event({**raw, **more})


def text(body: str, **more: Any) -> dict[str, Any]:
    return {"msgtype": "m.text", "body": body, **more}


def inside(
    content: dict[str, Any], *, key: str = "curve", print_: str = "ed", forwarded: bool = False
) -> Opened:
    return Opened("m.room.message", content, key, print_, "session", 3, forwarded)


def judged(
    content: dict[str, Any], *, outer: dict[str, Any] | None = None, bound: str | None = None, **how: Any
) -> Any:
    return opened(BOT, ROOM, an_event(outer), inside(content, **how), KNOWN, bound)


def test_plain_words_from_a_signed_device_are_trusted_words() -> None:
    said = judged(text("help"), bound="master")
    assert (said.form, said.body, said.trusted, said.doubt) == (Form.WORDS, "help", True, None)
    assert (said.ratchet.session_id, said.ratchet.index, said.master_key) == ("session", 3, "master")
    assert said.said().sent_at.year == 2023


@pytest.mark.parametrize(
    ("how", "doubt"),
    [
        ({"key": "curve9"}, Doubt.OTHER_DEVICE),
        ({"print_": "ed9"}, Doubt.OTHER_DEVICE),
        ({"key": "curve2", "print_": "ed2"}, Doubt.UNSIGNED),
        ({"bound": "another master"}, Doubt.OTHER_IDENTITY),
        ({"forwarded": True}, Doubt.FORWARDED),
    ],
)
def test_every_doubt_takes_the_trust_and_leaves_the_call_for_help(how: dict[str, Any], doubt: Doubt) -> None:
    said = judged(text("help"), **how)
    assert (said.trusted, said.doubt, said.body, said.sender) == (False, doubt, "help", ANA)


@pytest.mark.parametrize(
    ("content", "form"),
    [
        ({"msgtype": "m.audio", "body": "help"}, Form.VOICE),
        ({"msgtype": "m.image", "body": "help"}, Form.PICTURE),
        ({"msgtype": "m.video", "body": "help"}, Form.PICTURE),
        ({"msgtype": "m.file", "body": "help"}, Form.FILE),
        ({"msgtype": "m.emote", "body": "help"}, Form.OTHER),
        ({"msgtype": "m.location", "body": "help"}, Form.OTHER),
        ({"body": "help"}, Form.OTHER),
        ({"msgtype": "m.text", "body": 7}, Form.OTHER),
        (text("help", **{"m.relates_to": {"rel_type": "m.replace", "event_id": "$0"}}), Form.EDIT),
        (text("help", **{"m.new_content": text("help")}), Form.OTHER),
        (text("help", **{"m.relates_to": {"rel_type": "m.thread", "event_id": "$0"}}), Form.REPLY),
    ],
)
def test_nothing_but_unrelated_text_is_words(content: dict[str, Any], form: Form) -> None:
    said = judged(content)
    assert said.form is form
    assert said.body == ("help" if form is Form.REPLY else "")


def test_a_relation_the_homeserver_adds_outside_the_ciphertext_takes_authority_away() -> None:
    outer = {"m.relates_to": {"rel_type": "m.replace", "event_id": "$0"}}
    assert judged(text("cancel"), outer=outer).form is Form.EDIT
    assert judged(text("cancel")).form is Form.WORDS


def test_an_old_style_reply_shows_only_what_was_answered() -> None:
    reply = text(
        "> <@bot:a.org> really?\n> yes?\n\n1", **{"m.relates_to": {"m.in_reply_to": {"event_id": "$0"}}}
    )
    assert judged(reply).body == "1"


def test_words_in_the_open_are_not_trusted_and_a_link_rooms_own_events_keep_their_content() -> None:
    said = plain(BOT, ROOM, an_event(text("help"), type="m.room.message"))
    assert (said.form, said.body, said.trusted, said.doubt) == (Form.WORDS, "help", False, Doubt.PLAIN)
    assert said.content == {}
    envelope = plain(BOT, ROOM, an_event({"e": "x"}, type="org.ayni.envelope"))
    assert (envelope.form, envelope.content) == (Form.OTHER, {"e": "x"})


def test_a_notice_is_marked_so_that_two_bots_do_not_talk_for_ever() -> None:
    assert judged({"msgtype": "m.notice", "body": "hello"}).notice
    assert not judged(text("hello")).notice


def test_what_is_no_event_is_none_and_an_impossible_time_is_no_time() -> None:
    assert parse_event({"type": "m.room.message"}) is None
    assert parse_event([]) is None
    assert an_event(origin_server_ts=-5).origin_server_ts == 0
    assert an_event(origin_server_ts=1 << 60).origin_server_ts == 0


def test_an_invitation_says_who_asks_and_why() -> None:
    stripped = [
        {"type": "m.room.encryption", "state_key": "", "sender": ANA, "content": {}},
        {
            "type": "m.room.member",
            "state_key": BOT,
            "sender": ANA,
            "content": {"membership": "invite", "reason": "code 17", "is_direct": True},
        },
    ]
    invite = parse_invite(BOT, ROOM, stripped)
    assert invite is not None
    assert (invite.inviter, invite.reason, invite.direct, invite.encrypted) == (ANA, "code 17", True, True)


@pytest.mark.parametrize("stripped", [None, {}, [], [7], [{"type": "m.room.member", "state_key": BOT}]])
def test_an_invitation_that_does_not_say_who_asks_is_none(stripped: object) -> None:
    assert parse_invite(BOT, ROOM, stripped) is None
