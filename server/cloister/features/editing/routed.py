"""Code actions that a service does by itself where the model here cannot, as the user's file says.

The model here is always first. What goes to the service is asked and checked as if somebody had
chosen it, shown before where the policy wants that, and the person is told who wrote the result.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cloister.core.cancel import CancelToken, unless_stopped
from cloister.core.errors import BackendUnavailableError, CloisterError, ModelError
from cloister.features.editing.act import DEADLINE_MS, ActionFeature
from cloister.features.editing.answer import RefusedAnswerError
from cloister.features.editing.possibility import Possibility, Selection, Wish
from cloister.features.editing.steps import Watch, unwatched
from cloister.features.editing.task import Result
from cloister.features.escalation.approval import Approver
from cloister.settings.settings import RoutingSettings

_NOT_DONE = (RefusedAnswerError, ModelError, BackendUnavailableError)


class RoutedActions(ActionFeature):
    """Serves code actions; belongs to one event loop."""

    async def possibilities(
        self, selection: Selection, kinds: Iterable[str] | None = None
    ) -> list[Possibility]:
        """Return what can be done at a place, by a service where the model here cannot."""
        found = await super().possibilities(selection, kinds)
        return [_enabled(it, _elsewhere(it, found, self._settings.routing)) for it in found]

    async def result(
        self,
        selection: Selection,
        wish: Wish,
        approver: Approver,
        cancel: CancelToken,
        watch: Watch = unwatched,
    ) -> Result:
        """Return what comes of an offer; see `ActionFeature.result`."""
        found = await unless_stopped(super().possibilities(selection), cancel)
        here = next(filter(wish.means, found), None)
        elsewhere = here and _elsewhere(here, found, self._settings.routing)
        if here is None or elsewhere is None or elsewhere.service is None:
            return await super().result(selection, wish, approver, cancel, watch)
        refusal = CloisterError(here.disabled)
        if here.task is not None:
            try:
                return await super().result(selection, wish, approver, cancel, watch)
            except _NOT_DONE as error:
                refusal = error
        service = elsewhere.service
        asked = replace(wish, title=elsewhere.title, service=service.name)
        again = cancel.again(DEADLINE_MS)
        try:
            result = await super().result(selection, asked, approver, again, watch)
        except CloisterError as problem:
            raise CloisterError(_together(refusal, problem)) from problem
        approver.tell(f"{service.title} wrote this: the model here could not.")
        return result


def _elsewhere(
    here: Possibility, found: Sequence[Possibility], routing: RoutingSettings
) -> Possibility | None:
    """Return the same offer as the service does it that the user wants for it."""
    name = routing.service_for(here.action.name)
    if here.service is not None or not name:
        return None
    return next(
        (it for it in found if it.offer is here.offer and it.service and it.service.name == name),
        None,
    )


def _enabled(here: Possibility, elsewhere: Possibility | None) -> Possibility:
    if here.task is not None or elsewhere is None:
        return here
    return replace(here, task=elsewhere.task, disabled="")


def _together(refusal: CloisterError, problem: CloisterError) -> str:
    return " ".join(dict.fromkeys((str(refusal), str(problem))))
