"""Templates to bytes: every Text in the reader's language, every value escaped, no script anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from babel.dates import format_skeleton, format_timedelta
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from directory import languages
from directory.core.text import Text, say, say_many

HERE = Path(__file__).parent
A_MOMENT = timedelta(seconds=10)
CSS = (HERE / "static" / "ayni.css").read_bytes()
CSS_PATH = f"/static/{hashlib.sha256(CSS).hexdigest()[:12]}.css"


@pass_context
def in_language(context: Context, value: object) -> object:
    """Called on everything a template prints: a Text becomes a sentence in the page's language."""
    return languages.render(value, context["locale"]) if isinstance(value, Text) else value


@pass_context
def when(context: Context, value: str | None) -> Markup:
    """A moment (ISO 8601): the time in UTC, and how long ago or how soon, which needs no time zone."""
    if not value:
        return Markup("")
    moment, locale = datetime.fromisoformat(value).astimezone(UTC), languages.complete(context["locale"])
    day_of, hour = (format_skeleton(form, moment, locale=locale) for form in ("MMMd", "Hm"))
    away = moment - context["now"]
    near = format_timedelta(away, add_direction=True, locale=locale)
    if abs(away) < A_MOMENT:
        near = languages.render(say("now"), locale)
    return Markup('<time datetime="{}">{} {} UTC ({})</time>').format(value, day_of, hour, near)


@pass_context
def day(context: Context, value: str | None) -> Markup:
    """A date (ISO 8601) for people and for machines."""
    if not value:
        return Markup("")
    shown = languages.day(datetime.fromisoformat(value).date(), context["locale"])
    return Markup('<time datetime="{}">{}</time>').format(value[:10], shown)


@pass_context
def listed(context: Context, values: list[str]) -> str:
    """Several things in one phrase."""
    return languages.listed(values, context["locale"])


def environment() -> Environment:
    """One environment a process."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=in_language,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"say": say, "say_many": say_many, "css": CSS_PATH, "autonym": languages.autonym}
    made.filters |= {"when": when, "day": day, "listed": listed}
    return made


Renderer = Callable[[str, str, Mapping[str, Any]], str]


def renderer() -> Renderer:
    """A function (template, locale, values) → HTML."""
    templates = environment()

    def draw(template: str, locale: str, values: Mapping[str, Any]) -> str:
        lang = languages.complete(locale)  # most of a page is said in it, also to who speaks an added one
        direction = "rtl" if languages.rtl(lang) else "ltr"
        page = templates.get_template(template)
        return page.render(locale=locale, lang=lang, direction=direction, **values)

    return draw
