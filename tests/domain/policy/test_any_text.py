"""Whatever stands in a pack's file: it is a pack, or what is wrong with it is told with its line. Nothing else is raised."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from domain.policy.errors import PackInvalid
from domain.policy.pack import Pack
from domain.policy.parse import parse_pack
from tests.domain.packs import HOME_FILE, TINY

SOURCE = "policies/any/2027-01.toml"
QUICK = settings(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


def read(text: str) -> Pack | None:
    """The pack; None where its faults were told properly."""
    try:
        return parse_pack(text, SOURCE)
    except PackInvalid as invalid:
        told = invalid.problems
    assert told
    for problem in told:
        assert problem.source == SOURCE
        assert 1 <= problem.line <= max(len(text.splitlines()), 1), problem
        assert problem.en
        assert problem.zh
        assert str(problem).startswith(f"{SOURCE}:{problem.line}: ")
    return None


_OF_ANY_KIND = """0 -1 1e400 nan inf 999999999999999999999999999999 true "" "x" "\\u0000" "\\u202e" "T+1" "1h" "99999999999h"
"LIB-RSP-01" 2027-01-01 07:32:00 1979-05-27T07:32:00Z "received" "agent" [] {} [""] [[]] [{}] [1,2] {zh="一",en="one"} {id=[1]}
{min=1,max=0} ["responded","responded"] "library@2027-01" """
_NAMED = """id name zh en clause when within by ladder rungs starts met_by extends remove title version type min max values steps
kind percent role at to unknown"""
_KINDS_OF_ROWS = """clause category fact deadline ladder remedy approval notice route report remove cap closing confirm appeal
class hint step strange"""
_SCALARS, _KEYS, _TABLES = (st.sampled_from(each.split()) for each in (_OF_ANY_KIND, _NAMED, _KINDS_OF_ROWS))
_LINES = (
    st.builds("{} = {}".format, _KEYS, _SCALARS)
    | st.builds("[[{}]]".format, _TABLES)
    | st.builds("[{}]".format, _TABLES)
    | st.builds("{} = {}".format, _TABLES, _SCALARS)
    | st.text(max_size=40)
)


@st.composite
def _damaged(draw: st.DrawFn, text: str) -> str:
    """The text with some lines changed, put in, taken out or moved."""
    lines = text.splitlines()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["value", "line", "new", "gone", "moved"])):
            case "value" if "=" in lines[at]:
                lines[at] = f"{lines[at].split('=')[0]}= {draw(_SCALARS)}"
            case "gone":
                del lines[at]
            case "moved":
                lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
            case "new":
                lines.insert(at, draw(_LINES))
            case _:
                lines[at] = draw(_LINES)
    return "\n".join(lines)


@QUICK
@given(_damaged(TINY))
def test_a_damaged_pack(text: str) -> None:
    read(text)


@settings(QUICK, max_examples=25)
@given(_damaged(HOME_FILE.read_text(encoding="utf-8")))
def test_a_damaged_pack_of_a_real_business(text: str) -> None:
    read(text)


@QUICK
@given(st.text() | st.lists(_LINES, max_size=12).map("\n".join))
@example("")
@example("\ufeff" + TINY)
@example("a = " + "[" * 10_000)
@example("a = " + "{b = " * 5_000)
@example('name = "\ud800"')
@example("name = 'a\x00b'")
@example("[[clause]]\nid = []\n[[clause]]\nid = {}")
@example("remove = 1")
@example("[remove]\nclause = 5")
@example("[remove]\nclause = [[]]")
@example(f"min = {'9' * 5_000}")
@example("at = 1e999999999999999999999")
def test_any_text_at_all(text: str) -> None:
    assert read(text) is None


def test_the_undamaged_ones_are_packs() -> None:
    assert read(TINY) is not None
    assert read(HOME_FILE.read_text(encoding="utf-8")) is not None


@pytest.mark.slow
@settings(QUICK, max_examples=5_000, derandomize=False)
@given(_damaged(TINY))
def test_packs_damaged_in_many_ways(text: str) -> None:
    read(text)
