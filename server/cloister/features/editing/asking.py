"""Whom a conversation is put to: the model here, or a service that may be asked about a place."""

from dataclasses import dataclass

from cloister.backends.base import ChatBackend
from cloister.core.cancel import CancelToken, StoppedError, unless_stopped
from cloister.core.generation import Generation, GenerationRequest, Priority
from cloister.features.editing.answer import AnswerFormat
from cloister.features.editing.instructing import Ask, Conversation
from cloister.features.editing.possibility import Selection
from cloister.features.editing.steps import READING_FILE, Step, Watch, Writing
from cloister.features.escalation.approval import Approver
from cloister.features.escalation.drafting import Question
from cloister.features.escalation.escalate import Escalation, Service


@dataclass(frozen=True, slots=True)
class By:
    """Who does what follows instructions: a service, or here without one; and in which form."""

    service: Service | None
    approver: Approver
    form: AnswerFormat | None


def asking_here(backend: ChatBackend, watch: Watch) -> Ask:
    """Return who asks a model of this machine."""

    async def ask(asked: Conversation, cancel: CancelToken) -> Generation:
        watch(Step(READING_FILE))
        prompt = await unless_stopped(backend.chat_prompt(asked.messages), cancel)
        request = GenerationRequest(prompt, asked.most_tokens, priority=Priority.ACTION)
        return _in_time(await backend.generate(request, Writing(watch), cancel), cancel)

    return ask


def asking_elsewhere(
    escalation: Escalation, service: Service, about: Selection, approver: Approver, watch: Watch
) -> Ask:
    """Return who asks a service, with the pieces that a conversation is made of."""
    uri, folder = about.document.uri, about.root

    async def ask(asked: Conversation, cancel: CancelToken) -> Generation:
        watch(Step(f"Waiting for {service.title}"))
        question = Question(
            uri, asked.messages, asked.pieces, asked.most_tokens, folder, Writing(watch)
        )
        return _in_time(await escalation.ask(service.name, question, approver, cancel), cancel)

    return ask


def _in_time(generation: Generation, cancel: CancelToken) -> Generation:
    if cancel.stopped:
        raise StoppedError
    return generation
