"""A request as it would be sent: made without sending anything, so that it can be shown first.

Everything about it is decided here: the exact bytes, whose text they hold, and what they will cost
at most. Tokens are estimated, because only the service has the model's vocabulary.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cloister.backends.estimate import estimated_tokens
from cloister.backends.remote_model import RemoteModel
from cloister.core.chat import Message, Role
from cloister.core.context import CompletionContext, files_of
from cloister.core.generation import GenerationRequest
from cloister.core.privacy import Origin, Piece
from cloister.core.prompt import Prompt, SegmentKind, SegmentRole, chat_prompt
from cloister.egress.asking import completion_way, render_request, service_for
from cloister.egress.dialects import Chat, Counted, Infill, Question
from cloister.egress.dialects.gap import ask_for_gap
from cloister.egress.messages import HttpRequest, Purpose
from cloister.egress.prices import Price
from cloister.egress.provider import Service
from cloister.egress.providers import Endpoint
from cloister.settings.backends import BackendSettings, CompletionWay

# Tokenizers write the space before a marker like this.
_SPACE = "▁"


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """One request to one service; `gap` is what a chat model is to fill, if that is what it does.

    `prompt_tokens` is an estimate, and so is `most_cost` (US dollars, None where no price is known)
    for an answer of the greatest length. `redactions` counts what was taken out.
    """

    origin: Origin
    model: str
    service: Service
    http: HttpRequest
    pieces: tuple[Piece, ...]
    purpose: Purpose
    prompt_tokens: int
    stop: tuple[str, ...] = ()
    gap: Infill | None = None
    most_cost: float | None = None
    redactions: int = 0


@dataclass(frozen=True, slots=True)
class Drafting:
    """What all requests to one backend have in common."""

    settings: BackendSettings
    endpoint: Endpoint
    model: RemoteModel
    price: Price | None = None

    @property
    def way(self) -> CompletionWay:
        """How completions are asked for; raises SettingsError for an impossible wish."""
        is_known = self.model.family is not None
        return completion_way(self.endpoint.provider, self.settings, knows_markers=is_known)

    def draft(self, question: Question, pieces: tuple[Piece, ...], purpose: Purpose) -> Draft:
        """Return the request for a question; raises SettingsError where the service cannot."""
        way = CompletionWay.CHAT if isinstance(question, Chat) else self.way
        service = service_for(self.endpoint.provider, self.settings, way)
        gap = question if isinstance(question, Infill) and way is CompletionWay.CHAT else None
        http = render_request(
            self.endpoint, self.settings, service, ask_for_gap(gap) if gap else question
        )
        prompt_tokens = estimated_tokens(http.body.decode("ascii"))
        most = Counted(prompt_tokens, question.max_tokens + service.thinking_tokens)
        return Draft(
            origin=self.endpoint.origin,
            model=self.settings.model,
            service=service,
            http=http,
            pieces=pieces,
            purpose=purpose,
            prompt_tokens=prompt_tokens,
            stop=question.stop,
            gap=gap,
            most_cost=self.price.cost_of(most) if self.price else None,
        )

    def infill(
        self, context: CompletionContext, max_tokens: int, stop: tuple[str, ...] = ()
    ) -> Infill:
        """Return the question for what stands at a cursor."""
        family = self.model.family
        marked = _marked(family.render(context, self.model.description)) if family else ""
        stops = (*family.stops, *stop) if family else stop
        files = tuple(files_of(context.snippets))
        return Infill(context.prefix, context.suffix, max_tokens, marked, files, stops)


def conversation_prompt(messages: Sequence[Message]) -> Prompt:
    """Return a conversation as a prompt that `question_of` understands: roles are its template."""
    return chat_prompt(messages, [*(message.role.value for message in messages), ""])


def question_of(request: GenerationRequest) -> Question:
    """Return the question that a prompt puts.

    It is a conversation, or the prompt of a family; other files are in its `marked` alone.
    """
    prompt = request.prompt
    if any(segment.kind is SegmentKind.TEMPLATE for segment in prompt.segments):
        return Chat(_messages(prompt), request.max_tokens, request.stop)
    return Infill(
        prefix=prompt.prefix + prompt.opening,
        suffix=prompt.text_of(SegmentRole.SUFFIX),
        max_tokens=request.max_tokens,
        marked=_marked(prompt),
        stop=request.stop,
    )


def _messages(prompt: Prompt) -> tuple[Message, ...]:
    messages: list[Message] = []
    for segment in prompt.segments:
        if segment.kind is SegmentKind.TEMPLATE:
            messages.append(Message(Role(segment.text), ""))
        else:
            messages[-1] = replace(messages[-1], text=messages[-1].text + segment.text)
    return tuple(messages)


def _marked(prompt: Prompt) -> str:
    """Return a prompt as one text, with the word that a healing family would write anew."""
    last = max(
        (index for index, it in enumerate(prompt.segments) if it.role is SegmentRole.PREFIX),
        default=-1,
    )
    return "".join(
        (segment.text.replace(_SPACE, " ") if segment.kind is SegmentKind.MARKER else segment.text)
        + (prompt.opening if index == last else "")
        for index, segment in enumerate(prompt.segments)
    )
