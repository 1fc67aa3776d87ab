"""The picture in the README shows the desk as it is."""

from tests.cli.review.picture import PICTURE, drawn


def test_the_picture_is_what_the_desk_draws_and_fetches_nothing() -> None:
    picture = drawn()
    assert PICTURE.read_text(encoding="utf-8") == picture, "draw it anew: python -m tests.cli.review.picture"
    assert "url(http" not in picture
