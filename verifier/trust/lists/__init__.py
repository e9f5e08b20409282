"""Publishers of keys: one reader per publisher, bytes in, keys out.

`READERS` maps the `kind` of an entry in `anchors.toml` to its reader. Readers are imported when used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from verifier.trust.keys import KeyList, ListSource

Reader = Callable[..., KeyList]

# kind -> "module:function"; the function takes (data: bytes, source: ListSource, **options named in the anchor)
READERS: Mapping[str, str] = {
    "dsc-json": "verifier.trust.lists.dsc:read_json",
    "dsc-german": "verifier.trust.lists.dsc:read_german",
    "dsc-certificates": "verifier.trust.lists.dsc:read_certificates",
}


def read_list(kind: str, data: bytes, source: ListSource, **options: Any) -> KeyList:
    """Read one list with the reader of its kind.

    Raises:
        KeyError: unknown kind.
        TrustError: the list as a whole cannot be read.
    """
    module, _, function = READERS[kind].partition(":")
    reader: Reader = getattr(import_module(module), function)
    return reader(data, source, **options)
