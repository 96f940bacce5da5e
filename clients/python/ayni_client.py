"""A typed client for the API of an Ayni hub. Written by `make schema` from graphql/; do not edit.

One file, nothing to install: copy it beside your program. Python 3.11 or newer.

    from ayni_client import Client

    hub = Client("https://ayni.example/graphql", token="…", name="our web site")
    for edge in hub.find_allies({"issues": ["land"], "regions": ["GT"]})["findAllies"]["edges"]:
        print(edge["node"]["title"])

Every method runs one document that the hub trusts. What could not be done is data where it is expected (the
`errors` of a change), and an AyniError where it is not.
"""

from __future__ import annotations

import gzip
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict, cast


class AyniError(Exception):
    """The hub did not answer what was asked. `code` is stable, `fix` says what to do about it."""

    def __init__(self, code: str, message: str, fix: str | None, request_id: str | None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.fix = fix
        self.request_id = request_id


AlarmState = Literal['RAISED', 'RUNNING', 'TAKEN', 'SAFE', 'CANCELLED', 'CLOSED', 'DEBRIEFED']
Audience = Literal['NOBODY', 'INTRODUCED', 'COORDINATORS', 'NETWORK', 'NAMED', 'LINKED']
Came = Literal['ASKED', 'HELPED', 'NOT_HELPED', 'NOT_SENT']
CheckInState = Literal['PLANNED', 'PROMPTED', 'ANSWERED', 'HELD', 'MISSED', 'ENDED']
CommunityAct = Literal['SHOW', 'HIDE', 'CHANGE', 'AUDIENCE', 'SHARE', 'STOP_SHARING', 'SPEAK', 'STEP_DOWN', 'DECIDE', 'ERASE']
FindingKind = Literal['UNDERSTOOD', 'MERGED', 'NOT_PLACED', 'IGNORED', 'QUESTIONED', 'ASKED', 'REFUSED']
LinkState = Literal['PROPOSED', 'VERIFIED', 'ACTIVE', 'SUSPENDED', 'SEVERED']
MayAsk = Literal['MEMBERS', 'COORDINATORS', 'KEEPER']
Role = Literal['MEMBER', 'CONNECTOR', 'RESPONDER', 'COORDINATOR', 'ADMINISTRATOR', 'REVIEWER']
Severity = Literal['HIGH', 'MEDIUM']

class AcceptNetworkInput(TypedDict):
    """For AcceptNetwork."""
    code: str


class ActForCommunityInput(TypedDict):
    """For ActForCommunity."""
    country: NotRequired[str | None]
    worksIn: NotRequired[str | None]
    issues: NotRequired[str | None]
    languages: NotRequired[str | None]
    offers: NotRequired[str | None]
    text: NotRequired[str | None]
    way: NotRequired[str | None]
    since: NotRequired[str | None]
    needed: NotRequired[int | None]
    community: str
    act: CommunityAct
    field: NotRequired[str | None]
    audience: NotRequired[Audience | None]
    network: NotRequired[str | None]
    handle: NotRequired[str | None]


class AddLanguageInput(TypedDict):
    """For AddLanguage."""
    tag: str
    name: str
    second: str
    rtl: NotRequired[bool | None]
    sentences: str


class AllowAgainInput(TypedDict):
    """For AllowAgain."""
    named: str


class AllyQuestion(TypedDict):
    """What is looked for. Words may be keys or names in any language, several in one divided by commas."""
    issues: NotRequired[list[str] | None]
    regions: NotRequired[list[str] | None]
    languages: NotRequired[list[str] | None]
    offers: NotRequired[list[str] | None]
    kinds: NotRequired[list[str] | None]
    all: NotRequired[bool | None]


class AnswerCheckInInput(TypedDict):
    """For AnswerCheckIn."""
    word: str
    whose: NotRequired[str | None]


class AnswerCircleInput(TypedDict):
    """For AnswerCircle."""
    member: str
    yes: bool


class AnswerCommunityInput(TypedDict):
    """For AnswerCommunity."""
    wish: str
    yes: bool


class AnswerDrillInput(TypedDict):
    """For AnswerDrill."""
    drill: str
    rang: bool


class AnswerDutyInput(TypedDict):
    """For AnswerDuty."""
    stretch: str
    yes: bool


class AnswerIntroductionInput(TypedDict):
    """For AnswerIntroduction."""
    introduction: str
    yes: bool


class AnswerProxyInput(TypedDict):
    """For AnswerProxy."""
    proxy: str
    yes: bool


class AnswerSecondInput(TypedDict):
    """For AnswerSecond."""
    ask: str
    yes: bool


class AskIntroductionInput(TypedDict):
    """For AskIntroduction."""
    card: str
    purpose: str


class AskOutsideInput(TypedDict):
    """For AskOutside."""
    contact: str
    what: str


class AskProxyInput(TypedDict):
    """For AskProxy."""
    handle: str
    how: NotRequired[str | None]


class AskSinglyInput(TypedDict):
    """For AskSingly."""
    silence: str
    handle: NotRequired[str | None]


class AskToCircleInput(TypedDict):
    """For AskToCircle."""
    handle: str


class CallOffCheckInsInput(TypedDict):
    """For CallOffCheckIns."""
    word: str
    whose: NotRequired[str | None]
    checkIn: NotRequired[str | None]


class CancelAlarmInput(TypedDict):
    """For CancelAlarm."""
    word: str


class CarryPersonInput(TypedDict):
    """For CarryPerson."""
    who: str
    how: str
    language: str
    months: NotRequired[int | None]
    daysAgo: NotRequired[int | None]
    meets: NotRequired[bool | None]
    country: NotRequired[str | None]
    worksIn: NotRequired[str | None]
    issues: NotRequired[str | None]
    languages: NotRequired[str | None]
    offers: NotRequired[str | None]
    text: NotRequired[str | None]
    handle: str


class ChangeTextInput(TypedDict):
    """For ChangeText."""
    language: str
    message: str
    forms: list[str]


class ChooseWakerInput(TypedDict):
    """For ChooseWaker."""
    kind: str
    where: str
    understood: NotRequired[bool | None]


class CloseAlarmInput(TypedDict):
    """For CloseAlarm."""
    alarm: str


class ClosePlaybookInput(TypedDict):
    """For ClosePlaybook."""
    run: str


class ConfirmByCodeInput(TypedDict):
    """For ConfirmByCode."""
    ask: str
    code: str


class ConfirmMemberInput(TypedDict):
    """For ConfirmMember."""
    member: str


class ConfirmOutsideInput(TypedDict):
    """For ConfirmOutside."""
    contact: str


class ConfirmSafetyWordsInput(TypedDict):
    """For ConfirmSafetyWords."""
    network: str


class DebriefAlarmInput(TypedDict):
    """For DebriefAlarm."""
    alarm: str
    falseAlarm: bool
    note: NotRequired[str | None]


class DeclineAlarmInput(TypedDict):
    """For DeclineAlarm."""
    alarm: str


class DropWakerInput(TypedDict):
    """For DropWaker."""
    kind: str


class EditCarriedInput(TypedDict):
    """For EditCarried."""
    member: str
    country: NotRequired[str | None]
    worksIn: NotRequired[str | None]
    issues: NotRequired[str | None]
    languages: NotRequired[str | None]
    offers: NotRequired[str | None]
    text: NotRequired[str | None]


class EditMyCardInput(TypedDict):
    """For EditMyCard."""
    handle: NotRequired[str | None]
    country: NotRequired[str | None]
    worksIn: NotRequired[list[str] | None]
    issues: NotRequired[list[str] | None]
    languages: NotRequired[list[str] | None]
    offers: NotRequired[list[str] | None]
    subdivision: NotRequired[str | None]
    city: NotRequired[str | None]
    organisation: NotRequired[str | None]
    text: NotRequired[str | None]


class EndCustodianInput(TypedDict):
    """For EndCustodian."""
    custodian: str


class EndShiftInput(TypedDict):
    """For EndShift."""
    shift: str


class EndSignInInput(TypedDict):
    """For EndSignIn."""
    name: str


class EndSignInsInput(TypedDict):
    """For EndSignIns."""
    handle: str


class EnterCommunityInput(TypedDict):
    """For EnterCommunity."""
    country: NotRequired[str | None]
    worksIn: NotRequired[str | None]
    issues: NotRequired[str | None]
    languages: NotRequired[str | None]
    offers: NotRequired[str | None]
    text: NotRequired[str | None]
    way: NotRequired[str | None]
    since: NotRequired[str | None]
    needed: NotRequired[int | None]
    speakers: list[str]
    name: str


class ForgetNotedInput(TypedDict):
    """For ForgetNoted."""
    person: str


class ForgetOutsideInput(TypedDict):
    """For ForgetOutside."""
    contact: str


class FreezeMemberInput(TypedDict):
    """For FreezeMember."""
    handle: str


class GiveRoleInput(TypedDict):
    """For GiveRole."""
    handle: str
    role: Role


class GoAwayInput(TypedDict):
    """For GoAway."""
    since: str
    until: str


class GoOnDutyInput(TypedDict):
    """For GoOnDuty."""
    hours: int


class GoOnSharingInput(TypedDict):
    """For GoOnSharing."""
    network: str


class HandCarriedInput(TypedDict):
    """For HandCarried."""
    member: str
    handle: str


class HandOutsideInput(TypedDict):
    """For HandOutside."""
    contact: str
    handle: str


class HandStepInput(TypedDict):
    """For HandStep."""
    run: str
    step: str
    handle: str


class ImportColumnInput(TypedDict):
    """What somebody says of a column; kept for this source."""
    header: str
    field: str


class ImportOrganisationsInput(TypedDict):
    """For ImportOrganisations."""
    source: str
    trial: NotRequired[bool | None]
    partly: NotRequired[bool | None]
    people: NotRequired[bool | None]
    columns: NotRequired[list[ImportColumnInput] | None]
    data: str


class InviteBackInput(TypedDict):
    """For InviteBack."""
    handle: str


class InviteMemberInput(TypedDict):
    """For InviteMember."""
    roles: NotRequired[list[Role] | None]
    language: NotRequired[str | None]
    organisation: NotRequired[str | None]


class InviteNotedInput(TypedDict):
    """For InviteNoted."""
    person: str


class KeepApartInput(TypedDict):
    """For KeepApart."""
    handle: NotRequired[str | None]
    card: NotRequired[str | None]
    network: NotRequired[str | None]


class KeepOutsideInput(TypedDict):
    """For KeepOutside."""
    contact: NotRequired[str | None]
    name: str
    office: str
    country: NotRequired[str | None]
    offers: NotRequired[str | None]
    languages: NotRequired[str | None]
    reach: NotRequired[str | None]
    never: NotRequired[str | None]
    about: NotRequired[str | None]
    mayAsk: NotRequired[MayAsk | None]


class LeaveCircleInput(TypedDict):
    """For LeaveCircle."""
    handle: str


class LeaveNoteInput(TypedDict):
    """For LeaveNote."""
    text: str


class LiftSilentAlarmInput(TypedDict):
    """For LiftSilentAlarm."""
    handle: str


class MakeLoginLinkInput(TypedDict):
    """For MakeLoginLink."""
    handle: str


class MakeTokenInput(TypedDict):
    """For MakeToken."""
    label: str
    operations: list[str]
    days: NotRequired[int | None]


class MoveCheckInInput(TypedDict):
    """For MoveCheckIn."""
    word: str
    whose: NotRequired[str | None]
    minutes: int


class NameCustodianInput(TypedDict):
    """For NameCustodian."""
    handle: NotRequired[str | None]
    outside: NotRequired[str | None]


class NameSpeakersInput(TypedDict):
    """For NameSpeakers."""
    speakers: list[str]
    community: str


class OffBoardInput(TypedDict):
    """For OffBoard."""
    handle: str


class OfferDutyInput(TypedDict):
    """For OfferDuty."""
    stretch: str
    handle: str


class OpenPlaybookInput(TypedDict):
    """For OpenPlaybook."""
    handle: str
    playbook: NotRequired[str | None]


class PassOnAlarmInput(TypedDict):
    """For PassOnAlarm."""
    alarm: str


class PassToNetworkInput(TypedDict):
    """For PassToNetwork."""
    ask: str
    network: str


class PlanAlarmInput(TypedDict):
    """For PlanAlarm."""
    cancelWindow: NotRequired[int | None]
    networks: NotRequired[list[str] | None]
    text: NotRequired[str | None]
    place: NotRequired[str | None]
    operator: NotRequired[str | None]
    help: NotRequired[str | None]


class PlanCheckInInput(TypedDict):
    """For PlanCheckIn."""
    whose: NotRequired[str | None]
    highRisk: NotRequired[bool | None]
    inMinutes: int
    severity: NotRequired[Severity | None]
    about: NotRequired[str | None]


class PlanEventInput(TypedDict):
    """For PlanEvent."""
    whose: NotRequired[str | None]
    highRisk: NotRequired[bool | None]
    about: NotRequired[str | None]
    startsAt: NotRequired[str | None]
    endsAt: NotRequired[str | None]
    hours: NotRequired[str | None]
    zone: NotRequired[str | None]
    everyMinutes: NotRequired[int | None]


class PlanJourneyInput(TypedDict):
    """For PlanJourney."""
    whose: NotRequired[str | None]
    highRisk: NotRequired[bool | None]
    about: NotRequired[str | None]
    minutes: list[int]
    places: NotRequired[list[str] | None]
    startInMinutes: NotRequired[int | None]


class PlanRecurringInput(TypedDict):
    """For PlanRecurring."""
    whose: NotRequired[str | None]
    highRisk: NotRequired[bool | None]
    about: NotRequired[str | None]
    days: NotRequired[list[int] | None]
    times: NotRequired[list[str] | None]
    everyMinutes: NotRequired[int | None]
    restFrom: NotRequired[str | None]
    restTo: NotRequired[str | None]
    zone: str


class PlanShiftInput(TypedDict):
    """For PlanShift."""
    handle: NotRequired[str | None]
    days: list[int]
    start: str
    end: str
    zone: str
    languages: NotRequired[list[str] | None]
    regions: NotRequired[list[str] | None]


class PractiseSecondPhraseInput(TypedDict):
    """For PractiseSecondPhrase."""
    phrase: str
    practice: str


class PrepareSecondPhraseInput(TypedDict):
    """For PrepareSecondPhrase."""
    phrase: str


class ProposeAgreementInput(TypedDict):
    """For ProposeAgreement."""
    network: str
    kinds: list[str]
    months: NotRequired[int | None]
    answerAlarms: NotRequired[bool | None]
    theyAnswerAlarms: NotRequired[bool | None]
    lendSecond: NotRequired[bool | None]
    theyLendSecond: NotRequired[bool | None]
    coverDays: NotRequired[list[int] | None]
    coverFrom: NotRequired[str | None]
    coverTo: NotRequired[str | None]
    coverZone: NotRequired[str | None]
    coverLanguages: NotRequired[list[str] | None]
    coverHelp: NotRequired[list[str] | None]


class PutDownCarriedInput(TypedDict):
    """For PutDownCarried."""
    member: str


class RaiseAlarmInput(TypedDict):
    """For RaiseAlarm."""
    text: NotRequired[str | None]
    place: NotRequired[str | None]
    severity: NotRequired[Severity | None]


class RecordSentenceInput(TypedDict):
    """For RecordSentence."""
    tag: str
    message: str
    audio: str


class RemoveLanguageInput(TypedDict):
    """For RemoveLanguage."""
    tag: str


class RenewCarriedInput(TypedDict):
    """For RenewCarried."""
    member: str
    who: str
    how: str
    language: str
    months: NotRequired[int | None]
    daysAgo: NotRequired[int | None]
    meets: NotRequired[bool | None]


class ReportLostInput(TypedDict):
    """For ReportLost."""
    handle: NotRequired[str | None]


class ReportStepInput(TypedDict):
    """For ReportStep."""
    run: str
    step: str
    note: NotRequired[str | None]
    done: bool


class ResumeLinkInput(TypedDict):
    """For ResumeLink."""
    network: str


class RevokeTokenInput(TypedDict):
    """For RevokeToken."""
    token: str


class SaySafeInput(TypedDict):
    """For SaySafe."""
    word: str


class SetAudienceInput(TypedDict):
    """For SetAudience."""
    field: str
    audience: Audience
    networks: NotRequired[list[str] | None]


class SetLanguageInput(TypedDict):
    """For SetLanguage."""
    language: str
    second: NotRequired[str | None]
    voice: NotRequired[bool | None]


class SetWishInput(TypedDict):
    """For SetWish."""
    wish: str
    proxy: NotRequired[str | None]


class SetWordInput(TypedDict):
    """For SetWord."""
    word: str


class SettleOutsideInput(TypedDict):
    """For SettleOutside."""
    ask: str
    came: Came
    outcome: NotRequired[str | None]


class SettleWishInput(TypedDict):
    """For SettleWish."""
    run: str
    consent: str
    option: str


class SeverLinkInput(TypedDict):
    """For SeverLink."""
    network: str


class ShareWithInput(TypedDict):
    """For ShareWith."""
    network: str


class SignAgreementInput(TypedDict):
    """For SignAgreement."""
    network: str


class StartImportInput(TypedDict):
    """For StartImport."""
    source: str
    trial: NotRequired[bool | None]
    partly: NotRequired[bool | None]
    people: NotRequired[bool | None]
    columns: NotRequired[list[ImportColumnInput] | None]
    data: NotRequired[str | None]
    run: NotRequired[str | None]


class StopForcedRequestInput(TypedDict):
    """For StopForcedRequest."""
    handle: str


class StopProxyInput(TypedDict):
    """For StopProxy."""
    handle: str


class StopSharingInput(TypedDict):
    """For StopSharing."""
    network: str


class SuspendLinkInput(TypedDict):
    """For SuspendLink."""
    network: str


class SwitchTextsOnInput(TypedDict):
    """For SwitchTextsOn."""
    number: str
    call: str
    safe: str
    understood: bool


class TakeAlarmInput(TypedDict):
    """For TakeAlarm."""
    alarm: str


class TakeRoleInput(TypedDict):
    """For TakeRole."""
    handle: str
    role: Role


class TakeSilenceInput(TypedDict):
    """For TakeSilence."""
    silence: str


class TakeStepInput(TypedDict):
    """For TakeStep."""
    run: str
    step: str


class TellPlaceInput(TypedDict):
    """For TellPlace."""
    place: str


class TurnAwayMemberInput(TypedDict):
    """For TurnAwayMember."""
    member: str


class UndoTextInput(TypedDict):
    """For UndoText."""
    language: str
    message: str


class VoteOnFreezeInput(TypedDict):
    """For VoteOnFreeze."""
    handle: str
    keep: bool


class VouchInput(TypedDict):
    """For Vouch."""
    handle: str


class WakeForNetworkInput(TypedDict):
    """For WakeForNetwork."""
    network: str
    always: bool


class AcceptNetworkAcceptNetworkErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class AcceptNetworkAcceptNetwork(TypedDict):
    """What acceptNetwork answers."""
    network: str | None
    errors: list[AcceptNetworkAcceptNetworkErrors]


class AcceptNetworkAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    acceptNetwork: AcceptNetworkAcceptNetwork | None


class ActForCommunityActForCommunityErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class ActForCommunityActForCommunity(TypedDict):
    """What actForCommunity answers."""
    missing: int | None
    errors: list[ActForCommunityActForCommunityErrors]


class ActForCommunityAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    actForCommunity: ActForCommunityActForCommunity | None


class AddLanguageAddLanguageErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class AddLanguageAddLanguage(TypedDict):
    """What addLanguage answers."""
    errors: list[AddLanguageAddLanguageErrors]


class AddLanguageAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    addLanguage: AddLanguageAddLanguage | None


class AddedLanguagesAddedLanguages(TypedDict):
    """A language this network added itself."""
    tag: str
    name: str
    second: str
    sentences: int
    recordings: int


class AddedLanguagesAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    addedLanguages: list[AddedLanguagesAddedLanguages] | None
    lifeCritical: list[str]


class AllowAgainAllowAgainErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class AllowAgainAllowAgain(TypedDict):
    """What allowAgain answers."""
    errors: list[AllowAgainAllowAgainErrors]


class AllowAgainAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    allowAgain: AllowAgainAllowAgain | None


class AnswerCheckInAnswerCheckInErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class AnswerCheckInAnswerCheckIn(TypedDict):
    """What answerCheckIn answers."""
    late: bool | None
    errors: list[AnswerCheckInAnswerCheckInErrors]


class AnswerCheckInAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    answerCheckIn: AnswerCheckInAnswerCheckIn | None


class AnswerCircleAnswerCircleErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class AnswerCircleAnswerCircle(TypedDict):
    """What answerCircle answers."""
    errors: list[AnswerCircleAnswerCircleErrors]


class AnswerCircleAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    answerCircle: AnswerCircleAnswerCircle | None


class AnswerCommunityAnswerCommunityErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class AnswerCommunityAnswerCommunity(TypedDict):
    """What answerCommunity answers."""
    missing: int | None
    errors: list[AnswerCommunityAnswerCommunityErrors]


class AnswerCommunityAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    answerCommunity: AnswerCommunityAnswerCommunity | None


class AnswerDrillAnswerDrillErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class AnswerDrillAnswerDrill(TypedDict):
    """What answerDrill answers."""
    text: str | None
    errors: list[AnswerDrillAnswerDrillErrors]


class AnswerDrillAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    answerDrill: AnswerDrillAnswerDrill | None


class AnswerDutyAnswerDutyErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class AnswerDutyAnswerDuty(TypedDict):
    """What answerDuty answers."""
    errors: list[AnswerDutyAnswerDutyErrors]


class AnswerDutyAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    answerDuty: AnswerDutyAnswerDuty | None


class AnswerIntroductionAnswerIntroductionErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class AnswerIntroductionAnswerIntroduction(TypedDict):
    """What answerIntroduction answers."""
    errors: list[AnswerIntroductionAnswerIntroductionErrors]


class AnswerIntroductionAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    answerIntroduction: AnswerIntroductionAnswerIntroduction | None


class AnswerProxyAnswerProxyErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class AnswerProxyAnswerProxy(TypedDict):
    """What answerProxy answers."""
    errors: list[AnswerProxyAnswerProxyErrors]


class AnswerProxyAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    answerProxy: AnswerProxyAnswerProxy | None


class AnswerSecondAnswerSecondErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class AnswerSecondAnswerSecond(TypedDict):
    """What answerSecond answers."""
    outcome: str | None
    errors: list[AnswerSecondAnswerSecondErrors]


class AnswerSecondAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    answerSecond: AnswerSecondAnswerSecond | None


class AskCopyAskCopyErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class AskCopyAskCopy(TypedDict):
    """What askCopy answers."""
    readyAt: str | None
    errors: list[AskCopyAskCopyErrors]


class AskCopyAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    askCopy: AskCopyAskCopy | None


class AskIntroductionAskIntroductionErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class AskIntroductionAskIntroduction(TypedDict):
    """What askIntroduction answers."""
    introduction: str | None
    errors: list[AskIntroductionAskIntroductionErrors]


class AskIntroductionAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    askIntroduction: AskIntroductionAskIntroduction | None


class AskOutsideAskOutsideErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class AskOutsideAskOutside(TypedDict):
    """What askOutside answers."""
    ask: str | None
    errors: list[AskOutsideAskOutsideErrors]


class AskOutsideAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    askOutside: AskOutsideAskOutside | None


class AskProxyAskProxyErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class AskProxyAskProxy(TypedDict):
    """What askProxy answers."""
    errors: list[AskProxyAskProxyErrors]


class AskProxyAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    askProxy: AskProxyAskProxy | None


class AskSinglyAskSinglyErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class AskSinglyAskSingly(TypedDict):
    """What askSingly answers."""
    asked: int | None
    errors: list[AskSinglyAskSinglyErrors]


class AskSinglyAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    askSingly: AskSinglyAskSingly | None


class AskToCircleAskToCircleErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class AskToCircleAskToCircle(TypedDict):
    """What askToCircle answers."""
    errors: list[AskToCircleAskToCircleErrors]


class AskToCircleAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    askToCircle: AskToCircleAskToCircle | None


class AuditAudit(TypedDict):
    """One use of a privilege. What it said may have been erased; that it happened stays."""
    place: int
    at: str
    act: str | None
    actText: str
    laneText: str | None
    who: str | None
    about: str | None
    before: str | None
    after: str | None


class AuditAuditCheck(TypedDict):
    """What reading the whole chain again found."""
    intact: bool
    entries: int
    brokenAt: int | None
    fingerprint: str


class AuditAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    audit: list[AuditAudit] | None
    auditCheck: AuditAuditCheck | None


class BeginningViewerNetwork(TypedDict):
    """An autonomous network of defenders: ours, or one we are linked with."""
    name: str


class BeginningViewer(TypedDict):
    """On whose behalf this is asked."""
    handle: str | None
    hasWord: bool
    wordFresh: bool
    roles: list[Role]
    network: BeginningViewerNetwork


class BeginningMyCardParts(TypedDict):
    """One thing I say of myself."""
    field: str
    label: str
    value: str | None
    seenBy: str


class BeginningMyCard(TypedDict):
    """Everything I said of myself."""
    parts: list[BeginningMyCardParts]


class BeginningBots(TypedDict):
    """A bot of this network."""
    matrixId: str | None


class BeginningAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    viewer: BeginningViewer
    myCard: BeginningMyCard | None
    bots: list[BeginningBots]


class BotsBotsLanguages(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    key: str
    name: str


class BotsBotsCommands(TypedDict):
    """Something the viewer may write to a bot."""
    word: str
    about: str


class BotsBots(TypedDict):
    """A bot of this network."""
    name: str
    purpose: str | None
    matrixId: str | None
    fingerprint: str | None
    languages: list[BotsBotsLanguages]
    commands: list[BotsBotsCommands]


class BotsAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    bots: list[BotsBots]


class CallOffCheckInsCallOffCheckInsErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class CallOffCheckInsCallOffCheckIns(TypedDict):
    """What callOffCheckIns answers."""
    late: bool | None
    errors: list[CallOffCheckInsCallOffCheckInsErrors]


class CallOffCheckInsAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    callOffCheckIns: CallOffCheckInsCallOffCheckIns | None


class CancelAlarmCancelAlarmErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class CancelAlarmCancelAlarm(TypedDict):
    """What cancelAlarm answers."""
    unheard: bool | None
    errors: list[CancelAlarmCancelAlarmErrors]


class CancelAlarmAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    cancelAlarm: CancelAlarmCancelAlarm | None


class CareCareFigures(TypedDict):
    """The last thirty days. The figure that counts: from an alarm to a person's 'I have it'."""
    since: str
    lines: list[str]
    alarms: int
    unanswered: int
    medianSeconds: int | None
    slowestSeconds: int | None
    falseAlarms: int
    told: int
    delivered: int
    read: int
    answered: int
    drills: int
    drillsPassed: int
    drillMedianSeconds: int | None
    ready: int
    practice: bool


class CareAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    careFigures: CareCareFigures | None


class CarriedPeopleCarriedPeopleLanguage(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    key: str
    name: str


class CarriedPeopleCarriedPeopleFacts(TypedDict):
    """One line of a card."""
    field: str
    label: str
    value: str


class CarriedPeopleCarriedPeople(TypedDict):
    """Somebody without a device, and what they said yes to."""
    member: str
    handle: str
    carrier: str
    mine: bool
    who: str
    how: str
    language: CarriedPeopleCarriedPeopleLanguage
    meets: bool
    askedAt: str
    endsAt: str
    ended: bool
    facts: list[CarriedPeopleCarriedPeopleFacts]


class CarriedPeopleAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    carriedPeople: list[CarriedPeopleCarriedPeople]


class CarryPersonCarryPersonErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class CarryPersonCarryPerson(TypedDict):
    """What carryPerson answers."""
    member: str | None
    errors: list[CarryPersonCarryPersonErrors]


class CarryPersonAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    carryPerson: CarryPersonCarryPerson | None


class ChangeTextChangeTextErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class ChangeTextChangeText(TypedDict):
    """What changeText answers."""
    errors: list[ChangeTextChangeTextErrors]


class ChangeTextAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    changeText: ChangeTextChangeText | None


class CheckInNoticeCheckInNotice(TypedDict):
    """Who would notice silence, and when at the latest."""
    by: str
    atWorst: str
    circle: list[str]
    onCall: int
    staffed: bool | None
    text: str


class CheckInNoticeAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    checkInNotice: CheckInNoticeCheckInNotice | None


class CheckInsCheckInsNotice(TypedDict):
    """Who would notice silence, and when at the latest."""
    text: str


class CheckInsCheckIns(TypedDict):
    """One promise to be heard from."""
    id: str
    state: CheckInState
    dueAt: str
    promptAt: str
    noticedBy: str
    about: str | None
    highRisk: bool
    whose: str | None
    again: bool
    notice: CheckInsCheckInsNotice


class CheckInsProxiesWhom(TypedDict):
    """Somebody I answer for, or asked to."""
    handle: str
    agreed: bool
    how: str | None


class CheckInsProxiesMine(TypedDict):
    """Somebody who answers for me, or asks to."""
    proxy: str
    handle: str
    agreed: bool


class CheckInsProxies(TypedDict):
    """Both sides of answering for each other."""
    whom: list[CheckInsProxiesWhom]
    mine: list[CheckInsProxiesMine]


class CheckInsAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    checkIns: list[CheckInsCheckIns]
    proxies: CheckInsProxies | None


class ChooseWakerChooseWakerErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class ChooseWakerChooseWaker(TypedDict):
    """What chooseWaker answers."""
    errors: list[ChooseWakerChooseWakerErrors]


class ChooseWakerAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    chooseWaker: ChooseWakerChooseWaker | None


class CircleAlarmPlan(TypedDict):
    """How my alarm would run if I raised it now."""
    circle: list[str]
    asked: list[str]
    elsewhere: bool


class CircleCircleRequests(TypedDict):
    """Somebody asks me into their circle."""
    member: str
    handle: str
    answered: bool


class CircleAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    alarmPlan: CircleAlarmPlan | None
    circleRequests: list[CircleCircleRequests]


class CloseAlarmCloseAlarmErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class CloseAlarmCloseAlarm(TypedDict):
    """What closeAlarm answers."""
    errors: list[CloseAlarmCloseAlarmErrors]


class CloseAlarmAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    closeAlarm: CloseAlarmCloseAlarm | None


class ClosePlaybookClosePlaybookErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class ClosePlaybookClosePlaybook(TypedDict):
    """What closePlaybook answers."""
    errors: list[ClosePlaybookClosePlaybookErrors]


class ClosePlaybookAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    closePlaybook: ClosePlaybookClosePlaybook | None


class CommunitiesCommunitiesFacts(TypedDict):
    """One line of a card."""
    field: str
    label: str
    value: str


class CommunitiesCommunitiesParts(TypedDict):
    """One thing I say of myself."""
    field: str
    label: str
    value: str | None
    audience: Audience
    seenBy: str


class CommunitiesCommunitiesWaits(TypedDict):
    """Something that waits for the yes of those who speak for a community."""
    id: str
    text: str
    yes: int
    needed: int
    said: bool
    endsAt: str


class CommunitiesCommunities(TypedDict):
    """A community of this network, which decides in its own way."""
    id: str
    name: str
    way: str
    since: str
    needed: int
    hidden: bool
    mine: bool
    speakers: list[str]
    short: bool
    shownTo: list[str]
    facts: list[CommunitiesCommunitiesFacts]
    parts: list[CommunitiesCommunitiesParts]
    waits: list[CommunitiesCommunitiesWaits]


class CommunitiesNetworks(TypedDict):
    """An autonomous network of defenders: ours, or one we are linked with."""
    id: str
    name: str
    home: bool
    active: bool


class CommunitiesAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    communities: list[CommunitiesCommunities]
    networks: list[CommunitiesNetworks]


class ConfirmByCodeConfirmByCodeErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class ConfirmByCodeConfirmByCode(TypedDict):
    """What confirmByCode answers."""
    outcome: str | None
    errors: list[ConfirmByCodeConfirmByCodeErrors]


class ConfirmByCodeAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    confirmByCode: ConfirmByCodeConfirmByCode | None


class ConfirmMemberConfirmMemberErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class ConfirmMemberConfirmMember(TypedDict):
    """What confirmMember answers."""
    errors: list[ConfirmMemberConfirmMemberErrors]


class ConfirmMemberAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    confirmMember: ConfirmMemberConfirmMember | None


class ConfirmMyCardConfirmMyCardErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class ConfirmMyCardConfirmMyCard(TypedDict):
    """What confirmMyCard answers."""
    errors: list[ConfirmMyCardConfirmMyCardErrors]


class ConfirmMyCardAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    confirmMyCard: ConfirmMyCardConfirmMyCard | None


class ConfirmOutsideConfirmOutsideErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class ConfirmOutsideConfirmOutside(TypedDict):
    """What confirmOutside answers."""
    errors: list[ConfirmOutsideConfirmOutsideErrors]


class ConfirmOutsideAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    confirmOutside: ConfirmOutsideConfirmOutside | None


class ConfirmSafetyWordsConfirmSafetyWordsErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class ConfirmSafetyWordsConfirmSafetyWords(TypedDict):
    """What confirmSafetyWords answers."""
    errors: list[ConfirmSafetyWordsConfirmSafetyWordsErrors]


class ConfirmSafetyWordsAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    confirmSafetyWords: ConfirmSafetyWordsConfirmSafetyWords | None


class CustodiansCustodians(TypedDict):
    """Somebody who may be the second person."""
    id: str
    name: str
    codes: int | None


class CustodiansAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    custodians: list[CustodiansCustodians] | None


class DebriefAlarmDebriefAlarmErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class DebriefAlarmDebriefAlarm(TypedDict):
    """What debriefAlarm answers."""
    errors: list[DebriefAlarmDebriefAlarmErrors]


class DebriefAlarmAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    debriefAlarm: DebriefAlarmDebriefAlarm | None


class DeclineAlarmDeclineAlarmErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class DeclineAlarmDeclineAlarm(TypedDict):
    """What declineAlarm answers."""
    errors: list[DeclineAlarmDeclineAlarmErrors]


class DeclineAlarmAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    declineAlarm: DeclineAlarmDeclineAlarm | None


class DropWakerDropWakerErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class DropWakerDropWaker(TypedDict):
    """What dropWaker answers."""
    errors: list[DropWakerDropWakerErrors]


class DropWakerAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    dropWaker: DropWakerDropWaker | None


class DutyRotaStretchesLanguages(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    name: str


class DutyRotaStretchesRegions(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    name: str


class DutyRotaStretches(TypedDict):
    """One stretch of duty to come or running."""
    id: str
    handle: str
    mine: bool
    startsAt: str
    endsAt: str
    languages: list[DutyRotaStretchesLanguages]
    regions: list[DutyRotaStretchesRegions]
    offered: bool
    note: str | None


class DutyRotaOfferedLanguages(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    name: str


class DutyRotaOfferedRegions(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    name: str


class DutyRotaOffered(TypedDict):
    """One stretch of duty to come or running."""
    id: str
    handle: str
    mine: bool
    startsAt: str
    endsAt: str
    languages: list[DutyRotaOfferedLanguages]
    regions: list[DutyRotaOfferedRegions]
    offered: bool
    note: str | None


class DutyRotaGaps(TypedDict):
    """Hours nobody covers."""
    startsAt: str
    endsAt: str


class DutyRotaShifts(TypedDict):
    """Hours somebody is on duty every week, on the clocks of a zone."""
    id: str
    handle: str
    days: list[int]
    start: str
    end: str
    zone: str


class DutyRota(TypedDict):
    """The coming days."""
    stretches: list[DutyRotaStretches]
    offered: list[DutyRotaOffered]
    gaps: list[DutyRotaGaps]
    shifts: list[DutyRotaShifts]


class DutyMyDrill(TypedDict):
    """My last drill."""
    id: str
    state: str
    practice: bool
    seconds: int | None


class DutyMyWakers(TypedDict):
    """Something besides the message itself that makes my phone ring, without a word of why."""
    kind: str
    where: str


class DutyOnDuty(TypedDict):
    """Somebody who is awake for alarms."""
    handle: str
    endsAt: str


class DutyAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    rota: DutyRota | None
    myDrill: DutyMyDrill | None
    myWakers: list[DutyMyWakers]
    onDuty: list[DutyOnDuty]


class EditCarriedEditCarriedErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class EditCarriedEditCarried(TypedDict):
    """What editCarried answers."""
    errors: list[EditCarriedEditCarriedErrors]


class EditCarriedAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    editCarried: EditCarriedEditCarried | None


class EditMyCardEditMyCardErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class EditMyCardEditMyCard(TypedDict):
    """What editMyCard answers."""
    errors: list[EditMyCardEditMyCardErrors]


class EditMyCardAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    editMyCard: EditMyCardEditMyCard | None


class EndCustodianEndCustodianErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class EndCustodianEndCustodian(TypedDict):
    """What endCustodian answers."""
    errors: list[EndCustodianEndCustodianErrors]


class EndCustodianAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    endCustodian: EndCustodianEndCustodian | None


class EndShiftEndShiftErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class EndShiftEndShift(TypedDict):
    """What endShift answers."""
    errors: list[EndShiftEndShiftErrors]


class EndShiftAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    endShift: EndShiftEndShift | None


class EndSignInEndSignInErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class EndSignInEndSignIn(TypedDict):
    """What endSignIn answers."""
    errors: list[EndSignInEndSignInErrors]


class EndSignInAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    endSignIn: EndSignInEndSignIn | None


class EndSignInsEndSignInsErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class EndSignInsEndSignIns(TypedDict):
    """What endSignIns answers."""
    ended: int | None
    errors: list[EndSignInsEndSignInsErrors]


class EndSignInsAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    endSignIns: EndSignInsEndSignIns | None


class EnterCommunityEnterCommunityErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class EnterCommunityEnterCommunity(TypedDict):
    """What enterCommunity answers."""
    community: str | None
    errors: list[EnterCommunityEnterCommunityErrors]


class EnterCommunityAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    enterCommunity: EnterCommunityEnterCommunity | None


class FindAlliesFindAlliesEdgesNodeNetwork(TypedDict):
    """An autonomous network of defenders: ours, or one we are linked with."""
    id: str
    name: str
    home: bool


class FindAlliesFindAlliesEdgesNodeCountry(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    key: str
    name: str


class FindAlliesFindAlliesEdgesNodeRegions(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    key: str
    name: str


class FindAlliesFindAlliesEdgesNodeIssues(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    key: str
    name: str


class FindAlliesFindAlliesEdgesNodeLanguages(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    key: str
    name: str


class FindAlliesFindAlliesEdgesNodeOffers(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    key: str
    name: str


class FindAlliesFindAlliesEdgesNode(TypedDict):
    """What others may see of a person, organisation, community or bot."""
    id: str
    title: str
    acronym: str | None
    kind: str
    kindText: str
    network: FindAlliesFindAlliesEdgesNodeNetwork
    country: FindAlliesFindAlliesEdgesNodeCountry | None
    regions: list[FindAlliesFindAlliesEdgesNodeRegions]
    issues: list[FindAlliesFindAlliesEdgesNodeIssues]
    languages: list[FindAlliesFindAlliesEdgesNodeLanguages]
    offers: list[FindAlliesFindAlliesEdgesNodeOffers]
    website: str | None
    purpose: str | None
    listedPublicly: bool
    confirmedAt: str | None
    unconfirmed: bool
    why: str


class FindAlliesFindAlliesEdges(TypedDict):
    """One card in the list."""
    cursor: str | None
    node: FindAlliesFindAlliesEdgesNode


class FindAlliesFindAlliesPageInfo(TypedDict):
    """Where this page ends."""
    hasNextPage: bool
    endCursor: str | None


class FindAlliesFindAlliesPuzzlesSuggestions(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    key: str
    name: str


class FindAlliesFindAlliesPuzzles(TypedDict):
    """A word that was not understood; it did not count."""
    word: str
    suggestions: list[FindAlliesFindAlliesPuzzlesSuggestions]


class FindAlliesFindAllies(TypedDict):
    """Cards, the closest first. There is no total, for nobody."""
    edges: list[FindAlliesFindAlliesEdges]
    pageInfo: FindAlliesFindAlliesPageInfo
    advice: str | None
    puzzles: list[FindAlliesFindAlliesPuzzles]


class FindAlliesAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    findAllies: FindAlliesFindAllies | None


class FindChoicesIssues(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    key: str
    name: str


class FindChoicesOffers(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    key: str
    name: str


class FindChoicesAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    issues: list[FindChoicesIssues]
    offers: list[FindChoicesOffers]


class FinishJoiningFinishJoiningErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class FinishJoiningFinishJoining(TypedDict):
    """What finishJoining answers."""
    errors: list[FinishJoiningFinishJoiningErrors]


class FinishJoiningAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    finishJoining: FinishJoiningFinishJoining | None


class ForgetNotedForgetNotedErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class ForgetNotedForgetNoted(TypedDict):
    """What forgetNoted answers."""
    errors: list[ForgetNotedForgetNotedErrors]


class ForgetNotedAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    forgetNoted: ForgetNotedForgetNoted | None


class ForgetOutsideForgetOutsideErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class ForgetOutsideForgetOutside(TypedDict):
    """What forgetOutside answers."""
    errors: list[ForgetOutsideForgetOutsideErrors]


class ForgetOutsideAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    forgetOutside: ForgetOutsideForgetOutside | None


class FreezeMemberFreezeMemberErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class FreezeMemberFreezeMember(TypedDict):
    """What freezeMember answers."""
    errors: list[FreezeMemberFreezeMemberErrors]


class FreezeMemberAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    freezeMember: FreezeMemberFreezeMember | None


class GiveRoleGiveRoleErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class GiveRoleGiveRole(TypedDict):
    """What giveRole answers."""
    waits: str | None
    errors: list[GiveRoleGiveRoleErrors]


class GiveRoleAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    giveRole: GiveRoleGiveRole | None


class GoAwayGoAwayErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class GoAwayGoAway(TypedDict):
    """What goAway answers."""
    freed: int | None
    errors: list[GoAwayGoAwayErrors]


class GoAwayAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    goAway: GoAwayGoAway | None


class GoOffDutyGoOffDutyErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class GoOffDutyGoOffDuty(TypedDict):
    """What goOffDuty answers."""
    errors: list[GoOffDutyGoOffDutyErrors]


class GoOffDutyAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    goOffDuty: GoOffDutyGoOffDuty | None


class GoOnDutyGoOnDutyDuty(TypedDict):
    """Somebody who is awake for alarms."""
    endsAt: str


class GoOnDutyGoOnDutyErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class GoOnDutyGoOnDuty(TypedDict):
    """What goOnDuty answers."""
    duty: GoOnDutyGoOnDutyDuty | None
    errors: list[GoOnDutyGoOnDutyErrors]


class GoOnDutyAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    goOnDuty: GoOnDutyGoOnDuty | None


class GoOnSharingGoOnSharingErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class GoOnSharingGoOnSharing(TypedDict):
    """What goOnSharing answers."""
    errors: list[GoOnSharingGoOnSharingErrors]


class GoOnSharingAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    goOnSharing: GoOnSharingGoOnSharing | None


class HandCarriedHandCarriedErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class HandCarriedHandCarried(TypedDict):
    """What handCarried answers."""
    errors: list[HandCarriedHandCarriedErrors]


class HandCarriedAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    handCarried: HandCarriedHandCarried | None


class HandOutsideHandOutsideErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class HandOutsideHandOutside(TypedDict):
    """What handOutside answers."""
    errors: list[HandOutsideHandOutsideErrors]


class HandOutsideAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    handOutside: HandOutsideHandOutside | None


class HandStepHandStepErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class HandStepHandStep(TypedDict):
    """What handStep answers."""
    errors: list[HandStepHandStepErrors]


class HandStepAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    handStep: HandStepHandStep | None


class HomeViewerNetwork(TypedDict):
    """An autonomous network of defenders: ours, or one we are linked with."""
    name: str


class HomeViewer(TypedDict):
    """On whose behalf this is asked."""
    handle: str | None
    roles: list[Role]
    network: HomeViewerNetwork


class HomeMyAlarm(TypedDict):
    """A call for help, as the person in it or somebody who was told may see it."""
    open: bool
    stateText: str


class HomeOpenAlarms(TypedDict):
    """A call for help, as the person in it or somebody who was told may see it."""
    id: str
    handle: str | None
    network: str
    raisedAt: str
    stateText: str
    takenBy: str | None
    mine: bool


class HomeCircleRequests(TypedDict):
    """Somebody asks me into their circle."""
    handle: str
    answered: bool


class HomeCheckIns(TypedDict):
    """One promise to be heard from."""
    dueAt: str


class HomeIntroductionsReceived(TypedDict):
    """Somebody asks to meet me, or an organisation I speak for."""
    waiting: bool


class HomeIntroductions(TypedDict):
    """Both lists, the newest first."""
    received: list[HomeIntroductionsReceived]


class HomeAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    viewer: HomeViewer
    myAlarm: HomeMyAlarm | None
    openAlarms: list[HomeOpenAlarms] | None
    circleRequests: list[HomeCircleRequests]
    checkIns: list[HomeCheckIns]
    introductions: HomeIntroductions | None


class ImportOrganisationsImportOrganisationsReportColumns(TypedDict):
    """A column of a table."""
    header: str
    field: str | None
    about: str | None


class ImportOrganisationsImportOrganisationsReportFindings(TypedDict):
    """One thing to know about the table, with its place."""
    line: int
    column: str | None
    kind: FindingKind
    value: str | None
    text: str


class ImportOrganisationsImportOrganisationsReport(TypedDict):
    """What was written, or would be."""
    added: int
    changed: int
    unchanged: int
    noted: int
    taken: bool
    kept: bool
    more: int
    columns: list[ImportOrganisationsImportOrganisationsReportColumns]
    findings: list[ImportOrganisationsImportOrganisationsReportFindings]


class ImportOrganisationsImportOrganisationsErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class ImportOrganisationsImportOrganisations(TypedDict):
    """What importOrganisations answers."""
    report: ImportOrganisationsImportOrganisationsReport | None
    errors: list[ImportOrganisationsImportOrganisationsErrors]


class ImportOrganisationsAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    importOrganisations: ImportOrganisationsImportOrganisations | None


class ImportRunImportRunReportColumns(TypedDict):
    """A column of a table."""
    header: str
    field: str | None
    about: str | None


class ImportRunImportRunReportFindings(TypedDict):
    """One thing to know about the table, with its place."""
    line: int
    column: str | None
    kind: FindingKind
    value: str | None
    text: str


class ImportRunImportRunReport(TypedDict):
    """What was written, or would be."""
    added: int
    changed: int
    unchanged: int
    noted: int
    taken: bool
    kept: bool
    more: int
    columns: list[ImportRunImportRunReportColumns]
    findings: list[ImportRunImportRunReportFindings]


class ImportRunImportRun(TypedDict):
    """A table that is being read, or was."""
    id: str
    state: str
    progress: str
    source: str
    trial: bool
    people: bool
    report: ImportRunImportRunReport | None


class ImportRunAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    importRun: ImportRunImportRun | None


class IntroductionsIntroductionsAsked(TypedDict):
    """A request of mine. A no looks like silence."""
    id: str
    title: str
    network: str
    purpose: str
    stateText: str
    askedAt: str
    expiresAt: str


class IntroductionsIntroductionsReceived(TypedDict):
    """Somebody asks to meet me, or an organisation I speak for."""
    id: str
    title: str | None
    network: str
    purpose: str | None
    organisation: str | None
    waiting: bool
    stateText: str
    askedAt: str
    expiresAt: str


class IntroductionsIntroductions(TypedDict):
    """Both lists, the newest first."""
    asked: list[IntroductionsIntroductionsAsked]
    received: list[IntroductionsIntroductionsReceived]


class IntroductionsAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    introductions: IntroductionsIntroductions | None


class InvitationsInvitedCountry(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    name: str


class InvitationsInvited(TypedDict):
    """Somebody who came in with a code and waits for a yes."""
    member: str
    handle: str
    country: InvitationsInvitedCountry | None
    language: str
    since: str


class InvitationsAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    invited: list[InvitationsInvited] | None


class InviteBackInviteBackInvitation(TypedDict):
    """A code for one person, good once, for 72 hours. It is shown in this answer and nowhere else."""
    code: str
    spoken: str
    page: str
    expiresAt: str


class InviteBackInviteBackErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class InviteBackInviteBack(TypedDict):
    """What inviteBack answers."""
    invitation: InviteBackInviteBackInvitation | None
    errors: list[InviteBackInviteBackErrors]


class InviteBackAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    inviteBack: InviteBackInviteBack | None


class InviteMemberInviteMemberInvitation(TypedDict):
    """A code for one person, good once, for 72 hours. It is shown in this answer and nowhere else."""
    code: str
    spoken: str
    page: str
    expiresAt: str


class InviteMemberInviteMemberErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class InviteMemberInviteMember(TypedDict):
    """What inviteMember answers."""
    invitation: InviteMemberInviteMemberInvitation | None
    errors: list[InviteMemberInviteMemberErrors]


class InviteMemberAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    inviteMember: InviteMemberInviteMember | None


class InviteNetworkInviteNetworkErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class InviteNetworkInviteNetwork(TypedDict):
    """What inviteNetwork answers."""
    code: str | None
    errors: list[InviteNetworkInviteNetworkErrors]


class InviteNetworkAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    inviteNetwork: InviteNetworkInviteNetwork | None


class InviteNotedInviteNotedInvitation(TypedDict):
    """A code for one person, good once, for 72 hours. It is shown in this answer and nowhere else."""
    code: str
    spoken: str
    expiresAt: str
    page: str


class InviteNotedInviteNotedErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class InviteNotedInviteNoted(TypedDict):
    """What inviteNoted answers."""
    invitation: InviteNotedInviteNotedInvitation | None
    errors: list[InviteNotedInviteNotedErrors]


class InviteNotedAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    inviteNoted: InviteNotedInviteNoted | None


class KeepApartKeepApartErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class KeepApartKeepApart(TypedDict):
    """What keepApart answers."""
    errors: list[KeepApartKeepApartErrors]


class KeepApartAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    keepApart: KeepApartKeepApart | None


class KeepOutsideKeepOutsideErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class KeepOutsideKeepOutside(TypedDict):
    """What keepOutside answers."""
    contact: str | None
    errors: list[KeepOutsideKeepOutsideErrors]


class KeepOutsideAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    keepOutside: KeepOutsideKeepOutside | None


class KeptApartKeptApart(TypedDict):
    """One whom the viewer named."""
    id: str
    name: str
    since: str


class KeptApartNetworks(TypedDict):
    """An autonomous network of defenders: ours, or one we are linked with."""
    id: str
    name: str
    home: bool
    active: bool


class KeptApartAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    keptApart: list[KeptApartKeptApart]
    networks: list[KeptApartNetworks]


class LeaveCircleLeaveCircleErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class LeaveCircleLeaveCircle(TypedDict):
    """What leaveCircle answers."""
    errors: list[LeaveCircleLeaveCircleErrors]


class LeaveCircleAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    leaveCircle: LeaveCircleLeaveCircle | None


class LeaveNetworkLeaveNetworkErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class LeaveNetworkLeaveNetwork(TypedDict):
    """What leaveNetwork answers."""
    errors: list[LeaveNetworkLeaveNetworkErrors]


class LeaveNetworkAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    leaveNetwork: LeaveNetworkLeaveNetwork | None


class LeaveNoteLeaveNoteErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class LeaveNoteLeaveNote(TypedDict):
    """What leaveNote answers."""
    errors: list[LeaveNoteLeaveNoteErrors]


class LeaveNoteAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    leaveNote: LeaveNoteLeaveNote | None


class LiftSilentAlarmLiftSilentAlarmErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class LiftSilentAlarmLiftSilentAlarm(TypedDict):
    """What liftSilentAlarm answers."""
    outcome: str | None
    errors: list[LiftSilentAlarmLiftSilentAlarmErrors]


class LiftSilentAlarmAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    liftSilentAlarm: LiftSilentAlarmLiftSilentAlarm | None


class LinksLinksNetwork(TypedDict):
    """An autonomous network of defenders: ours, or one we are linked with."""
    id: str
    name: str


class LinksLinksSafetyPairs(TypedDict):
    """One of ten things, named for both administrators: each may read in their own language."""
    here: str
    there: str
    each: list[str]


class LinksLinksDraft(TypedDict):
    """What two networks agree on, as sentences a board can read."""
    lines: list[str]


class LinksLinksAgreement(TypedDict):
    """What two networks agree on, as sentences a board can read."""
    lines: list[str]


class LinksLinksLedger(TypedDict):
    """One card on one side of a link. Persons are never named in it."""
    directionText: str
    stateText: str
    title: str | None
    since: str | None
    confirmedAt: str | None
    withdrawnAt: str | None
    withdrawalConfirmedAt: str | None
    overdue: bool


class LinksLinks(TypedDict):
    """The relation of our hub to another one."""
    network: LinksLinksNetwork
    state: LinkState
    stateText: str
    safetyWords: list[str] | None
    safetyPairs: list[LinksLinksSafetyPairs] | None
    wordsOkHere: bool
    wordsOkThere: bool
    signedHere: bool
    signedThere: bool
    draft: LinksLinksDraft | None
    agreement: LinksLinksAgreement | None
    ourCover: list[str]
    theirCover: list[str]
    theyAnswerNow: bool
    heldBack: str | None
    endsAt: str | None
    lastHeardAt: str | None
    unconfirmed: int
    condition: list[str]
    ledger: list[LinksLinksLedger] | None


class LinksAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    links: list[LinksLinks] | None


class MakeChatAccountMakeChatAccountAccount(TypedDict):
    """A chat account that was just made. It is shown in this answer and nowhere else."""
    matrixId: str
    password: str
    homeserver: str


class MakeChatAccountMakeChatAccountErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class MakeChatAccountMakeChatAccount(TypedDict):
    """What makeChatAccount answers."""
    account: MakeChatAccountMakeChatAccountAccount | None
    errors: list[MakeChatAccountMakeChatAccountErrors]


class MakeChatAccountAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    makeChatAccount: MakeChatAccountMakeChatAccount | None


class MakeLoginLinkMakeLoginLinkErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class MakeLoginLinkMakeLoginLink(TypedDict):
    """What makeLoginLink answers."""
    url: str | None
    expiresAt: str | None
    errors: list[MakeLoginLinkMakeLoginLinkErrors]


class MakeLoginLinkAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    makeLoginLink: MakeLoginLinkMakeLoginLink | None


class MakeReleaseMakeReleaseErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class MakeReleaseMakeRelease(TypedDict):
    """What makeRelease answers."""
    errors: list[MakeReleaseMakeReleaseErrors]


class MakeReleaseAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    makeRelease: MakeReleaseMakeRelease | None


class MakeTokenMakeTokenToken(TypedDict):
    """What a program may run here, and until when."""
    id: str
    label: str
    operations: list[str]
    expiresAt: str


class MakeTokenMakeTokenErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class MakeTokenMakeToken(TypedDict):
    """What makeToken answers."""
    secret: str | None
    token: MakeTokenMakeTokenToken | None
    errors: list[MakeTokenMakeTokenErrors]


class MakeTokenAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    makeToken: MakeTokenMakeToken | None


class MemberSignInsMemberSignIns(TypedDict):
    """One browser in which I am signed in."""
    name: str
    since: str
    expiresAt: str


class MemberSignInsAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    memberSignIns: list[MemberSignInsMemberSignIns] | None


class MembersMembers(TypedDict):
    """One of our own people, as those who look after the network see them: no contact, no issues."""
    member: str
    handle: str | None
    kind: str
    state: str
    stateText: str
    roles: list[Role]


class MembersAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    members: list[MembersMembers] | None


class MoveCheckInMoveCheckInErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class MoveCheckInMoveCheckIn(TypedDict):
    """What moveCheckIn answers."""
    late: bool | None
    errors: list[MoveCheckInMoveCheckInErrors]


class MoveCheckInAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    moveCheckIn: MoveCheckInMoveCheckIn | None


class MyAlarmMyAlarmHelp(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    name: str


class MyAlarmMyAlarmCountry(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    name: str


class MyAlarmMyAlarmLanguage(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    name: str


class MyAlarmMyAlarmTimeline(TypedDict):
    """One thing that happened."""
    at: str
    text: str
    who: str | None


class MyAlarmMyAlarmContacts(TypedDict):
    """One person who was told of an alarm, and what is known since."""
    handle: str
    rung: str
    toldAt: str
    deliveredAt: str | None
    readAt: str | None
    answeredAt: str | None
    answer: str | None


class MyAlarmMyAlarm(TypedDict):
    """A call for help, as the person in it or somebody who was told may see it."""
    id: str
    state: AlarmState
    stateText: str
    open: bool
    severity: Severity
    mine: bool
    handle: str | None
    text: str | None
    place: str | None
    network: str
    help: MyAlarmMyAlarmHelp | None
    country: MyAlarmMyAlarmCountry | None
    language: MyAlarmMyAlarmLanguage | None
    raisedAt: str
    nextAt: str | None
    secondsToStop: int
    takenBy: str | None
    silent: bool
    timeline: list[MyAlarmMyAlarmTimeline]
    contacts: list[MyAlarmMyAlarmContacts] | None


class MyAlarmOpenAlarmsHelp(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    name: str


class MyAlarmOpenAlarmsCountry(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    name: str


class MyAlarmOpenAlarmsLanguage(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    name: str


class MyAlarmOpenAlarmsTimeline(TypedDict):
    """One thing that happened."""
    at: str
    text: str
    who: str | None


class MyAlarmOpenAlarmsContacts(TypedDict):
    """One person who was told of an alarm, and what is known since."""
    handle: str
    rung: str
    toldAt: str
    deliveredAt: str | None
    readAt: str | None
    answeredAt: str | None
    answer: str | None


class MyAlarmOpenAlarms(TypedDict):
    """A call for help, as the person in it or somebody who was told may see it."""
    id: str
    state: AlarmState
    stateText: str
    open: bool
    severity: Severity
    mine: bool
    handle: str | None
    text: str | None
    place: str | None
    network: str
    help: MyAlarmOpenAlarmsHelp | None
    country: MyAlarmOpenAlarmsCountry | None
    language: MyAlarmOpenAlarmsLanguage | None
    raisedAt: str
    nextAt: str | None
    secondsToStop: int
    takenBy: str | None
    silent: bool
    timeline: list[MyAlarmOpenAlarmsTimeline]
    contacts: list[MyAlarmOpenAlarmsContacts] | None


class MyAlarmAlarmPlanNetworks(TypedDict):
    """An autonomous network of defenders: ours, or one we are linked with."""
    id: str
    name: str
    active: bool


class MyAlarmAlarmPlanHelp(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    key: str
    name: str


class MyAlarmAlarmPlanCoversNetwork(TypedDict):
    """An autonomous network of defenders: ours, or one we are linked with."""
    id: str
    name: str


class MyAlarmAlarmPlanCovers(TypedDict):
    """What a linked network signed about our calls for help."""
    network: MyAlarmAlarmPlanCoversNetwork
    named: bool
    answersNow: bool
    lines: list[str]


class MyAlarmAlarmPlan(TypedDict):
    """How my alarm would run if I raised it now."""
    window: int
    circle: list[str]
    networks: list[MyAlarmAlarmPlanNetworks]
    text: str | None
    place: str | None
    operator: str | None
    onCall: int
    onDuty: int
    staffedFrom: str | None
    live: bool
    staffed: bool
    staffedText: str | None
    help: MyAlarmAlarmPlanHelp | None
    covers: list[MyAlarmAlarmPlanCovers]


class MyAlarmAlarmsToDebrief(TypedDict):
    """A call for help, as the person in it or somebody who was told may see it."""
    id: str
    stateText: str
    handle: str | None
    network: str
    raisedAt: str
    takenBy: str | None


class MyAlarmNetworks(TypedDict):
    """An autonomous network of defenders: ours, or one we are linked with."""
    id: str
    name: str
    home: bool
    active: bool


class MyAlarmAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    myAlarm: MyAlarmMyAlarm | None
    openAlarms: list[MyAlarmOpenAlarms] | None
    alarmPlan: MyAlarmAlarmPlan | None
    alarmsToDebrief: list[MyAlarmAlarmsToDebrief]
    networks: list[MyAlarmNetworks]


class MyCardMyCardParts(TypedDict):
    """One thing I say of myself."""
    field: str
    label: str
    value: str | None
    audience: Audience
    seenBy: str


class MyCardMyCard(TypedDict):
    """Everything I said of myself."""
    parts: list[MyCardMyCardParts]
    marked: str
    rests: bool
    rightUntil: str | None


class MyCardSeeAs(TypedDict):
    """One line of a card."""
    field: str
    label: str
    value: str


class MyCardNetworks(TypedDict):
    """An autonomous network of defenders: ours, or one we are linked with."""
    id: str
    name: str
    home: bool
    active: bool


class MyCardAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    myCard: MyCardMyCard | None
    seeAs: list[MyCardSeeAs] | None
    networks: list[MyCardNetworks]


class MyTextsMyTexts(TypedDict):
    """My text messages."""
    offered: bool
    on: bool
    tried: bool
    ending: str
    warning: list[str]


class MyTextsViewer(TypedDict):
    """On whose behalf this is asked."""
    hasWord: bool


class MyTextsAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    myTexts: MyTextsMyTexts | None
    viewer: MyTextsViewer


class MyWishMyWish(TypedDict):
    """What I want if I am ever held or missing."""
    wish: str
    proxy: str


class MyWishAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    myWish: MyWishMyWish | None


class MyWordViewer(TypedDict):
    """On whose behalf this is asked."""
    hasWord: bool
    wordFresh: bool


class MyWordAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    viewer: MyWordViewer


class NameCustodianNameCustodianSheet(TypedDict):
    """The codes of somebody outside. They are shown in this answer and nowhere else."""
    name: str
    codes: list[str]


class NameCustodianNameCustodianErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class NameCustodianNameCustodian(TypedDict):
    """What nameCustodian answers."""
    outcome: str | None
    sheet: NameCustodianNameCustodianSheet | None
    errors: list[NameCustodianNameCustodianErrors]


class NameCustodianAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    nameCustodian: NameCustodianNameCustodian | None


class NameSpeakersNameSpeakersErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class NameSpeakersNameSpeakers(TypedDict):
    """What nameSpeakers answers."""
    errors: list[NameSpeakersNameSpeakersErrors]


class NameSpeakersAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    nameSpeakers: NameSpeakersNameSpeakers | None


class NotedPeopleNotedPeople(TypedDict):
    """Somebody of a list. Nobody sees, finds, counts or writes to them."""
    id: str
    handle: str
    invited: bool
    erasedAt: str


class NotedPeopleAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    notedPeople: list[NotedPeopleNotedPeople]


class OffBoardOffBoardEnded(TypedDict):
    """What was ended."""
    handle: str
    lines: list[str]


class OffBoardOffBoardErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class OffBoardOffBoard(TypedDict):
    """What offBoard answers."""
    ended: OffBoardOffBoardEnded | None
    errors: list[OffBoardOffBoardErrors]


class OffBoardAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    offBoard: OffBoardOffBoard | None


class OfferDutyOfferDutyErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class OfferDutyOfferDuty(TypedDict):
    """What offerDuty answers."""
    errors: list[OfferDutyOfferDutyErrors]


class OfferDutyAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    offerDuty: OfferDutyOfferDuty | None


class OpenPlaybookOpenPlaybookErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class OpenPlaybookOpenPlaybook(TypedDict):
    """What openPlaybook answers."""
    run: str | None
    errors: list[OpenPlaybookOpenPlaybookErrors]


class OpenPlaybookAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    openPlaybook: OpenPlaybookOpenPlaybook | None


class OutsideContactsOutsideContactsCountry(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    key: str
    name: str


class OutsideContactsOutsideContactsOffers(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    key: str
    name: str


class OutsideContactsOutsideContactsLanguages(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    key: str
    name: str


class OutsideContactsOutsideContactsOutcomes(TypedDict):
    """What came of an earlier ask; never who asked."""
    came: Came
    text: str
    at: str


class OutsideContactsOutsideContactsAsks(TypedDict):
    """One ask, for its asker and the keeper."""
    id: str
    who: str
    what: str
    came: Came
    outcome: str
    askedAt: str
    mine: bool


class OutsideContactsOutsideContacts(TypedDict):
    """An institution or office that is no member: it sees nothing."""
    id: str
    name: str
    office: str
    country: OutsideContactsOutsideContactsCountry | None
    offers: list[OutsideContactsOutsideContactsOffers]
    languages: list[OutsideContactsOutsideContactsLanguages]
    never: str
    about: str
    reach: str | None
    keeper: str
    mine: bool
    mayAsk: MayAsk
    mayHand: bool
    stale: bool
    confirmedAt: str
    outcomes: list[OutsideContactsOutsideContactsOutcomes]
    asks: list[OutsideContactsOutsideContactsAsks]


class OutsideContactsAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    outsideContacts: list[OutsideContactsOutsideContacts]


class PassOnAlarmPassOnAlarmErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class PassOnAlarmPassOnAlarm(TypedDict):
    """What passOnAlarm answers."""
    errors: list[PassOnAlarmPassOnAlarmErrors]


class PassOnAlarmAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    passOnAlarm: PassOnAlarmPassOnAlarm | None


class PassToNetworkPassToNetworkErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class PassToNetworkPassToNetwork(TypedDict):
    """What passToNetwork answers."""
    network: str | None
    errors: list[PassToNetworkPassToNetworkErrors]


class PassToNetworkAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    passToNetwork: PassToNetworkPassToNetwork | None


class PlanAlarmPlanAlarmErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class PlanAlarmPlanAlarm(TypedDict):
    """What planAlarm answers."""
    errors: list[PlanAlarmPlanAlarmErrors]


class PlanAlarmAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    planAlarm: PlanAlarmPlanAlarm | None


class PlanCheckInPlanCheckInCheckInNotice(TypedDict):
    """Who would notice silence, and when at the latest."""
    text: str


class PlanCheckInPlanCheckInCheckIn(TypedDict):
    """One promise to be heard from."""
    id: str
    dueAt: str
    promptAt: str
    noticedBy: str
    notice: PlanCheckInPlanCheckInCheckInNotice


class PlanCheckInPlanCheckInErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class PlanCheckInPlanCheckIn(TypedDict):
    """What planCheckIn answers."""
    checkIn: PlanCheckInPlanCheckInCheckIn | None
    errors: list[PlanCheckInPlanCheckInErrors]


class PlanCheckInAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    planCheckIn: PlanCheckInPlanCheckIn | None


class PlanEventPlanEventCheckInNotice(TypedDict):
    """Who would notice silence, and when at the latest."""
    text: str


class PlanEventPlanEventCheckIn(TypedDict):
    """One promise to be heard from."""
    id: str
    dueAt: str
    promptAt: str
    noticedBy: str
    notice: PlanEventPlanEventCheckInNotice


class PlanEventPlanEventErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class PlanEventPlanEvent(TypedDict):
    """What planEvent answers."""
    checkIn: PlanEventPlanEventCheckIn | None
    errors: list[PlanEventPlanEventErrors]


class PlanEventAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    planEvent: PlanEventPlanEvent | None


class PlanJourneyPlanJourneyCheckInNotice(TypedDict):
    """Who would notice silence, and when at the latest."""
    text: str


class PlanJourneyPlanJourneyCheckIn(TypedDict):
    """One promise to be heard from."""
    id: str
    dueAt: str
    promptAt: str
    noticedBy: str
    notice: PlanJourneyPlanJourneyCheckInNotice


class PlanJourneyPlanJourneyErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class PlanJourneyPlanJourney(TypedDict):
    """What planJourney answers."""
    checkIn: PlanJourneyPlanJourneyCheckIn | None
    errors: list[PlanJourneyPlanJourneyErrors]


class PlanJourneyAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    planJourney: PlanJourneyPlanJourney | None


class PlanRecurringPlanRecurringCheckInNotice(TypedDict):
    """Who would notice silence, and when at the latest."""
    text: str


class PlanRecurringPlanRecurringCheckIn(TypedDict):
    """One promise to be heard from."""
    id: str
    dueAt: str
    promptAt: str
    noticedBy: str
    notice: PlanRecurringPlanRecurringCheckInNotice


class PlanRecurringPlanRecurringErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class PlanRecurringPlanRecurring(TypedDict):
    """What planRecurring answers."""
    checkIn: PlanRecurringPlanRecurringCheckIn | None
    errors: list[PlanRecurringPlanRecurringErrors]


class PlanRecurringAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    planRecurring: PlanRecurringPlanRecurring | None


class PlanShiftPlanShiftErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class PlanShiftPlanShift(TypedDict):
    """What planShift answers."""
    shift: str | None
    errors: list[PlanShiftPlanShiftErrors]


class PlanShiftAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    planShift: PlanShiftPlanShift | None


class PlaybooksPlaybooks(TypedDict):
    """A playbook that can be opened."""
    key: str
    title: str


class PlaybooksPlaybookRunsStepsReports(TypedDict):
    """What somebody noted about a step."""
    who: str
    text: str
    at: str


class PlaybooksPlaybookRunsSteps(TypedDict):
    """One step."""
    key: str
    number: int
    title: str
    text: str
    state: str
    stateText: str
    holder: str
    dueAt: str
    overdue: bool
    sources: int
    reports: list[PlaybooksPlaybookRunsStepsReports]
    mine: bool
    openToMe: bool


class PlaybooksPlaybookRunsConsents(TypedDict):
    """What only the person decides, or whom they named for it."""
    key: str
    title: str
    option: str
    optionText: str
    saidBy: str
    options: list[str]
    maySettle: bool


class PlaybooksPlaybookRunsTimeline(TypedDict):
    """One thing that happened."""
    at: str
    text: str
    who: str


class PlaybooksPlaybookRuns(TypedDict):
    """A playbook that runs for somebody."""
    id: str
    title: str
    handle: str
    openedAt: str
    nextAt: str | None
    steps: list[PlaybooksPlaybookRunsSteps]
    consents: list[PlaybooksPlaybookRunsConsents]
    timeline: list[PlaybooksPlaybookRunsTimeline]


class PlaybooksAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    playbooks: list[PlaybooksPlaybooks]
    playbookRuns: list[PlaybooksPlaybookRuns] | None


class PractiseSecondPhrasePractiseSecondPhraseErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class PractiseSecondPhrasePractiseSecondPhrase(TypedDict):
    """What practiseSecondPhrase answers."""
    errors: list[PractiseSecondPhrasePractiseSecondPhraseErrors]


class PractiseSecondPhraseAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    practiseSecondPhrase: PractiseSecondPhrasePractiseSecondPhrase | None


class PrepareSecondPhrasePrepareSecondPhraseErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class PrepareSecondPhrasePrepareSecondPhrase(TypedDict):
    """What prepareSecondPhrase answers."""
    practice: str | None
    errors: list[PrepareSecondPhrasePrepareSecondPhraseErrors]


class PrepareSecondPhraseAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    prepareSecondPhrase: PrepareSecondPhrasePrepareSecondPhrase | None


class ProposeAgreementProposeAgreementErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class ProposeAgreementProposeAgreement(TypedDict):
    """What proposeAgreement answers."""
    errors: list[ProposeAgreementProposeAgreementErrors]


class ProposeAgreementAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    proposeAgreement: ProposeAgreementProposeAgreement | None


class ProxiesProxiesWhom(TypedDict):
    """Somebody I answer for, or asked to."""
    handle: str
    agreed: bool
    how: str | None


class ProxiesProxiesMine(TypedDict):
    """Somebody who answers for me, or asks to."""
    proxy: str
    handle: str
    agreed: bool


class ProxiesProxies(TypedDict):
    """Both sides of answering for each other."""
    whom: list[ProxiesProxiesWhom]
    mine: list[ProxiesProxiesMine]


class ProxiesAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    proxies: ProxiesProxies | None


class PutDownCarriedPutDownCarriedErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class PutDownCarriedPutDownCarried(TypedDict):
    """What putDownCarried answers."""
    errors: list[PutDownCarriedPutDownCarriedErrors]


class PutDownCarriedAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    putDownCarried: PutDownCarriedPutDownCarried | None


class RaiseAlarmRaiseAlarmAlarm(TypedDict):
    """A call for help, as the person in it or somebody who was told may see it."""
    id: str
    state: AlarmState
    secondsToStop: int


class RaiseAlarmRaiseAlarmErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class RaiseAlarmRaiseAlarm(TypedDict):
    """What raiseAlarm answers."""
    alarm: RaiseAlarmRaiseAlarmAlarm | None
    errors: list[RaiseAlarmRaiseAlarmErrors]


class RaiseAlarmAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    raiseAlarm: RaiseAlarmRaiseAlarm | None


class ReachReachTablesRowsCells(TypedDict):
    """One number, or the words that it is too small to show."""
    number: int | None
    text: str


class ReachReachTablesRowsTotal(TypedDict):
    """One number, or the words that it is too small to show."""
    number: int | None
    text: str


class ReachReachTablesRows(TypedDict):
    """One line of a table."""
    name: str
    cells: list[ReachReachTablesRowsCells]
    total: ReachReachTablesRowsTotal


class ReachReachTables(TypedDict):
    """People by region, issue or language, and by their tie to the network."""
    about: str
    title: str
    columns: list[str]
    rows: list[ReachReachTablesRows]


class ReachReach(TypedDict):
    """A dated release."""
    id: str
    madeAt: str
    nextAt: str
    sentences: list[str]
    tables: list[ReachReachTables]


class ReachAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    reach: ReachReach | None


class ReadCopyReadCopyErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class ReadCopyReadCopy(TypedDict):
    """What readCopy answers."""
    copy: str | None
    errors: list[ReadCopyReadCopyErrors]


class ReadCopyAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    readCopy: ReadCopyReadCopy | None


class RecordSentenceRecordSentenceErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class RecordSentenceRecordSentence(TypedDict):
    """What recordSentence answers."""
    errors: list[RecordSentenceRecordSentenceErrors]


class RecordSentenceAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    recordSentence: RecordSentenceRecordSentence | None


class RemoveLanguageRemoveLanguageErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class RemoveLanguageRemoveLanguage(TypedDict):
    """What removeLanguage answers."""
    errors: list[RemoveLanguageRemoveLanguageErrors]


class RemoveLanguageAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    removeLanguage: RemoveLanguageRemoveLanguage | None


class RemoveSecondPhraseRemoveSecondPhraseErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class RemoveSecondPhraseRemoveSecondPhrase(TypedDict):
    """What removeSecondPhrase answers."""
    errors: list[RemoveSecondPhraseRemoveSecondPhraseErrors]


class RemoveSecondPhraseAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    removeSecondPhrase: RemoveSecondPhraseRemoveSecondPhrase | None


class RenewCarriedRenewCarriedErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class RenewCarriedRenewCarried(TypedDict):
    """What renewCarried answers."""
    errors: list[RenewCarriedRenewCarriedErrors]


class RenewCarriedAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    renewCarried: RenewCarriedRenewCarried | None


class ReportLostReportLostErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class ReportLostReportLost(TypedDict):
    """What reportLost answers."""
    errors: list[ReportLostReportLostErrors]


class ReportLostAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    reportLost: ReportLostReportLost | None


class ReportStepReportStepErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class ReportStepReportStep(TypedDict):
    """What reportStep answers."""
    missing: int | None
    errors: list[ReportStepReportStepErrors]


class ReportStepAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    reportStep: ReportStepReportStep | None


class RestMyCardRestMyCardErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class RestMyCardRestMyCard(TypedDict):
    """What restMyCard answers."""
    errors: list[RestMyCardRestMyCardErrors]


class RestMyCardAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    restMyCard: RestMyCardRestMyCard | None


class ResumeLinkResumeLinkErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class ResumeLinkResumeLink(TypedDict):
    """What resumeLink answers."""
    errors: list[ResumeLinkResumeLinkErrors]


class ResumeLinkAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    resumeLink: ResumeLinkResumeLink | None


class RevokeTokenRevokeTokenErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class RevokeTokenRevokeToken(TypedDict):
    """What revokeToken answers."""
    errors: list[RevokeTokenRevokeTokenErrors]


class RevokeTokenAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    revokeToken: RevokeTokenRevokeToken | None


class RotaRotaStretchesLanguages(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    name: str


class RotaRotaStretchesRegions(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    name: str


class RotaRotaStretches(TypedDict):
    """One stretch of duty to come or running."""
    id: str
    handle: str
    startsAt: str
    endsAt: str
    languages: list[RotaRotaStretchesLanguages]
    regions: list[RotaRotaStretchesRegions]
    offered: bool
    note: str | None


class RotaRotaGaps(TypedDict):
    """Hours nobody covers."""
    startsAt: str
    endsAt: str


class RotaRotaShifts(TypedDict):
    """Hours somebody is on duty every week, on the clocks of a zone."""
    id: str
    handle: str
    days: list[int]
    start: str
    end: str
    zone: str


class RotaRota(TypedDict):
    """The coming days."""
    stretches: list[RotaRotaStretches]
    gaps: list[RotaRotaGaps]
    shifts: list[RotaRotaShifts]


class RotaAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    rota: RotaRota | None


class SaySafeSaySafeErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class SaySafeSaySafe(TypedDict):
    """What saySafe answers."""
    unheard: bool | None
    errors: list[SaySafeSaySafeErrors]


class SaySafeAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    saySafe: SaySafeSaySafe | None


class SecondsSecondAsks(TypedDict):
    """One thing that waits for a second person."""
    id: str
    text: str
    mine: bool
    mayAnswer: bool
    network: str | None
    askedNetwork: str | None
    endsAt: str


class SecondsNetworks(TypedDict):
    """An autonomous network of defenders: ours, or one we are linked with."""
    id: str
    name: str
    home: bool
    active: bool


class SecondsAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    secondAsks: list[SecondsSecondAsks]
    networks: list[SecondsNetworks]


class SeenFromSeenFrom(TypedDict):
    """Somebody who could be seen from a device."""
    name: str
    how: str


class SeenFromAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    seenFrom: list[SeenFromSeenFrom] | None


class SetAudienceSetAudienceErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class SetAudienceSetAudience(TypedDict):
    """What setAudience answers."""
    errors: list[SetAudienceSetAudienceErrors]


class SetAudienceAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    setAudience: SetAudienceSetAudience | None


class SetLanguageSetLanguageErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class SetLanguageSetLanguage(TypedDict):
    """What setLanguage answers."""
    language: str | None
    errors: list[SetLanguageSetLanguageErrors]


class SetLanguageAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    setLanguage: SetLanguageSetLanguage | None


class SetWishSetWishErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class SetWishSetWish(TypedDict):
    """What setWish answers."""
    errors: list[SetWishSetWishErrors]


class SetWishAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    setWish: SetWishSetWish | None


class SetWordSetWordErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class SetWordSetWord(TypedDict):
    """What setWord answers."""
    errors: list[SetWordSetWordErrors]


class SetWordAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    setWord: SetWordSetWord | None


class SettleOutsideSettleOutsideErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class SettleOutsideSettleOutside(TypedDict):
    """What settleOutside answers."""
    errors: list[SettleOutsideSettleOutsideErrors]


class SettleOutsideAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    settleOutside: SettleOutsideSettleOutside | None


class SettleWishSettleWishErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class SettleWishSettleWish(TypedDict):
    """What settleWish answers."""
    errors: list[SettleWishSettleWishErrors]


class SettleWishAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    settleWish: SettleWishSettleWish | None


class SeverLinkSeverLinkErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class SeverLinkSeverLink(TypedDict):
    """What severLink answers."""
    errors: list[SeverLinkSeverLinkErrors]


class SeverLinkAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    severLink: SeverLinkSeverLink | None


class ShareWithShareWithErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class ShareWithShareWith(TypedDict):
    """What shareWith answers."""
    errors: list[ShareWithShareWithErrors]


class ShareWithAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    shareWith: ShareWithShareWith | None


class SharingSharingNetwork(TypedDict):
    """An autonomous network of defenders: ours, or one we are linked with."""
    id: str
    name: str
    active: bool


class SharingSharingPreview(TypedDict):
    """One line of a card."""
    label: str
    value: str


class SharingSharing(TypedDict):
    """Me and one linked network."""
    network: SharingSharingNetwork
    shown: bool
    since: str | None
    endsAt: str | None
    holds: bool
    preview: list[SharingSharingPreview] | None


class SharingMyLedger(TypedDict):
    """One card on one side of a link. Persons are never named in it."""
    title: str | None
    stateText: str
    since: str | None
    confirmedAt: str | None
    withdrawnAt: str | None
    withdrawalConfirmedAt: str | None


class SharingAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    sharing: list[SharingSharing]
    myTakenBack: list[str]
    myLedger: list[SharingMyLedger]


class SignAgreementSignAgreementErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class SignAgreementSignAgreement(TypedDict):
    """What signAgreement answers."""
    errors: list[SignAgreementSignAgreementErrors]


class SignAgreementAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    signAgreement: SignAgreementSignAgreement | None


class SignInsSignIns(TypedDict):
    """One browser in which I am signed in."""
    name: str
    since: str
    expiresAt: str


class SignInsAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    signIns: list[SignInsSignIns]


class SilencesSilencesPeople(TypedDict):
    """One of those who did not answer."""
    handle: str
    highRisk: bool
    dueAt: str
    heldUntil: str | None
    state: CheckInState


class SilencesSilences(TypedDict):
    """Many who are silent at once, or whom this hub could not hear."""
    id: str
    text: str
    openedAt: str
    takenBy: str | None
    mine: bool
    people: list[SilencesSilencesPeople]


class SilencesSilentNetworks(TypedDict):
    """A linked network whose hub is silent although something was due there."""
    network: str
    name: str
    since: str | None
    toldAt: str
    always: bool


class SilencesAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    silences: list[SilencesSilences]
    silentNetworks: list[SilencesSilentNetworks] | None


class StartDrillStartDrillErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class StartDrillStartDrill(TypedDict):
    """What startDrill answers."""
    errors: list[StartDrillStartDrillErrors]


class StartDrillAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    startDrill: StartDrillStartDrill | None


class StartImportStartImportErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class StartImportStartImport(TypedDict):
    """What startImport answers."""
    run: str | None
    errors: list[StartImportStartImportErrors]


class StartImportAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    startImport: StartImportStartImport | None


class StopForcedRequestStopForcedRequestErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class StopForcedRequestStopForcedRequest(TypedDict):
    """What stopForcedRequest answers."""
    errors: list[StopForcedRequestStopForcedRequestErrors]


class StopForcedRequestAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    stopForcedRequest: StopForcedRequestStopForcedRequest | None


class StopProxyStopProxyErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class StopProxyStopProxy(TypedDict):
    """What stopProxy answers."""
    errors: list[StopProxyStopProxyErrors]


class StopProxyAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    stopProxy: StopProxyStopProxy | None


class StopSharingStopSharingErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class StopSharingStopSharing(TypedDict):
    """What stopSharing answers."""
    errors: list[StopSharingStopSharingErrors]


class StopSharingAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    stopSharing: StopSharingStopSharing | None


class SuspendLinkSuspendLinkErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class SuspendLinkSuspendLink(TypedDict):
    """What suspendLink answers."""
    errors: list[SuspendLinkSuspendLinkErrors]


class SuspendLinkAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    suspendLink: SuspendLinkSuspendLink | None


class SwitchTextsOffSwitchTextsOffErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class SwitchTextsOffSwitchTextsOff(TypedDict):
    """What switchTextsOff answers."""
    errors: list[SwitchTextsOffSwitchTextsOffErrors]


class SwitchTextsOffAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    switchTextsOff: SwitchTextsOffSwitchTextsOff | None


class SwitchTextsOnSwitchTextsOnErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class SwitchTextsOnSwitchTextsOn(TypedDict):
    """What switchTextsOn answers."""
    errors: list[SwitchTextsOnSwitchTextsOnErrors]


class SwitchTextsOnAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    switchTextsOn: SwitchTextsOnSwitchTextsOn | None


class TakeAlarmTakeAlarmErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class TakeAlarmTakeAlarm(TypedDict):
    """What takeAlarm answers."""
    errors: list[TakeAlarmTakeAlarmErrors]


class TakeAlarmAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    takeAlarm: TakeAlarmTakeAlarm | None


class TakeRoleTakeRoleErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class TakeRoleTakeRole(TypedDict):
    """What takeRole answers."""
    errors: list[TakeRoleTakeRoleErrors]


class TakeRoleAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    takeRole: TakeRoleTakeRole | None


class TakeSilenceTakeSilenceErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class TakeSilenceTakeSilence(TypedDict):
    """What takeSilence answers."""
    errors: list[TakeSilenceTakeSilenceErrors]


class TakeSilenceAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    takeSilence: TakeSilenceTakeSilence | None


class TakeStepTakeStepErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class TakeStepTakeStep(TypedDict):
    """What takeStep answers."""
    errors: list[TakeStepTakeStepErrors]


class TakeStepAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    takeStep: TakeStepTakeStep | None


class TellPlaceTellPlaceErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class TellPlaceTellPlace(TypedDict):
    """What tellPlace answers."""
    errors: list[TellPlaceTellPlaceErrors]


class TellPlaceAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    tellPlace: TellPlaceTellPlace | None


class TodayOpenAlarmsHelp(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    name: str


class TodayOpenAlarmsCountry(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    name: str


class TodayOpenAlarmsLanguage(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    name: str


class TodayOpenAlarmsTimeline(TypedDict):
    """One thing that happened."""
    at: str
    text: str
    who: str | None


class TodayOpenAlarmsContacts(TypedDict):
    """One person who was told of an alarm, and what is known since."""
    handle: str
    rung: str
    toldAt: str
    deliveredAt: str | None
    readAt: str | None
    answeredAt: str | None
    answer: str | None


class TodayOpenAlarms(TypedDict):
    """A call for help, as the person in it or somebody who was told may see it."""
    id: str
    state: AlarmState
    stateText: str
    mine: bool
    handle: str | None
    text: str | None
    place: str | None
    network: str
    help: TodayOpenAlarmsHelp | None
    country: TodayOpenAlarmsCountry | None
    language: TodayOpenAlarmsLanguage | None
    raisedAt: str
    takenBy: str | None
    silent: bool
    timeline: list[TodayOpenAlarmsTimeline]
    contacts: list[TodayOpenAlarmsContacts] | None


class TodayAlarmsToDebrief(TypedDict):
    """A call for help, as the person in it or somebody who was told may see it."""
    id: str
    stateText: str
    handle: str | None
    network: str
    raisedAt: str
    takenBy: str | None


class TodayCareFigures(TypedDict):
    """The last thirty days. The figure that counts: from an alarm to a person's 'I have it'."""
    lines: list[str]


class TodaySilentNetworks(TypedDict):
    """A linked network whose hub is silent although something was due there."""
    network: str
    name: str
    since: str | None
    toldAt: str
    always: bool


class TodayForcedRequests(TypedDict):
    """What somebody asked for with the phrase for danger, while it can be stopped. Never shown to them."""
    id: str
    handle: str
    whatText: str
    dueAt: str
    stopped: bool


class TodayWaitingCountry(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    name: str


class TodayWaiting(TypedDict):
    """Somebody who came in with a code and waits for a yes."""
    member: str
    handle: str
    country: TodayWaitingCountry | None
    language: str
    since: str


class TodayOnDutyLanguages(TypedDict):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""
    name: str


class TodayOnDuty(TypedDict):
    """Somebody who is awake for alarms."""
    handle: str
    languages: list[TodayOnDutyLanguages]
    endsAt: str


class TodayAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    openAlarms: list[TodayOpenAlarms] | None
    alarmsToDebrief: list[TodayAlarmsToDebrief]
    careFigures: TodayCareFigures | None
    silentNetworks: list[TodaySilentNetworks] | None
    forcedRequests: list[TodayForcedRequests] | None
    waiting: list[TodayWaiting] | None
    onDuty: list[TodayOnDuty]


class TokensTokens(TypedDict):
    """What a program may run here, and until when."""
    id: str
    label: str
    operations: list[str]
    expiresAt: str
    revokedAt: str | None


class TokensAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    tokens: list[TokensTokens] | None


class TurnAwayMemberTurnAwayMemberErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class TurnAwayMemberTurnAwayMember(TypedDict):
    """What turnAwayMember answers."""
    errors: list[TurnAwayMemberTurnAwayMemberErrors]


class TurnAwayMemberAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    turnAwayMember: TurnAwayMemberTurnAwayMember | None


class UndoTextUndoTextErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class UndoTextUndoText(TypedDict):
    """What undoText answers."""
    errors: list[UndoTextUndoTextErrors]


class UndoTextAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    undoText: UndoTextUndoText | None


class VoteOnFreezeVoteOnFreezeErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class VoteOnFreezeVoteOnFreeze(TypedDict):
    """What voteOnFreeze answers."""
    outcome: str | None
    errors: list[VoteOnFreezeVoteOnFreezeErrors]


class VoteOnFreezeAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    voteOnFreeze: VoteOnFreezeVoteOnFreeze | None


class VouchVouchInvitation(TypedDict):
    """A code for one person, good once, for 72 hours. It is shown in this answer and nowhere else."""
    code: str
    spoken: str
    page: str
    expiresAt: str


class VouchVouchErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class VouchVouch(TypedDict):
    """What vouch answers."""
    invitation: VouchVouchInvitation | None
    errors: list[VouchVouchErrors]


class VouchAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    vouch: VouchVouch | None


class WakeForNetworkWakeForNetworkErrors(TypedDict):
    """Something a person can put right."""
    code: str
    message: str
    field: str | None
    fix: str | None


class WakeForNetworkWakeForNetwork(TypedDict):
    """What wakeForNetwork answers."""
    errors: list[WakeForNetworkWakeForNetworkErrors]


class WakeForNetworkAnswer(TypedDict):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""
    wakeForNetwork: WakeForNetworkWakeForNetwork | None


class WordingsWordings(TypedDict):
    """One sentence people read, as it comes and as this network says it."""
    message: str
    standard: list[str]
    forms: list[str]
    changed: bool


class WordingsAddedLanguages(TypedDict):
    """A language this network added itself."""
    tag: str
    name: str
    second: str
    sentences: int
    recordings: int


class WordingsAnswer(TypedDict):
    """What can be asked. Everything is asked on behalf of one viewer."""
    wordings: list[WordingsWordings] | None
    addedLanguages: list[WordingsAddedLanguages] | None



class Client:
    """One hub, asked with one token. `name` tells the hub's people whose program this is.

    When too much was asked in a minute, `waits` times what the hub says is waited for, else AyniError.
    """

    def __init__(self, url: str, token: str, *, name: str, timeout: float = 30.0, waits: int = 1) -> None:
        self._url, self._timeout, self._waits = url, timeout, waits
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Ayni-Client": name,
            "Content-Type": "application/json",
            "Accept-Encoding": "gzip",
        }

    def ask(self, document_id: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Run a trusted document by its id; its data. Raises AyniError."""
        given = {name: value for name, value in variables.items() if value is not None}
        return self._data({"documentId": document_id, "variables": given})

    def open_query(self, text: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Run a query text; the token must name the scope `open`. Raises AyniError."""
        return self._data({"query": text, "variables": dict(variables or {})})

    def _data(self, body: Mapping[str, Any]) -> dict[str, Any]:
        answer = self._post(json.dumps(body).encode(), self._waits)
        if errors := answer.get("errors"):
            told = errors[0]["extensions"]
            request_id = answer.get("extensions", {}).get("requestId")
            raise AyniError(told["code"], errors[0]["message"], told.get("fix"), request_id)
        return cast(dict[str, Any], answer["data"])

    def _post(self, body: bytes, waits: int) -> dict[str, Any]:
        request = urllib.request.Request(self._url, body, self._headers)
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:
                return _decoded(answer.read(), answer.headers.get("Content-Encoding"))
        except urllib.error.HTTPError as refused:
            if refused.code == 429 and waits:
                time.sleep(float(refused.headers.get("Retry-After", 1)))
                return self._post(body, waits - 1)
            return _decoded(refused.read(), refused.headers.get("Content-Encoding"))

    def accept_network(self, input: AcceptNetworkInput) -> AcceptNetworkAnswer:
        """Answer another network's invitation."""
        found = self.ask("sha256:037bd1080930b09d106307b0084ebc6dfee15fa58ed9d8e7e3d3e24ec6e386cc", {"input": input})
        return cast(AcceptNetworkAnswer, found)

    def act_for_community(self, input: ActForCommunityInput) -> ActForCommunityAnswer:
        """Hide or narrow at once, without the word; whatever shows more waits for the community's own way."""
        found = self.ask("sha256:9874bf51c9d4c03dff299e9d31b5b4f7d9ea92d317c3458c016323d832699ce5", {"input": input})
        return cast(ActForCommunityAnswer, found)

    def add_language(self, input: AddLanguageInput) -> AddLanguageAnswer:
        """Add a language, or bring one up to date, with the forty sentences lives depend on."""
        found = self.ask("sha256:44f986b6cd0cef46e0896bb89805097ddec74dc194af60b5ff2d66e26ff4657d", {"input": input})
        return cast(AddLanguageAnswer, found)

    def added_languages(self) -> AddedLanguagesAnswer:
        """Languages this network added, for administrators."""
        found = self.ask("sha256:65a938a0d8f160c8b7d8c98ae0b8b03fb462af9e70e9eb073daf3a2abf3f9c51", {})
        return cast(AddedLanguagesAnswer, found)

    def allow_again(self, input: AllowAgainInput) -> AllowAgainAnswer:
        """We may find each other again."""
        found = self.ask("sha256:48cca4e74d74dcd186615c2d5a6c1c7597f222fa9ad6219bd93fd5d00eaa168d", {"input": input})
        return cast(AllowAgainAnswer, found)

    def answer_check_in(self, input: AnswerCheckInInput) -> AnswerCheckInAnswer:
        """I am safe, or whom I answer for is."""
        found = self.ask("sha256:006f61a77a5789ca3e5c4a44f0cfeaa7ad469d820e70b2e86c40603836baae1e", {"input": input})
        return cast(AnswerCheckInAnswer, found)

    def answer_circle(self, input: AnswerCircleInput) -> AnswerCircleAnswer:
        """Say yes or no to being in somebody's circle."""
        found = self.ask("sha256:ad4eff8764e3b8020fd2c71231fbe605e3bbc457ea9543ce3176efa7a69c6424", {"input": input})
        return cast(AnswerCircleAnswer, found)

    def answer_community(self, input: AnswerCommunityInput) -> AnswerCommunityAnswer:
        """Say yes, with one's word, or no to something that waits; a no ends it."""
        found = self.ask("sha256:352071297b5f33f51ea7cb64a7f9e35a41b1beee4b02c513fb3edbb25d5453e0", {"input": input})
        return cast(AnswerCommunityAnswer, found)

    def answer_drill(self, input: AnswerDrillInput) -> AnswerDrillAnswer:
        """Did it ring? Counts from my own app; here only in a hub for trying out."""
        found = self.ask("sha256:59d29cf69a40b02207d0a9130b02933bacf12efab55fef6db3f69647515b4c53", {"input": input})
        return cast(AnswerDrillAnswer, found)

    def answer_duty(self, input: AnswerDutyInput) -> AnswerDutyAnswer:
        """Take over a duty I am asked for, or not."""
        found = self.ask("sha256:e70e2fe572ad378e9c087735b8df13790613c8e27bc01cacce330619c92fd4dc", {"input": input})
        return cast(AnswerDutyAnswer, found)

    def answer_introduction(self, input: AnswerIntroductionInput) -> AnswerIntroductionAnswer:
        """Say yes or no to somebody who asks. A no is never told."""
        found = self.ask("sha256:71b3b38df54079a66b67dc4ef2c907b8d3f57b131abc1980fd35dc49fc2be9fe", {"input": input})
        return cast(AnswerIntroductionAnswer, found)

    def answer_proxy(self, input: AnswerProxyInput) -> AnswerProxyAnswer:
        """May they answer my check-ins?"""
        found = self.ask("sha256:f1d535a986dba02de75eea1a735206dc29d9f1c6a88308adff661da1cafb63c7", {"input": input})
        return cast(AnswerProxyAnswer, found)

    def answer_second(self, input: AnswerSecondInput) -> AnswerSecondAnswer:
        """As the second person: yes, which needs the word, or no."""
        found = self.ask("sha256:dabf48aef49a57028508605a15f9090a8baa45b7122fd9303a94cc2e737e1103", {"input": input})
        return cast(AnswerSecondAnswer, found)

    def ask_copy(self) -> AskCopyAnswer:
        """A copy of everything kept about me, after three days."""
        found = self.ask("sha256:e05bbff2b268074838c07c0cdcc9ca97957101a5e12e2780da930eb3561c0142", {})
        return cast(AskCopyAnswer, found)

    def ask_introduction(self, input: AskIntroductionInput) -> AskIntroductionAnswer:
        """Ask to be put in touch with whoever is behind a card."""
        found = self.ask("sha256:e8754d6ec0507c65ca4e6e4fefa1537c841e900b112ad83feaa4108028bab31e", {"input": input})
        return cast(AskIntroductionAnswer, found)

    def ask_outside(self, input: AskOutsideInput) -> AskOutsideAnswer:
        """Ask the keeper for something of an outside contact."""
        found = self.ask("sha256:84deffe1a8fc989151b8eca970dcd1f4bf9b77babe3aaf6758bba60016bf0bcf", {"input": input})
        return cast(AskOutsideAnswer, found)

    def ask_proxy(self, input: AskProxyInput) -> AskProxyAnswer:
        """Ask somebody whether I may answer their check-ins; with `how`, write down the yes of somebody without a phone."""
        found = self.ask("sha256:4126ea29eb5e2610da1c6c63e433333257d54dbcedf38f715d30506d16b87179", {"input": input})
        return cast(AskProxyAnswer, found)

    def ask_singly(self, input: AskSinglyInput) -> AskSinglyAnswer:
        """Do not hold them any longer: their own circles are asked now."""
        found = self.ask("sha256:80fe6669653029ef8c768e5b9c6efb8e5f49f515740e923a887b90f28a3ce7b4", {"input": input})
        return cast(AskSinglyAnswer, found)

    def ask_to_circle(self, input: AskToCircleInput) -> AskToCircleAnswer:
        """Ask somebody into my circle."""
        found = self.ask("sha256:cf246fc2d22e34dcd12569f07d964fc29c4319a3c520780f4af084b74c042079", {"input": input})
        return cast(AskToCircleAnswer, found)

    def audit(self, before: int | None = None, first: int | None = None) -> AuditAnswer:
        """Who used a privilege, the newest first; for reviewers and administrators."""
        found = self.ask("sha256:8d6bb4a3ddc9578cf88137cb6c113b45d3b96b30729044c0b8f9871ee87cd52a", {"before": before, "first": first})
        return cast(AuditAnswer, found)

    def beginning(self) -> BeginningAnswer:
        """Who is asking."""
        found = self.ask("sha256:bd13b06e5e7ec76edcdfb8587f55f2476140fe421565a56187dd85579109b60e", {})
        return cast(BeginningAnswer, found)

    def bots(self) -> BotsAnswer:
        """The bots of this network."""
        found = self.ask("sha256:e7eee9fb5afb631eece668bc43adf9369223b2aa6d3f5f40dac65fcce4b16e7b", {})
        return cast(BotsAnswer, found)

    def call_off_check_ins(self, input: CallOffCheckInsInput) -> CallOffCheckInsAnswer:
        """Call off every check-in I have planned, or one, with all that were to follow."""
        found = self.ask("sha256:c5646e59888ac76ef7f39d8ca69570530e34d7c6ec4c96f7ad870e3acc70ec10", {"input": input})
        return cast(CallOffCheckInsAnswer, found)

    def cancel_alarm(self, input: CancelAlarmInput) -> CancelAlarmAnswer:
        """Call my alarm off. Within the window nobody else ever hears of it."""
        found = self.ask("sha256:bd16e8782c5afc65a2d19b25a7bdde429167355b819ac15f6d1035b243c9cf39", {"input": input})
        return cast(CancelAlarmAnswer, found)

    def care(self) -> CareAnswer:
        """For those who look after the network."""
        found = self.ask("sha256:8cb3a8e1d0ca68f6bf597fc78bac71d0e8ce4ab37ca0bb69152d6eb61a2a1b41", {})
        return cast(CareAnswer, found)

    def carried_people(self) -> CarriedPeopleAnswer:
        """People without a device whose entry the viewer looks after; for coordinators all."""
        found = self.ask("sha256:543ed5f4e10e9364edfbec55e32d905d61dd703d7572a09fa686c83b4924dc7b", {})
        return cast(CarriedPeopleAnswer, found)

    def carry_person(self, input: CarryPersonInput) -> CarryPersonAnswer:
        """Let somebody without a device be found by this network, with the yes they gave me."""
        found = self.ask("sha256:c8b96bb70abe63c700a565155d43a4b43c35022af1df1bba05cea8ba52db424c", {"input": input})
        return cast(CarryPersonAnswer, found)

    def change_text(self, input: ChangeTextInput) -> ChangeTextAnswer:
        """Say a sentence in this network's own words. It keeps its places."""
        found = self.ask("sha256:99e53810ae1ead32eb121f33c435ae8bbdfb1d4f0d93e09b52f9d4e40411b625", {"input": input})
        return cast(ChangeTextAnswer, found)

    def check_in_notice(self, in_minutes: int, high_risk: bool) -> CheckInNoticeAnswer:
        """Before planning: who would notice silence then, and when at the latest."""
        found = self.ask("sha256:01fb9466dd214a08b35cc07232da957a8a6cf7df92c3d2a8a81804dd50a8a2a2", {"inMinutes": in_minutes, "highRisk": high_risk})
        return cast(CheckInNoticeAnswer, found)

    def check_ins(self) -> CheckInsAnswer:
        """My check-ins that wait, and those I answer, the earliest first."""
        found = self.ask("sha256:08c0f21787dbb97a4f8c2642cfe0dc7e244f866ad5b27c0742c7609f73ec446c", {})
        return cast(CheckInsAnswer, found)

    def choose_waker(self, input: ChooseWakerInput) -> ChooseWakerAnswer:
        """Make my phone ring this way too."""
        found = self.ask("sha256:63481e6f3573d5a628987683409efe34f11eaaf01c49af6f80113de7c4e2af6d", {"input": input})
        return cast(ChooseWakerAnswer, found)

    def circle(self) -> CircleAnswer:
        """How my alarm would run now."""
        found = self.ask("sha256:bb574818bd7ae4d5ddd40cba0a1e0ce7c269827e362eccf5a80ef7a285457b37", {})
        return cast(CircleAnswer, found)

    def close_alarm(self, input: CloseAlarmInput) -> CloseAlarmAnswer:
        """Nothing is left to do."""
        found = self.ask("sha256:35a00a1d55a31675f56c8a53ac1ddd82d0ae745b8c7e606314afc8db8e3ddd91", {"input": input})
        return cast(CloseAlarmAnswer, found)

    def close_playbook(self, input: ClosePlaybookInput) -> ClosePlaybookAnswer:
        """Nothing is left to do."""
        found = self.ask("sha256:e9b335337b88acdf0c300b647671da3863d031f2d84ab2741cc365dfedd1b01f", {"input": input})
        return cast(ClosePlaybookAnswer, found)

    def communities(self) -> CommunitiesAnswer:
        """Communities of this network that the viewer may know of."""
        found = self.ask("sha256:6edf6bb994e4c8fc0349d41ff0ec3cd67d2745f67c1e2d3bb6502df93459738e", {})
        return cast(CommunitiesAnswer, found)

    def confirm_by_code(self, input: ConfirmByCodeInput) -> ConfirmByCodeAnswer:
        """Type the code that a custodian outside reads aloud."""
        found = self.ask("sha256:8883c4add560cbee10fbd788fb8ac7a3e020ec38289fcbe648f1f89946a16bad", {"input": input})
        return cast(ConfirmByCodeAnswer, found)

    def confirm_member(self, input: ConfirmMemberInput) -> ConfirmMemberAnswer:
        """It is them: let them in."""
        found = self.ask("sha256:bdfff316624bed2cd6796f328432864fb2f97513fd9fafa388371b9590c87745", {"input": input})
        return cast(ConfirmMemberAnswer, found)

    def confirm_my_card(self) -> ConfirmMyCardAnswer:
        """It is right, for another year. To show it again needs my word."""
        found = self.ask("sha256:af1a29b9f383a693de70c726a71e72052a9b60483a8336e7d83e1b7c6d63f6e2", {})
        return cast(ConfirmMyCardAnswer, found)

    def confirm_outside(self, input: ConfirmOutsideInput) -> ConfirmOutsideAnswer:
        """What is said of a contact I keep still holds."""
        found = self.ask("sha256:1b78393fbc4e152a46682aaf8474000fc60542168908e9b412fad8e0df6adf0d", {"input": input})
        return cast(ConfirmOutsideAnswer, found)

    def confirm_safety_words(self, input: ConfirmSafetyWordsInput) -> ConfirmSafetyWordsAnswer:
        """We read the words to each other and they were the same."""
        found = self.ask("sha256:538e86838d3c23143f8b214b29ac53b18aad067cbcfe5c5ae7b41723201defb8", {"input": input})
        return cast(ConfirmSafetyWordsAnswer, found)

    def custodians(self) -> CustodiansAnswer:
        """Who may be the second person; for administrators."""
        found = self.ask("sha256:4feae0ea153c6d9766db851cf3c4be2393c5344183d25e98f20a483cc1b0f71e", {})
        return cast(CustodiansAnswer, found)

    def debrief_alarm(self, input: DebriefAlarmInput) -> DebriefAlarmAnswer:
        """Look back at an alarm that is over: was anybody in danger?"""
        found = self.ask("sha256:52224316c194f663dfc98e8fa3ffad4f6b83234970a063c4c2d131b9ea17abc1", {"input": input})
        return cast(DebriefAlarmAnswer, found)

    def decline_alarm(self, input: DeclineAlarmInput) -> DeclineAlarmAnswer:
        """I cannot take it."""
        found = self.ask("sha256:cdb8bb58eb23fef2361e20a8da696f7145560b86a69fb573cd63b83efc46f448", {"input": input})
        return cast(DeclineAlarmAnswer, found)

    def drop_waker(self, input: DropWakerInput) -> DropWakerAnswer:
        """Not this way any more."""
        found = self.ask("sha256:a6c9602b88ae3c0f123a4e6f41d92fe375ca49a00edfaeb2c7f20f2617de78d6", {"input": input})
        return cast(DropWakerAnswer, found)

    def duty(self) -> DutyAnswer:
        """The coming week, for those who answer calls."""
        found = self.ask("sha256:902cefd810892906a1c22f94d90743e1468b017bab24ac55a7b6db7b841e0cfa", {})
        return cast(DutyAnswer, found)

    def edit_carried(self, input: EditCarriedInput) -> EditCarriedAnswer:
        """Say of them what they want said."""
        found = self.ask("sha256:64e57d1947856009054329636328ca40c26d123881b86723b271fad575931b16", {"input": input})
        return cast(EditCarriedAnswer, found)

    def edit_my_card(self, input: EditMyCardInput) -> EditMyCardAnswer:
        """Change what I say of myself. What is left out stays; what is empty is emptied."""
        found = self.ask("sha256:cb046c921ab60eabed697050a0d6d54ed5361423dd7717686e8cc8f7e0695fc5", {"input": input})
        return cast(EditMyCardAnswer, found)

    def end_custodian(self, input: EndCustodianInput) -> EndCustodianAnswer:
        """They are asked no more, and their sheet is paper."""
        found = self.ask("sha256:22ad16ef164f6daeef7951c7f219b98f0c2a4fdb2efc015bb90087ffc14099dc", {"input": input})
        return cast(EndCustodianAnswer, found)

    def end_shift(self, input: EndShiftInput) -> EndShiftAnswer:
        """This weekly duty ends, with what was to come of it."""
        found = self.ask("sha256:6cb95f692c00f5a151dd47204bc8491ff4ec78aa3358903a3d17c533d6c8b3bf", {"input": input})
        return cast(EndShiftAnswer, found)

    def end_sign_in(self, input: EndSignInInput) -> EndSignInAnswer:
        """Sign me out somewhere."""
        found = self.ask("sha256:fb33281db981f5dc330752b0428b22ed027c9a20be50cf499df2bb955640f48e", {"input": input})
        return cast(EndSignInAnswer, found)

    def end_sign_ins(self, input: EndSignInsInput) -> EndSignInsAnswer:
        """Sign somebody out everywhere, links they were given included. They can sign in again."""
        found = self.ask("sha256:3b202689354fdeebd60fffd15698a49fced3a47c4e76f2bae74d68785c6e2e39", {"input": input})
        return cast(EndSignInsAnswer, found)

    def enter_community(self, input: EnterCommunityInput) -> EnterCommunityAnswer:
        """Enter a community. Nobody sees it before everybody who speaks for it said yes."""
        found = self.ask("sha256:cd0030be2b23cba8ab5edf7732bbe8cb58991c05b42952326a9a4aba97775d22", {"input": input})
        return cast(EnterCommunityAnswer, found)

    def find_allies(self, question: AllyQuestion, first: int | None = None, after: str | None = None) -> FindAlliesAnswer:
        """Find allies by issue, place, language and help."""
        found = self.ask("sha256:6511f22ea1c218816e8968a547a3f3f9d8c6c6cda1339c42d5d8a9d74b09dde0", {"question": question, "first": first, "after": after})
        return cast(FindAlliesAnswer, found)

    def find_choices(self) -> FindChoicesAnswer:
        """What defenders work on."""
        found = self.ask("sha256:dcb7f76d72fa314252b4f62d53be015136f23334401fb8526747dcf14fc6d4e0", {})
        return cast(FindChoicesAnswer, found)

    def finish_joining(self) -> FinishJoiningAnswer:
        """The questions are answered: ask whoever invited me whether it is me."""
        found = self.ask("sha256:0ea88e77c6e93aa4233bc18b1dbe39e01fc8ee2f54be1bd0d76805f9cbbaba51", {})
        return cast(FinishJoiningAnswer, found)

    def forget_noted(self, input: ForgetNotedInput) -> ForgetNotedAnswer:
        """Erase what a list said of somebody."""
        found = self.ask("sha256:e0727608cc86f2edbe88d7df6a40a60c5996cd93943af4545d7771d7d62d1ae6", {"input": input})
        return cast(ForgetNotedAnswer, found)

    def forget_outside(self, input: ForgetOutsideInput) -> ForgetOutsideAnswer:
        """Take out a contact I keep, and all asks."""
        found = self.ask("sha256:9ea061490a49c2e8f3a30036bca9c36504508523163aed24aff6b44895e49544", {"input": input})
        return cast(ForgetOutsideAnswer, found)

    def freeze_member(self, input: FreezeMemberInput) -> FreezeMemberAnswer:
        """Hold an entry back for 72 hours."""
        found = self.ask("sha256:0f43c8395a9ad420e33e491713c202aab4ebbe42481d276a1ea1be5497e2f085", {"input": input})
        return cast(FreezeMemberAnswer, found)

    def give_role(self, input: GiveRoleInput) -> GiveRoleAnswer:
        """Give somebody a role."""
        found = self.ask("sha256:477fc5be8037e8a202d2ab54816d9704ebce29e0428f091b1ce775a455d8513d", {"input": input})
        return cast(GiveRoleAnswer, found)

    def go_away(self, input: GoAwayInput) -> GoAwayAnswer:
        """A holiday: what was planned for me then is nobody's."""
        found = self.ask("sha256:6a638959a48104af520dea2dbea937fd9483ee7c3dc48a94527deb59b4c399c2", {"input": input})
        return cast(GoAwayAnswer, found)

    def go_off_duty(self) -> GoOffDutyAnswer:
        """My duty ends now."""
        found = self.ask("sha256:f3ef805a840f2d690ebfe1383203c23a4f1bff3d2ba4c5511014f99d222c55f0", {})
        return cast(GoOffDutyAnswer, found)

    def go_on_duty(self, input: GoOnDutyInput) -> GoOnDutyAnswer:
        """I am awake for alarms from now on."""
        found = self.ask("sha256:341448c546e9fb71fe47c07d93715fdd570c2d881664959eb3a807e3bd890180", {"input": input})
        return cast(GoOnDutyAnswer, found)

    def go_on_sharing(self, input: GoOnSharingInput) -> GoOnSharingAnswer:
        """My yes to this network goes on for another year."""
        found = self.ask("sha256:0db62c09f0bcf1a142a85a5f28bd50135658f3af43c933cdfabafc13f875d375", {"input": input})
        return cast(GoOnSharingAnswer, found)

    def hand_carried(self, input: HandCarriedInput) -> HandCarriedAnswer:
        """Another connector looks after their entry."""
        found = self.ask("sha256:af4bd20b9ced5717bfeff9314a0c0c314b8cd5aa465ba61f88db5871e264450d", {"input": input})
        return cast(HandCarriedAnswer, found)

    def hand_outside(self, input: HandOutsideInput) -> HandOutsideAnswer:
        """Somebody else keeps it from now on."""
        found = self.ask("sha256:ded5f206dfef9fed75a58d993ba4a5f5ce349a585209fc709722ffe7c0202c12", {"input": input})
        return cast(HandOutsideAnswer, found)

    def hand_step(self, input: HandStepInput) -> HandStepAnswer:
        """Somebody else does it; they are woken."""
        found = self.ask("sha256:fe710066bb9dc4e4bb5065fb1efe2580e99c5896cdf714fdb4690e0d95a9c37d", {"input": input})
        return cast(HandStepAnswer, found)

    def home(self) -> HomeAnswer:
        """Who is asking."""
        found = self.ask("sha256:d586eea254c31e3a88155734795b12e378f933eca82f3bbcc5f61b5f5273712e", {})
        return cast(HomeAnswer, found)

    def import_organisations(self, input: ImportOrganisationsInput) -> ImportOrganisationsAnswer:
        """Read a table of public organisations. All or nothing unless asked otherwise; twice changes nothing."""
        found = self.ask("sha256:be4a69503dbc325ff0c781469d47ab35b3fbc44c799d6fdc8e50f8993793f18b", {"input": input})
        return cast(ImportOrganisationsAnswer, found)

    def import_run(self, run: str) -> ImportRunAnswer:
        """How far a table of the viewer's is; null for any other."""
        found = self.ask("sha256:594eccffdefe08785a3f6adced13fb849ff2b9b0f715601c5121935f4a9ab232", {"run": run})
        return cast(ImportRunAnswer, found)

    def introductions(self) -> IntroductionsAnswer:
        """Mine, in both directions."""
        found = self.ask("sha256:a8045fab7edccc24ec4eff0f461759505b132e19b0bc1f1e5797fb694881bb57", {})
        return cast(IntroductionsAnswer, found)

    def invitations(self) -> InvitationsAnswer:
        """Whom I invited and who waits for my yes."""
        found = self.ask("sha256:7d7d18210e73bb034b98a6bc4572d66465b169cf34dec40a0e92a43f5a7fab8a", {})
        return cast(InvitationsAnswer, found)

    def invite_back(self, input: InviteBackInput) -> InviteBackAnswer:
        """I rang them: a code for their new device."""
        found = self.ask("sha256:b374287a9c7a8d16dca892a30b6992dea621d21de8cae8d7b9674873aa99884d", {"input": input})
        return cast(InviteBackAnswer, found)

    def invite_member(self, input: InviteMemberInput) -> InviteMemberAnswer:
        """Make a code for one person to come in with."""
        found = self.ask("sha256:73c416db85be333f2eae941593187f8500a6177ef77bd50671754813a828ab44", {"input": input})
        return cast(InviteMemberAnswer, found)

    def invite_network(self) -> InviteNetworkAnswer:
        """Make a one-time code for another network's administrator, good for 48 hours."""
        found = self.ask("sha256:61179057de99d8ba9ba9b4efed98d28743546d25e5491b2059cb0807b482dcd6", {})
        return cast(InviteNetworkAnswer, found)

    def invite_noted(self, input: InviteNotedInput) -> InviteNotedAnswer:
        """A code for somebody of a list. Whoever comes in with it finds what the list said filled in."""
        found = self.ask("sha256:19d15413758a0ae1c8adf75472950796af38a642b1d2de7e368bc40e93afade2", {"input": input})
        return cast(InviteNotedAnswer, found)

    def keep_apart(self, input: KeepApartInput) -> KeepApartAnswer:
        """Never bring us together, one of three: a member, whoever a card stands for, a linked network."""
        found = self.ask("sha256:2b60aad9eafd9ed08cd194f01831366b5866856093d9ec38cf89ce58a4b231a7", {"input": input})
        return cast(KeepApartAnswer, found)

    def keep_outside(self, input: KeepOutsideInput) -> KeepOutsideAnswer:
        """Enter an outside contact, or say something else of one I keep."""
        found = self.ask("sha256:88b20fccb4a83e5266194e0ff5db51458f7c4c7dedfa1efda26b9a5eccdbabee", {"input": input})
        return cast(KeepOutsideAnswer, found)

    def kept_apart(self) -> KeptApartAnswer:
        """Whom I named as never to be brought together with me."""
        found = self.ask("sha256:9554a659b1ae3870286fd53ead15c10d7a6778a751371ab37a28d8e54945213d", {})
        return cast(KeptApartAnswer, found)

    def leave_circle(self, input: LeaveCircleInput) -> LeaveCircleAnswer:
        """Take somebody out of my circle."""
        found = self.ask("sha256:13761a3bbcc9193cbe9ae88b2719fcfa72725aeabfe957807b194c2e13ab50e2", {"input": input})
        return cast(LeaveCircleAnswer, found)

    def leave_network(self) -> LeaveNetworkAnswer:
        """Leave for good: every way in is closed at once, and what I said is deleted here and elsewhere."""
        found = self.ask("sha256:d2247520f0400a795713da64dfb675a6da09e1193cdcb852e30c511ce518473f", {})
        return cast(LeaveNetworkAnswer, found)

    def leave_note(self, input: LeaveNoteInput) -> LeaveNoteAnswer:
        """What whoever is on duty next should know."""
        found = self.ask("sha256:097b058fab5850d3b733d739a4059173d501bac1b49168a07228e816058815da", {"input": input})
        return cast(LeaveNoteAnswer, found)

    def lift_silent_alarm(self, input: LiftSilentAlarmInput) -> LiftSilentAlarmAnswer:
        """A silent call for help is over. Two people have to say it."""
        found = self.ask("sha256:e570969bac82888532017e1233f3ad4180c86ad3e008b5ea82f2447843067d10", {"input": input})
        return cast(LiftSilentAlarmAnswer, found)

    def links(self) -> LinksAnswer:
        """All links, for administrators."""
        found = self.ask("sha256:88bbdba333f4cf595368f2b3bcdd65f965678166bd3eaa6cbe6f35ceb144cd02", {})
        return cast(LinksAnswer, found)

    def make_chat_account(self) -> MakeChatAccountAnswer:
        """An account on this network's homeserver, with a random name. From a signed-in app, write: join"""
        found = self.ask("sha256:f6c7f80300bc4fee3d1328bba7b7dbdc97049e5f2a9e258f65db53d86daef78e", {})
        return cast(MakeChatAccountAnswer, found)

    def make_login_link(self, input: MakeLoginLinkInput) -> MakeLoginLinkAnswer:
        """A link that opens the pages once, for reading, within the hour. Hand it over yourself."""
        found = self.ask("sha256:7cb232aef64ac339a60bc174c77669384587840ff9ebc1d1f83926b9baa948cf", {"input": input})
        return cast(MakeLoginLinkAnswer, found)

    def make_release(self) -> MakeReleaseAnswer:
        """Count again in the background, when the time for a new release has come."""
        found = self.ask("sha256:19542a43541927bb118e1bd3c8892d8c575853f3cf87674c102464e4d9d1c4b0", {})
        return cast(MakeReleaseAnswer, found)

    def make_token(self, input: MakeTokenInput) -> MakeTokenAnswer:
        """A token for a program."""
        found = self.ask("sha256:075259e7409fd65ba436fc04fc020976406dacd69d93352c492f52bb4da9d089", {"input": input})
        return cast(MakeTokenAnswer, found)

    def member_sign_ins(self, handle: str) -> MemberSignInsAnswer:
        """Where one of our people is signed in; for those who look after them."""
        found = self.ask("sha256:f419496b18c2fc54f3282303f242cf73e61ce324b90ccec99d947408804f9226", {"handle": handle})
        return cast(MemberSignInsAnswer, found)

    def members(self, after: str | None = None, first: int | None = None) -> MembersAnswer:
        """Our own people, for those who look after them, by id."""
        found = self.ask("sha256:07dda9fa1625c6e89a7fa907e1dbb9bdbba932974c30c524b2c6e73b8b3af422", {"after": after, "first": first})
        return cast(MembersAnswer, found)

    def move_check_in(self, input: MoveCheckInInput) -> MoveCheckInAnswer:
        """It takes longer: my next check-in is due later."""
        found = self.ask("sha256:5e37fbc6577c88e0b2673da7eeb34c2296b444598bc33f1e18316f09c37cbbea", {"input": input})
        return cast(MoveCheckInAnswer, found)

    def my_alarm(self) -> MyAlarmAnswer:
        """My open alarm, or the one that ended within a day."""
        found = self.ask("sha256:f9d2270321607f5f9fe9a6e0bcb700ea5bdbc052116f402dfbb904f53c65f657", {})
        return cast(MyAlarmAnswer, found)

    def my_card(self, audience: str | None = None, network: str | None = None) -> MyCardAnswer:
        """My own card, whole."""
        found = self.ask("sha256:093cc4bb54fb9a6ff30abcb89c7a5bcca9e42e8abe480868f43fa55ac63a5184", {"audience": audience, "network": network})
        return cast(MyCardAnswer, found)

    def my_texts(self) -> MyTextsAnswer:
        """Text messages, as they stand for me."""
        found = self.ask("sha256:2acbd4b08227fcb4f9992ee208be6f35bc7e50a48b3c5f163a20f213b2adc85d", {})
        return cast(MyTextsAnswer, found)

    def my_wish(self) -> MyWishAnswer:
        """What I said beforehand."""
        found = self.ask("sha256:f9a269018141abe5643c3d678f6b750a38edd062a68d47ae06d2b8447bb62fc7", {})
        return cast(MyWishAnswer, found)

    def my_word(self) -> MyWordAnswer:
        """Who is asking."""
        found = self.ask("sha256:2248f8f2920666316f8b5c7822ea22fa2becdff51699a115c11e4902f155baf8", {})
        return cast(MyWordAnswer, found)

    def name_custodian(self, input: NameCustodianInput) -> NameCustodianAnswer:
        """Name somebody who may be the second person: a member, or somebody outside who gets a sheet."""
        found = self.ask("sha256:3e7216cc8610cb0d24204617de092d90cf23045eca3dc355cdd3aaaf11c33b6d", {"input": input})
        return cast(NameCustodianAnswer, found)

    def name_speakers(self, input: NameSpeakersInput) -> NameSpeakersAnswer:
        """Name who speaks for a community for which too few do; hidden until all of them said yes."""
        found = self.ask("sha256:ddcee0428544eb84d8ab5e2822c18476064f3b2cc5fd0936c2d0b34c72cca5e4", {"input": input})
        return cast(NameSpeakersAnswer, found)

    def noted_people(self, after: str | None = None) -> NotedPeopleAnswer:
        """People of lists who wait for their own yes, fifty at a time."""
        found = self.ask("sha256:20a9e3ec20384d749b673f2a53f13400213d3ab27c97fd954bcf071b287fec08", {"after": after})
        return cast(NotedPeopleAnswer, found)

    def off_board(self, input: OffBoardInput) -> OffBoardAnswer:
        """End every role, sign-in, token, code and duty of somebody, who stays a member."""
        found = self.ask("sha256:7737dd04b5c896448326de024fa55d491bf36384245dbf4dee162e30d6a35366", {"input": input})
        return cast(OffBoardAnswer, found)

    def offer_duty(self, input: OfferDutyInput) -> OfferDutyAnswer:
        """Ask somebody to take over a duty of mine."""
        found = self.ask("sha256:da42e513d741835a1b397a26b7b0982aa03ceb7c3b58fe91f71149d8a19ba450", {"input": input})
        return cast(OfferDutyAnswer, found)

    def open_playbook(self, input: OpenPlaybookInput) -> OpenPlaybookAnswer:
        """Begin a playbook for somebody; one that runs already stays the same."""
        found = self.ask("sha256:61d808cf03e8847ac0ed7313e7b22ed69259e0fc8b62845720e2c851b9b93acb", {"input": input})
        return cast(OpenPlaybookAnswer, found)

    def outside_contacts(self) -> OutsideContactsAnswer:
        """Those the viewer may ask for something, or keeps."""
        found = self.ask("sha256:1eb45fdf173e0847a42c03dfdc29bea2e03043f646c0ec80519fe1619e7a23e7", {})
        return cast(OutsideContactsAnswer, found)

    def pass_on_alarm(self, input: PassOnAlarmInput) -> PassOnAlarmAnswer:
        """I cannot go on: ask others."""
        found = self.ask("sha256:d10f26ee12970b7706898976783bb851d6a2bc6e60d202234f159b86fb51da5d", {"input": input})
        return cast(PassOnAlarmAnswer, found)

    def pass_to_network(self, input: PassToNetworkInput) -> PassToNetworkAnswer:
        """Ask a linked network's coordinators to be the second person. They do not read about whom."""
        found = self.ask("sha256:68ede52d58241f69d254e5fb666e15fd85e997f87a8f8e1d426054aa1a730e0c", {"input": input})
        return cast(PassToNetworkAnswer, found)

    def plan_alarm(self, input: PlanAlarmInput) -> PlanAlarmAnswer:
        """How my alarm will run."""
        found = self.ask("sha256:a35f6a581cf684ba807d9efa8f1d13db6101dcafe9b70a62cabd6f906cf65c65", {"input": input})
        return cast(PlanAlarmAnswer, found)

    def plan_check_in(self, input: PlanCheckInInput) -> PlanCheckInAnswer:
        """If nobody hears from me by then, start my alarm."""
        found = self.ask("sha256:416c23fe26b8f7cb494edd837b2cd338ce87c7639b85b2c3a1475afc92c0094e", {"input": input})
        return cast(PlanCheckInAnswer, found)

    def plan_event(self, input: PlanEventInput) -> PlanEventAnswer:
        """Wait for me while an event lasts, and when it is over."""
        found = self.ask("sha256:7356097aeb6b4c031f055abfb0def2a4a488da27861e4cd30c4a449515abf256", {"input": input})
        return cast(PlanEventAnswer, found)

    def plan_journey(self, input: PlanJourneyInput) -> PlanJourneyAnswer:
        """Wait for me at the end of every part of a journey; the next begins when I say that I arrived."""
        found = self.ask("sha256:6a2579a0148956d747e7bba41b6596387ef6d748d3106dc256ba7f7201ba1a9b", {"input": input})
        return cast(PlanJourneyAnswer, found)

    def plan_recurring(self, input: PlanRecurringInput) -> PlanRecurringAnswer:
        """Wait for me again and again, on my own clock."""
        found = self.ask("sha256:6f6d029544882bba3c9695ab5867af6b5b1a18d731284a1090c7aef4397daa61", {"input": input})
        return cast(PlanRecurringAnswer, found)

    def plan_shift(self, input: PlanShiftInput) -> PlanShiftAnswer:
        """A weekly duty of mine, or of somebody a coordinator plans for."""
        found = self.ask("sha256:503179adf75d6b43f320554fa6e521e4f0348de7f09d50cd8232762c92e924b9", {"input": input})
        return cast(PlanShiftAnswer, found)

    def playbooks(self) -> PlaybooksAnswer:
        """What can be opened."""
        found = self.ask("sha256:0bcc27efad011014cca40659becd384fce612de0b5f7de6233c1acace85e4d12", {})
        return cast(PlaybooksAnswer, found)

    def practise_second_phrase(self, input: PractiseSecondPhraseInput) -> PractiseSecondPhraseAnswer:
        """Write it once more: from then on it counts."""
        found = self.ask("sha256:7408d1821aeb6e3dc68761ecaaf7fd1141a7805cc1b2f63711577dd6f26e29f2", {"input": input})
        return cast(PractiseSecondPhraseAnswer, found)

    def prepare_second_phrase(self, input: PrepareSecondPhraseInput) -> PrepareSecondPhraseAnswer:
        """A phrase that counts like my word and calls for help unseen. Does not count before it is practised."""
        found = self.ask("sha256:9e91ec60bf922fdbec9922dd5f3f628860a471056dce5a55044704cd11fd0fee", {"input": input})
        return cast(PrepareSecondPhraseAnswer, found)

    def propose_agreement(self, input: ProposeAgreementInput) -> ProposeAgreementAnswer:
        """Write an agreement and sign it for our side."""
        found = self.ask("sha256:d386b34dc9b02c9a69fb0cc24a8797eae3d0ab425c86e01825ac479e4e0cce4c", {"input": input})
        return cast(ProposeAgreementAnswer, found)

    def proxies(self) -> ProxiesAnswer:
        """Who answers check-ins for me, and I for whom."""
        found = self.ask("sha256:309a5c525f84557ef0f969d686adbbfea102ab83f55eda51ea8f26b5f25ca12d", {})
        return cast(ProxiesAnswer, found)

    def put_down_carried(self, input: PutDownCarriedInput) -> PutDownCarriedAnswer:
        """They want to be found no more: erased here and everywhere."""
        found = self.ask("sha256:c4f774ca652a1204997686da26df70c3fb61ddd4a9d4ed69ae57b4d73ebd2cd8", {"input": input})
        return cast(PutDownCarriedAnswer, found)

    def raise_alarm(self, input: RaiseAlarmInput) -> RaiseAlarmAnswer:
        """Call for help. Needs no word; a second call adds to the open one."""
        found = self.ask("sha256:0d3adbfa2eb98797885ebd1c9cd848e37c1c072d3b5fd77edacd25d411b5b45f", {"input": input})
        return cast(RaiseAlarmAnswer, found)

    def reach(self) -> ReachAnswer:
        """The newest release; null before the first."""
        found = self.ask("sha256:ae7ae4b3ffa38c93d1939c3f515b0945692e2c6ed067c667f8ee8c2f09f7180e", {})
        return cast(ReachAnswer, found)

    def read_copy(self) -> ReadCopyAnswer:
        """My copy, once it is ready."""
        found = self.ask("sha256:c99b962106e1a44fcce8723c823392ef310d6e59e3ca0dc0c2d249c191613f38", {})
        return cast(ReadCopyAnswer, found)

    def record_sentence(self, input: RecordSentenceInput) -> RecordSentenceAnswer:
        """Keep a voice that reads one of the forty: Opus in an Ogg file, at most 12 KiB."""
        found = self.ask("sha256:6295680c9aec0cd3092f0440274a5fc6b8e38e7b5e9681a52193e66aca0fd7cb", {"input": input})
        return cast(RecordSentenceAnswer, found)

    def remove_language(self, input: RemoveLanguageInput) -> RemoveLanguageAnswer:
        """Take an added language out; whoever spoke it reads their second one."""
        found = self.ask("sha256:7664f9e40c1b7b341ad2d0ca6119c40b4c2a3b8f00d80696e34107da324645f6", {"input": input})
        return cast(RemoveLanguageAnswer, found)

    def remove_second_phrase(self) -> RemoveSecondPhraseAnswer:
        """No second phrase any more, in three days."""
        found = self.ask("sha256:ffaf9e6dc7035b02b60319f8e9e26a04a3d682964045d4f20213f8646a8b348c", {})
        return cast(RemoveSecondPhraseAnswer, found)

    def renew_carried(self, input: RenewCarriedInput) -> RenewCarriedAnswer:
        """They were asked again, and said yes."""
        found = self.ask("sha256:d4db7a1a8e2f0f374ee6f79c7fdee11adfcfb6db479bbb8985bcfde751306bca", {"input": input})
        return cast(RenewCarriedAnswer, found)

    def report_lost(self, input: ReportLostInput) -> ReportLostAnswer:
        """Close a lost device: mine, or of somebody in whose circle I am."""
        found = self.ask("sha256:d04bb98382b860019719308b0e717534bac7cd20d98d56bdf7439f2b5119f368", {"input": input})
        return cast(ReportLostAnswer, found)

    def report_step(self, input: ReportStepInput) -> ReportStepAnswer:
        """Note something about a step, or that it is done."""
        found = self.ask("sha256:5d23ebe98cbf012186ca642205ca8c590c15d436d144c8cf6670e4b57ff2f9fb", {"input": input})
        return cast(ReportStepAnswer, found)

    def rest_my_card(self) -> RestMyCardAnswer:
        """Show my card to nobody, until I say that it is right."""
        found = self.ask("sha256:3bd32bca0d0e3becb3abfbb9ecf1027fb8fe8da27bad5067a59a6ac71a36aca6", {})
        return cast(RestMyCardAnswer, found)

    def resume_link(self, input: ResumeLinkInput) -> ResumeLinkAnswer:
        """Take our own pause back."""
        found = self.ask("sha256:bf5c00f50c90ec7916d25151d9221ee1bfd206f4708da012ad2b591922245ee9", {"input": input})
        return cast(ResumeLinkAnswer, found)

    def revoke_token(self, input: RevokeTokenInput) -> RevokeTokenAnswer:
        """End a token now."""
        found = self.ask("sha256:8e6770111c83bcf886222e26f54ef7675df405517251fd102a973a8264dd7a84", {"input": input})
        return cast(RevokeTokenAnswer, found)

    def rota(self) -> RotaAnswer:
        """The coming week, for those who answer calls."""
        found = self.ask("sha256:9387939e3de8fc2737d3f9adc1ec6b08041021b0fe73ac6398764a8410017579", {})
        return cast(RotaAnswer, found)

    def say_safe(self, input: SaySafeInput) -> SaySafeAnswer:
        """End my alarm because I am safe. Everyone who was told hears it."""
        found = self.ask("sha256:90db24fd06f428d91f00402a5a036b97558ae04945e957834076ba7b945a09d0", {"input": input})
        return cast(SaySafeAnswer, found)

    def seconds(self) -> SecondsAnswer:
        """What waits for a second person and is for the viewer to see."""
        found = self.ask("sha256:d960ae3533bcfbbea58579aa6053526d81468b5994554a7ab9ff66d9191a074f", {})
        return cast(SecondsAnswer, found)

    def seen_from(self, handle: str) -> SeenFromAnswer:
        """Who could be seen from somebody's device."""
        found = self.ask("sha256:2c7ea01d07eb40fc4ef7670064ed5168a3082112420a939711574b6abce6ca94", {"handle": handle})
        return cast(SeenFromAnswer, found)

    def set_audience(self, input: SetAudienceInput) -> SetAudienceAnswer:
        """Who may see one field from now on. Widening needs my word."""
        found = self.ask("sha256:e6444f64e1f9f0380af88ee8e47c528e65921b1f7faea3cbf948af3da716e8af", {"input": input})
        return cast(SetAudienceAnswer, found)

    def set_language(self, input: SetLanguageInput) -> SetLanguageAnswer:
        """Speak this language with me, here and in chat."""
        found = self.ask("sha256:e7c11308a24818d61264c6f45c5e91515394ce6243ea68ab9074dc161232e53a", {"input": input})
        return cast(SetLanguageAnswer, found)

    def set_wish(self, input: SetWishInput) -> SetWishAnswer:
        """Say beforehand what I want if I am ever held or missing."""
        found = self.ask("sha256:e6cab902a7214cb98742f0a022d76b4e31c0fef2348d5bf01c052781503979b1", {"input": input})
        return cast(SetWishAnswer, found)

    def set_word(self, input: SetWordInput) -> SetWordAnswer:
        """Choose my word. Changing it needs the one before."""
        found = self.ask("sha256:277bf1ec32f342454738db3b99f57a1039b5235ef0ac767b725109123c5465ba", {"input": input})
        return cast(SetWordAnswer, found)

    def settle_outside(self, input: SettleOutsideInput) -> SettleOutsideAnswer:
        """Say what came of it: whoever may ask reads that, and not who asked."""
        found = self.ask("sha256:4fc50fafcd0756cfd3b024cdffeaea1799f0c737fb96db6bcfb8516f5edced67", {"input": input})
        return cast(SettleOutsideAnswer, found)

    def settle_wish(self, input: SettleWishInput) -> SettleWishAnswer:
        """What the person wishes, by whom they named for it."""
        found = self.ask("sha256:a5c383573ff3c5aea6471245df3e33ae7c961e324c1ad92885a304ff5556537c", {"input": input})
        return cast(SettleWishAnswer, found)

    def sever_link(self, input: SeverLinkInput) -> SeverLinkAnswer:
        """End it for good; what each holds of the other is removed."""
        found = self.ask("sha256:edfc4db1aa9e504e8993d221c5e792165f8e2256086c80cb0d7d1c1384cb8167", {"input": input})
        return cast(SeverLinkAnswer, found)

    def share_with(self, input: ShareWithInput) -> ShareWithAnswer:
        """Be shown to this network's members from now on."""
        found = self.ask("sha256:cc019d51d2bea2c256de87a9bf9e0df596c75254b5ca59b2ce3e591fa43ffb86", {"input": input})
        return cast(ShareWithAnswer, found)

    def sharing(self) -> SharingAnswer:
        """Every linked network, and what I said to it."""
        found = self.ask("sha256:b2ea0552e8722b6afc54bb12fb7044bece65e6b2019e706a48919a3172f97957", {})
        return cast(SharingAnswer, found)

    def sign_agreement(self, input: SignAgreementInput) -> SignAgreementAnswer:
        """Sign what is on the table."""
        found = self.ask("sha256:8dab4b3d69b8fcd6f1ef99a50fbf2e9c9ac6fdac68089d6c4254c1ce7b4e263d", {"input": input})
        return cast(SignAgreementAnswer, found)

    def sign_ins(self) -> SignInsAnswer:
        """Where I am signed in now, the newest first."""
        found = self.ask("sha256:f994e2654530f6faaf0e117d507fd3903883631406f8596e17d21fc236e38a24", {})
        return cast(SignInsAnswer, found)

    def silences(self) -> SilencesAnswer:
        """What runs, the oldest first."""
        found = self.ask("sha256:de62e27ec2f1197d8fe313a575abdd76fe4fd9bd3571ecd3df04a93c6c81afb0", {})
        return cast(SilencesAnswer, found)

    def start_drill(self) -> StartDrillAnswer:
        """Ring my phone within three minutes."""
        found = self.ask("sha256:7641d950ab52d175bc0f8981bbbf74d6bf498b9f65bb0691d1b49dd0b6af0d72", {})
        return cast(StartDrillAnswer, found)

    def start_import(self, input: StartImportInput) -> StartImportAnswer:
        """The same in the background: asked for by its id, it says how far it is. The file is sent once."""
        found = self.ask("sha256:a181619710f931daef42529e8c1a86f2903774cceab9ef57fa43d919c0047703", {"input": input})
        return cast(StartImportAnswer, found)

    def stop_forced_request(self, input: StopForcedRequestInput) -> StopForcedRequestAnswer:
        """Stop what somebody was forced to ask for."""
        found = self.ask("sha256:83668a8b86d434131f60698a96c2cb464ca0d5a0013012b904791e91b5b571df", {"input": input})
        return cast(StopForcedRequestAnswer, found)

    def stop_proxy(self, input: StopProxyInput) -> StopProxyAnswer:
        """One of the two ends it."""
        found = self.ask("sha256:7ee36010d9d3423f5839b79cd53fa965f0884db417e0e371be5c9f593f769a1f", {"input": input})
        return cast(StopProxyAnswer, found)

    def stop_sharing(self, input: StopSharingInput) -> StopSharingAnswer:
        """Take my card back from this network. Needs no word."""
        found = self.ask("sha256:4f99278a5c5945efca5866c63c313aade64232531fb46771dffcf59f4fbc0347", {"input": input})
        return cast(StopSharingAnswer, found)

    def suspend_link(self, input: SuspendLinkInput) -> SuspendLinkAnswer:
        """Share nothing new from now on."""
        found = self.ask("sha256:a4379e39470f34fc4325ccd36b0e3a7e335daab74b8674f24ff696fb99eb52f1", {"input": input})
        return cast(SuspendLinkAnswer, found)

    def switch_texts_off(self) -> SwitchTextsOffAnswer:
        """No text messages any more; nothing is kept of it."""
        found = self.ask("sha256:7258186f317666560856313adba1fbfc18641d107e09697b4199809863a71635", {})
        return cast(SwitchTextsOffAnswer, found)

    def switch_texts_on(self, input: SwitchTextsOnInput) -> SwitchTextsOnAnswer:
        """Call for help and answer check-ins by text message too."""
        found = self.ask("sha256:694281e8bb7b380ee948ab9e7cba02e2d8a2fe55893720793742c8a1f7ffa60c", {"input": input})
        return cast(SwitchTextsOnAnswer, found)

    def take_alarm(self, input: TakeAlarmInput) -> TakeAlarmAnswer:
        """“I have it”: nobody further is asked."""
        found = self.ask("sha256:2f43804ee06508733c7bb8e405a4cf10b7ffceb42a7c4abe0d166290a5a8d38a", {"input": input})
        return cast(TakeAlarmAnswer, found)

    def take_role(self, input: TakeRoleInput) -> TakeRoleAnswer:
        """Take a role away."""
        found = self.ask("sha256:e0e0f46d59d00006beb84eafcb2ffe199bd3bbe4b994daddc6fa3ec2a2205b9e", {"input": input})
        return cast(TakeRoleAnswer, found)

    def take_silence(self, input: TakeSilenceInput) -> TakeSilenceAnswer:
        """I have it: those held are held longer."""
        found = self.ask("sha256:b0786c7a9a7734722f733002a48753058a7b63c181683c1312977ddb88a15ea0", {"input": input})
        return cast(TakeSilenceAnswer, found)

    def take_step(self, input: TakeStepInput) -> TakeStepAnswer:
        """I do this."""
        found = self.ask("sha256:1972b05913022a92bcb0b7ce46d3676b65a07f29ddc9ccbcfdf23a30daefaf09", {"input": input})
        return cast(TakeStepAnswer, found)

    def tell_place(self, input: TellPlaceInput) -> TellPlaceAnswer:
        """Where I am, for those who were told of my running alarm. Forgotten a day after its end."""
        found = self.ask("sha256:33a80490a10bb180dae616b5c5ba1feeabd7d09f406ae813f396bb635fee0b04", {"input": input})
        return cast(TellPlaceAnswer, found)

    def today(self) -> TodayAnswer:
        """Open alarms I was told of; for coordinators all of them."""
        found = self.ask("sha256:e898eb5b51023d21513835ddbe6035d181cc11bf5da9b6ee48c866bcaff49d32", {})
        return cast(TodayAnswer, found)

    def tokens(self) -> TokensAnswer:
        """All tokens, for administrators."""
        found = self.ask("sha256:14bcb9ff7b8d2a64284f88909aafb9f748b38a1ea179230b411fe497422eec42", {})
        return cast(TokensAnswer, found)

    def turn_away_member(self, input: TurnAwayMemberInput) -> TurnAwayMemberAnswer:
        """It is not them: what they told is deleted."""
        found = self.ask("sha256:d0174f90b119037ddecf557786b5d05f8db7855f8257af81cb3e708fdc3623ca", {"input": input})
        return cast(TurnAwayMemberAnswer, found)

    def undo_text(self, input: UndoTextInput) -> UndoTextAnswer:
        """Take the newest change of a sentence back."""
        found = self.ask("sha256:0b3bfc5cbca235fe8322ef455749b41ce156fe78e305e848df91a8384b3bf23b", {"input": input})
        return cast(UndoTextAnswer, found)

    def vote_on_freeze(self, input: VoteOnFreezeInput) -> VoteOnFreezeAnswer:
        """Keep an entry held back, or let it free; two who say the same decide."""
        found = self.ask("sha256:2e6a617bbe452cdd7dd23127f5d6b55d9549a001541085532cdee50253fbce0c", {"input": input})
        return cast(VoteOnFreezeAnswer, found)

    def vouch(self, input: VouchInput) -> VouchAnswer:
        """I spoke with them: it is them. The second voucher gets the code for the new device."""
        found = self.ask("sha256:f190bec3f45da5a410db89ffc496927e7fe909be4d201571f1171445f610a4fb", {"input": input})
        return cast(VouchAnswer, found)

    def wake_for_network(self, input: WakeForNetworkInput) -> WakeForNetworkAnswer:
        """Be woken each time this linked network falls silent while something is due there, or once a day."""
        found = self.ask("sha256:b90f1b114b24cfc2d07a931da05f96c487c05328a47ab235d90a6a60343393f6", {"input": input})
        return cast(WakeForNetworkAnswer, found)

    def wordings(self, language: str, find: str | None = None, changed_only: bool | None = None, after: str | None = None) -> WordingsAnswer:
        """Sentences of one language, for administrators."""
        found = self.ask("sha256:a22d082778122e96b6bc868321165ad11182eddf104f20da3e821ada4dbeac72", {"language": language, "find": find, "changedOnly": changed_only, "after": after})
        return cast(WordingsAnswer, found)


def _decoded(body: bytes, encoding: str | None) -> dict[str, Any]:
    """The JSON of an answer; another answer than a hub's is an AyniError: a wrong address or a wrong token."""
    if encoding == "gzip":
        body = gzip.decompress(body)
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not found.keys() & {"data", "errors"}:
        raise AyniError("NO_HUB", "No hub answers there, or it does not know this token.", None, None)
    return found
