"""What a body may not hold though its form is right: texts of which nobody sees anything, and evidence at addresses that do harm.

Asked at the door alone: what was taken in before stays readable wherever it is kept.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from api.problems import FieldProblem

# Where files lie: nothing that a browser would run, and nothing on the machine of whoever opens it.
SCHEMES = frozenset({
    "https", "http", "s3", "oss", "cos", "obs", "tos", "bos", "kodo", "gs", "az", "abfs", "abfss", "wasbs", "minio", "b2", "r2",
    "swift", "ceph", "ipfs", "sftp", "ftps", "mxc", "cid", "mid", "urn", "tag", "dms", "wechat", "feishu", "dingtalk",
})  # fmt: skip
_VISIBLE = frozenset("LNPS")  # letters, numbers, punctuation, symbols
_TOLD = frozenset({"Cc", "Cs"})
_EMPTY_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_URI = re.compile(r"(?:^|\.)evidence\[\d+\]\.uri$")


def unseen(body: bytes) -> tuple[FieldProblem, ...]:
    """What is wrong with the body in this way; nothing where it is no JSON, which others tell."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    return tuple(problem for path, text in _texts(sent) if (problem := _problem(path, text)) is not None)


def _problem(path: str, text: str) -> FieldProblem | None:
    # Blank, or with control characters or half ones: that is told by whoever reads the field.
    if text.strip() and not any(map(_is_seen, text)) and not any(unicodedata.category(each) in _TOLD for each in text):
        return FieldProblem(
            field=path, code="missing", zh="只含不可见的字符，请填写内容", en="holds nothing that can be seen; say something"
        )
    scheme = text.partition(":")[0].lower()
    if _URI.search(path) and ":" in text and scheme not in SCHEMES:
        known = ", ".join(sorted(SCHEMES))
        return FieldProblem(
            field=path, code="unknown_scheme", zh=f"凭证地址不能使用此协议，可用：{known}",
            en=f"evidence cannot lie at such an address; known are {known}",
        )  # fmt: skip
    return None


def _is_seen(character: str) -> bool:
    return character not in _EMPTY_LETTERS and unicodedata.category(character)[0] in _VISIBLE


def _texts(sent: Any) -> Iterator[tuple[str, str]]:
    """Every text with the path to it, as problems name it; without recursion, for bodies may be deep."""
    waiting = [("", sent)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            yield path or "body", value
        elif isinstance(value, dict):
            waiting += [(f"{path}.{name}".lstrip("."), each) for name, each in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{path}[{number}]", each) for number, each in enumerate(value)]
