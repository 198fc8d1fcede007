"""Error pages need neither database nor session: no test here may touch one."""

import pytest
from django.test import Client

pytestmark = pytest.mark.urls("tests.web.urls")


def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("path", "status", "chinese", "english"),
    [
        ("/page/broken/", 400, "这个请求读不懂", "This request cannot be read"),
        ("/page/denied/", 403, "您的角色不能做这件事", "Your role does not allow this"),
        ("/csrf/", 403, "页面开得太久", "The page was open too long"),
        ("/nowhere/", 404, "这里没有内容", "There is nothing here"),
        ("/too-many/", 429, "短时间内次数太多", "Too many tries in a short time"),
        ("/page/fault/", 500, "系统出了差错", "Something went wrong on our side"),
        ("/page/gone/", 503, "数据暂时连不上", "The data cannot be reached"),
    ],
)
class TestPages:
    def test_speak_both_languages(self, path: str, status: int, chinese: str, english: str) -> None:
        response = client().get(path)

        assert response.status_code == status
        assert chinese in response.text
        assert english in response.text
        assert 'lang="en"' in response.text

    def test_name_the_request(self, path: str, status: int, chinese: str, english: str) -> None:
        response = client().get(path)

        assert response.headers["X-Request-ID"] in response.text

    def test_are_a_message_for_htmx(
        self, path: str, status: int, chinese: str, english: str
    ) -> None:
        response = client().get(path, headers={"HX-Request": "true"})

        assert response.status_code == status
        assert "<html" not in response.text
        assert chinese in response.text
        assert response.headers["HX-Retarget"] == "#messages"


@pytest.mark.parametrize(("path", "seconds"), [("/too-many/", "60"), ("/page/gone/", "30")])
def test_what_passes_says_when_to_come_back(path: str, seconds: str) -> None:
    assert client().get(path).headers["Retry-After"] == seconds
