"""Publishers of keys: one reader per publisher, bytes in, keys out.

`READERS` maps the `kind` of an entry in `anchors.toml` to its reader. Readers are imported when used, because some need
libraries that a store of EU signers does without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from verifier.trust.keys import KeyList, ListSource

Reader = Callable[..., KeyList | tuple[KeyList, ...]]

# kind -> "module:function"; the function takes (data: bytes, source=ListSource, **options named in the anchor)
READERS: Mapping[str, str] = {
    "dsc-json": "verifier.trust.lists.dsc:read_json",
    "dsc-german": "verifier.trust.lists.dsc:read_german",
    "dsc-certificates": "verifier.trust.lists.dsc:read_certificates",
    "who-did": "verifier.trust.lists.did_who:read_did",
    "jwks": "verifier.trust.lists.anchored:read_jwks",
    "shc-crl": "verifier.trust.lists.anchored:read_shc_crl",
    "vci-snapshot": "verifier.trust.lists.vci:read_snapshot",
    "nzcp-did": "verifier.trust.lists.anchored:read_nzcp_did",
    "csca": "verifier.trust.lists.csca:read_authorities",
    "barcode-signers": "verifier.trust.lists.csca:read_barcode_signers",
    "crl": "verifier.trust.lists.csca:read_crl",
    "divoc-keys": "verifier.trust.lists.divoc_keys:read_keys",
    "named-keys": "verifier.trust.lists.anchored:read_named",
    "pathcheck": "verifier.trust.lists.pathcheck:read_registry",
}


def read_list(kind: str, data: bytes, source: ListSource, **options: Any) -> tuple[KeyList, ...]:
    """Read one file with the reader of its kind; some files hold several lists.

    Raises:
        KeyError: unknown kind.
        TrustError: the file as a whole cannot be read.
        TypeError: options that this kind does not have.
    """
    module, _, function = READERS[kind].partition(":")
    reader: Reader = getattr(import_module(module), function)
    held = reader(data, source=source, **options)
    return held if isinstance(held, tuple) else (held,)
