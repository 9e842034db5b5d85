"""`python -m partners` serves; `python -m partners load FILE` puts orders into its database, also while it serves."""

from __future__ import annotations

import sys
from pathlib import Path

from partners.app import Settings, create_app
from partners.load import load_file
from partners.serving import WrongSetting, serve
from partners.store import Store

USAGE = "usage: python -m partners [load FILE.csv|FILE.json]"


def main(arguments: list[str]) -> int:
    try:
        settings = Settings.of()
    except WrongSetting as error:
        print(error, file=sys.stderr)
        return 1
    match arguments:
        case []:
            serve(create_app(settings), settings.host, settings.port)
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
