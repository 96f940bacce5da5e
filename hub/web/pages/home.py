"""The first page: the alarm button, and what waits for you."""

from __future__ import annotations

from directory.core.text import say
from hub.web.frames import Ask, Outcome, Page, Show


async def show(ask: Ask) -> Outcome:
    """What waits for this member, most urgent first."""
    data = await ask.data("Home")
    alarms = [alarm for alarm in data["openAlarms"] or () if not alarm["mine"]]
    asked = [one for one in data["circleRequests"] if not one["answered"]]
    met = (data["introductions"] or {"received": ()})["received"]
    received = [one for one in met if one["waiting"]]
    return Show(
        "home.html",
        {
            **data,
            "me": data["viewer"],
            "viewer": ask.viewer,
            "openAlarms": alarms,
            "circle_waits": asked,
            "received": received,
        },
    )


HOME = Page("/", say("Home"), show)
