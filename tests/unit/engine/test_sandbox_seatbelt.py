"""The profile as text: nothing here runs on a Mac."""

from pathlib import Path

from inline_snapshot import snapshot

from cloister.engine.sandbox.role import Role
from cloister.engine.sandbox.seatbelt import profile


def test_the_front_end_reaches_sockets_in_its_own_folder_only() -> None:
    assert profile(Role.FRONT_END, [Path("/run/cloister")]) == snapshot("""\
(version 1)
(allow default)
(deny network*)
(allow network-inbound (local unix-socket))
(deny mach-lookup (global-name "com.apple.dnssd.service"))
(deny mach-lookup (global-name-prefix "com.apple.nsurlsessiond"))
(allow network-outbound (remote unix-socket (subpath "/run/cloister")))
(allow network-bind (local unix-socket (subpath "/run/cloister")))
""")


def test_the_engine_writes_in_its_own_folders_only() -> None:
    folders = [Path("/state/cloister"), Path("/run/cloister")]
    assert profile(Role.ENGINE, folders) == snapshot("""\
(version 1)
(allow default)
(deny network*)
(allow network-inbound (local unix-socket))
(deny mach-lookup (global-name "com.apple.dnssd.service"))
(deny mach-lookup (global-name-prefix "com.apple.nsurlsessiond"))
(deny process-exec*)
(deny file-write*)
(allow file-write* (subpath "/state/cloister") (subpath "/run/cloister"))
(allow file-write* (subpath "/dev") (subpath "/private/var/folders"))
""")


def test_a_path_cannot_end_its_own_quotes() -> None:
    text = profile(Role.ENGINE, [Path('/a") (allow network*) ("\\')])
    assert r'(subpath "/a\") (allow network*) (\"\\")' in text


def test_links_are_resolved(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    (tmp_path / "folder").mkdir()
    text = profile(Role.ENGINE, [tmp_path / "link"])
    assert f'(subpath "{tmp_path.resolve()}/folder")' in text


def test_the_egress_process_connects_and_waits_for_nobody() -> None:
    assert profile(Role.EGRESS, [Path("/state/cloister")]) == snapshot("""\
(version 1)
(allow default)
(deny network-inbound)
(deny network-bind)
(deny process-exec*)
(deny file-write*)
(allow file-write* (subpath "/state/cloister"))
(allow file-write* (subpath "/dev") (subpath "/private/var/folders"))
""")
