"""What is refused between hubs leaves no trace, and its legitimate neighbour gets through."""

from __future__ import annotations

from dataclasses import replace

import pytest
from two_hubs import AHub, Neighbours, OnTheWay, pair

from directory import crypto
from directory.core.effects import Post, Stream
from directory.core.viewer import Lane, Role, Viewer
from directory.refusals import BadAnswer, NotYours
from hub.federation import introduced, links
from hub.federation.core.envelope import Draft, seal_envelope, sign_envelope
from hub.federation.core.invitation import invite_reason, read_code
from hub.federation.identity import home_identity
from hub.federation.lanes import room as room_lane
from hub.federation.links import NotNow, Terms
from hub.federation.receive import Verdict

__all__ = ["pair"]

ALARM = {
    "id": "a" * 32,
    "kind_of_help": "alarm",
    "severity": "high",
    "raised_at": 1_795_000_000_000,
}
COORDINATOR = Viewer(Lane.PAGE, member="m", roles=frozenset({Role.COORDINATOR}))


async def trace(hub: AHub) -> list[tuple[object, ...]]:
    """What a hub keeps of envelopes and rooms: unchanged by what it refuses."""
    return [
        *await hub.rows("select direction, stream, epoch, seq, hash from envelopes order by id"),
        *await hub.rows("select network, stream, direction, epoch, seq, hash from heads order by 1, 2, 3"),
        *await hub.rows("select id, purpose, ref, state from rooms order by 1"),
        *await hub.rows("select network, state from links order by 1"),
    ]


async def alarm_signed_by(
    writer: AHub, *, sender: str, to: AHub, seed: bytes | None = None, seq: int = 0, prev: bytes = b""
) -> bytes:
    """The wire bytes of an alarm; by default in its right place and with the writer's own key."""
    async with writer.turn() as turn:
        home = await home_identity(turn.tx, writer.guard)
    async with to.turn() as turn:
        sealing = (await home_identity(turn.tx, to.guard)).sealing[0].public
    head = await writer.rows(
        "select seq, hash from heads where stream = 'urgent' and direction = 'out' and network = :n",
        n=to.home,
    )
    last, hashed = head[0] if head else (0, bytes(32))
    draft = Draft(
        "alarm",
        sender,
        to.home,
        Stream.URGENT,
        ALARM,
        writer.clock(),
        seq=seq or int(str(last)) + 1,
        prev=prev or bytes(hashed),  # type: ignore[call-overload]
    )
    return seal_envelope(sign_envelope(draft, seed or home.seed).signed, sealing)


async def deliver(hub: AHub, sender: AHub, wire: bytes) -> Verdict:
    """In the link's own room, as the other envoy would."""
    link = await hub.link(sender)
    async with hub.turn(Viewer(Lane.PEER)) as turn:
        return await hub.inbox.receive(turn, link.network, wire)


async def test_only_an_administrator_makes_and_ends_links(pair: Neighbours) -> None:
    await pair.introduce()
    acts = [
        lambda turn: links.invite(turn),
        lambda turn: links.accept(turn, "AYNI-X"),
        lambda turn: links.words(turn, pair.b.home, "en"),
        lambda turn: links.words_match(turn, pair.b.home),
        lambda turn: links.propose(turn, pair.b.home, Terms()),
        lambda turn: links.sign(turn, pair.b.home),
        lambda turn: links.suspend(turn, pair.b.home),
        lambda turn: links.resume(turn, pair.b.home),
        lambda turn: links.sever(turn, pair.b.home),
        links.links,
    ]
    before = await trace(pair.a)
    for act in acts:
        with pytest.raises(NotYours):
            async with pair.a.turn(COORDINATOR) as turn:
                await act(turn)
    assert await trace(pair.a) == before
    async with pair.a.turn(replace(COORDINATOR, roles=frozenset({Role.ADMINISTRATOR}))) as turn:
        (view,) = await links.links(turn)
    assert (view.network, view.state) == (pair.b.home, "proposed")


async def test_an_invite_that_proves_nothing_gets_silence_and_the_right_one_is_let_in(
    pair: Neighbours,
) -> None:
    async with pair.a.turn() as turn:
        code = await links.invite(turn)
    invitation = read_code(code, pair.clock())
    secret = invitation.secret  # type: ignore[union-attr]
    right = invite_reason(secret, "!r:hub1.example", pair.b.envoy)
    wrong = [
        "",
        "hello",
        right[:-1],
        right + "0",
        invite_reason(bytes(16), "!r:hub1.example", pair.b.envoy),
    ]
    before = await trace(pair.a)
    for reason in wrong:
        async with pair.a.turn(Viewer(Lane.PEER)) as turn:
            assert await introduced.admit(turn, pair.b.envoy, "!r:hub1.example", reason) is None
    async with pair.a.turn(Viewer(Lane.PEER)) as turn:
        assert await introduced.admit(turn, "@other:hub1.example", "!r:hub1.example", right) is None
        assert await introduced.admit(turn, pair.b.envoy, "!other:hub1.example", right) is None
    assert await trace(pair.a) == before
    async with pair.a.turn(Viewer(Lane.PEER)) as turn:
        assert await introduced.admit(turn, pair.b.envoy, "!r:hub1.example", right)
    async with pair.a.turn(Viewer(Lane.PEER)) as turn:
        assert await introduced.admit(turn, pair.b.envoy, "!s:hub1.example", right) is None, "used twice"


async def test_an_old_invitation_opens_nothing(pair: Neighbours) -> None:
    async with pair.a.turn() as turn:
        code = await links.invite(turn)
    pair.clock.move(hours=49)
    with pytest.raises(BadAnswer):
        async with pair.b.turn() as turn:
            await links.accept(turn, code)
    async with pair.a.turn() as turn:
        fresh = await links.invite(turn)
    async with pair.b.turn() as turn:
        assert await links.accept(turn, fresh) == pair.a.home


async def test_an_envelope_of_another_network_is_refused_and_the_peers_own_is_applied(
    pair: Neighbours,
) -> None:
    await pair.link()
    stranger = crypto.new_signing_seed(pair.a.guard.chance)
    before = await trace(pair.a)
    hostile = [
        await alarm_signed_by(pair.b, sender=pair.b.home, to=pair.a, seed=stranger),
        await alarm_signed_by(pair.b, sender="a" * 32, to=pair.a),
        await alarm_signed_by(pair.b, sender=pair.a.home, to=pair.a),
        await alarm_signed_by(pair.b, sender=pair.b.home, to=pair.a, seq=(1 << 53) - 1),
    ]
    for wire in [*hostile, b"", b"x" * 1081, hostile[0][:-1] + b"!"]:
        assert await deliver(pair.a, pair.b, wire) is Verdict.REFUSED
    assert await trace(pair.a) == before
    assert pair.a.heard == []
    async with pair.b.turn() as turn:
        await turn.record(Post(pair.a.home, Stream.URGENT, "alarm", ALARM))
    await pair.settle()
    assert [kind for kind, _, _ in pair.a.heard] == ["alarm"]


async def test_two_envelopes_under_one_number_suspend_the_link_and_an_administrator_hears(
    pair: Neighbours,
) -> None:
    await pair.link()
    other = await alarm_signed_by(pair.b, sender=pair.b.home, to=pair.a)
    async with pair.b.turn() as turn:
        await turn.record(Post(pair.a.home, Stream.URGENT, "alarm", {**ALARM, "id": "b" * 32}))
    await pair.settle()
    pair.a.told.clear()
    assert await deliver(pair.a, pair.b, other) is Verdict.CONTRADICTED
    assert (await pair.a.link(pair.b)).state == "suspended"
    assert Role.ADMINISTRATOR in {each.role for each in pair.a.told}
    assert [body["id"] for _, _, body in pair.a.heard] == ["b" * 32]


async def test_a_paused_link_shares_nothing_but_withdrawals_and_takes_up_again(pair: Neighbours) -> None:
    await pair.link()
    async with pair.a.turn() as turn:
        await links.suspend(turn, pair.b.home)
    await pair.settle()
    assert (await pair.b.link(pair.a)).state == "suspended"
    body = {"id": "c" * 32, "to_card": "d" * 32, "from_card": {"handle": "Awa"}, "purpose": "meet"}
    async with pair.b.turn() as turn:
        await turn.record(Post(pair.a.home, Stream.WORK, "introduction", body))
    await pair.settle()
    assert pair.a.heard == []
    async with pair.b.turn() as turn:
        assert await links.resume(turn, pair.a.home) == "suspended", "only who paused takes it back"
    async with pair.a.turn() as turn:
        assert await links.resume(turn, pair.b.home) == "active"
    await pair.settle()
    async with pair.b.turn() as turn:
        await turn.record(Post(pair.a.home, Stream.WORK, "introduction", body))
    await pair.settle()
    assert [kind for kind, _, _ in pair.a.heard] == ["introduction"]


async def test_an_alarm_over_a_paused_link_reaches_a_person(pair: Neighbours) -> None:
    await pair.link()
    async with pair.a.turn() as turn:
        await links.suspend(turn, pair.b.home)
    pair.a.told.clear()
    async with pair.b.turn() as turn:
        await turn.record(Post(pair.a.home, Stream.URGENT, "alarm", ALARM))
    await pair.settle()
    assert pair.a.heard == []
    assert [(each.role, each.wakes) for each in pair.a.told] == [(Role.COORDINATOR, True)]


async def test_words_and_agreements_come_in_their_order(pair: Neighbours) -> None:
    await pair.introduce()
    for too_early in (
        lambda turn: links.propose(turn, pair.b.home, Terms()),
        lambda turn: links.sign(turn, pair.b.home),
        lambda turn: links.resume(turn, pair.b.home),
    ):
        with pytest.raises(NotNow):
            async with pair.a.turn() as turn:
                await too_early(turn)
    await pair.compare()
    for wrong in (Terms(days=2000), Terms(lease_days=0), Terms(we_share=frozenset({"secrets"}))):  # type: ignore[arg-type]
        with pytest.raises(BadAnswer):
            async with pair.a.turn() as turn:
                await links.propose(turn, pair.b.home, wrong)
    await pair.agree()
    assert (await pair.a.link(pair.b)).state == (await pair.b.link(pair.a)).state == "active"


async def test_whoever_replays_the_first_envelope_in_another_room_gets_nothing(pair: Neighbours) -> None:
    await pair.introduce()
    first = next(each for each in pair.seen if each.sender == pair.b.envoy)
    before = await trace(pair.a)
    again = OnTheWay(first.room, first.sender, first.content)
    assert await pair.a.take(again) in (Verdict.HAD_IT, Verdict.REFUSED)
    wire = room_lane.from_content(first.content)
    async with pair.a.turn(Viewer(Lane.PEER)) as turn:
        assert await pair.a.inbox.receive(turn, "e" * 32, wire or b"") is Verdict.REFUSED
    assert await trace(pair.a) == before
