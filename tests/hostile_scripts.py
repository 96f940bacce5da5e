"""What a hostile homeserver tells the bot: each script changes some of its true answers.

A script is a function (scene, path, answer) that changes the answer in place, or returns another one. `scene`
knows the names; nothing here knows the bot's insides.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from matrix_proxy import timelines

from hub.chance import chance
from hub.matrix.crosssign import Seeds, _key_object, _signed_by, upload_body

Answer = dict[str, Any]
Script = Callable[[Any, str, Answer], Answer | None]
SCRIPTS: dict[str, Script] = {}


def script(name: str) -> Callable[[Script], Script]:
    """Name a script."""

    def keep(made: Script) -> Script:
        SCRIPTS[name] = made
        return made

    return keep


def on_query(name: str) -> Callable[[Callable[[Any, Answer], None]], None]:
    """One that lies about the person's keys."""

    def keep(change: Callable[[Any, Answer], None]) -> None:
        def lie(scene: Any, path: str, answer: Answer) -> None:
            if path.endswith("/keys/query") and scene.ana in answer.get("device_keys", {}):
                change(scene, answer)

        SCRIPTS[name] = lie

    return keep


def on_claim(name: str) -> Callable[[Callable[[Any, Answer], None]], None]:
    """One that lies about one-time keys."""

    def keep(change: Callable[[Any, Answer], None]) -> None:
        def lie(scene: Any, path: str, answer: Answer) -> None:
            if path.endswith("/keys/claim"):
                change(scene, answer)

        SCRIPTS[name] = lie

    return keep


def on_event(name: str) -> Callable[[Callable[[Any, Answer], None]], None]:
    """One that changes encrypted events, wherever they are asked for."""

    def keep(change: Callable[[Any, Answer], None]) -> None:
        def lie(scene: Any, path: str, answer: Answer) -> None:
            lists = timelines(answer) if path.endswith("/sync") else [answer.get("chunk") or []]
            if path.endswith("/members"):
                return
            for events in lists:
                for event in events:
                    if event.get("type") == "m.room.encrypted":
                        change(scene, event)

        SCRIPTS[name] = lie

    return keep


def on_timeline(name: str) -> Callable[[Callable[[Any, list[Answer]], None]], None]:
    """One that changes the list of new events."""

    def keep(change: Callable[[Any, list[Answer]], None]) -> None:
        def lie(scene: Any, path: str, answer: Answer) -> None:
            for events in timelines(answer) if path.endswith("/sync") else ():
                change(scene, events)

        SCRIPTS[name] = lie

    return keep


def on_sync(name: str) -> Callable[[Callable[[Any, Answer], None]], None]:
    """One that changes the rest of a sync."""

    def keep(change: Callable[[Any, Answer], None]) -> None:
        def lie(scene: Any, path: str, answer: Answer) -> None:
            if path.endswith("/sync") and "next_batch" in answer:
                change(scene, answer)

        SCRIPTS[name] = lie

    return keep


def devices(scene: Any, answer: Answer) -> dict[str, Any]:
    """The person's devices as the homeserver lists them."""
    return answer["device_keys"][scene.ana]  # type: ignore[no-any-return]


# --- keys -------------------------------------------------------------------------------------------------


@on_query("a device made of thin air")
def _(scene: Any, answer: Answer) -> None:
    fake = copy.deepcopy(devices(scene, answer)[scene.device]) | {"device_id": "SPY"}
    fake["keys"] = {"ed25519:SPY": "A" * 43, "curve25519:SPY": "B" * 43}
    devices(scene, answer)["SPY"] = fake


@on_query("another person's device under her name, as it is")
def _(scene: Any, answer: Answer) -> None:
    devices(scene, answer)["SPY"] = copy.deepcopy(scene.eves_device)


@on_query("another person's device under her name, renamed")
def _(scene: Any, answer: Answer) -> None:
    fake = copy.deepcopy(scene.eves_device) | {"user_id": scene.ana}
    fake["signatures"] = {scene.ana: fake["signatures"].get(scene.eve, {})}
    devices(scene, answer)[fake["device_id"]] = fake


@on_query("another person's device in place of hers")
def _(scene: Any, answer: Answer) -> None:
    fake = copy.deepcopy(scene.eves_device) | {"user_id": scene.ana, "device_id": scene.device}
    answer["device_keys"][scene.ana] = {scene.device: fake}


@on_query("a second login of hers that she never signed")
def _(scene: Any, answer: Answer) -> None:
    devices(scene, answer)[scene.rogue["device_id"]] = copy.deepcopy(scene.rogue)


@on_query("her second login, signed with another person's key")
def _(scene: Any, answer: Answer) -> None:
    bare = {key: value for key, value in scene.rogue.items() if key not in {"signatures", "unsigned"}}
    signed = _signed_by(scene.seeds.self_signing, scene.ana, bare)
    signed["signatures"][scene.ana] |= scene.rogue["signatures"].get(scene.ana, {})
    devices(scene, answer)[scene.rogue["device_id"]] = signed


@on_query("another owner's key, everything else hers")
def _(scene: Any, answer: Answer) -> None:
    answer["master_keys"][scene.ana] = upload_body(scene.ana, scene.seeds)["master_key"]


def _whole_other_owner(scene: Any, answer: Answer, rogue: Answer) -> None:
    body = upload_body(scene.ana, scene.seeds)
    answer["master_keys"][scene.ana] = body["master_key"]
    answer["self_signing_keys"][scene.ana] = body["self_signing_key"]
    bare = {key: value for key, value in rogue.items() if key not in {"signatures", "unsigned"}}
    signed = _signed_by(scene.seeds.self_signing, scene.ana, bare)
    signed["signatures"][scene.ana] |= rogue["signatures"].get(scene.ana, {})
    answer["device_keys"][scene.ana] = {rogue["device_id"]: signed}


@on_query("a whole other owner, flawless, with a real device")
def _(scene: Any, answer: Answer) -> None:
    _whole_other_owner(scene, answer, scene.rogue)


@on_query("a whole other owner, flawless, who signs her own device too")
def _(scene: Any, answer: Answer) -> None:
    hers = copy.deepcopy(devices(scene, answer)[scene.device])
    _whole_other_owner(scene, answer, hers)
    others = {"device_keys": {scene.ana: {}}, "master_keys": {}, "self_signing_keys": {}}
    _whole_other_owner(scene, others, scene.rogue)
    devices(scene, answer).update(others["device_keys"][scene.ana])


@on_query("another self-signing key under her owner's key")
def _(scene: Any, answer: Answer) -> None:
    fresh = _key_object(scene.ana, "self_signing", scene.seeds.self_signing)
    answer["self_signing_keys"][scene.ana] = _signed_by(scene.seeds.master, scene.ana, fresh)


@on_query("no self-signing key")
def _(scene: Any, answer: Answer) -> None:
    answer["self_signing_keys"].pop(scene.ana, None)


@on_query("no owner's key")
def _(scene: Any, answer: Answer) -> None:
    answer["master_keys"].pop(scene.ana, None)


@on_query("her device without signatures")
def _(scene: Any, answer: Answer) -> None:
    devices(scene, answer)[scene.device]["signatures"] = {}


@on_query("her device with another message key")
def _(scene: Any, answer: Answer) -> None:
    devices(scene, answer)[scene.device]["keys"][f"curve25519:{scene.device}"] = scene.eves_curve


@on_query("her device with another fingerprint")
def _(scene: Any, answer: Answer) -> None:
    devices(scene, answer)[scene.device]["keys"][f"ed25519:{scene.device}"] = scene.eves_ed


@on_query("no devices at all")
def _(scene: Any, answer: Answer) -> None:
    answer["device_keys"][scene.ana] = {}


@on_query("nonsense for devices")
def _(scene: Any, answer: Answer) -> None:
    answer["device_keys"][scene.ana] = {"x": 1, scene.device: [], "y": {"keys": "z"}}


@on_query("her server is said to be away")
def _(scene: Any, answer: Answer) -> None:
    answer["failures"] = {scene.ana.partition(":")[2]: {}}
    answer["device_keys"].pop(scene.ana)


@on_query("two hundred devices around hers")
def _(scene: Any, answer: Answer) -> None:
    for number in range(200):
        devices(scene, answer)[f"D{number}"] = copy.deepcopy(scene.rogue) | {"device_id": f"D{number}"}


@on_query("her device under a second name")
def _(scene: Any, answer: Answer) -> None:
    devices(scene, answer)["TWIN"] = copy.deepcopy(devices(scene, answer)[scene.device])


@on_query("another person's keys for the whole answer")
def _(scene: Any, answer: Answer) -> None:
    answer["device_keys"][scene.ana] = {scene.eves_device["device_id"]: copy.deepcopy(scene.eves_device)}
    for part in ("master_keys", "self_signing_keys"):
        answer[part][scene.ana] = copy.deepcopy(scene.eves_keys[part])


# --- one-time keys ----------------------------------------------------------------------------------------


@on_claim("another person's one-time key")
def _(scene: Any, answer: Answer) -> None:
    for user in answer.get("one_time_keys", {}):
        for device in answer["one_time_keys"][user]:
            answer["one_time_keys"][user][device] = copy.deepcopy(scene.eves_one_time)


@on_claim("a one-time key without a signature")
def _(scene: Any, answer: Answer) -> None:
    for key in _one_time(answer):
        key.pop("signatures", None)


@on_claim("a one-time key that was changed")
def _(scene: Any, answer: Answer) -> None:
    for key in _one_time(answer):
        key["key"] = scene.eves_curve


@on_claim("the first one-time key again and again")
def _(scene: Any, answer: Answer) -> None:
    if any(True for _ in _one_time(answer)):
        scene.kept.setdefault("claim", copy.deepcopy(answer))
        answer.clear()
        answer.update(copy.deepcopy(scene.kept["claim"]))


@on_claim("no one-time keys left")
def _(scene: Any, answer: Answer) -> None:
    answer["one_time_keys"] = {}


@on_claim("nonsense for one-time keys")
def _(scene: Any, answer: Answer) -> None:
    answer["one_time_keys"] = {scene.ana: {scene.device: {"signed_curve25519:A": 7}}, "x": []}


def _one_time(answer: Answer) -> list[Answer]:
    return [
        key
        for held in answer.get("one_time_keys", {}).values()
        for keys in held.values()
        for key in keys.values()
        if isinstance(key, dict)
    ]


# --- events -----------------------------------------------------------------------------------------------


@on_event("sender rewritten to somebody else")
def _(scene: Any, event: Answer) -> None:
    event["sender"] = scene.eve


@on_event("everybody's words put into her mouth")
def _(scene: Any, event: Answer) -> None:
    event["sender"] = scene.ana


@on_event("an edit relation injected")
def _(scene: Any, event: Answer) -> None:
    event["content"]["m.relates_to"] = {"rel_type": "m.replace", "event_id": "$0"}


@on_event("a thread relation injected")
def _(scene: Any, event: Answer) -> None:
    event["content"]["m.relates_to"] = {"rel_type": "m.thread", "event_id": "$0"}


@on_event("a reply relation injected")
def _(scene: Any, event: Answer) -> None:
    event["content"]["m.relates_to"] = {"m.in_reply_to": {"event_id": "$0"}}


@on_event("a reaction relation injected")
def _(scene: Any, event: Answer) -> None:
    event["content"]["m.relates_to"] = {"rel_type": "m.annotation", "event_id": "$0", "key": "1"}


@on_event("ciphertext changed")
def _(scene: Any, event: Answer) -> None:
    text = event["content"].get("ciphertext") or "A" * 60
    event["content"]["ciphertext"] = text[:40] + ("A" if text[40:41] != "A" else "B") + text[41:]


@on_event("ciphertext cut")
def _(scene: Any, event: Answer) -> None:
    event["content"]["ciphertext"] = (event["content"].get("ciphertext") or "")[:20]


@on_event("another device named as the sender's")
def _(scene: Any, event: Answer) -> None:
    event["content"] |= {"sender_key": scene.eves_curve, "device_id": "SPY"}


@on_event("another session named")
def _(scene: Any, event: Answer) -> None:
    event["content"]["session_id"] = "B" * 43


@on_event("another algorithm named")
def _(scene: Any, event: Answer) -> None:
    event["content"]["algorithm"] = "m.megolm.v9"


@on_event("time far ahead")
def _(scene: Any, event: Answer) -> None:
    event["origin_server_ts"] = 1 << 60


@on_event("time long ago")
def _(scene: Any, event: Answer) -> None:
    event["origin_server_ts"] = 1


@on_event("turned into plain words")
def _(scene: Any, event: Answer) -> None:
    event |= {"type": "m.room.message", "content": {"msgtype": "m.text", "body": "cancel"}}


@on_event("turned into state")
def _(scene: Any, event: Answer) -> None:
    event["state_key"] = ""


@on_timeline("each event twice")
def _(scene: Any, events: list[Answer]) -> None:
    events += copy.deepcopy([one for one in events if one.get("type") == "m.room.encrypted"])


@on_timeline("each event again under a new id")
def _(scene: Any, events: list[Answer]) -> None:
    for one in [one for one in events if one.get("type") == "m.room.encrypted"]:
        events.append(copy.deepcopy(one) | {"event_id": one["event_id"] + "x"})


@on_timeline("every event so far again, under new ids")
def _(scene: Any, events: list[Answer]) -> None:
    fresh = [copy.deepcopy(one) for one in events if one.get("type") == "m.room.encrypted"]
    old = scene.kept.setdefault("old", [])
    events += [copy.deepcopy(one) | {"event_id": f"{one['event_id']}-{len(old)}"} for one in old[-20:]]
    old += fresh


@on_timeline("order turned round")
def _(scene: Any, events: list[Answer]) -> None:
    events.reverse()


@on_timeline("events withheld")
def _(scene: Any, events: list[Answer]) -> None:
    events[:] = [one for one in events if one.get("type") != "m.room.encrypted"]


@on_timeline("every second event withheld")
def _(scene: Any, events: list[Answer]) -> None:
    sealed = [one for one in events if one.get("type") == "m.room.encrypted"]
    events[:] = [one for one in events if one not in sealed[::2]]


@on_timeline("an order in plain words slipped in")
def _(scene: Any, events: list[Answer]) -> None:
    content = {"msgtype": "m.text", "body": "cancel"}
    events.append(scene.event("m.room.message", content))


@on_timeline("a plain edit of what she said slipped in")
def _(scene: Any, events: list[Answer]) -> None:
    content = {
        "msgtype": "m.text",
        "body": "* cancel",
        "m.new_content": {"msgtype": "m.text", "body": "cancel"},
    }
    events.append(scene.event("m.room.message", content | {"m.relates_to": {"rel_type": "m.replace"}}))


@on_timeline("what she said taken back")
def _(scene: Any, events: list[Answer]) -> None:
    for one in [one for one in events if one.get("type") == "m.room.encrypted"]:
        events.append(scene.event("m.room.redaction", {"redacts": one["event_id"]}))


@on_timeline("encryption said to be off")
def _(scene: Any, events: list[Answer]) -> None:
    events.append(scene.event("m.room.encryption", {}) | {"state_key": ""})


@on_timeline("an extra member who was never asked in")
def _(scene: Any, events: list[Answer]) -> None:
    events.append(scene.event("m.room.member", {"membership": "join"}) | {"state_key": scene.eve})


@on_timeline("somebody pretends to compare pictures")
def _(scene: Any, events: list[Answer]) -> None:
    content = {"msgtype": "m.key.verification.request", "from_device": "SPY", "methods": ["m.sas.v1"]}
    events.append(scene.event("m.room.message", content | {"to": scene.bot_id, "body": "x"}))


@on_timeline("nonsense among the events")
def _(scene: Any, events: list[Answer]) -> None:
    events[:0] = [7, {"type": "m.room.encrypted"}, {"sender": 1, "content": "x"}]  # type: ignore[list-item]


# --- the rest of a sync, members, the past ----------------------------------------------------------------


@on_sync("a cut timeline where nothing was cut")
def _(scene: Any, answer: Answer) -> None:
    for room in answer.get("rooms", {}).get("join", {}).values():
        room["timeline"]["limited"] = True


@on_sync("a cut timeline that leads nowhere")
def _(scene: Any, answer: Answer) -> None:
    for room in answer.get("rooms", {}).get("join", {}).values():
        room["timeline"] |= {"limited": True, "prev_batch": "t0-0_0_0_0_0_0_0_0_0_0"}


@on_sync("to-device messages withheld")
def _(scene: Any, answer: Answer) -> None:
    answer.pop("to_device", None)


@on_sync("to-device messages twice")
def _(scene: Any, answer: Answer) -> None:
    events = answer.get("to_device", {}).get("events", [])
    events += copy.deepcopy(events)


@on_sync("to-device messages said to be from her")
def _(scene: Any, answer: Answer) -> None:
    for event in answer.get("to_device", {}).get("events", []):
        event["sender"] = scene.ana


@on_sync("room keys in plain text")
def _(scene: Any, answer: Answer) -> None:
    key = {"algorithm": "m.megolm.v1.aes-sha2", "room_id": scene.room, "session_id": "s", "session_key": "k"}
    for kind in ("m.room_key", "m.forwarded_room_key"):
        event = {"type": kind, "sender": scene.ana, "content": key | {"sender_key": scene.eves_curve}}
        answer.setdefault("to_device", {}).setdefault("events", []).append(event)


@on_sync("a request for the bot's keys")
def _(scene: Any, answer: Answer) -> None:
    content = {
        "action": "request",
        "requesting_device_id": "SPY",
        "request_id": "1",
        "body": {"room_id": "x"},
    }
    event = {"type": "m.room_key_request", "sender": scene.ana, "content": content}
    answer.setdefault("to_device", {}).setdefault("events", []).append(event)


@on_sync("she is said to share no room any more")
def _(scene: Any, answer: Answer) -> None:
    answer["device_lists"] = {"left": [scene.ana]}


@on_sync("wrong counts of one-time keys")
def _(scene: Any, answer: Answer) -> None:
    answer["device_one_time_keys_count"] = {"signed_curve25519": 10**9}


@on_sync("no one-time keys of the bot left")
def _(scene: Any, answer: Answer) -> None:
    answer["device_one_time_keys_count"] = {"signed_curve25519": 0}


@script("an extra member in the list of members")
def _(scene: Any, path: str, answer: Answer) -> None:
    if path.endswith("/members"):
        answer["chunk"].append(
            scene.event("m.room.member", {"membership": "join"}) | {"state_key": scene.eve}
        )


@script("an invited stranger in the list of members")
def _(scene: Any, path: str, answer: Answer) -> None:
    if path.endswith("/members"):
        answer["chunk"].append(
            scene.event("m.room.member", {"membership": "invite"}) | {"state_key": scene.eve}
        )


@script("only strangers in the list of members")
def _(scene: Any, path: str, answer: Answer) -> None:
    if path.endswith("/members"):
        answer["chunk"] = [scene.event("m.room.member", {"membership": "join"}) | {"state_key": scene.eve}]


@script("a room everybody may read")
def _(scene: Any, path: str, answer: Answer) -> None:
    if path.endswith("/state/m.room.history_visibility"):
        answer["history_visibility"] = "world_readable"


@script("a room that was never encrypted")
def _(scene: Any, path: str, answer: Answer) -> Answer | None:
    return {"errcode": "M_NOT_FOUND"} if path.endswith("/state/m.room.encryption") else None


def other_seeds() -> Seeds:
    """An attacker's own owner's keys."""
    return Seeds(chance(32), chance(32), chance(32))
