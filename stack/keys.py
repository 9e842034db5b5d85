"""Keys for development, made once a folder. In production the variables are set and nothing is made."""

import contextlib
import os
import secrets
from pathlib import Path

from sealing import key_file
from settings import DEV_PARTNER_SECRET, DEV_TOKEN_KEY
from settings.sealing import DEV_CODEC_KEY, DEV_DATA_KEYS


def make_missing_keys() -> None:
    """Writes the keys into var/, readable by this user only, unless they exist or are set from outside."""
    for variable, file in (
        ("REDRESS_TOKEN_KEY", DEV_TOKEN_KEY),
        ("REDRESS_PARTNER_WEBHOOK_SECRET", DEV_PARTNER_SECRET),
        ("REDRESS_CODEC_KEY", DEV_CODEC_KEY),
    ):
        if not os.environ.get(variable) and not file.exists():
            _write(file)
    if not os.environ.get("REDRESS_DATA_KEYS_FILE"):
        with contextlib.suppress(FileExistsError):
            key_file.make(DEV_DATA_KEYS)


def _write(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
        out.write(secrets.token_urlsafe(32) + "\n")
