"""The data converter of every client and worker: pydantic models as JSON, sealed; failures too."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes, SerializationContext

from sealing.codec import SealingCodec
from sealing.keyring import Keyring


@dataclasses.dataclass(frozen=True)
class SealingConverter(DataConverter):
    """Only its codec looks at the context, so only that is made anew: the SDK's own way makes every part of it, each time."""

    def with_context(self, context: SerializationContext) -> SealingConverter:
        mine = copy.copy(self)
        codec = self.payload_codec
        if isinstance(codec, SealingCodec):
            object.__setattr__(mine, "payload_codec", codec.with_context(context))
        return mine


def sealing_converter(keys: Path | Keyring) -> SealingConverter:
    """Over a key file, or a keyring that is there already. Raises KeysUnusable."""
    keyring = keys if isinstance(keys, Keyring) else Keyring(keys)
    return SealingConverter(
        payload_converter_class=pydantic_data_converter.payload_converter_class,
        payload_codec=SealingCodec(keyring),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
