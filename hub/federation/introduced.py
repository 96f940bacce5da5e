"""First contact: a room proves an invitation, then the first envelope in it says which network it is.

Whoever proves nothing gets silence: no room is joined, nothing is answered, nothing is kept. The proof is
for one room of one envoy: their homeserver, which reads it, cannot use it for another room.
"""

from __future__ import annotations

from directory.core.effects import DueAt, Post, Stream, TellRoles, Urgency
from directory.core.text import say
from directory.core.viewer import Role
from directory.turn import Turn
from hub.federation.core import invitation as invitations
from hub.federation.core.envelope import VerifiedEnvelope
from hub.federation.core.invitation import let_in
from hub.federation.core.keyring import Keyring
from hub.federation.core.network_card import KnownNetwork
from hub.federation.core.proposal import Proposal, open_proposal
from hub.federation.identity import SEALING, home_identity
from hub.federation.keyrings import keys_of, reached_at
from hub.federation.post import DUE_HEARTBEAT
from hub.store import envelopes, keys, links, rooms
from hub.store.links import Invitation, Peer
from hub.store.rooms import Room


async def invite_reason(turn: Turn, room: Room, matrix: str) -> str | None:
    """What our envoy writes into its invites to a link room: the proof for just this one, once it exists."""
    if room.purpose != "link" or room.ref is None:
        return None
    link = await links.of(turn.tx, turn.guard, room.ref)
    if link is None or not link.peer.secret:
        return None
    envoy = (await home_identity(turn.tx, turn.guard)).envoy
    return invitations.invite_reason(bytes.fromhex(link.peer.secret), matrix, envoy)


async def admit(turn: Turn, inviter_matrix_id: str, room_id: str, reason: str) -> str | None:
    """Should the envoy join the room it is invited to? Our own id of the room; None means silence.

    The reason must prove, for this room and inviter, an open invitation, which is used up by this.
    """
    secrets = {each.id: each.secret for each in await links.open_invitations(turn.tx, turn.guard, turn.now)}
    invitation = let_in(reason, room_id, inviter_matrix_id, secrets)
    if invitation is None:
        return None
    await links.use_invitation(turn.tx, invitation, turn.now)
    room = await rooms.known(
        turn.tx,
        turn.guard,
        room=turn.ids(),
        account="envoy",
        purpose="link",
        ref=invitation,
        matrix=room_id,
        now=turn.now,
    )
    await rooms.expect(turn.tx, turn.guard, room, inviter_matrix_id, turn.now, present=True)
    return room


async def first_envelope(turn: Turn, invitation_id: str, raw: bytes) -> VerifiedEnvelope | None:
    """The proposal that a room let in by this invitation is waiting for; the link exists afterwards."""
    invitation = await links.invitation(turn.tx, turn.guard, invitation_id)
    room = await rooms.by_ref(turn.tx, turn.guard, "link", invitation_id)
    if invitation is None or room is None:
        return None
    ours = await keys.of_purpose(turn.tx, turn.guard, SEALING)
    keyring = Keyring.of(turn.home, (each.private for each in ours), ())
    opened = open_proposal(raw, keyring, {invitation.id: invitation.secret}, turn.now)
    if not isinstance(opened, Proposal) or not await _may_begin(turn, opened.network, room):
        return None
    await _begin(turn, room, invitation, opened)
    return opened.envelope


async def _may_begin(turn: Turn, network: KnownNetwork, room: Room) -> bool:
    """The card names the envoy whose room it came in, the network is not ours and not linked already."""
    envoys = {place.user for place in await rooms.places(turn.tx, turn.guard, room.id)}
    if network.envoy not in envoys or network.network == turn.home:
        return False
    link = await links.of(turn.tx, turn.guard, network.network)
    return link is None or link.state == "severed"


async def _begin(turn: Turn, room: Room, invitation: Invitation, proposal: Proposal) -> None:
    network = proposal.network
    home = await home_identity(turn.tx, turn.guard)
    peer = _peer(invitation, proposal)
    await links.add(
        turn.tx,
        turn.guard,
        network=network.network,
        name=network.name,
        peer=peer,
        opened_by_us=True,
        room=room.id,
        now=turn.now,
    )
    await envelopes.begin(turn.tx, network.network, Stream)
    await links.know_network(turn.tx, network.network, name=network.name, languages=network.languages)
    await rooms.known(
        turn.tx,
        turn.guard,
        room=room.id,
        account=room.account,
        purpose="link",
        ref=network.network,
        matrix=str(room.matrix),
        now=turn.now,
    )
    await turn.record(Post(network.network, Stream.URGENT, "link", {"step": "welcome", "card": home.card()}))
    await turn.record(DueAt(DUE_HEARTBEAT, network.network, turn.now))
    text = say("{name} answered your invitation. Call them and compare the words.", name=network.name)
    await turn.record(TellRoles(Role.ADMINISTRATOR, text, Urgency.ANSWER))


def _peer(invitation: Invitation, proposal: Proposal) -> Peer:
    network = proposal.network
    return Peer(
        envoy=network.envoy,
        invitation=invitation.id,
        secret=proposal.meeting.secret.hex(),
        nonce=proposal.meeting.nonce.hex(),
        met_us=(invitation.operating.hex(), invitation.sealing.hex()),
        met_them=(network.speaker.operating.hex(), network.speaker.sealing.hex()),
        card=network.card.decode(),
        operating=keys_of(network),
        sealing=network.sealing.public.hex(),
        **reached_at(network),
    )
