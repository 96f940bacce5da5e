"""Whose keys speak for a network: rotated, signed in advance, revoked; linked networks follow, only then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from conftest import Clock
from two_hubs import AHub, Neighbours, pair

from directory import crypto
from directory.core.effects import Post, Stream
from directory.core.viewer import Role
from hub.chance import chance
from hub.custody import pages
from hub.federation import identity, roots
from hub.federation.core import canonical, papers
from hub.federation.core.bundle import SignedBot, check_bundle, make_bundle
from hub.federation.core.envelope import Draft, seal_envelope, sign_envelope
from hub.federation.core.identity import Doubt
from hub.federation.core.papers import Paper
from hub.federation.identity import FirstKeys, Holder, home_identity
from hub.federation.receive import Verdict
from hub.federation.roots import BadThreshold, NotSigned, OldPaper, RootState
from hub.store import keys

__all__ = ["pair"]

ALARM = {"kind_of_help": "alarm", "severity": "high", "raised_at": 1_795_000_000_000}
PAGES = [pages.make(chance) for _ in range(3)]
THREE = tuple(Holder(name, page.public) for name, page in zip(("Ana", "Rosa", "Luz"), PAGES, strict=True))
SEEDS = tuple(page.secret for page in PAGES)


async def call(here: AHub, there: AHub, number: int) -> None:
    async with here.turn() as turn:
        await turn.record(Post(there.home, Stream.URGENT, "alarm", {**ALARM, "id": f"{number:032x}"}))


def calls_heard(hub: AHub) -> list[int]:
    return [int(str(body["id"]), 16) for kind, _, body in hub.heard if kind == "alarm"]


async def state(hub: AHub) -> RootState:
    async with hub.turn() as turn:
        return await roots.state(turn)


async def rotated(hub: AHub, *, threshold: int = 1, kept: bytes | None = None) -> Paper:
    """A rotation to three holders, signed with what the hub has."""
    async with hub.turn() as turn:
        return await roots.sign_here(turn, await roots.draft_rotation(turn, THREE, threshold, kept=kept))


async def taken(hub: AHub, paper: Paper) -> None:
    async with hub.turn() as turn:
        await roots.take(turn, paper)


async def passes(pair: Neighbours, *, days: int) -> None:
    """Days in which both hubs are up, looked at now and then: nobody is away for longer than keys last."""
    for _ in range(0, days, 8):
        pair.clock.move(days=8)
        await pair.settle(seconds=12)


async def roots_known(here: AHub, of: AHub) -> int:
    card = canonical.parse((await here.link(of)).peer.card.encode())
    assert not isinstance(card, canonical.Flaw)
    inner = card["card"]
    assert isinstance(inner, dict)
    chain = inner["roots"]
    assert isinstance(chain, list)
    return len(chain)


def signed(paper: Paper, *seeds: bytes) -> Paper:
    for seed in seeds:
        after = papers.sign_paper(paper, seed)
        assert after is not None
        paper = after
    return paper


async def test_a_rotation_counts_when_enough_old_and_enough_new_holders_signed_and_peers_follow(
    pair: Neighbours,
) -> None:
    await pair.link()
    paper = await rotated(pair.a, threshold=2)
    for too_few in (paper, signed(paper, SEEDS[0])):
        with pytest.raises(NotSigned, match=r"more of the key holders must sign.*Nothing was\s+changed"):
            await taken(pair.a, too_few)
    assert (await state(pair.a)).number == 1
    await taken(pair.a, signed(paper, SEEDS[0], SEEDS[2]))
    await pair.settle()
    now = await state(pair.a)
    assert (now.number, now.threshold, [each.name for each in now.holders]) == (2, 2, ["Ana", "Rosa", "Luz"])
    assert (now.network, now.kept) == (pair.a.home, ())
    assert await roots_known(pair.b, pair.a) == 2
    await call(pair.a, pair.b, 1)
    await pair.settle()
    assert calls_heard(pair.b) == [1]


async def test_root_keys_changed_while_the_clock_stood_too_early_follow_the_first_all_the_same(
    pair: Neighbours, clock: Clock
) -> None:
    clock.move(days=-2)
    await taken(pair.a, signed(await rotated(pair.a), SEEDS[0]))
    assert (await state(pair.a)).number == 2


async def test_a_peer_keeps_the_roots_it_knows_when_an_old_or_another_chain_comes(pair: Neighbours) -> None:
    await pair.link()
    async with pair.a.turn() as turn:
        home = await home_identity(turn.tx, turn.guard)
        old_card = home.card()
    await taken(pair.a, signed(await rotated(pair.a), SEEDS[0]))
    await pair.settle()
    assert await roots_known(pair.b, pair.a) == 2
    async with pair.a.turn() as turn:
        await turn.record(Post(pair.b.home, Stream.URGENT, "keys", {"card": old_card}))
    await pair.settle()
    assert await roots_known(pair.b, pair.a) == 2
    assert any("other root keys" in str(tell.text) for tell in pair.b.told if tell.role is Role.ADMINISTRATOR)


async def test_an_offline_signature_needs_only_the_file_and_a_strangers_page_signs_nothing(
    pair: Neighbours,
) -> None:
    file = papers.write_paper(await rotated(pair.a, threshold=2))
    on_another_machine = papers.read_paper(file)
    assert isinstance(on_another_machine, Paper)
    assert papers.sign_paper(on_another_machine, chance(32)) is None
    again = papers.read_paper(papers.write_paper(signed(on_another_machine, SEEDS[1], SEEDS[2])))
    assert isinstance(again, Paper)
    await taken(pair.a, again)
    key = THREE[0].public.hex()
    tampered = file.replace(key.encode(), f"{key[:-1]}{int(key[-1], 16) ^ 1:x}".encode())
    changed = papers.read_paper(tampered)
    assert isinstance(changed, Paper)
    assert not papers.complete(signed(changed, SEEDS[1]))
    assert papers.read_paper(b"not a paper") is Doubt.SHAPE


async def test_a_file_written_before_the_last_rotation_or_for_another_network_is_not_taken(
    pair: Neighbours,
) -> None:
    early = signed(await rotated(pair.a), SEEDS[0])
    with pytest.raises(OldPaper):
        await taken(pair.b, early)
    await taken(pair.a, early)
    with pytest.raises(OldPaper, match="Write a new one"):
        await taken(pair.a, early)
    with pytest.raises(BadThreshold, match="4 of 3"):
        await rotated(pair.a, threshold=4)


async def test_the_hubs_own_key_is_renewed_in_time_and_linked_networks_go_on_hearing(
    pair: Neighbours,
) -> None:
    await pair.link()
    first = (await state(pair.a)).valid_until
    for number in (1, 2, 3):
        await passes(pair, days=40)
        await call(pair.a, pair.b, number)
        await pair.settle(seconds=30)
    assert (await state(pair.a)).valid_until - first >= timedelta(days=70)
    assert calls_heard(pair.b) == [1, 2, 3]


async def test_a_hub_that_keeps_no_root_key_uses_what_was_signed_ahead_and_warns_before_it_ends(
    pair: Neighbours, clock: Clock
) -> None:
    await taken(pair.a, signed(await rotated(pair.a, threshold=2), SEEDS[0], SEEDS[1]))
    async with pair.a.turn() as turn:
        ahead = await roots.draft_renewal(turn, 1)
    await taken(pair.a, signed(ahead, SEEDS[1], SEEDS[2]))
    before = await state(pair.a)
    assert before.ready == 1
    clock.move(days=77)
    await pair.a.due.fire_all()
    after = await state(pair.a)
    assert (after.ready, after.valid_until) == (0, before.covered_until)
    assert not pair.a.told
    clock.now = after.valid_until - timedelta(days=13, hours=1)
    for _ in range(8):
        await pair.a.due.fire_all()
        clock.move(hours=6)
    warned = [str(tell.text) for tell in pair.a.told]
    assert 1 <= len(warned) <= 3, "about once a day"
    assert all("have the key holders sign" in text and "Calls for help go on" in text for text in warned)


async def test_a_revoked_key_is_believed_up_to_its_last_good_number_and_the_new_one_at_once(
    pair: Neighbours,
) -> None:
    await pair.link()
    await call(pair.a, pair.b, 1)
    await pair.settle()
    async with pair.a.turn() as turn:
        stolen = (await home_identity(turn.tx, turn.guard)).operating[0]
    async with pair.a.turn() as turn:
        await roots.take(turn, await roots.sign_here(turn, await roots.draft_revocation(turn)))
    await pair.settle(seconds=60)
    await call(pair.a, pair.b, 2)
    await pair.settle(seconds=60)
    assert calls_heard(pair.b) == [1, 2]
    body = {**ALARM, "id": "9" * 32}
    draft = Draft("alarm", pair.a.home, pair.b.home, Stream.URGENT, body, pair.clock(), seq=99)
    forged = sign_envelope(draft, stolen.private).signed
    sealing = bytes.fromhex((await pair.a.link(pair.b)).peer.sealing)
    async with pair.b.turn() as turn:
        assert (
            await pair.b.inbox.receive(turn, pair.a.home, seal_envelope(forged, sealing)) is Verdict.REFUSED
        )
    assert stolen.public.hex() in {
        key.public for key in (await pair.b.link(pair.a)).peer.operating if key.last_good is not None
    }


async def test_a_peer_that_missed_the_change_of_key_understands_when_it_is_told_again(
    pair: Neighbours,
) -> None:
    await pair.link()
    async with pair.a.turn() as turn:
        await roots.take(turn, await roots.sign_here(turn, await roots.draft_revocation(turn)))
    lost = await pair.a.outgoing()
    assert lost, "everything that told of it is lost on the way"
    await call(pair.a, pair.b, 1)
    await pair.settle(seconds=120)
    assert calls_heard(pair.b) == [1]


async def test_a_network_begins_with_two_of_three_and_works_a_year_without_asking_them(
    pair: Neighbours, clock: Clock
) -> None:
    hub = pair.a
    async with hub.turn() as turn:
        for purpose in ("root", "operating", "sealing", "document", "envoy", "holder"):
            for each in await keys.of_purpose(turn.tx, turn.guard, purpose):
                await keys.forget(turn.tx, each.id)
        await turn.tx.exec_driver_sql("delete from networks")
        first = FirstKeys(THREE, 2, SEEDS, None, 4)
        hub.home = await identity.found_network(
            turn, name="Red", languages=("es",), envoy=hub.envoy, first=first
        )
    begun = await state(hub)
    assert (begun.threshold, begun.kept, begun.ready) == (2, (), 4)
    for _ in range(4):
        clock.move(days=77)
        await hub.due.fire_all()
        clock.move(hours=7)
        await hub.due.fire_all()
    assert (await state(hub)).ready == 0
    assert (await state(hub)).valid_until == begun.covered_until
    assert not hub.told


async def test_a_card_with_its_bots_is_checked_offline_and_a_changed_fingerprint_is_noticed(
    pair: Neighbours, clock: Clock
) -> None:
    bot = SignedBot(network=pair.a.home, name="Sentinel", matrix_id="@ayni:a.example", fingerprint="x" * 43)
    async with pair.a.turn() as turn:
        home = await home_identity(turn.tx, turn.guard)
    file = make_bundle(home.card(), [bot], home.seed)
    checked = check_bundle(file, clock())
    assert not isinstance(checked, Doubt)
    assert (checked.network.network, checked.bots) == (pair.a.home, (bot,))
    assert crypto.signing_public(home.seed) == checked.network.signed_with.public
    assert check_bundle(file.replace(b"x" * 43, b"y" * 43), clock()) is Doubt.UNKNOWN_KEY
    assert check_bundle(file, clock() + timedelta(days=8)) is Doubt.EXPIRED
