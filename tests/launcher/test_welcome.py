"""What a start prints at its end."""

from launcher import welcome

USUAL = {"XIYUAN_HOME": welcome.USUAL_HOME, "XIYUAN_URL": "http://127.0.0.1:8000"}


def test_with_the_sample_says_who_may_sign_in_with_which_password() -> None:
    told = {**USUAL, "XIYUAN_SAMPLE": "1", "XIYUAN_SAMPLE_PASSWORD": "geheim"}

    text = welcome.text(8000, told)

    assert "operator@xiyuan.example" in text
    assert "geheim" in text
    assert "manage.py" not in text


def test_without_the_sample_says_what_to_type_for_the_first_person() -> None:
    text = welcome.text(8000, {**USUAL, "XIYUAN_SAMPLE": "0"})

    assert "    .venv/bin/python manage.py invite EMAIL\n" in text
    assert "xiyuan.example" not in text


def test_what_is_not_as_usual_is_part_of_the_line() -> None:
    told = {
        "XIYUAN_SAMPLE": "0",
        "XIYUAN_HOME": "/srv/a park",
        "XIYUAN_URL": "http://10.0.0.1:8473",
    }

    text = welcome.text(8473, told)

    told_home = "XIYUAN_HOME='/srv/a park' XIYUAN_URL=http://10.0.0.1:8473"
    assert f"    {told_home} .venv/bin/python manage.py invite EMAIL\n" in text
