"""The services that can be asked, one per file, found by discovery; nearly all of it is data.

A provider file defines `PROVIDER`, and says which public documents it rests on and whether it was
run. Where a backend of the user's file is, is decided here and nowhere else.
"""

import difflib
import importlib
import pkgutil
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import SplitResult, urlsplit

from cloister.core.errors import SettingsError
from cloister.core.privacy import EndpointClass, Origin
from cloister.egress.addresses import class_of_origin
from cloister.egress.provider import Provider
from cloister.settings.backends import BackendSettings

_PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_PATH = re.compile(r"(/(?!\.)[A-Za-z0-9._~-]+)*")
# A server on this machine passes these on to its vendor's machines.
_ELSEWHERE = re.compile(r"[-:]cloud$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The one place that a backend's requests go to, and how they carry the key."""

    provider: Provider
    origin: Origin
    base_path: str

    @property
    def key_header(self) -> str:
        """The name of the header with the key, in lower case."""
        return self.provider.key_header.name

    @property
    def key_prefix(self) -> str:
        """What stands before the key in its header."""
        return self.provider.key_header.prefix


@cache
def all_providers() -> Mapping[str, Provider]:
    """Return every provider by its name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return {module.PROVIDER.name: module.PROVIDER for module in modules}


def endpoint_of(settings: BackendSettings) -> Endpoint:
    """Return where a backend is; raises SettingsError with what to correct."""
    provider = _provider(settings)
    url = settings.url or provider.base_url
    if url is None:
        raise SettingsError(
            f"The backend {settings.name!r} needs a 'url', for example {provider.url_example}."
        )
    parts = _split(settings, url)
    origin = Origin(parts.scheme, _host(settings, parts), parts.port or _PORTS[parts.scheme])
    is_here = class_of_origin(origin) is EndpointClass.LOOPBACK
    if origin.scheme == "http" and not (is_here or settings.plain_http):
        raise SettingsError(
            f"The backend {settings.name!r} would send text unencrypted; use https, or write "
            "plain-http = true if this is within your own network."
        )
    if is_here and _ELSEWHERE.search(settings.model):
        raise SettingsError(
            f"The model {settings.model!r} of the backend {settings.name!r} does not run on this "
            "machine but at its vendor; choose one without 'cloud' at the end of its name."
        )
    return Endpoint(provider, origin, parts.path.rstrip("/").removesuffix("/v1"))


def _provider(settings: BackendSettings) -> Provider:
    providers = all_providers()
    if settings.provider in providers:
        return providers[settings.provider]
    nearest = difflib.get_close_matches(settings.provider, providers, n=1, cutoff=0.5)
    hint = f"did you mean {nearest[0]!r}?" if nearest else f"there are {', '.join(providers)}."
    raise SettingsError(f"There is no provider {settings.provider[:60]!r}; {hint}")


def _split(settings: BackendSettings, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        is_plain = not (parts.username or parts.password or parts.query or parts.fragment)
        valid = parts.scheme in _PORTS and is_plain and parts.port != 0
    except ValueError:
        valid = False
    if not valid or not _PATH.fullmatch(parts.path.rstrip("/")):
        raise SettingsError(
            f"The 'url' of the backend {settings.name!r} cannot be used; write "
            "https://HOST:PORT/PATH without a user, a question mark or a #."
        )
    return parts


def _host(settings: BackendSettings, parts: SplitResult) -> str:
    host = (parts.hostname or "").lower()
    if ":" in host or _HOST.fullmatch(host):
        return host
    raise SettingsError(
        f"The 'url' of the backend {settings.name!r} needs a host in plain letters and digits."
    )
