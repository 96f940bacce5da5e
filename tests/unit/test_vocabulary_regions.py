"""Places are understood as people write them, and stand in the United Nations' tree."""

import csv
from io import StringIO

import pycountry
import pytest
from babel import localedata

from directory.vocabulary import RegionKind, Regions, load
from directory.vocabulary.names import shipped

REGIONS = load().regions
LOCALES = ("en", "fr", "es", "ar")


def test_every_country_of_iso_3166_stands_in_the_tree_once_and_under_the_world():
    wanted = {country.alpha_2 for country in pycountry.countries} | {"XK"}
    assert set(REGIONS.countries()) == wanted
    assert all(REGIONS.ancestors(country)[-1] == "001" for country in wanted)


def test_every_subdivision_of_iso_3166_lies_in_its_country():
    for place in pycountry.subdivisions:
        line = REGIONS.ancestors(place.code)
        assert line[0] == place.code and place.country_code in line and line[-1] == "001"


def test_a_province_widens_step_by_step_to_the_world():
    assert REGIONS.ancestors("GT-14") == ("GT-14", "GT", "013", "419", "019", "001")
    assert REGIONS.ancestors("KE") == ("KE", "014", "202", "002", "001")
    assert REGIONS.region("GT-14").kind is RegionKind.SUBDIVISION
    assert REGIONS.region("GT").kind is RegionKind.COUNTRY
    assert REGIONS.region("013").kind is RegionKind.REGION


@pytest.mark.parametrize("nowhere", ["", "ZZ", "999", "GT-99", "gt", "Guatemala"])
def test_what_is_no_key_has_no_ancestors(nowhere):
    assert REGIONS.ancestors(nowhere) == () and REGIONS.region(nowhere) is None


def test_narrower_goes_one_step_and_within_goes_all_the_way():
    assert set(REGIONS.narrower("013")) == {"BZ", "CR", "SV", "GT", "HN", "MX", "NI", "PA"}
    assert "GT-14" in REGIONS.narrower("GT") and "GT-14" in REGIONS.within("013")
    assert REGIONS.within("AW") == ("AW",) and REGIONS.within("ZZ") == ()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_label_leads_back_to_its_place(locale):
    lost = {
        key
        for key in (*REGIONS.countries(), "001", "002", "014", "019", "142", "150", "419")
        if REGIONS.resolve(REGIONS.label(key, locale)) != (key,)
    }
    assert lost == set()


def test_names_of_countries_are_understood_in_every_language_of_unicode():
    languages = {identifier.partition("_")[0] for identifier in localedata.locale_identifiers()} - {"root"}
    names = {
        (key, name)
        for language in languages
        for key, name in localedata.load(language)["territories"].items()
        if key in REGIONS.countries()
    }
    left_open = [name for key, name in names if REGIONS.resolve(name) == ()]
    other = [name for key, name in names if REGIONS.resolve(name) not in ((), (key,))]
    assert len(names) > 15_000
    assert len(left_open) < 60, "names that mean two countries in two languages"
    assert len(other) < 30, "names that mean another place in more languages, or two countries"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("World", ("001",)),
        ("East Africa", ("014",)),
        ("MENA", ("015", "145", "IR")),
        ("Middle East", ("145", "EG", "IR")),
        ("North Africa", ("015",)),
        ("Western Balkans", ("AL", "BA", "ME", "MK", "RS", "XK")),
        ("South Caucasus", ("AM", "AZ", "GE")),
        ("Southeast Asia", ("035",)),
        ("Latin America", ("419",)),
        ("Lateinamerika", ("419",)),
        ("Caribbean", ("029",)),
        ("Asia-Pacific", ("009", "142")),
        ("Ivory Coast", ("CI",)),
        ("Côte d’Ivoire", ("CI",)),
        ("cote divoire", ("CI",)),
        ("Palestine", ("PS",)),
        ("State of Palestine", ("PS",)),
        ("Syria", ("SY",)),
        ("Iran", ("IR",)),
        ("Tanzania", ("TZ",)),
        ("Tanzania, United Republic of", ("TZ",)),
        ("United Republic of Tanzania", ("TZ",)),
        ("UK", ("GB",)),
        ("USA", ("US",)),
        ("United States of America", ("US",)),
        ("BE", ("BE",)),
        ("gtm", ("GT",)),
        ("NGA", ("NG",)),
        ("Nga", ("RU",)),
        ("Bỉ", ("BE",)),
        ("  méxico ", ("MX",)),
        ("Brasil", ("BR",)),
        ("Suisse", ("CH",)),
        ("Belgique", ("BE",)),
        ("Беларусь", ("BY",)),
        ("سوريا", ("SY",)),
        ("美国", ("US",)),
        ("Kenya (Nairobi)", ("KE",)),
        ("The Gambia", ("GM",)),
        ("Congo", ("CD", "CG")),
        ("DRC", ("CD",)),
        ("Kosovo", ("XK",)),
        ("Taiwan", ("TW",)),
        ("Burma", ("MM",)),
        ("Swaziland", ("SZ",)),
        ("gt-14", ("GT-14",)),
        ("Quiché", ("GT-14",)),
        ("Departamento de Alta Verapaz", ("GT-16",)),
        ("Oaxaca", ("MX-OAX",)),
        ("Bavière", ("DE-BY",)),
        ("Córdoba, Argentina", ("AR-X",)),
        ("Punjab (Pakistan)", ("PK-PB",)),
        ("Georgia", ("GE",)),
        ("Georgia, USA", ("US-GA",)),
        ("Papua", ("ID-PP",)),
    ],
)
def test_places_are_understood_as_people_write_them(written, meant):
    assert REGIONS.resolve(written) == meant


@pytest.mark.parametrize("vague", ["Punjab", "Narnia", "", "  ", "?!", "x" * 10_000_000, "Guatemala" * 50])
def test_what_is_unknown_or_could_be_two_places_is_left_open(vague):
    assert REGIONS.resolve(vague) == ()


def test_a_network_may_refuse_former_and_disputed_names_and_keeps_the_common_ones():
    plain = Regions(shipped(), without=frozenset({"former", "disputed"}))
    assert plain.resolve("Tanganyika") == () and plain.resolve("Transnistria") == ()
    assert plain.resolve("Kosovo") == ("XK",) and plain.resolve("Myanmar") == ("MM",)
    assert REGIONS.resolve("Transnistria") == ("MD-SN",)


def test_a_near_miss_gets_a_suggestion_and_a_stranger_gets_none():
    assert REGIONS.suggest("Guatamala")[0] == "GT"
    assert REGIONS.suggest("Quetzaltenago") == ("GT-09",)
    assert set(REGIONS.suggest("Punjab")) == {"IN-PB", "PK-PB"}
    assert REGIONS.suggest("qqqqqqqq") == () and REGIONS.suggest("") == ()


def test_an_area_is_said_in_as_few_places_as_possible():
    assert REGIONS.simplest(["145", "EG", "IR", "015"]) == ("015", "145", "IR")
    assert REGIONS.simplest(["005", "013", "029"]) == ("419",)
    assert REGIONS.simplest(["GT", "GT-14", "001"]) == ("001",)
    assert REGIONS.simplest(["GT", "HN"]) == ("GT", "HN")
    assert REGIONS.simplest([]) == ()


def test_names_come_in_the_readers_language_with_fallbacks():
    assert REGIONS.label("GT", "ar") == "غواتيمالا"
    assert REGIONS.label("DE", "es-GT") == "Alemania"
    assert REGIONS.label("GT", "zh-Hant-HK") == "危地馬拉"
    assert REGIONS.label("DE", "xx") == "Germany"
    assert REGIONS.label("GT-14", "fr") == "Quiché"
    assert REGIONS.label("PS", "en") == "Palestine"
    assert REGIONS.label("nowhere", "en") == "nowhere"


def test_every_place_of_the_demo_file_is_understood(organisations):
    for row in csv.DictReader(StringIO(organisations.decode())):
        for place in [row["country"], *row["works in"].split(";")]:
            assert not place.strip() or REGIONS.resolve(place), place
