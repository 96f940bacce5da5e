"""All pages, in the order of the menu."""

from __future__ import annotations

from collections.abc import Mapping

from hub.web.frames import Page
from hub.web.pages.alarm import ALARM
from hub.web.pages.apart import APART
from hub.web.pages.beginning import BEGIN
from hub.web.pages.card import CARD
from hub.web.pages.carried import CARRIED
from hub.web.pages.checkins import CHECKINS
from hub.web.pages.circle import CIRCLE
from hub.web.pages.communities import COMMUNITIES
from hub.web.pages.duty import DUTY
from hub.web.pages.find import FIND
from hub.web.pages.first_days import FIRST_DAYS
from hub.web.pages.home import HOME
from hub.web.pages.importing import IMPORT
from hub.web.pages.introductions import INTRODUCTIONS
from hub.web.pages.inviting import INVITE
from hub.web.pages.keeping import AUDIT, PEOPLE
from hub.web.pages.links import LINKS
from hub.web.pages.noted import NOTED
from hub.web.pages.outside import OUTSIDE
from hub.web.pages.own import MINE, PHRASE
from hub.web.pages.phone import PHONE
from hub.web.pages.reach import REACH
from hub.web.pages.seconding import SECOND
from hub.web.pages.settings import HELPER, LANGUAGE, SIGN_INS, WORDS
from hub.web.pages.sharing import SHARING
from hub.web.pages.silence import SILENCE
from hub.web.pages.texts import TEXTS
from hub.web.pages.today import TODAY

PAGES: Mapping[str, Page] = {
    page.path: page
    for page in (
        HOME,
        TODAY,
        INVITE,
        FIND,
        CARD,
        SHARING,
        INTRODUCTIONS,
        ALARM,
        CHECKINS,
        CIRCLE,
        APART,
        OUTSIDE,
        COMMUNITIES,
        CARRIED,
        DUTY,
        FIRST_DAYS,
        PHONE,
        SILENCE,
        SECOND,
        REACH,
        LINKS,
        IMPORT,
        NOTED,
        PEOPLE,
        AUDIT,
        TEXTS,
        HELPER,
        WORDS,
        PHRASE,
        MINE,
        SIGN_INS,
        LANGUAGE,
        BEGIN,
    )
}
