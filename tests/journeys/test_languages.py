import pytest


@pytest.mark.parametrize(
    "name", ["operator", "enterprise", "official", "admin", "promotion", "auditor"]
)
def test_start(enter, name):
    person = enter(name)
    person.looks()
