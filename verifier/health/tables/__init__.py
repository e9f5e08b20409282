"""Dated code tables: from the codes of every format to the words that rules use.

Facts are data files under `data/`, each with `as_of` and its source; nothing is loaded before it is asked for. A code
that is not in a table gives None or UNKNOWN: the finding belongs to the format that met it.
"""

from verifier.health.tables.clinical import disease_of, test_device, test_kind, test_result
from verifier.health.tables.countries import country_alpha2, country_alpha3, country_name, is_country, special_code
from verifier.health.tables.load import TABLES, TableInfo, system_name, table_info
from verifier.health.tables.products import (
    Product,
    VaccineKind,
    find_product,
    maker,
    product,
    product_by_key,
    product_codes,
    products,
    vaccine_kind,
)

__all__ = [
    "TABLES",
    "Product",
    "TableInfo",
    "VaccineKind",
    "country_alpha2",
    "country_alpha3",
    "country_name",
    "disease_of",
    "find_product",
    "is_country",
    "maker",
    "product",
    "product_by_key",
    "product_codes",
    "products",
    "special_code",
    "system_name",
    "table_info",
    "test_device",
    "test_kind",
    "test_result",
    "vaccine_kind",
]
