"""The people and networks of the story. All invented; the organisations they meet are real and public."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NetworkPart:
    """One network of the story. `letter` names its folder; `administrator` founds it."""

    letter: str
    name: str
    language: str
    administrator: str
    word: str


@dataclass(frozen=True, slots=True)
class PersonPart:
    """One person who joins by talking to the bot. `answers` are what they write to its questions, in order:
    handle, country, issues, languages, offers, word."""

    handle: str
    network: str
    language: str
    country: str
    issues: str
    languages: str
    offers: str
    word: str
    role: str = ""

    @property
    def answers(self) -> tuple[str, ...]:
        """What they write, one message each."""
        return (self.handle, self.country, self.issues, self.languages, self.offers, self.word)


TEJIDO = NetworkPart("a", "Tejido", "en", "marisol", "copper kettle rain")
MINGA = NetworkPart("b", "Minga", "es", "amina", "piedra azul lenta")
NETWORKS = (TEJIDO, MINGA)

IXCHEL = PersonPart(
    "ixchel",
    "b",
    "es",
    "Guatemala",
    "tierra y territorio, pueblos indígenas",
    "español, k'iche'",
    "0",
    "maíz morado 7",
)
NADIA = PersonPart("nadia", "b", "ar", "تونس", "حقوق المرأة", "العربية، الفرنسية", "0", "ليمون وزعتر")
CELESTIN = PersonPart(
    "celestin",
    "b",
    "fr",
    "République démocratique du Congo",
    "environnement",
    "français",
    "0",
    "pirogue lente",
)
LUCERO = PersonPart(
    "lucero", "a", "es", "Guatemala", "tierra y territorio", "español", "acompañamiento", "luna de barro"
)
TOMAS = PersonPart(
    "tomas",
    "a",
    "en",
    "Mexico",
    "human rights defenders",
    "English, Spanish",
    "accompaniment",
    "river before dawn",
    "responder",
)
PEOPLE = (IXCHEL, NADIA, CELESTIN, LUCERO, TOMAS)

ORGANISATION = "UDEFEGUA"
"""The acronym of the listed organisation that Lucero comes to speak for."""
ALLIES_OF = "tierra y territorio"
WHERE = "Guatemala"
