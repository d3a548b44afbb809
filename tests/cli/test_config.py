from pathlib import Path

import pytest

from streamcheck.cli.main import load_command, main
from streamcheck.config import KEYS, load_config
from streamcheck.errors import ConfigError


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory; the user's configuration folder is `config` in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def write(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("command", KEYS)
def test_every_key_is_an_option_of_its_command(command: str) -> None:
    options = {parameter.name.replace("_", "-") for parameter in load_command(command).params}
    assert KEYS[command].keys() <= options


def test_tables_outrank_general_keys_and_later_files_earlier_ones(tmp_path: Path) -> None:
    user = write(tmp_path / "user.toml", 'platform = "ozon"', "[live]", 'model = "small"', 'device = "USB"')
    here = write(
        tmp_path / "here.toml", 'model = "base"', "[live]", 'platform = "kaspi"', "[review]", 'format = "html"'
    )
    config = load_config([user, here])
    live = {name: setting.value for name, setting in config.commands["live"].items()}
    review = {name: setting.value for name, setting in config.commands["review"].items()}
    assert live == {"platform": "kaspi", "model": "base", "device": "USB"}
    assert review == {"platform": "ozon", "model": "base", "format": "html"}
    assert config.commands["live"]["platform"].place == f"{here}:3"
    assert config.commands["live"]["device"].place == f"{user}:4"


def test_paths_are_taken_from_the_folder_of_the_file(tmp_path: Path) -> None:
    file = write(tmp_path / "streamcheck.toml", 'rules = ["mine", "/abs"]', 'products = "p.yaml"')
    live = load_config([file]).commands["live"]
    assert live["rules"].value == [str(tmp_path / "mine"), "/abs"]
    assert live["products"].value == str(tmp_path / "p.yaml")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["# x", 'platfrom = "kaspi"'], ":2: неизвестный ключ «platfrom»; может быть, «platform»; есть:"),
        (["[live]", "", "speeed = 2"], ":3: неизвестный ключ «speeed»; может быть, «speed»"),
        (["[lve]", "x = 1"], ":1: неизвестный ключ «lve»; может быть, «live»"),
        (["platform = 3"], ":1: «platform»: нужно значение в кавычках"),
        (["[live]", "speed = true"], ":2: «speed»: нужно число"),
        (["rules = [1]"], ":1: «rules»: нужно список путей"),
        (['rules = "x"'], ":1: «rules»: нужно список путей"),
        (['live = "x"'], "«live» должно быть разделом [live]"),
        (["platform ="], "ошибка TOML: "),
    ],
)
def test_mistakes_have_a_place(tmp_path: Path, lines: list[str], said: str) -> None:
    file = write(tmp_path / "streamcheck.toml", *lines)
    with pytest.raises(ConfigError) as caught:
        load_config([file])
    assert str(caught.value).startswith(f"{file}")
    assert said in str(caught.value)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    file = write(tmp_path / "streamcheck.toml", "a = 1", "b = 2", "[review]", "c = 3")
    with pytest.raises(ConfigError) as caught:
        load_config([file])
    assert [line.split(":")[1] for line in str(caught.value).splitlines()] == ["1", "2", "4"]


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    file = tmp_path / "streamcheck.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="не читается"):
        load_config([file])


def test_a_wrong_value_names_the_file_it_came_from(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "streamcheck.toml", "", 'fail-on = "nver"')
    assert main(["live"]) == 2
    expected = f"streamcheck: {here}/streamcheck.toml:2: --fail-on: нет значения «nver»; может быть, «never»"
    assert capsys.readouterr().err.startswith(expected)


def test_a_flag_outranks_the_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "streamcheck.toml", 'fail-on = "nver"')
    assert main(["live", "--fail-on", "nevr"]) == 2
    assert capsys.readouterr().err.startswith("streamcheck: --fail-on: нет значения «nevr»")


def test_the_file_chooses_the_language_of_the_screen(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "streamcheck.toml", 'ui-language = "en"')
    assert main(["live", "--fail-on", "nevr"]) == 2
    assert "did you mean" in capsys.readouterr().err


def test_help_works_beside_a_broken_file(here: Path) -> None:
    write(here / "streamcheck.toml", "broken")
    assert main(["--help"]) == 0


def test_show_tells_where_values_come_from(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "streamcheck.toml", 'platform = "kaspi"', "[live]", "speed = 2")
    write(here / "config" / "streamcheck" / "streamcheck.toml", 'model = "x"')
    assert main(["config", "show"]) == 0
    rows = [" ".join(row.split()) for row in capsys.readouterr().out.splitlines()]
    assert f"{here}/streamcheck.toml (есть)" in rows
    live = rows[rows.index("[live]") : rows.index("[review]")]
    assert f'platform = "kaspi" # {here}/streamcheck.toml:1' in live
    assert f"speed = 2 # {here}/streamcheck.toml:3" in live
    assert f'model = "x" # {here}/config/streamcheck/streamcheck.toml:1' in live
    assert 'fail-on = "violation" # по умолчанию' in live
