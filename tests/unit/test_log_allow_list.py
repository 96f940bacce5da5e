"""What is not on the list never reaches a log line."""

from __future__ import annotations

import json

import pytest

from hub import log


def test_a_field_that_is_not_listed_is_dropped_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("test")
    log.event("letter sent", seconds=0.2, matrix_id="@quetzal:example", body="help me")
    line = json.loads(capsys.readouterr().err)
    assert "quetzal" not in json.dumps(line)
    assert "help me" not in json.dumps(line)
    assert line["dropped_fields"] == 2
    assert (line["event"], line["seconds"], line["role"]) == ("letter sent", 0.2, "test")
