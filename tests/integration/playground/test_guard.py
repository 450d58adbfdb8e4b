import pytest
from starlette.testclient import WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from tests.integration.playground.conftest import HOME, HOST, PORT, House
from tests.integration.playground.stage import TOKEN

COOKIE = {"cookie": f"parley-play-{PORT}={TOKEN}"}


@pytest.mark.parametrize("path", ["/", "/?token=wrong", "/?token=", "/web/main.js", "/web/../server.py", "/nowhere"])
def test_without_the_token_nothing_is_shown(house: House, path: str) -> None:
    answer = house.client.get(path)
    assert answer.status_code == 403
    assert "token" in answer.text


def test_the_address_with_the_token_shows_the_page_and_leaves_a_cookie_no_script_or_site_can_use(house: House) -> None:
    answer = house.client.get(f"/?token={TOKEN}")
    assert answer.status_code == 200
    assert "<title>Parley playground</title>" in answer.text
    assert answer.headers["set-cookie"] == f"parley-play-{PORT}={TOKEN}; HttpOnly; SameSite=Strict; Path=/"
    assert house.client.get("/web/main.js").status_code == 200


def test_the_page_may_load_nothing_from_elsewhere(house: House) -> None:
    policy = house.client.get(f"/?token={TOKEN}").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", f"127.0.0.1:{PORT}@evil"]
)
def test_a_name_that_was_made_to_point_here_is_refused(house: House, host: str) -> None:
    assert house.client.get(f"/?token={TOKEN}", headers={"host": host}).status_code == 403
    refuse_socket(house, {"origin": HOME, "host": host, **COOKIE})


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", f"https://127.0.0.1:{PORT}", "http://127.0.0.1:1", ""]
)
def test_a_page_of_another_site_is_refused(house: House, origin: str) -> None:
    assert house.client.get(f"/?token={TOKEN}", headers={"origin": origin}).status_code == 403
    refuse_socket(house, {"origin": origin, **COOKIE})


def test_a_socket_needs_origin_and_token(house: House) -> None:
    with house.client.websocket_connect("/live", headers={"host": HOST, "origin": HOME, **COOKIE}):
        pass
    refuse_socket(house, COOKIE)
    refuse_socket(house, {"origin": HOME})
    refuse_socket(house, {"origin": HOME, "cookie": f"parley-play-{PORT}=wrong"})
    refuse_socket(house, {"origin": HOME, "cookie": "\x01;;=;"})


def test_localhost_is_a_name_of_this_machine_too(house: House) -> None:
    answer = house.client.get(f"/?token={TOKEN}", headers={"host": f"localhost:{PORT}"})
    assert answer.status_code == 200
    assert f"ws://localhost:{PORT}" in answer.headers["content-security-policy"]


def refuse_socket(house: House, headers: dict[str, str]) -> None:
    house.client.cookies.clear()
    with (
        pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)),
        house.client.websocket_connect("/live", headers={"host": HOST, **headers}),
    ):
        pass
