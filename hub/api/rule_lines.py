"""The lines of the rule table for what only the hub has: the schema's fields and arguments, documents, pages.

They extend directory/core/rule_table.py; a thing may have one line only. What a single member shows to
whom is never decided here but where cards are made; these lines say who may ask at all.
"""

from __future__ import annotations

from collections.abc import Mapping

from directory.core.relations import Relation as R
from directory.core.rule_table import RULES as DIRECTORY
from directory.core.verdicts import Rule

REACHED = Rule(frozenset({R.ANYONE}))
"""Reached only through a field that has its own line."""
MEMBERS = Rule(frozenset({R.HOME}))
READERS = Rule(frozenset({R.HOME, R.TECHNICIAN, R.INTEGRATOR}))
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


def _each(prefix: str, names: str, rule: Rule) -> dict[str, Rule]:
    return {f"{prefix}{name}": rule for name in names.split()}


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
        lines |= _each(f"argument:{name}.", taken, rule)
    return lines


_QUERIES = {
    **_each("Query.", "viewer networks bots issues regions languages offers", EVERYONE_HERE),
    **_each("argument:", "issues.within regions.within languages.within offers.within", EVERYONE_HERE),
    **_each("Query.", "signIns", CALLERS),
    **_each("Query.", "myAlarm alarmPlan circleRequests checkIns checkInNotice proxies", CALLERS),
    **_each("argument:checkInNotice.", "inMinutes highRisk", CALLERS),
    **_each("Query.", "silences", Rule(ON_CALL.to | KEEPERS.to)),
    **_each("Query.", "openAlarms alarmsToDebrief", Rule(CALLERS.to | KEEPERS.to)),
    **_each("Query.", "careFigures", KEEPERS),
    **_each("Query.", "myTexts myWish", MEMBERS),
    **_each("Query.", "playbooks playbookRuns", MEMBERS_AND_MACHINE),
    **_each("Query.", "seenFrom", COORDINATORS),
    **_each("argument:", "seenFrom.handle", COORDINATORS),
    **_each("Query.", "rota", Rule(ON_CALL.to | KEEPERS.to)),
    **_each("Query.", "myDrill myWakers", ON_CALL),
    **_each("Query.", "onDuty", Rule(MEMBERS.to | KEEPERS.to)),
    **_each("Query.", "waiting forcedRequests", KEEPERS),
    **_each("Query.", "invited", INVITERS),
    **_each("Query.", "sharing myLedger myTakenBack", MEMBERS),
    **_each("Query.", "myCard seeAs", CALLERS),
    **_each("argument:seeAs.", "audience network", CALLERS),
    **_each("Query.", "findAllies", READERS),
    **_each("argument:findAllies.", "issues regions languages offers kinds all first after", READERS),
    **_each("Query.", "secondAsks", MEMBERS_AND_MACHINE),
    **_each("Query.", "custodians", AUDITORS),
    **_each("Query.", "memberSignIns", KEEPERS),
    **_each("argument:memberSignIns.", "handle", KEEPERS),
    **_each("Query.", "links tokens wordings addedLanguages lifeCritical", ADMINISTRATORS),
    **_each("argument:wordings.", "language find changedOnly after", ADMINISTRATORS),
    **_each("Query.", "introductions outsideContacts", MEMBERS),
    **_each("Query.", "reach", REVIEWERS),
    **_each("Query.", "audit auditCheck", AUDITORS),
    **_each("argument:audit.", "before first", AUDITORS),
    **_each("Query.", "importRun notedPeople", KEEPERS),
    **_each("argument:", "importRun.run notedPeople.after", KEEPERS),
    **_each("Query.", "members", KEEPERS),
    **_each("argument:members.", "after first", KEEPERS),
}

_WATCHED = {
    **_each("Subscription.", "alarmChanged timelineGrew", Rule(CALLERS.to | KEEPERS.to)),
    **_each("argument:", "timelineGrew.alarm", Rule(CALLERS.to | KEEPERS.to)),
    **_each("operation:", "AlarmChanged TimelineGrew", Rule(CALLERS.to | KEEPERS.to)),
    **_each("", "Subscription.linkChanged operation:LinkChanged", ADMINISTRATORS),
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
        "startDrill() answerDrill(drill rang) chooseWaker(kind where) dropWaker(kind) "
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
    **_acts("askSingly(silence handle)", Rule(ON_CALL.to | KEEPERS.to)),
    **_acts("askToCircle(handle) answerCircle(member yes) leaveCircle(handle)", MEMBERS),
    **_acts("goOnDuty(hours) goOffDuty()", ON_CALL),
    **_acts(
        "inviteMember(roles language organisation) confirmMember(member) turnAwayMember(member)", INVITERS
    ),
    **_acts("shareWith(network) stopSharing(network)", MEMBERS),
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

_REACHED = {
    **_each("Viewer.", "handle roles locale wordFresh hasWord network", REACHED),
    **_each("SignIn.", "name since expiresAt", REACHED),
    **_each("Network.", "id name home active", REACHED),
    **_each("Term.", "key name within marked", REACHED),
    **_each(
        "Alarm.",
        "id state stateText open severity mine handle text place network raisedAt nextAt secondsToStop "
        "takenBy silent contacts timeline",
        REACHED,
    ),
    **_each("Contact.", "handle rung toldAt deliveredAt readAt answeredAt answer", REACHED),
    **_each(
        "CareFigures.",
        "since lines alarms unanswered medianSeconds slowestSeconds falseAlarms told delivered read answered "
        "drills drillsPassed drillMedianSeconds ready practice",
        REACHED,
    ),
    **_each("Drill.", "id state practice seconds", REACHED),
    **_each("Waker.", "kind where", REACHED),
    **_each("Rota.", "stretches offered gaps shifts", REACHED),
    **_each("DutyStretch.", "id handle mine startsAt endsAt languages regions offered note", REACHED),
    **_each("DutyGap.", "startsAt endsAt", REACHED),
    **_each("WeeklyShift.", "id handle days start end zone", REACHED),
    **_each("AnswerDrillPayload.", "text", REACHED),
    **_each("PlanShiftPayload.", "shift", REACHED),
    **_each("GoAwayPayload.", "freed", REACHED),
    **_each("TimelineStep.", "at text who", REACHED),
    **_each("MyTexts.", "offered on tried ending warning", REACHED),
    **_each("StepReport.", "who text at", REACHED),
    **_each(
        "PlaybookStep.",
        "key number title text state stateText holder dueAt overdue sources reports mine openToMe",
        REACHED,
    ),
    **_each("PlaybookConsent.", "key title option optionText saidBy options maySettle", REACHED),
    **_each("PlaybookMoment.", "at text who", REACHED),
    **_each("PlaybookRun.", "id title handle openedAt nextAt steps consents timeline", REACHED),
    **_each("PlaybookName.", "key title", REACHED),
    **_each("Wish.", "wish proxy", REACHED),
    **_each("SeenPerson.", "name how", REACHED),
    **_each("OpenPlaybookPayload.", "run", REACHED),
    **_each("ReportStepPayload.", "missing", REACHED),
    **_each("ForcedRequest.", "id handle whatText dueAt stopped", REACHED),
    **_each("AlarmPlan.", "window circleWait circle asked networks text place", REACHED),
    **_each(
        "AlarmPlan.",
        "operator onCall onDuty staffedFrom elsewhere live staffed staffedText help covers",
        REACHED,
    ),
    **_each("NetworkCover.", "network named answersNow lines", REACHED),
    **_each("CircleRequest.", "member handle answered", REACHED),
    **_each("CheckIn.", "id state dueAt promptAt noticedBy about highRisk whose again notice", REACHED),
    **_each("Notice.", "by atWorst circle onCall staffed text", REACHED),
    **_each("Proxies.", "whom mine", REACHED),
    **_each("ProxyFor.", "handle agreed how", REACHED),
    **_each("ProxyOf.", "proxy handle agreed", REACHED),
    **_each("Silence.", "id text openedAt takenBy mine people", REACHED),
    **_each("SilentPerson.", "handle highRisk dueAt heldUntil state", REACHED),
    **_each("OnDuty.", "handle languages endsAt", REACHED),
    **_each("WaitingPerson.", "member handle country language since", REACHED),
    **_each("Invitation.", "code spoken expiresAt page", REACHED),
    **_each("SecondAsk.", "id text mine mayAnswer network askedNetwork endsAt", REACHED),
    **_each("Custodian.", "id name codes", REACHED),
    **_each("CustodianSheet.", "name codes", REACHED),
    **_each("ChatAccount.", "matrixId password homeserver", REACHED),
    **_each("Card.", "kindText listedPublicly confirmedAt", READERS),
    **_each("AllyConnection.", "edges pageInfo advice puzzles", REACHED),
    **_each("AllyEdge.", "cursor node", REACHED),
    **_each("MyCard.", "parts marked", REACHED),
    **_each("CardPart.", "field label value audience seenBy", REACHED),
    **_each("ImportReport.", "added changed unchanged noted taken kept more columns findings", REACHED),
    **_each("ImportColumn.", "header field about", REACHED),
    **_each("ImportRun.", "id state progress source trial people report", REACHED),
    **_each(
        "OutsideContact.",
        "id name office country offers languages never about reach keeper mine mayAsk stale confirmedAt "
        "outcomes asks",
        REACHED,
    ),
    **_each("OutsideOutcome.", "came text at", REACHED),
    **_each("OutsideAsk.", "id who what came outcome askedAt mine", REACHED),
    **_each("KeepOutsidePayload.", "contact", REACHED),
    **_each("AskOutsidePayload.", "ask", REACHED),
    **_each("NotedPerson.", "id handle invited erasedAt", REACHED),
    **_each("StartImportPayload.", "run", REACHED),
    **_each("InviteNotedPayload.", "invitation", REACHED),
    **_each("Finding.", "line column kind value text", REACHED),
    **_each("ImportOrganisationsPayload.", "report", REACHED),
    **_each("ReachRelease.", "id madeAt nextAt sentences tables", REACHED),
    **_each("ReachTable.", "about title columns rows", REACHED),
    **_each("ReachRow.", "name cells total", REACHED),
    **_each("ReachCell.", "number text", REACHED),
    **_each("Bot.", "name purpose matrixId fingerprint languages commands", REACHED),
    **_each("BotCommand.", "word about", REACHED),
    **_each("Fact.", "field label value", REACHED),
    **_each("Introductions.", "asked received", REACHED),
    **_each("AskedIntroduction.", "id title network purpose stateText askedAt expiresAt", REACHED),
    **_each(
        "ReceivedIntroduction.",
        "id title network purpose organisation waiting stateText askedAt expiresAt",
        REACHED,
    ),
    **_each("MemberEntry.", "member handle kind state stateText roles", REACHED),
    **_each("AuditEntry.", "place at act actText laneText who about before after", REACHED),
    **_each("AuditCheck.", "intact entries brokenAt fingerprint", REACHED),
    **_each("OffBoarded.", "handle lines", REACHED),
    **_each("Token.", "id label operations expiresAt revokedAt", REACHED),
    **_each("Sharing.", "network shown since holds preview", REACHED),
    **_each(
        "LedgerRow.",
        "direction directionText card state stateText title since confirmedAt withdrawnAt "
        "withdrawalConfirmedAt overdue",
        REACHED,
    ),
    **_each(
        "Link.",
        "network state stateText safetyWords safetyPairs wordsOkHere wordsOkThere signedHere signedThere "
        "draft agreement ourCover theirCover theyAnswerNow heldBack endsAt lastHeardAt unconfirmed condition "
        "ledger",
        REACHED,
    ),
    **_each("Agreement.", "lines", REACHED),
    **_each("SafetyWord.", "here there each", REACHED),
    **_each("Wording.", "message standard forms changed", REACHED),
    **_each("AddedLanguage.", "tag name second sentences recordings", REACHED),
    **_each("UserError.", "code message field fix", REACHED),
    **_each("PageInfo.", "hasNextPage endCursor", REACHED),
    **_each("Puzzle.", "word suggestions", REACHED),
}

_PAYLOADS = {
    **_each("SetLanguagePayload.", "language", REACHED),
    **_each("RaiseAlarmPayload.", "alarm", REACHED),
    **_each("CancelAlarmPayload.", "alarm unheard", REACHED),
    **_each("SaySafePayload.", "alarm unheard", REACHED),
    **_each("PlanCheckInPayload.", "checkIn", REACHED),
    **_each("PlanJourneyPayload.", "checkIn", REACHED),
    **_each("PlanRecurringPayload.", "checkIn", REACHED),
    **_each("PlanEventPayload.", "checkIn", REACHED),
    **_each("MoveCheckInPayload.", "late", REACHED),
    **_each("AskSinglyPayload.", "asked", REACHED),
    **_each("AnswerCheckInPayload.", "late", REACHED),
    **_each("CallOffCheckInsPayload.", "late", REACHED),
    **_each("GoOnDutyPayload.", "duty", REACHED),
    **_each("InviteMemberPayload.", "invitation", REACHED),
    **_each("AskIntroductionPayload.", "introduction", REACHED),
    **_each("MakeLoginLinkPayload.", "url expiresAt", REACHED),
    **_each("MakeTokenPayload.", "secret token", REACHED),
    **_each("VouchPayload.", "invitation", REACHED),
    **_each("PrepareSecondPhrasePayload.", "practice", REACHED),
    **_each("AskCopyPayload.", "readyAt", REACHED),
    **_each("ReadCopyPayload.", "copy", REACHED),
    **_each("LiftSilentAlarmPayload.", "outcome", REACHED),
    **_each("InviteBackPayload.", "invitation", REACHED),
    **_each("VoteOnFreezePayload.", "outcome", REACHED),
    **_each("OffBoardPayload.", "ended", REACHED),
    **_each("GiveRolePayload.", "waits", REACHED),
    **_each("EndSignInsPayload.", "ended", REACHED),
    **_each("AnswerSecondPayload.", "outcome", REACHED),
    **_each("PassToNetworkPayload.", "network", REACHED),
    **_each("ConfirmByCodePayload.", "outcome", REACHED),
    **_each("NameCustodianPayload.", "outcome sheet", REACHED),
    **_each("MakeChatAccountPayload.", "account", REACHED),
    **_each("InviteNetworkPayload.", "code", REACHED),
    **_each("AcceptNetworkPayload.", "network", REACHED),
}

_DOCUMENTS = {
    **_each("operation:", "MyTexts MyWish", MEMBERS),
    "operation:Playbooks": MEMBERS_AND_MACHINE,
    "operation:SeenFrom": COORDINATORS,
    **_each("operation:", "CheckInNotice Proxies", CALLERS),
    **_each("operation:", "Home MyAlarm CheckIns Circle MyCard MyWord SignIns", CALLERS),
    "operation:Bots": EVERYONE_HERE,
    **_each("operation:", "Today MemberSignIns", KEEPERS),
    **_each("operation:", "Care", KEEPERS),
    **_each("operation:", "Duty", ON_CALL),
    "operation:Silences": Rule(ON_CALL.to | KEEPERS.to),
    **_each("operation:", "Rota", Rule(ON_CALL.to | KEEPERS.to)),
    **_each("operation:", "Seconds", MEMBERS_AND_MACHINE),
    **_each("operation:", "Custodians", AUDITORS),
    **_each("operation:", "Beginning", CALLERS),
    **_each("operation:", "Invitations", INVITERS),
    **_each("operation:", "Sharing", MEMBERS),
    **_each("operation:", "FindAllies FindChoices", READERS),
    **_each("operation:", "Links Tokens Wordings AddedLanguages", ADMINISTRATORS),
    **_each("operation:", "Introductions OutsideContacts", MEMBERS),
    **_each("operation:", "Members ImportRun NotedPeople", KEEPERS),
    **_each("operation:", "Reach", REVIEWERS),
    **_each("operation:", "Audit", AUDITORS),
}

_PAGES = {
    **_each("page:", "/ /alarm /check-ins /words /sign-ins /language /helper", CALLERS),
    **_each("page:", "/mine /phrase /phone /first-days", MEMBERS),
    **_each("page:", "/find /card /sharing /introductions /circle /outside", MEMBERS),
    **_each("page:", "/second", MEMBERS),
    **_each("page:", "/duty", ON_CALL),
    "page:/silence": Rule(frozenset({R.RESPONDER, R.COORDINATOR, R.ADMINISTRATOR})),
    **_each("page:", "/begin", CALLERS),
    **_each("page:", "/invite", Rule(frozenset({R.CONNECTOR, R.COORDINATOR, R.ADMINISTRATOR}))),
    **_each("page:", "/today", Rule(frozenset({R.COORDINATOR, R.ADMINISTRATOR}))),
    **_each("page:", "/reach", Rule(frozenset({R.COORDINATOR, R.ADMINISTRATOR, R.REVIEWER}))),
    **_each("page:", "/audit", Rule(frozenset({R.ADMINISTRATOR, R.REVIEWER}))),
    **_each("page:", "/links /people /texts", Rule(frozenset({R.ADMINISTRATOR}))),
    **_each("page:", "/import /noted", Rule(frozenset({R.COORDINATOR, R.ADMINISTRATOR}))),
}

LINES: Mapping[str, Rule] = {
    **_QUERIES,
    **_WATCHED,
    **_MUTATIONS,
    **_REACHED,
    **_PAYLOADS,
    **_DOCUMENTS,
    **_PAGES,
}


class TwoLines(Exception):
    """These things have a line in the directory's table and in the hub's. Take one away; nothing starts."""


if LINES.keys() & DIRECTORY.keys():
    raise TwoLines(", ".join(sorted(LINES.keys() & DIRECTORY.keys())))

ALL: Mapping[str, Rule] = {**DIRECTORY, **LINES}
