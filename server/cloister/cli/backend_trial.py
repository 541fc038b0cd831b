"""Tries a service from the command line, as an editor would ask it: through the egress process.

That process is started before this one locks itself, and only where the policy leaves something
that may be asked.
"""

import asyncio
from pathlib import Path

from cloister.backends.remote import RemoteBackend
from cloister.backends.trial import Trial, try_local, try_remote
from cloister.cli.egress import start_if_permitted
from cloister.core.errors import BackendUnavailableError
from cloister.core.privacy import EndpointClass, Layer
from cloister.egress.client import EgressLink
from cloister.egress.prices import price_of, read_prices, user_prices_path
from cloister.observe.usage import UsageRecord
from cloister.policy.decide import current_policy, user_privacy
from cloister.policy.privacy import endpoints
from cloister.settings.backends import BackendSettings
from cloister.settings.user_file import read_user_file, user_file_path
from cloister.settings.user_folders import current_user_folders


def run_trial(settings: BackendSettings) -> tuple[list[Trial], tuple[str, ...]]:
    """Return how the tasks went, there and here, and the models that the service lists.

    Raises BackendUnavailableError with the rule by which nothing may be asked.
    """
    folders = current_user_folders()
    price = price_of(read_prices(user_prices_path(folders)), settings.provider, settings.model)
    privacy = user_privacy(user_file_path(folders))
    # The folder that this is called in has a say as well, although no text of it is sent.
    verdict = current_policy(lambda: privacy).for_file(Path.cwd())
    only_here = set(endpoints(verdict, privacy)) <= {EndpointClass.ENGINE}
    link = None if only_here else start_if_permitted()
    if link is None:
        raise _forbidden(verdict.decided_by)
    record = UsageRecord.below(folders.state)
    remote = RemoteBackend(settings, link, price=price, on_use=record.add)
    return asyncio.run(_run(remote, link))


async def _run(remote: RemoteBackend, link: EgressLink) -> tuple[list[Trial], tuple[str, ...]]:
    from cloister.app import local_backend
    from cloister.app.backends import action_backend
    from cloister.engine.paths import engine_paths
    from cloister.engine.sandbox import lock_front_end

    user_settings, _ = read_user_file(user_file_path(current_user_folders()))
    local = local_backend(user_settings, lambda _fraction: None)
    chatting = action_backend(user_settings, local, local_backend)
    lock_front_end(engine_paths().directory)
    try:
        models = await remote.models()
        return [*await try_remote(remote), *await try_local(local, chatting)], models
    finally:
        link.kill()
        for backend in {local, chatting}:
            await backend.close()


def _forbidden(layer: Layer) -> BackendUnavailableError:
    where = f" ({layer.path})" if layer.path else ""
    return BackendUnavailableError(
        f"Nothing may be asked: {layer.rule}{where}. Permit it there, or with loopback = true in "
        "[privacy] for a service on this machine."
    )
