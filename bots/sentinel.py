"""Alarms as people use them: raise, stop, take, pass on, be safe. Raising is easy, lowering is hard.

Pages, chat and the API call these; each is one turn. Expected outcomes are values, `NotYours` is raised for
what a viewer may not see or touch, before anything is written. What is behind this door is in bots/alarms/.
"""

from __future__ import annotations

from bots.alarms.ending import debrief as debrief
from bots.alarms.ending import here as here
from bots.alarms.ending import on_forget as on_forget
from bots.alarms.ending import to_debrief as to_debrief
from bots.alarms.ending import unarmed as unarmed
from bots.alarms.lowering import Lowered as Lowered
from bots.alarms.lowering import cancel as cancel
from bots.alarms.lowering import end_for as end_for
from bots.alarms.lowering import safe as safe
from bots.alarms.raising import Raised as Raised
from bots.alarms.raising import raise_alarm as raise_alarm
from bots.alarms.raising import raise_for as raise_for
from bots.alarms.raising import window_of as window_of
from bots.alarms.showing import AlarmView as AlarmView
from bots.alarms.showing import my_alarm as my_alarm
from bots.alarms.showing import one_alarm as one_alarm
from bots.alarms.showing import open_alarms as open_alarms
from bots.alarms.showing import view as view
from bots.alarms.taking import Took as Took
from bots.alarms.taking import close as close
from bots.alarms.taking import decline as decline
from bots.alarms.taking import give_back as give_back
from bots.alarms.taking import take as take
from bots.alarms.taking import tell_taken as tell_taken
from bots.guests import receive_acknowledge as receive_acknowledge
from bots.guests import receive_alarm as receive_alarm
from bots.guests import receive_detail as receive_detail
from bots.widening import on_due as on_due
