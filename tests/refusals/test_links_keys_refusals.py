"""Keys, first contact and broken handlers: what is refused, and that its neighbour gets through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from people import a_member, seen_as
from two_hubs import AHub, Neighbours, pair

from directory import consent, crypto
from directory.core.effects import Post, Stream, Urgency
from directory.core.text import say
from directory.core.viewer import Lane, Role, Viewer
from directory.refusals import Refusal
from directory.turn import Turn
from hub.federation import introduced, links, parts
from hub.federation.core import canonical
from hub.federation.core.envelope import Draft, seal_envelope, sign_envelope
from hub.federation.core.identity import certify, key_id, revoke
from hub.federation.core.invitation import Invitation, invite_reason, read_code
from hub.federation.core.network_card import make_network_card
from hub.federation.core.proposal import propose_body
from hub.federation.core.words import Meeting, Speaker, safety_words
from hub.federation.identity import ROOT, home_identity
from hub.federation.receive import Verdict
from hub.store import keys

__all__ = ["pair"]

PROFILE = {"country": "GT", "issues": ("land-and-territory",), "languages": ("es",)}
ALARM = {"id": "a" * 32, "kind_of_help": "alarm", "severity": "high", "raised_at": 1_795_000_000_000}
ASKS = {"id": "c" * 32, "to_card": "d" * 32, "from_card": {"handle": "Awa"}, "purpose": "meet"}


async def say_yes(here: AHub, member: str, there: AHub) -> None:
    async with here.turn(await seen_as(here, member, word=True)) as turn:
        await consent.say_yes(turn, there.home, "page")


async def held_at(hub: AHub) -> list[str]:
    found = await hub.rows("select body->>'title' from cards where member is null order by 1")
    return [str(row[0]) for row in found]


async def last_sent(hub: AHub, stream: str) -> int:
    rows = await hub.rows("select seq from heads where direction = 'out' and stream = :s", s=stream)
    return int(str(rows[0][0]))


async def test_a_card_signed_by_a_key_revoked_later_counts_as_far_as_its_envelope_does(
    pair: Neighbours,
) -> None:
    await pair.link()
    await say_yes(pair.b, await a_member(pair.b, "Xochitl77", **PROFILE), pair.a)
    await pair.b.due.fire_all()
    on_the_way = await pair.b.outgoing()
    async with pair.b.turn() as turn:
        home = await home_identity(turn.tx, turn.guard)
        root = (await keys.of_purpose(turn.tx, turn.guard, ROOT))[0].private
    last_good = {"cards": (0, await last_sent(pair.b, "cards")), "urgent": (0, 10_000)}
    gone = revoke(pair.b.home, key_id(home.operating[0].public), last_good, [root])
    async with pair.b.turn() as turn:
        await turn.record(Post(pair.a.home, Stream.URGENT, "revoke", {"revocation": gone}))
    for each in [*await pair.b.outgoing(), *on_the_way]:
        await pair.a.take(each)
    assert await held_at(pair.a) == ["Xochitl77"]
    await say_yes(pair.b, await a_member(pair.b, "Itzel", **PROFILE), pair.a)
    pair.a.verdicts.clear()
    await pair.settle(seconds=5)
    assert Verdict.REFUSED in pair.a.verdicts, "beyond the last number that counts"
    assert await held_at(pair.a) == ["Xochitl77"]


async def invited(pair: Neighbours) -> Invitation:
    async with pair.a.turn() as turn:
        read = read_code(await links.invite(turn), pair.clock())
    assert isinstance(read, Invitation)
    return read


async def test_an_invite_is_good_for_the_one_room_it_was_written_for(pair: Neighbours) -> None:
    secret = (await invited(pair)).secret
    meant, other = "!meant:hub1.example", "!other:hub1.example"
    reason = invite_reason(secret, meant, pair.b.envoy)
    async with pair.a.turn(Viewer(Lane.PEER)) as turn:
        assert await introduced.admit(turn, pair.b.envoy, other, reason) is None
        assert await introduced.admit(turn, pair.b.envoy, "", reason) is None
        assert await introduced.admit(turn, pair.b.envoy, meant, reason) is not None


async def test_the_proof_in_an_invite_is_written_when_the_room_is_there_and_tells_no_secret(
    pair: Neighbours,
) -> None:
    async with pair.a.turn() as turn:
        code = await links.invite(turn)
    async with pair.b.turn() as turn:
        await links.accept(turn, code)
    read = read_code(code, pair.clock())
    assert isinstance(read, Invitation)
    assert read.secret.hex() not in await pair.b.everything()
    await pair.settle()
    assert (await pair.a.link(pair.b)).peer.card, "B's proposal came in the room it was let in by"


async def test_safety_words_stand_for_the_key_that_signed_the_card_whatever_the_order_in_it(
    pair: Neighbours,
) -> None:
    """Another program may list a card's keys in another order than ours does."""
    invitation = await invited(pair)
    async with pair.b.turn() as turn:
        home = await home_identity(turn.tx, turn.guard)
        root = (await keys.of_purpose(turn.tx, turn.guard, ROOT))[0].private
    signing, sealing = home.operating[0], home.sealing[0]
    other = crypto.signing_public(crypto.new_signing_seed(pair.b.guard.chance))
    until = signing.valid_until
    listed = [
        certify(
            "operating",
            network=home.network,
            public=public,
            valid_from=signing.valid_from,
            valid_until=until,
            seeds=[root],
        )
        for public in (other, signing.public)
    ]
    seal = canonical.parse(sealing.statement)
    assert not isinstance(seal, canonical.Flaw)
    card = make_network_card(
        network=home.network,
        name=home.name,
        envoy=home.envoy,
        roots=home.roots,
        operating=listed,
        sealing=seal,
        operating_seed=signing.private,
    )
    nonce = bytes(range(16))
    body = propose_body(card, invitation.secret, invitation=invitation.id, inviter=pair.a.home, nonce=nonce)
    draft = Draft("link", home.network, pair.a.home, Stream.URGENT, body, pair.clock(), seq=1)
    wire = seal_envelope(sign_envelope(draft, signing.private).signed, invitation.sealing)
    room = "!r:hub1.example"
    reason = invite_reason(invitation.secret, room, pair.b.envoy)
    async with pair.a.turn(Viewer(Lane.PEER)) as turn:
        assert await introduced.admit(turn, pair.b.envoy, room, reason)
        assert await pair.a.inbox.receive(turn, invitation.id, wire) is Verdict.APPLIED
    async with pair.a.turn() as turn:
        words = await links.words(turn, home.network, "en")
    theirs = Speaker(home.network, signing.public, sealing.public)
    assert words == safety_words(invitation.speaker, theirs, Meeting(invitation.secret, nonce))


@pytest.mark.parametrize("breaks", ["refuses", "fails", "asks the database for nonsense"])
async def test_what_a_handler_refuses_or_breaks_on_is_confirmed_and_not_sent_again(
    pair: Neighbours, breaks: str
) -> None:
    await pair.link()
    asked: list[Mapping[str, object]] = []

    async def handle(turn: Turn, network: str, body: Mapping[str, object]) -> None:
        asked.append(body)
        await turn.record(Post(network, Stream.WORK, "decision", {"introduction": "c" * 32, "yes": False}))
        match breaks:
            case "refuses":
                raise Refusal(say("No."))
            case "fails":
                raise ValueError
            case _:
                await turn.tx.exec_driver_sql("select * from nowhere")

    async def take(_turn: Turn, network: str, body: Mapping[str, object]) -> None:
        pair.a.heard.append(("alarm", network, body))

    others = dict.fromkeys(("acknowledge", "decision", "action", "freeze", "second", "seconded"), take)
    handlers = {"introduction": handle, "alarm": take, **others}
    pair.a.inbox = replace(pair.a.inbox, apply=parts.inbox(pair.a.poster, handlers).apply)
    async with pair.b.turn() as turn:
        await turn.record(Post(pair.a.home, Stream.WORK, "introduction", ASKS))
        await turn.record(Post(pair.a.home, Stream.URGENT, "alarm", ALARM))
    await pair.settle()
    confirmed = await pair.b.rows(
        "select type, confirmed_at is not null from envelopes"
        " where direction = 'out' and type in ('alarm', 'introduction') order by type"
    )
    assert confirmed == [("alarm", True), ("introduction", True)]
    assert len(asked) == 1
    assert [kind for kind, _, _ in pair.a.heard] == ["alarm"]
    assert await pair.a.rows("select 1 from envelopes where type = 'decision'") == []
    already = len(pair.seen)
    await pair.settle(seconds=240)
    assert len(pair.seen) - already <= 4, "something is said again and again"
    assert len(asked) == 1


async def test_a_call_for_help_that_breaks_here_reaches_people_and_one_that_does_not_rings_nobody_else(
    pair: Neighbours,
) -> None:
    await pair.link()
    broken: list[Mapping[str, object]] = []

    async def breaks_once(_turn: Turn, network: str, body: Mapping[str, object]) -> None:
        if not broken:
            broken.append(body)
            raise ValueError
        pair.a.heard.append(("alarm", network, body))

    others = ("introduction", "acknowledge", "decision", "action", "freeze", "second", "seconded")
    handlers = {"alarm": breaks_once, **dict.fromkeys(others, breaks_once)}
    pair.a.inbox = replace(pair.a.inbox, apply=parts.inbox(pair.a.poster, handlers).apply)
    for number in (1, 2):
        async with pair.b.turn() as turn:
            await turn.record(Post(pair.a.home, Stream.URGENT, "alarm", {**ALARM, "id": f"{number:032x}"}))
        await pair.settle()
    (told,) = [one for one in pair.a.told if one.urgency is Urgency.ALARM]
    assert told.wakes and told.role is Role.COORDINATOR
    assert "could not be read here" in told.text.message
    assert len(pair.a.heard) == 1
