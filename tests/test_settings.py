"""Settings: what cannot be used is refused at the start, by name, and the page for operators lists them all."""

from pathlib import Path

import pytest

from service.errors import SettingsInvalid
from service.settings import Settings, read_settings
from service.settings_page import settings_page

ROOT = Path(__file__).resolve().parents[1]
HASH = "0" * 64


def test_nothing_has_to_be_set() -> None:
    settings = read_settings({})
    assert settings == Settings()
    assert (settings.host, settings.port, settings.index) == ("127.0.0.1", 8000, Path(".herald"))
    assert (settings.cors_origins, settings.trusted_proxies, settings.log_questions) == ((), (), False)
    assert settings.store_path == Path(".herald/herald.db")


def test_variables_are_read_and_what_is_given_comes_first() -> None:
    environment = {
        "HERALD_PORT": "9000",
        "HERALD_INDEX": "/srv/index",
        "HERALD_CORS_ORIGINS": "https://a.example, http://localhost:3000 ,",
        "HERALD_TRUSTED_PROXIES": "10.0.0.0/8,2001:db8::1",
        "HERALD_METRICS_OPEN": "true",
        "PATH": "/bin",
    }
    settings = read_settings(environment, port=9001)
    assert (settings.port, settings.index) == (9001, Path("/srv/index"))
    assert settings.cors_origins == ("https://a.example", "http://localhost:3000")
    assert settings.trusted_proxies == ("10.0.0.0/8", "2001:db8::1")


def test_a_misspelt_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(SettingsInvalid, match=r"HERALD_RATE_LIMITS: no such setting; HERALD_RATE_LIMIT\?"):
        read_settings({"HERALD_RATE_LIMITS": "10"})
    with pytest.raises(SettingsInvalid, match=r"HERALD_ZZZ: no such setting$"):
        read_settings({"HERALD_ZZZ": "10"})


@pytest.mark.parametrize("value", ["", " ", "\t"])
def test_an_empty_variable_is_no_choice(value: str) -> None:
    with pytest.raises(SettingsInvalid, match="HERALD_API_KEY_HASHES: empty"):
        read_settings({"HERALD_API_KEY_HASHES": value})


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("PORT", "0x50", "integer"),
        ("PORT", "65536", "65535"),
        ("PORT", "-1", "0"),
        ("HOST", "a\nb", "control"),
        ("THREADS", "0", "1"),
        ("THRESHOLD", "1.1", "1"),
        ("THRESHOLD", "nan", ""),
        ("RATE_LIMIT", "inf", ""),
        ("RATE_LIMIT", "-5", "0"),
        ("RATE_BURST", "0", "1"),
        ("MESSAGE_LIMIT", "0", "1"),
        ("BODY_LIMIT", "10", "1024"),
        ("BODY_LIMIT", "1e99", ""),
        ("CORS_ORIGINS", "*", "any page"),
        ("CORS_ORIGINS", "https://a.example/", "not an origin"),
        ("CORS_ORIGINS", "a.example", "not an origin"),
        ("CORS_ORIGINS", "https://a.example,null", "not an origin"),
        ("CORS_ORIGINS", "HTTPS://A.example", "not an origin"),
        ("TRUSTED_PROXIES", "everyone", "everyone"),
        ("TRUSTED_PROXIES", "0.0.0.0/0", "everybody"),
        ("TRUSTED_PROXIES", "::/0", "everybody"),
        ("API_KEY_HASHES", "x" * 64, "entry 1"),
        ("API_KEY_HASHES", HASH.replace("0", "A"), "entry 1"),
        ("API_KEY_HASHES", f"{HASH},{HASH}0", "entry 2"),
        ("LOG_LEVEL", "loud", "debug"),
        ("LOG_QUESTIONS", "perhaps", "bool"),
        ("ENCODER", "a\x1bb", "control"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(name: str, value: str, why: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        read_settings({f"HERALD_{name}": value})
    assert str(refused.value).startswith(f"HERALD_{name}: ")
    assert why in str(refused.value)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(SettingsInvalid, match=r"HERALD_PORT.*HERALD_THREADS"):
        read_settings({"HERALD_PORT": "x", "HERALD_THREADS": "0"})


def test_measures_are_not_locked_without_a_key() -> None:
    with pytest.raises(SettingsInvalid, match="HERALD_METRICS_OPEN"):
        read_settings({"HERALD_METRICS_OPEN": "false"})
    assert not read_settings({"HERALD_METRICS_OPEN": "false", "HERALD_API_KEY_HASHES": HASH}).metrics_open


def test_settings_do_not_change_while_serving() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().port = 1  # type: ignore[misc]


def test_the_page_for_operators_is_up_to_date() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == settings_page(), (
        "python -m service.settings_page > docs/settings.md"
    )


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_page_says_what_each_setting_chooses(name: str) -> None:
    (row,) = (
        line for line in settings_page().splitlines() if line.startswith(f"| `HERALD_{name.upper()}` |")
    )
    _, _, what, values, default, _ = (cell.strip() for cell in row.replace("\\|", "").split("|"))
    assert len(what) > 10
    assert values
    assert default
