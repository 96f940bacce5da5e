"""Settings are read once, refuse what they do not know, and take secrets only from closed files."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import fields

from hub.settings import (
    BadSettings,
    Door,
    LinksSection,
    NoSecret,
    OpenSecret,
    Settings,
    load,
    read_secret,
    starter_file,
    write_starter,
)


def test_no_file_means_defaults_and_an_evaluation_hub(tmp_path: Path) -> None:
    settings = load(tmp_path / "settings.toml", {})
    assert settings == Settings()
    assert settings.evaluation


def test_file_and_environment_are_read_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[network]\nname = "Red Ayni"\n[door]\nport = 8080\n')
    settings = load(file, {"AYNI_DOOR__PORT": "9090", "AYNI_HOMESERVER__DOMAIN": "red.example", "HOME": "/"})
    assert settings.network.name == "Red Ayni"
    assert settings.door.port == 9090
    assert not settings.evaluation


@pytest.mark.parametrize(
    ("door", "wished", "host"),
    [
        ("https://ayni.example/way", "", "ayni.example"),
        ("https://ayni.example:8443", "", "ayni.example:8443"),
        ("https://ayni.example", "hub.example", "hub.example"),
        ("https://ayni.example", "off", ""),
        ("http://127.0.0.1:8480", "", ""),
        ("https://abcdefghij.onion:8443/way", "", ""),
    ],
)
def test_linked_hubs_are_told_the_host_of_the_pages_and_never_a_hidden_one(
    door: str, wished: str, host: str
) -> None:
    settings = Settings(door=Door(public_url=door), links=LinksSection(https=wished))
    assert settings.https_host == host


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[door]\nprot = 8080\n", "prot"),
        ("[doors]\nport = 8080\n", "doors"),
        ('[door]\nport = "eight"\n', "door.port"),
        ("[care]\ncircle_s = 0\n", "circle_s"),
        ("[door\n", "not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    with pytest.raises(BadSettings) as refused:
        load(file, {})
    assert named in str(refused.value)
    assert "start again" in str(refused.value)


def test_the_starter_file_explains_every_key_and_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    write_starter(file)
    assert load(file, {}) == Settings()
    assert file.stat().st_mode & 0o777 == 0o600
    lines = starter_file().splitlines()
    keys = [at for at, line in enumerate(lines) if line.startswith("# ") and " = " in line]
    assert len(keys) == sum(len(fields(section.type)) for section in fields(Settings))
    assert all(len(lines[at - 1]) > 20 for at in keys), "a key stands there without a sentence"


def test_every_line_of_the_starter_file_works_when_its_mark_is_removed(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    lines = starter_file().splitlines()
    file.write_text("\n".join(line[2:] if " = " in line else line for line in lines))
    assert load(file, {}) == Settings()


def test_a_secret_others_can_read_is_refused_and_a_closed_one_is_read(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    with pytest.raises(NoSecret):
        read_secret(file)
    file.write_text("s3cret\n")
    file.chmod(0o644)
    with pytest.raises(OpenSecret, match="chmod 600"):
        read_secret(file)
    file.chmod(0o600)
    assert read_secret(file) == "s3cret"
