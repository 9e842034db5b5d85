"""Which of the two languages a person at this terminal reads; both say the same."""

import os


def reads_chinese() -> bool:
    """Whether the terminal asks for Chinese: the first that is set of LC_ALL, LC_MESSAGES and LANG decides."""
    wanted = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return wanted.lower().startswith("zh")


def text(en: str, zh: str) -> str:
    """The one of two equal texts that this person reads."""
    return zh if reads_chinese() else en
