"""`python -m partners` serves; `python -m partners load FILE` puts orders into its database, also while it serves."""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn

from partners.app import Settings, create_app
from partners.load import load_file
from partners.store import Store

USAGE = "usage: python -m partners [load FILE.csv|FILE.json]"


def main(arguments: list[str]) -> int:
    settings = Settings.of()
    match arguments:
        case []:
            uvicorn.run(
                create_app(settings),
                host=settings.host,
                port=settings.port,
                log_level="warning",
                access_log=False,
                timeout_keep_alive=30,
                timeout_graceful_shutdown=2,
            )
        case ["load", file]:
            store = Store(settings.database)
            print(f"{load_file(store, Path(file))} orders loaded into {settings.database}")
            store.close()
        case _:
            print(USAGE, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
