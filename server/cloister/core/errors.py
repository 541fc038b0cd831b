"""Errors whose message is shown to a person: one plain sentence with what to do next."""


class CloisterError(Exception):
    """Anything a user can understand and act on; `str(error)` is the whole message."""


class ModelError(CloisterError):
    """The model file cannot be used: missing, damaged, unsupported or without markers."""


class BackendUnavailableError(CloisterError):
    """Nothing can generate right now: the engine does not start, crashed, or is backing off."""


class PassingError(BackendUnavailableError):
    """It mends itself with the next request: worth an outcome, but no message to who types."""


class ProtocolError(CloisterError):
    """The other process spoke something that is not our message protocol."""


class SettingsError(CloisterError):
    """A setting or command-line argument has a value that cannot be used."""
