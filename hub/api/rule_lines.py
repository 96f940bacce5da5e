"""The lines of the rule table for what only the hub has: the schema's fields and arguments, documents, pages.

They extend directory/core/rule_table.py; a thing may have one line only. What a single member shows to
whom is never decided here but where cards are made; these lines say who may ask at all.
"""

from __future__ import annotations

from collections.abc import Mapping

from directory.core.relations import Relation as R
from directory.core.rule_table import RULES as DIRECTORY
from directory.core.verdicts import Rule
from hub.api.reached_lines import FIELDS, PAYLOADS, REACHED, READERS, each

MEMBERS = Rule(frozenset({R.HOME}))
EVERYONE_HERE = Rule(frozenset({R.JOINING, R.HOME, R.TECHNICIAN, R.INTEGRATOR}))
CALLERS = Rule(frozenset({R.JOINING, R.HOME}))
"""Whoever has an entry here may call for help, also while they wait or are frozen."""
ON_CALL = Rule(frozenset({R.RESPONDER, R.COORDINATOR}))
MEMBERS_AND_MACHINE = Rule(frozenset({R.HOME, R.TECHNICIAN}))
COORDINATORS = Rule(frozenset({R.COORDINATOR}))
KEEPERS = Rule(frozenset({R.COORDINATOR, R.ADMINISTRATOR, R.TECHNICIAN}))
INVITERS = Rule(frozenset({R.CONNECTOR, R.COORDINATOR, R.ADMINISTRATOR, R.TECHNICIAN}))
ADMINISTRATORS = Rule(frozenset({R.ADMINISTRATOR, R.TECHNICIAN}))
AUDITORS = Rule(frozenset({R.ADMINISTRATOR, R.REVIEWER, R.TECHNICIAN}))
REVIEWERS = Rule(frozenset({R.COORDINATOR, R.ADMINISTRATOR, R.REVIEWER, R.TECHNICIAN}))


def _acts(names: str, rule: Rule) -> dict[str, Rule]:
    """Mutations: the field, its document, its errors and everything it takes; "name(argument argument)"."""
    lines: dict[str, Rule] = {}
    for part in names.split(")"):
        name, _, taken = part.strip().partition("(")
        if not name:
            continue
        lines[f"Mutation.{name}"] = rule
        document = name[0].upper() + name[1:]
        lines |= {f"operation:{document}": rule, f"{document}Payload.errors": REACHED}
        lines |= each(f"argument:{name}.", taken, rule)
    return lines


_QUERIES = {
    **each("Query.", "viewer networks bots issues regions languages offers", EVERYONE_HERE),
    **each("argument:", "issues.within regions.within languages.within offers.within", EVERYONE_HERE),
    **each("Query.", "signIns", CALLERS),
    **each("Query.", "myAlarm alarmPlan circleRequests checkIns checkInNotice proxies", CALLERS),
    **each("argument:checkInNotice.", "inMinutes highRisk", CALLERS),
    **each("Query.", "silences", Rule(ON_CALL.to | KEEPERS.to)),
    **each("Query.", "openAlarms alarmsToDebrief", Rule(CALLERS.to | KEEPERS.to)),
    **each("Query.", "careFigures silentNetworks", KEEPERS),
    **each("Query.", "myTexts myWish", MEMBERS),
    **each("Query.", "playbooks playbookRuns", MEMBERS_AND_MACHINE),
    **each("Query.", "seenFrom", COORDINATORS),
    **each("argument:", "seenFrom.handle", COORDINATORS),
    **each("Query.", "rota", Rule(ON_CALL.to | KEEPERS.to)),
    **each("Query.", "myDrill myWakers", ON_CALL),
    **each("Query.", "onDuty", Rule(MEMBERS.to | KEEPERS.to)),
    **each("Query.", "waiting forcedRequests", KEEPERS),
    **each("Query.", "invited", INVITERS),
    **each("Query.", "sharing myLedger myTakenBack", MEMBERS),
    **each("Query.", "myCard seeAs", CALLERS),
    **each("argument:seeAs.", "audience network", CALLERS),
    **each("Query.", "findAllies", READERS),
    **each("argument:findAllies.", "issues regions languages offers kinds all first after", READERS),
    **each("Query.", "secondAsks", MEMBERS_AND_MACHINE),
    **each("Query.", "custodians", AUDITORS),
    **each("Query.", "memberSignIns", KEEPERS),
    **each("argument:memberSignIns.", "handle", KEEPERS),
    **each("Query.", "links tokens wordings addedLanguages lifeCritical", ADMINISTRATORS),
    **each("argument:wordings.", "language find changedOnly after", ADMINISTRATORS),
    **each("Query.", "introductions outsideContacts keptApart", MEMBERS),
    **each("Query.", "communities", MEMBERS_AND_MACHINE),
    **each("Query.", "carriedPeople", INVITERS),
    **each("Query.", "reach", REVIEWERS),
    **each("Query.", "audit auditCheck", AUDITORS),
    **each("argument:audit.", "before first", AUDITORS),
    **each("Query.", "importRun notedPeople", KEEPERS),
    **each("argument:", "importRun.run notedPeople.after", KEEPERS),
    **each("Query.", "members", KEEPERS),
    **each("argument:members.", "after first", KEEPERS),
}

_WATCHED = {
    **each("Subscription.", "alarmChanged timelineGrew", Rule(CALLERS.to | KEEPERS.to)),
    **each("argument:", "timelineGrew.alarm", Rule(CALLERS.to | KEEPERS.to)),
    **each("operation:", "AlarmChanged TimelineGrew", Rule(CALLERS.to | KEEPERS.to)),
    **each("", "Subscription.linkChanged operation:LinkChanged", ADMINISTRATORS),
}

_MUTATIONS = {
    **_acts("setLanguage(language second voice) setWord(word) endSignIn(name)", CALLERS),
    **_acts(
        "raiseAlarm(text place severity) tellPlace(place) cancelAlarm(word) saySafe(word) "
        "planAlarm(cancelWindow networks text place help operator)",
        CALLERS,
    ),
    **_acts("takeAlarm(alarm) closeAlarm(alarm) passOnAlarm(alarm) declineAlarm(alarm)", CALLERS),
    **_acts("debriefAlarm(alarm falseAlarm note)", CALLERS),
    **_acts(
        "startDrill() answerDrill(drill rang) chooseWaker(kind where understood) dropWaker(kind) "
        "planShift(handle days start end zone languages regions) endShift(shift) "
        "offerDuty(stretch handle) answerDuty(stretch yes) goAway(since until) leaveNote(text)",
        ON_CALL,
    ),
    **_acts(
        "planCheckIn(inMinutes severity about highRisk whose) answerCheckIn(word whose) "
        "callOffCheckIns(word whose checkIn) moveCheckIn(minutes word whose) "
        "planJourney(minutes places startInMinutes about highRisk whose) "
        "planRecurring(days times everyMinutes restFrom restTo zone about highRisk whose) "
        "planEvent(startsAt endsAt hours zone everyMinutes about highRisk whose) "
        "answerProxy(proxy yes) stopProxy(handle)",
        CALLERS,
    ),
    **_acts("askProxy(handle how)", Rule(frozenset({R.CONNECTOR, R.COORDINATOR}))),
    **_acts("takeSilence(silence)", ON_CALL),
    **_acts("wakeForNetwork(network always)", KEEPERS),
    **_acts("askSingly(silence handle)", Rule(ON_CALL.to | KEEPERS.to)),
    **_acts("askToCircle(handle) answerCircle(member yes) leaveCircle(handle)", MEMBERS),
    **_acts("goOnDuty(hours) goOffDuty()", ON_CALL),
    **_acts(
        "inviteMember(roles language organisation) confirmMember(member) turnAwayMember(member)", INVITERS
    ),
    **_acts(
        "shareWith(network) goOnSharing(network) stopSharing(network) confirmMyCard() restMyCard() "
        "keepApart(handle card network) allowAgain(named)",
        MEMBERS,
    ),
    **_acts("askIntroduction(card purpose) answerIntroduction(introduction yes)", MEMBERS),
    **_acts(
        "editMyCard(handle country worksIn issues languages offers subdivision city organisation text) "
        "setAudience(field audience networks)",
        CALLERS,
    ),
    **_acts(
        "importOrganisations(data source trial partly people columns) "
        "startImport(data run source trial partly people columns) inviteNoted(person) forgetNoted(person)",
        KEEPERS,
    ),
    **_acts(
        "keepOutside(contact name office country offers languages reach never about mayAsk) "
        "askOutside(contact what) settleOutside(ask came outcome) confirmOutside(contact) "
        "handOutside(contact handle) forgetOutside(contact)",
        MEMBERS,
    ),
    **_acts(
        "actForCommunity(community act field audience network handle country worksIn issues languages offers "
        "text way since needed) answerCommunity(wish yes)",
        MEMBERS,
    ),
    **_acts(
        "enterCommunity(name speakers country worksIn issues languages offers text way since needed) "
        "nameSpeakers(community speakers)",
        KEEPERS,
    ),
    **_acts(
        "carryPerson(handle who how language months daysAgo meets country worksIn issues languages offers "
        "text) "
        "renewCarried(member who how language months daysAgo meets) "
        "editCarried(member country worksIn issues languages offers text) "
        "handCarried(member handle) putDownCarried(member)",
        Rule(frozenset({R.CONNECTOR, R.COORDINATOR})),
    ),
    **_acts("makeLoginLink(handle)", KEEPERS),
    **_acts("makeRelease()", Rule(frozenset({R.COORDINATOR, R.TECHNICIAN}))),
    **_acts("reportLost(handle)", Rule(CALLERS.to | KEEPERS.to)),
    **_acts("vouch(handle)", MEMBERS),
    **_acts("freezeMember(handle) voteOnFreeze(handle keep)", Rule(MEMBERS.to | KEEPERS.to)),
    **_acts("switchTextsOn(number call safe understood) switchTextsOff() setWish(wish proxy)", MEMBERS),
    **_acts("openPlaybook(handle playbook) closePlaybook(run)", COORDINATORS),
    **_acts(
        "takeStep(run step) handStep(run step handle) reportStep(run step note done) "
        "settleWish(run consent option)",
        MEMBERS,
    ),
    **_acts("inviteBack(handle)", KEEPERS),
    **_acts("endSignIns(handle)", KEEPERS),
    **_acts("answerSecond(ask yes)", MEMBERS),
    **_acts("passToNetwork(ask network) confirmByCode(ask code)", MEMBERS_AND_MACHINE),
    **_acts("nameCustodian(handle outside) endCustodian(custodian)", ADMINISTRATORS),
    **_acts("finishJoining() makeChatAccount()", CALLERS),
    **_acts("giveRole(handle role) takeRole(handle role) offBoard(handle)", ADMINISTRATORS),
    **_acts(
        "changeText(language message forms) undoText(language message) "
        "addLanguage(tag name second rtl sentences) recordSentence(tag message audio) removeLanguage(tag)",
        ADMINISTRATORS,
    ),
    **_acts("stopForcedRequest(handle) liftSilentAlarm(handle)", KEEPERS),
    **_acts(
        "prepareSecondPhrase(phrase) practiseSecondPhrase(practice phrase) removeSecondPhrase() askCopy() "
        "readCopy() leaveNetwork()",
        MEMBERS,
    ),
    **_acts("makeToken(label operations days) revokeToken(token)", ADMINISTRATORS),
    **_acts(
        "inviteNetwork() acceptNetwork(code) confirmSafetyWords(network) signAgreement(network) "
        "proposeAgreement(network kinds months answerAlarms theyAnswerAlarms coverDays coverFrom coverTo "
        "lendSecond theyLendSecond coverZone coverLanguages coverHelp) "
        "suspendLink(network) resumeLink(network) severLink(network)",
        ADMINISTRATORS,
    ),
}

_DOCUMENTS = {
    **each("operation:", "MyTexts MyWish", MEMBERS),
    "operation:Playbooks": MEMBERS_AND_MACHINE,
    "operation:SeenFrom": COORDINATORS,
    **each("operation:", "CheckInNotice Proxies", CALLERS),
    **each("operation:", "Home MyAlarm CheckIns Circle MyCard MyWord SignIns", CALLERS),
    "operation:Bots": EVERYONE_HERE,
    **each("operation:", "Today MemberSignIns", KEEPERS),
    **each("operation:", "Care", KEEPERS),
    **each("operation:", "Duty", ON_CALL),
    "operation:Silences": Rule(ON_CALL.to | KEEPERS.to),
    **each("operation:", "Rota", Rule(ON_CALL.to | KEEPERS.to)),
    **each("operation:", "Seconds", MEMBERS_AND_MACHINE),
    **each("operation:", "Custodians", AUDITORS),
    **each("operation:", "Beginning", CALLERS),
    **each("operation:", "Invitations", INVITERS),
    **each("operation:", "Sharing", MEMBERS),
    **each("operation:", "FindAllies FindChoices", READERS),
    **each("operation:", "Links Tokens Wordings AddedLanguages", ADMINISTRATORS),
    **each("operation:", "Introductions OutsideContacts KeptApart", MEMBERS),
    **each("operation:", "Communities", MEMBERS_AND_MACHINE),
    **each("operation:", "CarriedPeople", INVITERS),
    **each("operation:", "Members ImportRun NotedPeople", KEEPERS),
    **each("operation:", "Reach", REVIEWERS),
    **each("operation:", "Audit", AUDITORS),
}

_PAGES = {
    **each("page:", "/ /alarm /check-ins /words /sign-ins /language /helper", CALLERS),
    **each("page:", "/mine /phrase /phone /first-days", MEMBERS),
    **each("page:", "/find /card /sharing /introductions /circle /outside /communities /apart", MEMBERS),
    **each("page:", "/second", MEMBERS),
    **each("page:", "/duty", ON_CALL),
    "page:/silence": Rule(frozenset({R.RESPONDER, R.COORDINATOR, R.ADMINISTRATOR})),
    **each("page:", "/begin", CALLERS),
    **each("page:", "/invite /without-phone", Rule(frozenset({R.CONNECTOR, R.COORDINATOR, R.ADMINISTRATOR}))),
    **each("page:", "/today", Rule(frozenset({R.COORDINATOR, R.ADMINISTRATOR}))),
    **each("page:", "/reach", Rule(frozenset({R.COORDINATOR, R.ADMINISTRATOR, R.REVIEWER}))),
    **each("page:", "/audit", Rule(frozenset({R.ADMINISTRATOR, R.REVIEWER}))),
    **each("page:", "/links /people /texts", Rule(frozenset({R.ADMINISTRATOR}))),
    **each("page:", "/import /noted", Rule(frozenset({R.COORDINATOR, R.ADMINISTRATOR}))),
}

LINES: Mapping[str, Rule] = {
    **_QUERIES,
    **_WATCHED,
    **_MUTATIONS,
    **FIELDS,
    **PAYLOADS,
    **_DOCUMENTS,
    **_PAGES,
}


class TwoLines(Exception):
    """These things have a line in the directory's table and in the hub's. Take one away; nothing starts."""


if LINES.keys() & DIRECTORY.keys():
    raise TwoLines(", ".join(sorted(LINES.keys() & DIRECTORY.keys())))

ALL: Mapping[str, Rule] = {**DIRECTORY, **LINES}
