"""The code tables: what each code means, where the answer must stay open; every fact has a date and a source."""

import sys
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.health import tables
from verifier.health.record import Disease, TestKind, TestResult


@pytest.mark.parametrize(
    ("system", "code", "key"),
    [
        ("dcc.mp", "EU/1/20/1528", "comirnaty"),
        ("dcc.mp", " EU/1/20/1507 ", "spikevax"),
        ("dcc.mp", "covishield", "covishield"),
        ("dcc.mp", "NVX-CoV2373", "nuvaxovid"),
        ("dcc.mp", "Covid-19-recombinant", "fiocruz"),
        ("dcc.mp", "Covid-19-adsorvida-inativada", "coronavac-butantan"),
        ("http://ec.europa.eu/temp/vaccineproductname", "Sputnik-V", "sputnik-v"),
        ("http://hl7.org/fhir/sid/cvx", "208", "comirnaty"),
        ("http://hl7.org/fhir/sid/cvx-TEMPORARY-CODE-SYSTEM", "207", "spikevax"),
        ("cvx", "213", "unknown-us"),
        ("cvx", "183", "yellow-fever"),
        ("icd11", "XM8NQ0", "comirnaty"),
        ("icd11", "XM3418", "yellow-fever"),
        ("http://snomed.info/sct", "28571000087109", "spikevax"),
        ("atc", "J07BL01", "yellow-fever"),
        ("icvp", "YellowFeverProductd2c75a15ed309658b3968519ddb31690", "yellow-fever"),
        ("icvp", "a3K3X000006MihuUAC", "yellow-fever"),
    ],
)
def test_a_code_names_its_product(system: str, code: str, key: str) -> None:
    found = tables.product(system, code)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize(
    ("system", "code"),
    [
        ("dcc.mp", ""),
        ("dcc.mp", "EU/1/20/9999"),
        ("cvx", "EU/1/20/1528"),
        ("http://example.com/codes", "208"),
        ("icd11", "XM68M6"),  # COVID-19 vaccines: a kind, no product
        ("dcc.vp", "1119349007"),
        ("atc", "J07BX03"),
    ],
)
def test_other_codes_name_none(system: str, code: str) -> None:
    assert tables.product(system, code) is None


def test_a_shared_code_tells_what_else_it_may_mean() -> None:
    chadox = tables.product("cvx", "210")
    assert chadox is not None
    assert (chadox.key, chadox.alternatives) == ("vaxzevria", ("covishield", "fiocruz", "r-covi"))
    exact = tables.product("dcc.mp", "EU/1/21/1529")
    assert exact is not None
    assert exact.alternatives == ()


def test_bivalent_codes_are_marked_where_the_code_tells() -> None:
    marked = {code for code in map(str, range(200, 530)) if (p := tables.product("cvx", code)) and p.bivalent}
    assert marked == {"229", "230", "300", "301", "302", "519", "520"}
    plain = tables.product("cvx", "208")
    assert plain is not None
    assert not plain.bivalent


def test_doses_of_the_primary_series() -> None:
    doses = {key: found.doses for key, found in tables.products().items()}
    assert (doses["comirnaty"], doses["jcovden"], doses["abdala"], doses["yellow-fever"]) == (2, 1, 3, 1)
    assert doses["unknown-us"] is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("COVISHIELD", "covishield"),
        ("COMIRNATY PFIZER/BIONTECH", "comirnaty"),
        ("AstraZeneca Vaxzevria", "vaxzevria"),
        ("Covishield (AstraZeneca)", "covishield"),
        ("Covovax (NVX-CoV2373)", "covovax"),
        ("COVID-19 Vaccine Moderna", "spikevax"),
        ("Sinopharm", "bbibp-corv"),
        ("Sinopharm Wuhan", "wibp-corv"),
        ("EpiVacCorona", "epivaccorona"),
        ("EpiVacCorona-N", "epivaccorona-n"),
        ("Sputnik  v", "sputnik-v"),
        ("Pfizer then Moderna", None),
        ("Comirnaty, Spikevax", None),
        ("Serum Institute of India", None),
        ("Gamaleya", None),
        ("CoVax", None),
        ("Modernanova", None),
        ("", None),
        ("x" * 1_000_000, None),
    ],
)
def test_free_text_names_one_product_or_none(text: str, key: str | None) -> None:
    found = tables.find_product(text)
    assert (found and found.key) == key


def test_kinds_of_vaccine_codes() -> None:
    mrna = tables.vaccine_kind("dcc.vp", "1119349007")
    assert mrna is not None
    assert (mrna.disease, mrna.platform) == (Disease.COVID_19, "mrna")
    old = tables.vaccine_kind("dcc.vp", "J07BX03")
    assert old is not None
    assert old.platform is None
    assert tables.vaccine_kind("cvx", "999") is None


@pytest.mark.parametrize(
    ("system", "code", "disease"),
    [
        ("dcc.tg", "840539006", Disease.COVID_19),
        ("icd11", "RA01.0", Disease.COVID_19),
        ("icd11", "1D47", Disease.YELLOW_FEVER),
        ("icd11", "1C81", Disease.POLIO),
        ("icd11", "1F03", Disease.OTHER),
        ("icd11", "XM68M6", Disease.COVID_19),
        ("icd11", "9Z99", None),
        ("cvx", "207", Disease.COVID_19),
        ("cvx", "10", Disease.POLIO),
        ("cvx", "08", Disease.OTHER),
        ("cvx", "9999", None),
        ("icvp", "YellowFeverProductd2c75a15ed309658b3968519ddb31690", Disease.YELLOW_FEVER),
        ("text", "COVID-19", Disease.COVID_19),
        ("text", "Covid19", Disease.COVID_19),
        ("text", "influenza", None),
    ],
)
def test_disease(system: str, code: str, disease: Disease | None) -> None:
    assert tables.disease_of(system, code) == disease


@pytest.mark.parametrize(
    ("system", "code", "kind"),
    [
        ("dcc.tt", "LP6464-4", TestKind.NAAT),
        ("dcc.tt", "LP217198-3", TestKind.ANTIGEN),
        ("http://loinc.org", "94500-6", TestKind.NAAT),
        ("loinc", "94558-4", TestKind.ANTIGEN),
        ("loinc", "94309", TestKind.NAAT),
        ("loinc", "94762-2", TestKind.ANTIBODY),
        ("loinc", "718-7", TestKind.UNKNOWN),
        ("text", "molecular(PCR)", TestKind.NAAT),
        ("text", "Rapid antigen", TestKind.ANTIGEN),
        ("text", "PCR or antigen", TestKind.UNKNOWN),
        ("text", "COVID-19 test", TestKind.UNKNOWN),
    ],
)
def test_kind_of_test(system: str, code: str, kind: TestKind) -> None:
    assert tables.test_kind(system, code) is kind


@pytest.mark.parametrize(
    ("system", "code", "result"),
    [
        ("dcc.tr", "260415000", TestResult.NEGATIVE),
        ("dcc.tr", "260373001", TestResult.POSITIVE),
        ("snomed", "10828004", TestResult.POSITIVE),
        ("snomed", "419984006", TestResult.INCONCLUSIVE),
        ("dcc.tr", "", TestResult.UNKNOWN),
        ("2ddoc", "N", TestResult.NEGATIVE),
        ("2ddoc", "X", TestResult.INCONCLUSIVE),
        ("text", "Negative", TestResult.NEGATIVE),
        ("text", "NotDetected", TestResult.NEGATIVE),
        ("text", "not  detected", TestResult.NEGATIVE),
        ("text", "detected", TestResult.POSITIVE),
        ("text", "Non détecté", TestResult.NEGATIVE),
        ("text", "not negative", TestResult.UNKNOWN),
    ],
)
def test_result_of_test(system: str, code: str, result: TestResult) -> None:
    assert tables.test_result(system, code) is result


def test_countries() -> None:
    assert [tables.country_alpha2(code) for code in ("DEU", "D<<", "D", "GBN", "gbr", "RKS", "XKX", "USA")] == [
        "DE", "DE", "DE", "GB", "GB", "XK", "XK", "US",
    ]  # fmt: skip
    assert [tables.country_alpha2(code) for code in ("XXA", "UTO", "", "QQQ", "XCL")] == [None] * 5
    assert [tables.country_alpha3(code) for code in ("DE", "us", "ZZ")] == ["DEU", "USA", None]
    assert tables.special_code("XXA") == "stateless person (1954 Convention)"
    assert tables.special_code("USA") is None
    assert tables.country_name("DE", "es") == "Alemania"
    assert tables.country_name("DE", "no-such-language") is None
    assert tables.country_name("ZQ") is None


def test_every_alpha2_comes_back_from_its_alpha3() -> None:
    codes = [a + b for a in map(chr, range(65, 91)) for b in map(chr, range(65, 91)) if tables.is_country(a + b)]
    assert len(codes) == 250  # the 249 of ISO 3166-1 and Kosovo
    for code in codes:
        three = tables.country_alpha3(code)
        assert three is not None
        assert tables.country_alpha2(three) == code


@pytest.mark.parametrize("name", tables.TABLES)
def test_every_table_is_dated_and_sourced(name: str) -> None:
    info = tables.table_info(name)
    assert date(2019, 1, 1) < info.as_of < date(2026, 11, 22)
    assert len(info.source) > 20


def test_every_product_is_sourced_and_no_code_means_two() -> None:
    from verifier.health.tables.load import table

    content = table("products")
    seen: set[tuple[str, str]] = set()
    for row in content["products"]:
        assert row["source"], row["key"]
        assert set(row["source"]) <= set(content["sources"])
        for field in ("codes", "bivalent"):
            for system, codes in row.get(field, {}).items():
                pairs = {(system, code.casefold()) for code in codes}
                assert not pairs & seen, row["key"]
                seen |= pairs
    for alternatives in content["shared_codes"].values():
        assert set(alternatives) <= set(tables.products())


def test_codes_of_a_product_lead_back_to_it() -> None:
    codes = dict(tables.product_codes("comirnaty"))
    assert {"dcc.mp", "cvx", "icd11", "snomed"} <= set(codes)
    for system, code in tables.product_codes("comirnaty"):
        found = tables.product(system, code)
        assert found is not None
        assert found.key == "comirnaty"


def test_tables_need_no_pydantic() -> None:
    import subprocess

    code = "import sys, verifier.health.tables as t; t.product('cvx', '208'); print('pydantic' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=30), st.text(max_size=60))
def test_any_text_gives_an_answer(system: str, code: str) -> None:
    for name in (system, "dcc.mp", "text", "icd11", "loinc"):
        tables.product(name, code)
        tables.vaccine_kind(name, code)
        tables.disease_of(name, code)
        assert isinstance(tables.test_kind(name, code), TestKind)
        assert isinstance(tables.test_result(name, code), TestResult)
    tables.find_product(code)
    tables.country_alpha2(code)
    tables.country_name(code, system)
    tables.test_device(code)
    tables.maker(code)
