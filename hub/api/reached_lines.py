"""The lines of the rule table for what is reached only through something that has its own line."""

from __future__ import annotations

from directory.core.relations import Relation as R
from directory.core.verdicts import Rule

REACHED = Rule(frozenset({R.ANYONE}))
"""Reached only through a field that has its own line."""
READERS = Rule(frozenset({R.HOME, R.TECHNICIAN, R.INTEGRATOR}))


def each(prefix: str, names: str, rule: Rule) -> dict[str, Rule]:
    """One rule for several things: the names are parted by blanks."""
    return {f"{prefix}{name}": rule for name in names.split()}


FIELDS = {
    **each("Viewer.", "handle roles locale wordFresh hasWord network", REACHED),
    **each("SignIn.", "name since expiresAt", REACHED),
    **each("Network.", "id name home active", REACHED),
    **each("Term.", "key name within marked", REACHED),
    **each(
        "Alarm.",
        "id state stateText open severity mine handle text place network raisedAt nextAt secondsToStop "
        "takenBy silent contacts timeline",
        REACHED,
    ),
    **each("Contact.", "handle rung toldAt deliveredAt readAt answeredAt answer", REACHED),
    **each(
        "CareFigures.",
        "since lines alarms unanswered medianSeconds slowestSeconds falseAlarms told delivered read answered "
        "drills drillsPassed drillMedianSeconds ready practice",
        REACHED,
    ),
    **each("Drill.", "id state practice seconds", REACHED),
    **each("Waker.", "kind where", REACHED),
    **each("Rota.", "stretches offered gaps shifts", REACHED),
    **each("DutyStretch.", "id handle mine startsAt endsAt languages regions offered note", REACHED),
    **each("DutyGap.", "startsAt endsAt", REACHED),
    **each("WeeklyShift.", "id handle days start end zone", REACHED),
    **each("AnswerDrillPayload.", "text", REACHED),
    **each("PlanShiftPayload.", "shift", REACHED),
    **each("GoAwayPayload.", "freed", REACHED),
    **each("TimelineStep.", "at text who", REACHED),
    **each("MyTexts.", "offered on tried ending warning", REACHED),
    **each("StepReport.", "who text at", REACHED),
    **each(
        "PlaybookStep.",
        "key number title text state stateText holder dueAt overdue sources reports mine openToMe",
        REACHED,
    ),
    **each("PlaybookConsent.", "key title option optionText saidBy options maySettle", REACHED),
    **each("PlaybookMoment.", "at text who", REACHED),
    **each("PlaybookRun.", "id title handle openedAt nextAt steps consents timeline", REACHED),
    **each("PlaybookName.", "key title", REACHED),
    **each("Wish.", "wish proxy", REACHED),
    **each("SeenPerson.", "name how", REACHED),
    **each("OpenPlaybookPayload.", "run", REACHED),
    **each("ReportStepPayload.", "missing", REACHED),
    **each("ForcedRequest.", "id handle whatText dueAt stopped", REACHED),
    **each("AlarmPlan.", "window circleWait circle asked networks text place", REACHED),
    **each(
        "AlarmPlan.",
        "operator onCall onDuty staffedFrom elsewhere live staffed staffedText help covers",
        REACHED,
    ),
    **each("NetworkCover.", "network named answersNow lines", REACHED),
    **each("CircleRequest.", "member handle answered", REACHED),
    **each("CheckIn.", "id state dueAt promptAt noticedBy about highRisk whose again notice", REACHED),
    **each("Notice.", "by atWorst circle onCall staffed text", REACHED),
    **each("Proxies.", "whom mine", REACHED),
    **each("ProxyFor.", "handle agreed how", REACHED),
    **each("ProxyOf.", "proxy handle agreed", REACHED),
    **each("Silence.", "id text openedAt takenBy mine people", REACHED),
    **each("SilentPerson.", "handle highRisk dueAt heldUntil state", REACHED),
    **each("OnDuty.", "handle languages endsAt", REACHED),
    **each("WaitingPerson.", "member handle country language since", REACHED),
    **each("Invitation.", "code spoken expiresAt page", REACHED),
    **each("SecondAsk.", "id text mine mayAnswer network askedNetwork endsAt", REACHED),
    **each("Custodian.", "id name codes", REACHED),
    **each("CustodianSheet.", "name codes", REACHED),
    **each("ChatAccount.", "matrixId password homeserver", REACHED),
    **each("Card.", "kindText listedPublicly confirmedAt", READERS),
    **each("AllyConnection.", "edges pageInfo advice puzzles", REACHED),
    **each("AllyEdge.", "cursor node", REACHED),
    **each("MyCard.", "parts marked", REACHED),
    **each("CardPart.", "field label value audience seenBy", REACHED),
    **each("ImportReport.", "added changed unchanged noted taken kept more columns findings", REACHED),
    **each("ImportColumn.", "header field about", REACHED),
    **each("ImportRun.", "id state progress source trial people report", REACHED),
    **each(
        "OutsideContact.",
        "id name office country offers languages never about reach keeper mine mayAsk stale confirmedAt "
        "outcomes asks",
        REACHED,
    ),
    **each("OutsideOutcome.", "came text at", REACHED),
    **each("OutsideAsk.", "id who what came outcome askedAt mine", REACHED),
    **each("KeepOutsidePayload.", "contact", REACHED),
    **each("AskOutsidePayload.", "ask", REACHED),
    **each("NotedPerson.", "id handle invited erasedAt", REACHED),
    **each("StartImportPayload.", "run", REACHED),
    **each("InviteNotedPayload.", "invitation", REACHED),
    **each("Finding.", "line column kind value text", REACHED),
    **each("ImportOrganisationsPayload.", "report", REACHED),
    **each("ReachRelease.", "id madeAt nextAt sentences tables", REACHED),
    **each("ReachTable.", "about title columns rows", REACHED),
    **each("ReachRow.", "name cells total", REACHED),
    **each("ReachCell.", "number text", REACHED),
    **each("Bot.", "name purpose matrixId fingerprint languages commands", REACHED),
    **each("BotCommand.", "word about", REACHED),
    **each("Fact.", "field label value", REACHED),
    **each("Introductions.", "asked received", REACHED),
    **each("AskedIntroduction.", "id title network purpose stateText askedAt expiresAt", REACHED),
    **each(
        "ReceivedIntroduction.",
        "id title network purpose organisation waiting stateText askedAt expiresAt",
        REACHED,
    ),
    **each("MemberEntry.", "member handle kind state stateText roles", REACHED),
    **each("AuditEntry.", "place at act actText laneText who about before after", REACHED),
    **each("AuditCheck.", "intact entries brokenAt fingerprint", REACHED),
    **each("OffBoarded.", "handle lines", REACHED),
    **each("Token.", "id label operations expiresAt revokedAt", REACHED),
    **each("Sharing.", "network shown since holds preview", REACHED),
    **each(
        "LedgerRow.",
        "direction directionText card state stateText title since confirmedAt withdrawnAt "
        "withdrawalConfirmedAt overdue",
        REACHED,
    ),
    **each(
        "Link.",
        "network state stateText safetyWords safetyPairs wordsOkHere wordsOkThere signedHere signedThere "
        "draft agreement ourCover theirCover theyAnswerNow heldBack endsAt lastHeardAt unconfirmed condition "
        "ledger",
        REACHED,
    ),
    **each("Agreement.", "lines", REACHED),
    **each("SafetyWord.", "here there each", REACHED),
    **each("Wording.", "message standard forms changed", REACHED),
    **each("AddedLanguage.", "tag name second sentences recordings", REACHED),
    **each("UserError.", "code message field fix", REACHED),
    **each("PageInfo.", "hasNextPage endCursor", REACHED),
    **each("Puzzle.", "word suggestions", REACHED),
}

PAYLOADS = {
    **each("SetLanguagePayload.", "language", REACHED),
    **each("RaiseAlarmPayload.", "alarm", REACHED),
    **each("CancelAlarmPayload.", "alarm unheard", REACHED),
    **each("SaySafePayload.", "alarm unheard", REACHED),
    **each("PlanCheckInPayload.", "checkIn", REACHED),
    **each("PlanJourneyPayload.", "checkIn", REACHED),
    **each("PlanRecurringPayload.", "checkIn", REACHED),
    **each("PlanEventPayload.", "checkIn", REACHED),
    **each("MoveCheckInPayload.", "late", REACHED),
    **each("AskSinglyPayload.", "asked", REACHED),
    **each("AnswerCheckInPayload.", "late", REACHED),
    **each("CallOffCheckInsPayload.", "late", REACHED),
    **each("GoOnDutyPayload.", "duty", REACHED),
    **each("InviteMemberPayload.", "invitation", REACHED),
    **each("AskIntroductionPayload.", "introduction", REACHED),
    **each("MakeLoginLinkPayload.", "url expiresAt", REACHED),
    **each("MakeTokenPayload.", "secret token", REACHED),
    **each("VouchPayload.", "invitation", REACHED),
    **each("PrepareSecondPhrasePayload.", "practice", REACHED),
    **each("AskCopyPayload.", "readyAt", REACHED),
    **each("ReadCopyPayload.", "copy", REACHED),
    **each("LiftSilentAlarmPayload.", "outcome", REACHED),
    **each("InviteBackPayload.", "invitation", REACHED),
    **each("VoteOnFreezePayload.", "outcome", REACHED),
    **each("OffBoardPayload.", "ended", REACHED),
    **each("GiveRolePayload.", "waits", REACHED),
    **each("EndSignInsPayload.", "ended", REACHED),
    **each("AnswerSecondPayload.", "outcome", REACHED),
    **each("PassToNetworkPayload.", "network", REACHED),
    **each("ConfirmByCodePayload.", "outcome", REACHED),
    **each("NameCustodianPayload.", "outcome sheet", REACHED),
    **each("MakeChatAccountPayload.", "account", REACHED),
    **each("InviteNetworkPayload.", "code", REACHED),
    **each("AcceptNetworkPayload.", "network", REACHED),
}
