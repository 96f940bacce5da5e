"""The key that opens by itself: replaced while everything runs, cut short anywhere, handed out by systemd."""

from __future__ import annotations

from pathlib import Path

import pytest

from directory.store.guarded import Guard
from hub.chance import chance
from hub.custody import WATCH, NoKeys, files, make_rings, open_rings, watch
from hub.custody.watch import Kept
from hub.doctor.check import State
from hub.doctor.folder import look_at_keys, look_at_watch
from hub.doctor.seized import custody_of

STEPS = 6


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(files.CREDENTIALS, raising=False)
    make_rings(tmp_path / "keys", chance)
    return tmp_path / "keys"


def sealed(guard: Guard) -> bytes:
    return guard.seal("letters", "content", "l1", "come", watch=True)


def opens(keys: Path, value: bytes) -> bool:
    return open_rings(keys, chance).open("letters", "content", "l1", value, watch=True) == b"come"


def by_systemd(keys: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> Path:
    """What systemd lays down for a unit with LoadCredentialEncrypted=watch.key."""
    folder = keys.parent / "credentials"
    folder.mkdir(exist_ok=True)
    files.write_secret(folder / WATCH, text)
    monkeypatch.setenv(files.CREDENTIALS, str(folder))
    return folder


def test_what_seals_lies_on_the_disk_only_wrapped(keys: Path) -> None:
    secret = open_rings(keys, chance).watch.key
    assert all(secret not in file.read_bytes() for file in keys.iterdir())


def test_a_new_key_opens_what_was_sealed_before_and_a_copy_of_the_old_one_opens_nothing(keys: Path) -> None:
    serving = open_rings(keys, chance)
    value, old = sealed(serving), (keys / WATCH).read_text()
    watch.rotate(keys, chance)
    assert opens(keys, value)
    assert opens(keys, sealed(serving)), "a process that never noticed goes on sealing the same"
    files.write_secret(keys / WATCH, old)
    with pytest.raises(watch.OtherWatchKey, match=r"older one.*Nothing was changed.*Put back the newest"):
        open_rings(keys, chance)


@pytest.mark.parametrize("reached", range(STEPS))
def test_a_rotation_cut_short_anywhere_opens_and_is_finished_at_the_next_start(
    keys: Path, reached: int
) -> None:
    value = sealed(open_rings(keys, chance))
    going = watch.steps(keys, chance)
    for _ in range(reached + 1):
        next(going)
    going.close()  # and here the power fails
    assert opens(keys, value)
    left = {file.name for file in keys.iterdir()}
    assert not left & {watch.NEXT, watch.OLD}, "nothing of the old or the unused key stays"
    wrapped = watch.wrapped_of(keys)
    assert wrapped is not None
    assert len(wrapped.under) == 1
    watch.rotate(keys, chance)
    assert opens(keys, value)


def test_there_are_no_more_steps_than_are_tried(keys: Path) -> None:
    assert len(list(watch.steps(keys, chance))) == STEPS


def test_two_commands_at_once_do_not_mix_their_keys(keys: Path) -> None:
    value = sealed(open_rings(keys, chance))
    one = watch.steps(keys, chance)
    next(one)
    with pytest.raises(watch.Rotating):
        watch.rotate(keys, chance)
    assert opens(keys, value), "a start in the middle of it leaves it alone"
    list(one)
    assert opens(keys, value)


def test_systemd_takes_the_key_over_and_the_file_is_overwritten_only_then(
    keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = sealed(open_rings(keys, chance))
    made = watch.rotate(keys, chance, to_credential=True)
    assert opens(keys, value), "until systemd hands the new one over, the old one opens"
    assert look_at_watch(keys.parent).state is State.NOTE
    assert watch.waits_for_credential(keys)
    by_systemd(keys, monkeypatch, made.text)
    assert opens(keys, value)
    assert not (keys / WATCH).exists()
    assert watch.kept_as(keys) is Kept.CREDENTIAL
    assert look_at_watch(keys.parent).state is State.OK
    assert "systemd opens it" in custody_of(keys)[1]
    watch.rotate(keys, chance)
    assert opens(keys, value), "and back into a file, although systemd still hands out the old one"


def test_without_the_credential_a_start_says_what_is_missing(
    keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = watch.rotate(keys, chance, to_credential=True)
    by_systemd(keys, monkeypatch, made.text)
    open_rings(keys, chance)
    monkeypatch.delenv(files.CREDENTIALS)
    with pytest.raises(watch.NotHanded, match=r"systemd did not hand it over.*systemctl start ayni"):
        open_rings(keys, chance)
    assert look_at_keys(keys.parent).state is not State.TROUBLE


def test_a_key_of_another_network_opens_nothing_and_says_so(keys: Path, tmp_path: Path) -> None:
    make_rings(tmp_path / "other", chance)
    files.write_secret(keys / WATCH, (tmp_path / "other" / WATCH).read_text())
    with pytest.raises(watch.OtherWatchKey, match="another network"):
        open_rings(keys, chance)


def test_a_folder_without_any_key_is_not_given_a_new_one(tmp_path: Path) -> None:
    with pytest.raises(NoKeys):
        open_rings(tmp_path / "nothing", chance)
    assert not (tmp_path / "nothing").exists()


def test_a_hub_from_before_opens_and_gets_its_data_key_wrapped_by_the_first_rotation(keys: Path) -> None:
    (keys / watch.DATA).unlink()
    value = sealed(open_rings(keys, chance))
    watch.rotate(keys, chance)
    assert (keys / watch.DATA).exists()
    assert opens(keys, value)
