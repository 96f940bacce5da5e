"""Rooms as bots make them, errors as exceptions, and where in a room's history we come in."""

from __future__ import annotations

from typing import Any

import nio
import pytest
import vodozemac

from hub.chance import chance
from hub.matrix.answers import Refused, RetryLater, SignedOut, Unreachable, checked, checked_nio
from hub.matrix.gaps import our_entry, since_we_came
from hub.matrix.mending import in_order
from hub.matrix.rooms import SHAPES, Purpose, coded_name, creation, read_members
from hub.matrix.words import message

BOT, ANA = "@bot:a.org", "@ana:b.org"


def state(body: dict[str, Any]) -> dict[str, Any]:
    return {event["type"]: event["content"] for event in body["initial_state"]}


@pytest.mark.parametrize("purpose", [Purpose.DIRECT, Purpose.GROUP])
def test_a_room_for_people_is_encrypted_from_the_first_event_without_guests_topic_or_picture(
    purpose: Purpose,
) -> None:
    body = creation(SHAPES[purpose], None, [])
    assert state(body)["m.room.encryption"] == {"algorithm": "m.megolm.v1.aes-sha2"}
    assert state(body)["m.room.guest_access"] == {"guest_access": "forbidden"}
    assert body["visibility"] == "private"
    assert not {"name", "topic", "room_alias_name", "creation_content"} & body.keys()


def test_a_link_room_is_not_encrypted_and_an_introduction_has_more_than_one_creator() -> None:
    assert "m.room.encryption" not in state(creation(SHAPES[Purpose.LINK], None, []))
    body = creation(SHAPES[Purpose.GROUP], "K7-2F", [ANA, BOT])
    assert body["creation_content"] == {"additional_creators": [ANA, BOT]}
    assert body["name"] == "K7-2F"


def test_a_coded_name_tells_nothing_and_differs_each_time() -> None:
    names = {coded_name(chance) for _ in range(50)}
    assert len(names) > 40 and all(len(name) == 5 for name in names)


def test_members_who_may_read_are_the_invited_too_only_where_the_room_shows_them() -> None:
    answer = {
        "chunk": [
            {"state_key": BOT, "content": {"membership": "join"}},
            {"state_key": ANA, "content": {"membership": "invite"}},
            {"state_key": "@gone:b.org", "content": {"membership": "leave"}},
            {"state_key": 7, "content": None},
        ]
    }
    assert read_members(answer, "invited").may_read == {BOT, ANA}
    assert read_members(answer, "joined").may_read == {BOT}


def test_only_what_must_wake_one_person_is_a_text_that_mentions_exactly_them() -> None:
    assert message("now", wakes=ANA) == {
        "msgtype": "m.text",
        "body": "now",
        "m.mentions": {"user_ids": [ANA]},
    }
    assert message("later") == {"msgtype": "m.notice", "body": "later", "m.mentions": {}}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1500}, RetryLater),
        (401, {"errcode": "M_UNKNOWN_TOKEN"}, SignedOut),
        (403, {"errcode": "M_FORBIDDEN"}, Refused),
        (404, {}, Refused),
        (502, {}, Unreachable),
        (500, {"errcode": "M_UNKNOWN"}, Unreachable),
    ],
)
def test_every_answer_that_is_no_success_is_an_exception(
    status: int, body: dict[str, Any], kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        checked(status, body)
    assert checked(200, body) is body


def test_how_long_to_wait_is_told() -> None:
    with pytest.raises(RetryLater) as slow:
        checked(429, {"retry_after_ms": 1500})
    assert slow.value.after_s == 1.5
    with pytest.raises(RetryLater) as slower:
        checked(429, {"retry_after_ms": 1500}, "7")
    assert slower.value.after_s == 7


def test_an_error_nio_returns_is_raised_and_an_answer_is_given_back() -> None:
    with pytest.raises(Refused) as refused:
        checked_nio(nio.RoomSendError("no", "M_FORBIDDEN"))
    assert refused.value.errcode == "M_FORBIDDEN"
    with pytest.raises(RetryLater):
        checked_nio(nio.RoomSendError("slow", "M_LIMIT_EXCEEDED", 900))
    sent = nio.RoomSendResponse("$1", "!room:a.org")
    assert checked_nio(sent) is sent


def member(membership: str, event_id: str, *, before: str | None = None, who: str = BOT) -> dict[str, Any]:
    unsigned = {} if before is None else {"prev_content": {"membership": before}}
    return {
        "event_id": event_id,
        "type": "m.room.member",
        "state_key": who,
        "sender": ANA,
        "content": {"membership": membership},
        "unsigned": unsigned,
    }


def words(event_id: str) -> dict[str, Any]:
    return {"event_id": event_id, "type": "m.room.message", "sender": ANA, "content": {}}


def test_of_a_room_we_enter_only_what_was_said_since_we_were_asked_in_is_ours() -> None:
    old, asked, said = words("$old"), member("invite", "$asked"), words("$said")
    came, later = member("join", "$came", before="invite"), words("$later")
    assert since_we_came([old, asked, said, came, later], BOT) == ([asked, said, came, later], True)
    assert since_we_came([old, came, later], BOT) == ([came, later], False)
    assert since_we_came([old, later], BOT) == ([old, later], True)


def test_a_new_name_of_ours_is_no_entry() -> None:
    assert our_entry([member("join", "$name", before="join")], BOT) is None
    assert our_entry([member("join", "$other", before="invite", who=ANA)], BOT) is None


def test_held_events_go_by_depth_and_one_ratchet_goes_by_its_index() -> None:
    session = vodozemac.GroupSession()
    ciphers = [session.encrypt(b"x").to_base64() for _ in range(3)]

    def said(index: int, depth: int) -> dict[str, Any]:
        content = {"session_id": session.session_id, "ciphertext": ciphers[index]}
        return {
            "event_id": f"${index}",
            "type": "m.room.encrypted",
            "sender": ANA,
            "depth": depth,
            "content": content,
        }

    first = {"event_id": "$first", "depth": 1, "type": "m.room.message", "sender": BOT, "content": {}}
    ordered = in_order([said(2, 5), said(0, 5), first, said(1, 4)])
    assert [raw["event_id"] for raw in ordered] == ["$first", "$0", "$1", "$2"]
    junk = {"event_id": "$junk", "type": "m.room.encrypted", "sender": ANA, "content": {"ciphertext": "!"}}
    assert in_order([junk]) == [junk]
