"""What this network says in its own words, and the languages it added: for administrators."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from directory import added_languages, wordings
from directory.core.text import say
from directory.core.wordings import Added
from directory.refusals import BadAnswer
from directory.wordings import Wording
from hub.api.asking import Asking, of
from hub.api.schema.acts import act
from hub.api.schema.kinds import some


class WordingType(graphene.ObjectType):
    """One sentence people read, as it comes and as this network says it."""

    class Meta:
        name = "Wording"

    message = graphene.ID(required=True, description="The English sentence in the code; its name.")
    standard = some(
        graphene.String, "As it comes, in the language asked for: one form, or one a plural form."
    )
    forms = some(graphene.String, "As it is said now.")
    changed = graphene.Boolean(required=True, description="Did this network change it?")


class AddedLanguage(graphene.ObjectType):
    """A language this network added itself."""

    tag = graphene.ID(required=True, description="Such as quc.")
    name = graphene.String(required=True, description="What the language calls itself.")
    second = graphene.String(required=True, description="The language that stands in for the rest.")
    sentences = graphene.Int(required=True, description="How many sentences it has.")
    recordings = graphene.Int(required=True, description="How many of them have a voice.")

    @staticmethod
    def resolve_tag(one: tuple[str, Added], _info: GraphQLResolveInfo) -> str:
        """Its tag."""
        return one[0]

    @staticmethod
    def resolve_name(one: tuple[str, Added], _info: GraphQLResolveInfo) -> str:
        """Its own name."""
        return one[1].name

    @staticmethod
    def resolve_second(one: tuple[str, Added], _info: GraphQLResolveInfo) -> str:
        """What stands in."""
        return one[1].second

    @staticmethod
    def resolve_sentences(one: tuple[str, Added], _info: GraphQLResolveInfo) -> int:
        """How many."""
        return len(one[1].sentences)

    @staticmethod
    def resolve_recordings(one: tuple[str, Added], _info: GraphQLResolveInfo) -> int:
        """How many."""
        return len(one[1].voiced)


class TextQueries:
    """Root fields."""

    wordings = graphene.List(
        graphene.NonNull(WordingType),
        description="Sentences of one language, for administrators.",
        language=graphene.Argument(graphene.String, required=True, description="en, fr, es or ar."),
        find=graphene.Argument(graphene.String, description="Words that are in it."),
        changed_only=graphene.Argument(graphene.Boolean, description="Only what this network changed."),
        after=graphene.Argument(graphene.ID, description="The last sentence seen."),
    )
    added_languages = graphene.List(
        graphene.NonNull(AddedLanguage), description="Languages this network added, for administrators."
    )
    life_critical = some(
        graphene.String, "The forty English sentences an added language needs, in their order."
    )

    @staticmethod
    async def resolve_wordings(
        _root: Any,
        info: GraphQLResolveInfo,
        language: str,
        find: str = "",
        changed_only: bool = False,
        after: str = "",
    ) -> tuple[Wording, ...]:
        """At most fifty at a time."""
        return await of(info).ask(
            wordings.listing, language, find=find or "", changed_only=bool(changed_only), after=after or ""
        )

    @staticmethod
    async def resolve_added_languages(_root: Any, info: GraphQLResolveInfo) -> list[tuple[str, Added]]:
        """All."""
        return sorted((await of(info).ask(added_languages.listing)).items())

    @staticmethod
    def resolve_life_critical(_root: Any, _info: GraphQLResolveInfo) -> tuple[str, ...]:
        """The same for every network."""
        return added_languages.the_forty()


async def _change(asking: Asking, language: str, message: str, forms: list[str]) -> None:
    await asking.ask(wordings.change, language, message, tuple(form.strip() for form in forms))


async def _undo(asking: Asking, language: str, message: str) -> None:
    await asking.ask(wordings.undo, language, message)


async def _add(asking: Asking, tag: str, name: str, second: str, sentences: str, rtl: bool = False) -> None:
    await asking.ask(added_languages.add, tag=tag, name=name, second=second, rtl=rtl, po=sentences)


async def _record(asking: Asking, tag: str, message: str, audio: str) -> None:
    try:
        heard = b64decode(audio, validate=True)
    except ValueError:
        raise BadAnswer(
            say("The recording did not arrive whole. Please send it again."), field="audio"
        ) from None
    await asking.ask(added_languages.record, tag, message, heard)


async def _remove(asking: Asking, tag: str) -> None:
    await asking.ask(added_languages.remove, tag)


_WHICH: Mapping[str, Any] = {
    "language": graphene.String(required=True, description="en, fr, es or ar."),
    "message": graphene.ID(required=True, description="The English sentence in the code."),
}
_TAG = graphene.ID(required=True, description="Such as quc.")


class TextMutations:
    """Root fields."""

    change_text = act(
        "ChangeText",
        "Say a sentence in this network's own words. It keeps its places.",
        _change,
        takes={
            **_WHICH,
            "forms": graphene.List(
                graphene.NonNull(graphene.String), required=True, description="One, or one a plural form."
            ),
        },
        word=True,
    )
    undo_text = act("UndoText", "Take the newest change of a sentence back.", _undo, takes=_WHICH, word=True)
    add_language = act(
        "AddLanguage",
        "Add a language, or bring one up to date, with the forty sentences lives depend on.",
        _add,
        takes={
            "tag": _TAG,
            "name": graphene.String(required=True, description="What the language calls itself."),
            "second": graphene.String(required=True, description="en, fr, es or ar: for the rest."),
            "rtl": graphene.Boolean(description="Is it written from right to left?"),
            "sentences": graphene.String(required=True, description="A PO file with all forty."),
        },
        word=True,
    )
    record_sentence = act(
        "RecordSentence",
        "Keep a voice that reads one of the forty: Opus in an Ogg file, at most 12 KiB.",
        _record,
        takes={
            "tag": _TAG,
            "message": graphene.ID(required=True, description="Which sentence."),
            "audio": graphene.String(required=True, description="The file in base64."),
        },
        word=True,
    )
    remove_language = act(
        "RemoveLanguage",
        "Take an added language out; whoever spoke it reads their second one.",
        _remove,
        takes={"tag": _TAG},
        word=True,
    )
