"""Options read one after another: every mistake is told, with its key and what is expected."""

import pytest

from connectors.form import Form, server_address

KNOWN = ("page", "messages", "server")


def test_what_is_right_is_returned_and_nothing_is_raised() -> None:
    form = Form({"page": 7, "messages": True}, KNOWN)
    assert (form.whole("page", 500, 1, 100), form.flag("messages")) == (7, True)
    assert (form.whole("days", 7, 1, 90), form.flag("strangers", default=True)) == (7, True)
    form.close()


@pytest.mark.parametrize("wrong", [0, 101, "7", 7.0, True, None, [7]])
def test_a_number_that_is_none_or_out_of_bounds_is_told_with_them(wrong: object) -> None:
    form = Form({"page": wrong}, KNOWN)
    assert form.whole("page", 50, 1, 100) == 50
    with pytest.raises(ValueError, match=r"^page: must be a whole number from 1 to 100$"):
        form.close()


@pytest.mark.parametrize("wrong", [0, 1, "true", None])
def test_a_truth_value_is_true_or_false_and_nothing_like_it(wrong: object) -> None:
    form = Form({"messages": wrong}, KNOWN)
    assert form.flag("messages") is False
    assert form.problems == ["messages: must be true or false"]


def test_unknown_keys_are_told_with_what_may_be_meant_each_on_a_line() -> None:
    form = Form({"pgae": 7, "colour": "red"}, KNOWN)
    form.unknown("prices.", {"replay": 1}, ("reply",))
    with pytest.raises(ValueError, match="pgae") as told:
        form.close()
    assert str(told.value).splitlines() == [
        "pgae: is not known; did you mean page?",
        "colour: is not known; known are page, messages, server",
        "prices.replay: is not known; did you mean reply?",
    ]


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("https://social.example", "https://social.example"),
        ("https://Social.Example/", "https://social.example"),
        ("https://social.example:8443", "https://social.example:8443"),
        ("http://127.0.0.1:80", "http://127.0.0.1:80"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_a_server_that_a_secret_may_be_sent_to_is_returned_in_one_form(told: str, meant: str) -> None:
    assert server_address(told) == meant


@pytest.mark.parametrize(
    "told",
    [
        "", None, 7, "social.example", "ftp://social.example", "http://social.example", "https://",
        "http://127.0.0.1.evil.example", "http://localhost.evil.example", "https://a@evil.example",
        "https://social.example#x", "https://social.example?x", "https://a b", "https://a\\@b", "https://a\0",
        "https://social.example:0", "https://social.example:99999", "https://[", "https://social.example/path",
    ],
)  # fmt: skip
def test_any_other_place_gets_no_secret(told: object) -> None:
    assert server_address(told) == ""


def test_a_path_is_kept_only_where_one_may_be() -> None:
    assert server_address("https://api.example/x/", path=True) == "https://api.example/x"
    assert server_address("https://api.example/x") == ""
