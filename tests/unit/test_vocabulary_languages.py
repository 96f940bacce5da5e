"""Languages are understood by any name, their own included."""

import pytest

from directory.vocabulary import load

LANGUAGES = load().languages


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("English", "en"),
        ("EN", "en"),
        ("Español", "es"),
        ("Castellano", "es"),
        ("K'iche'", "quc"),
        ("K’iche’", "quc"),
        ("Kiche", "quc"),
        ("Q'eqchi'", "kek"),
        ("العربية", "ar"),
        ("اللغة العربية", "ar"),
        ("Беларуская", "be"),
        ("беларуская мова", "be"),
        ("Русский", "ru"),
        ("中文", "zh"),
        ("Mandarin", "zh"),
        ("cmn", "zh"),
        ("spa", "es"),
        ("SPA", "es"),
        ("Gã", "gaa"),
        ("ga", "ga"),
        ("FSL", "psp"),
        ("Bahasa Melayu", "ms"),
        ("Bahasa Indonesia", "id"),
        ("Kiswahili", "sw"),
        ("Swahili", "sw"),
        ("Filipino", "fil"),
        ("Tagalog", "fil"),
        ("Norwegian", "no"),
        ("Serbian", "sr"),
        ("Nederlands", "nl"),
        ("Português", "pt"),
        ("pt-BR", "pt"),
        ("zh-Hant", "zh"),
        ("Spanish (Latin America)", "es"),
        ("Farsi", "fa"),
        ("Dari", "prs"),
        ("Sorani", "ckb"),
        ("Quechua", "qu"),
        ("Haitian Creole", "ht"),
        ("LSM", "mfs"),
        ("Lengua de señas mexicana", "mfs"),
        ("Kenyan Sign Language", "xki"),
        ("sign language", "sgn"),
    ],
)
def test_languages_are_understood_as_people_write_them(written, meant):
    assert LANGUAGES.resolve(written) == (meant,)


@pytest.mark.parametrize("unknown", ["", "Klingonese", "  ", "x" * 1_000_000])
def test_what_is_no_language_is_left_open(unknown):
    assert LANGUAGES.resolve(unknown) == ()


def test_misspelt_languages_get_a_suggestion():
    assert LANGUAGES.suggest("Frensh")[0] == "fr"
    assert LANGUAGES.suggest("Portugese")[0] == "pt"


@pytest.mark.parametrize("locale", ["en", "fr", "es", "ar"])
def test_every_label_of_a_common_language_leads_back_to_it_or_is_open(locale):
    found = {key: LANGUAGES.resolve(LANGUAGES.label(key, locale)) for key in LANGUAGES.common()}
    wrong = {key: other for key, other in found.items() if other not in ((), (key,))}
    assert len(LANGUAGES.common()) > 600
    assert len(wrong) <= 3, wrong
    assert sum(not other for other in found.values()) <= 10


def test_own_names_and_labels():
    assert LANGUAGES.autonym("quc") == "K'iche'"
    assert LANGUAGES.autonym("ar") == "العربية"
    assert LANGUAGES.autonym("ru") == "Русский"
    assert LANGUAGES.autonym("sw") == "Kiswahili"
    assert LANGUAGES.label("ar", "es") == "árabe"
    assert LANGUAGES.label("mfs", "fr") == "Langue des signes mexicaine"
    assert LANGUAGES.label("quz", "en") == "Cusco Quechua"
    assert LANGUAGES.label("nothing", "en") == "nothing"


def test_every_own_name_leads_back_to_its_language():
    lost = [
        key for key in LANGUAGES.common() if LANGUAGES.resolve(LANGUAGES.autonym(key)) not in ((key,), ())
    ]
    assert lost == []


def test_varieties_and_sign_languages_count_under_something_wider():
    assert LANGUAGES.ancestors("quz") == ("quz", "qu")
    assert LANGUAGES.ancestors("mfs") == ("mfs", "sgn")
    assert LANGUAGES.ancestors("es") == ("es",)
    assert LANGUAGES.ancestors("nothing") == ()
    assert {"ase", "mfs", "fsl", "xki", "gsm"} <= set(LANGUAGES.narrower("sgn"))
    assert len(LANGUAGES.narrower("sgn")) > 100


def test_nearly_all_languages_of_the_world_have_a_key_and_a_name():
    keys = LANGUAGES.keys()
    assert len(keys) > 7_000
    assert [key for key in keys if LANGUAGES.label(key, "ar") == key] == []
