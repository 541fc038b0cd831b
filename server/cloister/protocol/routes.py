"""Every method we answer, in one table; what is not here is refused or ignored.

`$/cancelRequest` belongs to the guard. A notification without a route is ignored, as the
specification allows: `$/setTrace`, because we never trace.
"""

from collections.abc import Callable
from typing import Any

from lsprotocol import types

from cloister.protocol.extensions import DID_COPY, DID_DIAGNOSE, DID_NAME_TYPES, DID_VIEW
from cloister.protocol.notifications import (
    did_change,
    did_change_configuration,
    did_change_workspace_folders,
    did_close,
    did_copy,
    did_diagnose,
    did_name_types,
    did_open,
    did_save,
    did_view,
    exit,  # noqa: A004  # the method is called exit
    initialized,
    work_done_progress_cancel,
)
from cloister.protocol.requests import (
    code_action,
    code_action_resolve,
    completion,
    execute_command,
    initialize,
    inline_completion,
    shutdown,
)
from cloister.protocol.session import Session

Handler = Callable[[Session, Any], Any]

ROUTES: dict[str, Handler] = {
    types.INITIALIZE: initialize.handle,
    types.INITIALIZED: initialized.handle,
    types.SHUTDOWN: shutdown.handle,
    types.EXIT: exit.handle,
    types.TEXT_DOCUMENT_DID_OPEN: did_open.handle,
    types.TEXT_DOCUMENT_DID_CHANGE: did_change.handle,
    types.TEXT_DOCUMENT_DID_SAVE: did_save.handle,
    types.TEXT_DOCUMENT_DID_CLOSE: did_close.handle,
    types.TEXT_DOCUMENT_INLINE_COMPLETION: inline_completion.handle,
    types.TEXT_DOCUMENT_COMPLETION: completion.handle,
    types.TEXT_DOCUMENT_CODE_ACTION: code_action.handle,
    types.CODE_ACTION_RESOLVE: code_action_resolve.handle,
    types.WORKSPACE_EXECUTE_COMMAND: execute_command.handle,
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: did_change_configuration.handle,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: did_change_workspace_folders.handle,
    types.WINDOW_WORK_DONE_PROGRESS_CANCEL: work_done_progress_cancel.handle,
    DID_VIEW: did_view.handle,
    DID_COPY: did_copy.handle,
    DID_DIAGNOSE: did_diagnose.handle,
    DID_NAME_TYPES: did_name_types.handle,
}
