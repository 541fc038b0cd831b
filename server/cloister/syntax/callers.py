"""Where callers name a parameter, which makes the name theirs as well.

In Python any parameter may be named by whoever calls the function. Only of a function within
another one, of which nothing is done but calling it, all callers are seen.
"""

from collections.abc import Iterator

from tree_sitter import Node

from cloister.syntax.local_scopes import Doubt, DoubtError, is_function, is_parameter
from cloister.syntax.tree import ParsedSource
from cloister.syntax.words import words

_OF_A_MEMBER = frozenset({"accessibility_modifier", "override_modifier", "readonly"})
# Whoever takes a function as an argument calls it by position.
_ARGUMENTS = frozenset({"argument_list", "keyword_argument"})
_SPLATS = frozenset({"list_splat_pattern", "dictionary_splat_pattern"})


def named_by_callers(
    parsed: ParsedSource, bindings: dict[Node, list[Node]], scope: Node
) -> list[Node]:
    """Return the arguments that name the parameter which `scope` binds, if it is one.

    Raises DoubtError when callers may name it that are not seen.
    """
    parameter = next((it for it in bindings[scope] if is_parameter(it, scope)), None)
    if parameter is None or parameter.parent is None:
        return []
    if any(it.type in _OF_A_MEMBER for it in parameter.parent.children):
        raise DoubtError(Doubt.CALLERS)
    if parsed.language.name == "python" and not _is_by_position(parameter):
        return list(_of_python(parsed, parameter, scope))
    return []


def _of_python(parsed: ParsedSource, parameter: Node, function: Node) -> Iterator[Node]:
    if function.type == "lambda":
        if function.parent is None or function.parent.type not in _ARGUMENTS:
            raise DoubtError(Doubt.CALLERS)
        return
    name, outer = function.child_by_field_name("name"), _around(function)
    if name is None or outer is None:
        raise DoubtError(Doubt.CALLERS)
    for word in words(parsed, outer, parsed.text(name)):
        if word != name:
            yield from _arguments_named(parsed, word, parsed.text(parameter))


def _arguments_named(parsed: ParsedSource, called: Node, name: str) -> Iterator[Node]:
    call = called.parent
    if call is None or call.type != "call" or call.child_by_field_name("function") != called:
        raise DoubtError(Doubt.CALLERS)
    arguments = call.child_by_field_name("arguments")
    for it in arguments.children if arguments else ():
        if it.type == "dictionary_splat":
            raise DoubtError(Doubt.CALLERS)
        argument = it.child_by_field_name("name") if it.type == "keyword_argument" else None
        if argument is not None and parsed.text(argument) == name:
            yield argument


def _is_by_position(parameter: Node) -> bool:
    node = parameter
    while node.parent is not None and node.parent.type not in {"parameters", "lambda_parameters"}:
        node = node.parent
        if node.type in _SPLATS:
            return True
    following = node.next_sibling
    while following is not None:
        if following.type == "positional_separator":
            return True
        following = following.next_sibling
    return False


def _around(function: Node) -> Node | None:
    """Return the function in which another one is defined as it stands."""
    around = function.parent
    while around is not None and not is_function(around):
        if around.type in {"decorated_definition", "class_definition"}:
            return None
        around = around.parent
    return around
