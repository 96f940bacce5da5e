"""The doctor measures what the homeserver lets the bot do, and says it in alarms."""

from __future__ import annotations

from fixtures_embedded import Pair

from hub.doctor.check import State
from hub.doctor.limits import SENDS, Measured, _measured, judge, measure
from hub.matrix.answers import RetryLater
from hub.matrix.wire import Wire

PLENTY = Measured(3, None)


async def test_counting_ends_with_the_first_request_to_slow_down() -> None:
    tries: list[int] = []

    async def act() -> None:
        tries.append(1)
        if len(tries) > 10:
            raise RetryLater(5.0)

    assert await measure(act, 30) == Measured(10, 12.0)
    assert len(tries) == 11


async def test_a_homeserver_without_a_low_limit_is_asked_only_so_often() -> None:
    async def act() -> None:
        return None

    assert await measure(act, 7) == Measured(7, None)


def test_the_defaults_of_synapse_are_too_little_and_the_settings_of_ours_are_fine() -> None:
    default = judge(Measured(10, 12.0), PLENTY, PLENTY)
    assert default.state is State.TROUBLE
    assert "1 alarm" in str(default.text)
    assert judge(Measured(SENDS, None), PLENTY, PLENTY).state is State.OK
    assert judge(Measured(20, 60.0), PLENTY, PLENTY).state is State.OK
    assert judge(Measured(SENDS, None), Measured(0, 1.0), PLENTY).state is State.TROUBLE


async def test_our_own_homeserver_carries_alarms_and_the_room_is_left(homeservers: Pair) -> None:
    bot, guest = await homeservers.a.a_person("bot"), await homeservers.a.a_person("envoy")
    wire = Wire(homeservers.a.url, bot.token)
    try:
        check = await _measured(wire, guest.user_id)
        assert check.state is State.OK
        joined = await wire.get("/_matrix/client/v3/joined_rooms")
        assert joined["joined_rooms"] == []
    finally:
        await wire.close()
