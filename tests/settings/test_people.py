"""The people of a desk in the settings: their names, roles and teams, and when two must say yes."""

from pathlib import Path

import pytest

from responder.model.people import FourEyes, Person, Role, Roster
from responder.settings import Settings, SettingsError, load

ANA = '[[people]]\nname = "Ana"\nrole = "approver"\nteams = ["billing", "care"]\n'
BO = '[[people]]\nname = "Bo"\nrole = "admin"\n'
KIM = '[[people]]\nname = "Kim"\n'


def read(folder: Path, text: str) -> Settings:
    file = folder / "responder.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, {})


def told(folder: Path, text: str) -> list[str]:
    """Return what is wrong, without the file's name."""
    with pytest.raises(SettingsError) as caught:
        read(folder, text)
    return [line.removeprefix(f"{folder / 'responder.toml'}:") for line in str(caught.value).splitlines()]


def test_people_are_read_in_their_order_and_who_has_no_role_is_an_agent(tmp_path: Path) -> None:
    assert read(tmp_path, ANA + BO + KIM).roster == Roster(
        people=(
            Person(name="Ana", role=Role.APPROVER, teams=("billing", "care")),
            Person(name="Bo", role=Role.ADMIN),
            Person(name="Kim", role=Role.AGENT),
        )
    )


def test_without_people_the_roster_is_empty_and_never_asks_for_two() -> None:
    assert Settings().roster == Roster()
    assert not Settings().roster.four_eyes.asked


def test_when_two_must_say_yes_is_read(tmp_path: Path) -> None:
    approval = (
        "[approval]\nsecond_from_tier = 4\nsecond_for_remedies = ['refund']\nsecond_for_legal = true\n"
        "second_for_first = 5\n"
    )
    assert read(tmp_path, approval + ANA + BO).roster.four_eyes == FourEyes(
        from_tier=4, remedies=frozenset({"refund"}), legal=True, first=5
    )


@pytest.mark.parametrize("name", ["ana", "ANA", "  Ana "])
def test_two_people_of_one_name_are_refused_however_it_is_capitalised(tmp_path: Path, name: str) -> None:
    (line,) = told(tmp_path, f'{ANA}[[people]]\nname = "{name}"\n')
    assert line == f'6:8: people.2.name: "{name.strip()}" is already the name of people.1; choose another'


def test_two_spellings_of_one_accent_are_one_name(tmp_path: Path) -> None:
    people = '[[people]]\nname = "Zo\u00eb"\nrole = "admin"\n[[people]]\nname = "zoe\u0308"\n'
    (line,) = told(tmp_path, people)
    assert "is already the name of people.1" in line


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", 'nobody is named; write a name, like "Ana"'),
        ("   ", 'nobody is named; write a name, like "Ana"'),
        ("A" * 101, "this text is too long; it can have 100 characters"),
        ("A\\nB", "this text has a line break; write it on one line"),
        ("A\\u202eB", "this text holds something that cannot be read, <U+202E>; type it anew"),
    ],
)
def test_a_name_is_one_readable_line(tmp_path: Path, name: str, says: str) -> None:
    assert told(tmp_path, f'{BO}[[people]]\nname = "{name}"\n') == [f"5:8: people.2.name: {says}"]


def test_a_name_of_a_hundred_characters_is_taken(tmp_path: Path) -> None:
    assert read(tmp_path, f'{BO}[[people]]\nname = "{"A" * 100}"\n').people[1].name == "A" * 100


def test_a_team_and_a_person_do_not_share_a_name(tmp_path: Path) -> None:
    (line,) = told(tmp_path, BO + '[[people]]\nname = "Kim"\nteams = ["care", "bo"]\n')
    assert line == '6:9: people.2.teams.2: "bo" is the name of a person; a team needs another'


def test_people_of_whom_nobody_may_approve_are_refused(tmp_path: Path) -> None:
    (line,) = told(tmp_path, KIM)
    assert line.endswith('people: nobody may approve; give somebody the role "approver" or "admin"')


ASKING = ["second_from_tier = 4", "second_for_remedies = ['refund']", "second_for_legal = true"]
ASKING.append("second_for_first = 1")


@pytest.mark.parametrize("asks", ASKING)
@pytest.mark.parametrize(
    ("people", "who"),
    [(ANA, "only one person may approve"), (ANA + KIM, "only one"), ("", "no [[people]] are listed")],
)
def test_two_pairs_of_eyes_where_only_one_may_approve_are_refused(
    tmp_path: Path, asks: str, people: str, who: str
) -> None:
    (line,) = told(tmp_path, f"[approval]\n{asks}\n{people}")
    key = asks.partition(" ")[0]
    assert line.startswith(f"2:{len(key) + 4}: approval.{key}: asks for two people, and {who}")


def test_two_who_may_approve_are_enough_to_ask_for_two(tmp_path: Path) -> None:
    for asks in ASKING:
        assert read(tmp_path, f"[approval]\n{asks}\n{ANA}{BO}").roster.four_eyes.asked


def test_asking_for_two_from_the_environment_is_told_there() -> None:
    with pytest.raises(SettingsError) as caught:
        load(None, {"RESPONDER_APPROVAL__SECOND_FOR_LEGAL": "true"})
    assert str(caught.value).startswith("environment: RESPONDER_APPROVAL__SECOND_FOR_LEGAL: asks for two")


@pytest.mark.parametrize("tier", ["6", "-1", "true", '"4"', "4.0"])
def test_a_tier_is_a_whole_number_from_none_to_five(tmp_path: Path, tier: str) -> None:
    (line,) = told(tmp_path, f"[approval]\nsecond_from_tier = {tier}\n{ANA}{BO}")
    assert line.endswith("is not a tier; write a whole number from 0 to 5")
