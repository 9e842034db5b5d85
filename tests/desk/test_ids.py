"""Names: the same tenant and key are the same complaint, and nothing else is."""

from hypothesis import given
from hypothesis import strategies as st

from desk.ids import ComplaintName, complaint_id, is_complaint_id, named_by_effect
from domain.intake import Opening
from storage.batches import incident_id

names = st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,63}", fullmatch=True)
keys = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=255)


@given(names, keys)
def test_an_id_is_the_same_for_ever(tenant: str, key: str) -> None:
    assert complaint_id(tenant, key) == complaint_id(tenant, key)
    assert is_complaint_id(complaint_id(tenant, key))


def test_the_id_of_a_key_never_changes_between_versions() -> None:
    # A client that sends its key again after an upgrade has to find the same complaint.
    assert complaint_id("home-demo", "hotline-1") == "cmp_pxbfkr4aw4lbyjid5tfvo5okjz"


@given(names, keys, names, keys)
def test_other_tenants_and_keys_are_other_complaints(tenant: str, key: str, other_tenant: str, other_key: str) -> None:
    same = (tenant, key) == (other_tenant, other_key)
    assert (complaint_id(tenant, key) == complaint_id(other_tenant, other_key)) is same


@given(names, keys, st.integers(1, 99), st.from_regex(r"[a-z][a-z0-9_]{0,40}(-[0-9]{1,4})?(/r[0-9])?", fullmatch=True))
def test_an_effect_names_its_complaint(tenant: str, key: str, cycle: int, step: str) -> None:
    name = ComplaintName(tenant, complaint_id(tenant, key))
    assert named_by_effect(f"{tenant}:{name.complaint_id}/{cycle}/{step}") == name


@given(st.text(max_size=80))
def test_any_other_text_names_none(text: str) -> None:
    assert named_by_effect(text) is None
    assert not is_complaint_id(text)


def test_ids_fit_the_opening() -> None:
    assert Opening.model_fields["complaint_id"].annotation is str
    assert len(complaint_id("t", "k")) <= 64


def test_an_effect_of_an_incident_names_the_incidents_workflow() -> None:
    incident = incident_id("shop", "one_product", "0" * 64, 1)
    name = named_by_effect(f"shop:{incident}/1/extra-1-{complaint_id('shop', 'k')}")
    assert name is not None
    assert name.workflow_id == f"incident/shop/{incident}"
