"""Every column of every table we declare, by how it lies on the disk. A test fails when one is missing here.

`open` is plain. `watch` and `archive` are sealed under that ring's key. `digest` is a keyed or salted
digest: nobody reads the value from it, but whoever has the key can test a guess.
"""

from __future__ import annotations

from hub.doctor.seized_entrance import ENTRANCE
from hub.doctor.seized_finding import FINDING
from hub.doctor.shelf import Lies as Lies
from hub.doctor.shelf import Shelf as Shelf

SHELVES = (
    *FINDING,
    Shelf(
        "members",
        "every handle with country, places, issues that carry no stigma, languages and offers; when each came"
        " and was last heard of; who asked for voice messages; which organisations are listed. No name,"
        " contact, city or marked issue.",
        open="id kind state handle handle_key title locale country works_in issues languages offers acronym"
        " website source source_key purpose matrix_id fingerprint since confirmed_at last_heard_at"
        " still_asked_at dormant_at voice",
        archive="guarded",
    ),
    Shelf(
        "noted_people",
        "how many people of lists were noted, and when; not who.",
        open="id code noted_at",
        archive="guarded",
        digest="key",
    ),
    Shelf(
        "import_columns",
        "where lists come from, and as what their columns are read; not what they are called.",
        open="source field said_at",
        archive="guarded",
        digest="key",
    ),
    Shelf(
        "import_runs",
        "that somebody read in a table on the page, and how many lines it had.",
        open="id asker state progress asked_at",
        archive="file guarded",
    ),
    Shelf(
        "outside_contacts",
        "that a handle keeps a contact outside the network; not whom.",
        open="id keeper may_ask since confirmed_at",
        archive="guarded",
    ),
    Shelf(
        "outside_asks",
        "that a handle asked a keeper for something, when, and whether it helped.",
        open="id contact asker state asked_at settled_at",
        archive="guarded",
    ),
    Shelf(
        "kept_apart",
        "that a handle named somebody never to be brought together with; not whom.",
        open="id member speaks since",
        watch="guarded",
        digest="whom",
    ),
    Shelf(
        "carried_people",
        "which handle looks after the entry of which handle without a phone, until when; not how they said"
        " yes.",
        open="member carrier meets language asked_at ends_at told_at",
        archive="guarded",
    ),
    Shelf(
        "communities",
        "how many must say yes for a community; not how it decides.",
        open="member needed",
        archive="guarded",
    ),
    Shelf(
        "community_wishes",
        "which handle wanted what kind of change for which community, and whether it was done.",
        open="id community act asker needed state asked_at ends_at",
        archive="guarded",
    ),
    Shelf("community_answers", "which handles said yes to it.", open="wish member at"),
    Shelf("person_keys", "which member has a key of their own; not the key.", open="member slot"),
    Shelf(
        "roles",
        "which handles are administrators, coordinators, responders, and who made them so.",
        open="member role since giver",
    ),
    Shelf("spokespersons", "which handles speak for which organisation.", open="organisation member since"),
    Shelf(
        "bindings",
        "that a handle has an account, not which; and when it was closed because a device was lost.",
        open="member since suspended_at",
        watch="guarded",
        digest="matrix_digest",
    ),
    Shelf(
        "verifiers",
        "who has set a word. With the watch key words can be guessed at, slowly.",
        open="member since",
        watch="guarded",
    ),
    Shelf(
        "word_tries",
        "how often wrong words were given lately, by chat or page.",
        open="lane tries since",
        digest="who",
    ),
    Shelf("given_words", "who gave their word when.", open="id member at", watch="guarded"),
    Shelf(
        "later_acts",
        "who asked to leave or for a copy of what is kept about them.",
        open="id member kind asked_at",
        watch="guarded",
    ),
    Shelf(
        "join_codes",
        "who invited whom, and when.",
        open="id inviter organisation roles locale tries expires_at used_at member",
        digest="digest spoken",
    ),
    Shelf(
        "expected_accounts",
        "that accounts were made for a handle, and how many; not which.",
        open="member expires_at made",
        digest="matrix_digest",
    ),
    Shelf(
        "second_asks",
        "which handle asked for what needs two people, about whom, who said yes and when.",
        open="id act about asker network asked_network peer_ref state second asked_at ends_at answered_at",
        watch="guarded",
    ),
    Shelf(
        "custodians",
        "which handles may be a second person, and how many people outside.",
        open="id member since",
        watch="guarded",
    ),
    Shelf(
        "custodian_codes", "how many codes of a sheet were used.", open="custodian used_at", digest="digest"
    ),
    Shelf("lobbies", "how often strangers tried codes.", open="tries since", digest="matrix_digest"),
    Shelf(
        "audiences",
        "who may see which field of whom.",
        open="member field audience networks",
    ),
    Shelf(
        "consents",
        "which handle said yes to which network, and when it was withdrawn.",
        open="id member network purpose asked_how locale given_at renewed_at ends_at told_at withdrawn_at",
    ),
    Shelf(
        "wordings",
        "which sentences this network says in its own words.",
        open="id place locale message forms at",
    ),
    Shelf("added_languages", "which languages this network added.", open="tag name second rtl since"),
    Shelf(
        "added_sentences",
        "the sentences of these languages, and a voice that reads them: somebody may know it.",
        open="tag message says voice",
    ),
    Shelf("card_turns", "how many changes of cards there were lately.", open="turn number"),
    Shelf("card_changes", "which cards and members changed lately: by number or id.", open="turn what"),
    Shelf(
        "shares",
        "which handle was shown to which network.",
        open="card network member state version shared_at confirmed_at withdrawn_at withdrawal_confirmed_at"
        " sent_seq",
        digest="digest",
    ),
    Shelf(
        "holdings",
        "how many cards of linked networks were held.",
        open="card network state since withdrawn_at version unsure",
    ),
    Shelf(
        "introductions",
        "who asked to meet whom and what came of it; not why, and no contact.",
        open="id asker asker_network asker_card target target_network target_card state answerer asked_at"
        " shown_at answered_at expires_at",
        archive="guarded",
    ),
    Shelf(
        "contacts_made",
        "whom the network contacted, connected or served last, and when.",
        open="member kind last_at",
    ),
    Shelf("releases", "the published tables, without what was hidden in them.", open="id body made_at"),
    Shelf("imports", "which public lists were imported.", open="id source added changed unchanged made_at"),
    Shelf(
        "networks",
        "which networks this one is linked with.",
        open="id name home languages state shares since",
    ),
    Shelf(
        "actions",
        "which handle called for help, when, how urgent and what came of it; not the words or the place.",
        open="id kind member network peer_ref state severity rung practice raised_at cancel_until taken_at"
        " closed_at next_at asked_again false_alarm rearmed_at",
        watch="guarded",
    ),
    Shelf(
        "timeline",
        "each step of an alarm and when; not who took it.",
        open="id action step rung at",
        watch="guarded",
    ),
    Shelf(
        "told",
        "which handles were told of which alarm, and when each had it, read it and answered.",
        open="action member rung told_at delivered_at read_at answered_at answer",
    ),
    Shelf(
        "asked_networks",
        "which networks were asked for help with which alarm.",
        open="action network ref told_at answered_at",
    ),
    Shelf(
        "plans",
        "which networks a handle named for an emergency.",
        open="member cancel_window_s circle_wait_s networks",
        watch="guarded",
    ),
    Shelf(
        "circles",
        "who would be told first for whom: the closest ties here.",
        open="member contact state since",
    ),
    Shelf(
        "checkins",
        "who checks in when, for whom somebody else answers, who was silent together; not about what.",
        open="id member state severity high_risk prompt_before_s action series by groups incident due_at "
        "held_until answered_at",
        watch="guarded",
    ),
    Shelf(
        "series",
        "who is on a journey, checks in again and again or at an event; not where and not when.",
        open="id member kind state since last_due_at",
        watch="guarded",
    ),
    Shelf(
        "incidents",
        "when many were silent at once; not which region or phone company.",
        open="id why grp state opened_at back_at closed_at",
        watch="guarded",
    ),
    Shelf(
        "proxies",
        "who answers check-ins for whom; not how they said yes.",
        open="member proxy state since",
        watch="guarded",
    ),
    Shelf(
        "pages",
        "which responder was woken last for silence, and when.",
        open="member grp paged_at",
    ),
    Shelf(
        "duty",
        "who is on duty when, and who is asked to take it over; not the notes they leave.",
        open="id member starts_at ends_at languages regions shift offered_to",
        watch="guarded",
    ),
    Shelf(
        "shifts",
        "the weekly rota: which handle is awake at which hours.",
        open="id member zone days start_minute end_minute languages regions since",
    ),
    Shelf("away", "which handle takes holidays when.", open="id member starts_at ends_at"),
    Shelf(
        "drills",
        "whose phone rang in a drill, and how soon they answered.",
        open="id member kind state practice made_at rung_at read_at answered_at",
    ),
    Shelf(
        "wakers",
        "which handle is also woken by a push service, SMS or a call; not at which address.",
        open="member kind since",
        watch="guarded",
    ),
    Shelf(
        "text_lanes",
        "which handle may also write by text message, and whether a text from that phone ever came; not the"
        " number, no text, neither phrase.",
        open="member since tried_at",
        watch="guarded",
        digest="number_digest",
    ),
    Shelf(
        "playbook_steps",
        "which steps of a playbook are open, taken by which handle, or done, and when; not what was found"
        " out.",
        open="action key state holder taken_at done_at",
        watch="guarded",
    ),
    Shelf(
        "conversations",
        "who was asked which kind of question last.",
        open="member question asked_at",
        watch="guarded",
    ),
    Shelf(
        "rooms",
        "which handle has a room with the bot.",
        open="id account purpose ref state since",
        watch="guarded",
        digest="matrix_digest",
    ),
    Shelf(
        "roster",
        "how many are in which room.",
        open="room wanted present since",
        watch="guarded",
        digest="matrix_digest",
    ),
    Shelf(
        "letters",
        "when the bots wrote into which room; not what.",
        open="id place room account urgency event_type state tries event_id about not_before written_at"
        " sent_at passes_at",
        watch="content",
    ),
    Shelf(
        "rings",
        "whose phone was made to ring when.",
        open="id member kind state tries not_before written_at",
    ),
    Shelf("due", "what has to be looked at when.", open="kind ref tries due_at"),
    Shelf("heard", "when something was said to a bot.", open="at", digest="event_digest ratchet_digest"),
    Shelf("gaps", "when a bot could not listen.", open="account since until"),
    Shelf("positions", "when a bot last listened.", open="account scope at", watch="guarded"),
    Shelf(
        "hub_keys",
        "the public keys of this hub, and how many people hold key pages and sheets; not who. Private keys"
        " are sealed, root keys under the archive key.",
        open="id purpose public valid_from valid_until retired_at",
        watch="guarded",
    ),
    Shelf(
        "link_invitations",
        "when networks were invited.",
        open="id made_at expires_at used_at",
        watch="guarded",
    ),
    Shelf(
        "links",
        "each link's state and the agreement's words.",
        open="network state opened_by_us room words_ok_here_at words_ok_there_at agreement agreement_hash"
        " signed_here signed_there ends_at last_heard_at repeated_at https_until clock_ms speaks since"
        " asked_at question",
        watch="guarded",
    ),
    Shelf(
        "watched",
        "for which linked hubs this one watches, when it last told people of their silence, and when it woke"
        " them.",
        open="network at told_at woken_at always",
        watch="guarded",
    ),
    Shelf(
        "heads",
        "how much two hubs said to each other.",
        open="network stream direction epoch seq hash confirmed_seq unsure",
    ),
    Shelf(
        "envelopes",
        "when and about which kind of thing two hubs spoke; not what.",
        open="id network direction stream epoch seq type hash cards at confirmed_at",
        watch="guarded",
    ),
    Shelf(
        "audit",
        "when a privilege was used, not whose, for whom or for what.",
        open="place at",
        archive="guarded",
        digest="about commitment hash",
    ),
    *ENTRANCE,
)
