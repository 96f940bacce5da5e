"""A browser without JavaScript, as far as the story needs one: cookies, forms and their hidden marks."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import aiohttp
from yarl import URL


@dataclass(slots=True)
class Form:
    """One form of a page: where it posts, and what is already in it."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.text: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(found.get("action", "")))
            self._depth += 1
        elif tag in ("input", "button") and self._depth and found.get("name"):
            if tag == "input" and found.get("type") in ("checkbox", "radio") and "checked" not in found:
                return
            self.forms[-1].fields.setdefault(found["name"], found.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.text.append(data.strip())


@dataclass(slots=True)
class Browser:
    """One person's browser at one hub."""

    address: str
    http: aiohttp.ClientSession
    forms: list[Form] = field(default_factory=list)
    text: str = ""
    path: str = "/"

    @classmethod
    def at(cls, address: str) -> Browser:
        """A fresh browser with an empty cookie jar."""
        return cls(address, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)))

    async def open(self, path: str) -> str:
        """Go to a page; its text."""
        async with self.http.get(self._url(path)) as answer:
            return await self._read(answer)

    async def press(self, do: str, **fields: object) -> str:
        """Fill in and send the first form with that button (`do`; "" for the first form of the page)."""
        form = next(form for form in self.forms if do in ("", form.fields.get("do")))
        filled: list[tuple[str, str]] = []
        for name, value in {**form.fields, **fields, **({"do": do} if do else {})}.items():
            filled += [(name, str(one)) for one in (value if isinstance(value, list) else [value])]
        target = form.action or self.path
        async with self.http.post(self._url(target), data=filled) as answer:
            return await self._read(answer)

    async def close(self) -> None:
        """Close it."""
        await self.http.close()

    def _url(self, path: str) -> URL:
        return URL(path, encoded=True) if path.startswith("http") else URL(self.address + path, encoded=True)

    async def _read(self, answer: aiohttp.ClientResponse) -> str:
        page = _Page()
        page.feed(await answer.text())
        self.forms, self.text, self.path = page.forms, "\n".join(page.text), answer.url.raw_path_qs
        return self.text
