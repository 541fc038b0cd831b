"""A completion by a service in a real VS Code: it takes the place of the local one."""

from collections.abc import Iterator

import pytest

from support.routing import filling, routing, user_file_text
from support.service_thread import service
from support.vscode import Home
from support.vscode_workbench import Workbench

pytestmark = [pytest.mark.editor, pytest.mark.timeout(180)]


@pytest.fixture
def team(home: Home) -> Iterator[None]:
    """Serve what the user has asked where the model here is not sure."""
    with service(filling("from the team")) as url:
        path = home.folder / ".config" / "cloister" / "config.toml"
        path.parent.mkdir(parents=True)
        path.write_text(user_file_text(url, routing()), encoding="utf-8")
        yield


@pytest.mark.usefixtures("team", "scripted")
def test_what_a_service_writes_takes_the_place_of_what_is_shown(workbench: Workbench) -> None:
    workbench.write("demo.py", "")
    workbench.open("demo.py")
    workbench.wait_for_status("Cloister: ready")
    workbench.type("unsure = ")
    workbench.wait_for_ghost("from the team")
    workbench.press("Tab")
    assert workbench.save("demo.py") == b"unsure = from the team"
    assert workbench.read_toasts() == []
