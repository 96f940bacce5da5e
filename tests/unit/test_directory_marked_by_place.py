"""What is marked is never found by place: it moves nobody up there either, and is nobody's reason."""

from __future__ import annotations

from directory import vocabularies
from directory.core.answers import why
from directory.core.cards import Body, tags
from directory.core.questions import Asker, Plan, Question, plan
from directory.languages import render

KNOWN = vocabularies.known()
BOTH: Body = {
    "kind": "person",
    "country": "MX",
    "regions": ["MX-CHP"],
    "issues": ["torture", "lgbti-rights"],
    "languages": [],
    "offers": [],
}


def asked(*regions: str) -> tuple[Question, Plan]:
    question = Question(issues=("torture", "lgbti-rights"), regions=regions)
    return question, plan(question, Asker(), KNOWN)


def reason(question: Question, found_by: Plan) -> str:
    return render(why(BOTH, question, found_by, KNOWN), "en")


def test_in_a_place_a_marked_issue_neither_moves_a_card_up_nor_is_its_reason() -> None:
    question, found_by = asked("MX-CHP")
    assert set(tags(BOTH, KNOWN)) & found_by.exact == {"i:torture"}
    assert "LGBTI" not in reason(question, found_by) and "orture" in reason(question, found_by)


def test_in_a_country_it_counts_and_is_said() -> None:
    question, found_by = asked("MX")
    assert set(tags(BOTH, KNOWN)) & found_by.exact == {"i:torture", "i:lgbti-rights"}
    assert "LGBTI" in reason(question, found_by)
