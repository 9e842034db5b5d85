"""Payloads are made small before they are sealed: what is sealed does not compress any more, and every history is paid by size.

Messages are short and all alike, so they are deflated against a list of the phrases that they are made of: half the size, for
some 20 microseconds. A payload that gains nothing stays as it is. The format is zlib's own (RFC 1950), which names the list by
its checksum: a later list gets a file of its own, and this one stays as long as anything is kept that was made with it.
"""

from __future__ import annotations

import zlib
from pathlib import Path

from sealing.errors import Forged

_PHRASES = Path(__file__).with_name("phrases-1.txt").read_bytes()
_LISTS = {zlib.adler32(_PHRASES): _PHRASES}
# A protobuf message of ours begins with the tag of its first or second field, never with this.
_DEFLATED = 0x78
_LEVEL = 6
_WINDOW = 15
# Temporal takes nothing above 2 MB; what unfolds to more than this was not made here.
_MOST = 16 * 2**20


def made_small(message: bytes) -> bytes:
    """The message, deflated where that makes it smaller."""
    deflating = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW, zlib.DEF_MEM_LEVEL, zlib.Z_DEFAULT_STRATEGY, _PHRASES)
    small = deflating.compress(message) + deflating.flush()
    return small if len(small) < len(message) else message


def made_whole(stored: bytes) -> bytes:
    """The message again. Raises Forged for what no version of this made."""
    if not stored or stored[0] != _DEFLATED:
        return stored
    phrases = _LISTS.get(int.from_bytes(stored[2:6], "big"))
    if phrases is None:
        raise Forged("made small by another version: its list of phrases is not here")
    inflating = zlib.decompressobj(_WINDOW, zdict=phrases)
    try:
        message = inflating.decompress(stored, _MOST)
    except zlib.error as error:
        raise Forged("not what was sealed") from error
    if inflating.unconsumed_tail or not inflating.eof:
        raise Forged("too large or cut off")
    return message
