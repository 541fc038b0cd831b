"""Known secrets are found wherever they stand, ordinary code is left alone, and a hit blocks."""

import sysconfig
from pathlib import Path

import pytest

from cloister.core.chat import Message, Role
from cloister.core.errors import BackendUnavailableError
from cloister.core.privacy import Piece
from cloister.features.escalation.holding_back import without_secrets
from cloister.policy.secrets import OnSecret, scan
from support.made_up_secrets import made_up_secrets

SECRETS = made_up_secrets()
AROUND = "def connect(host):\n    return host\n{}\n\nclass Store:\n    pass\n"
MEGABYTE = 1_000_000


@pytest.mark.parametrize("kind", SECRETS)
def test_s05_a_secret_blocks_the_text_or_is_taken_out(kind: str) -> None:
    line, secret = SECRETS[kind]
    text = AROUND.format(line)
    piece = Piece(Path("/a.py"), Path("/a.py"), 10, 16, text, "document")
    messages = (Message(Role.USER, text),)
    with pytest.raises(BackendUnavailableError, match=r"a\.py has what looks like a secret"):
        without_secrets(messages, [piece], OnSecret.BLOCK)
    with pytest.raises(BackendUnavailableError, match="looks like a secret"):
        without_secrets(messages, [], OnSecret.BLOCK)
    (message,) = without_secrets(messages, [piece], OnSecret.REDACT)
    redacted = message.text
    longest = max(secret.replace("\\n", "\n").splitlines(), key=len)
    assert longest[-12:] not in redacted
    assert redacted.startswith("def connect(host):\n    return host\n")
    assert redacted.endswith("\nclass Store:\n    pass\n")


def test_s05_thirty_kinds_or_more_are_tried() -> None:
    assert len(SECRETS) >= 30


def test_s05_the_standard_library_has_hardly_any() -> None:
    n_chars = n_alerts = 0
    for path in sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py")):
        text = path.read_text(encoding="utf-8")
        n_chars += len(text)
        n_alerts += len(scan(text))
    assert n_chars > 3 * MEGABYTE
    assert n_alerts <= 5 * n_chars / MEGABYTE


ORDINARY = [
    "token = get_token_from_request(request)",
    "api_key = os.environ['OPENAI_API_KEY']",
    'password = "${DB_PASSWORD}"',
    "password: <your-password>",
    'API_KEY = "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"',
    "postgres://postgres:postgres@localhost/test",
    "https://user:password@example.com/",
    "redis://:${PASSWORD}@cache",
    'if header.startswith("-----BEGIN PRIVATE KEY-----"):',
    "secret_name = 'my-application-secret-name-in-production'",
    "max_token = 4096; token_count: 128000",
    "class TokenAuthenticationMiddleware(AuthenticationBase): pass",
    "integrity sha512-abc",
    "key-value store",
    'PASSWORD_FIELD = "password_confirmation"',
    "token=token_from_settings2_for_requests",
]


@pytest.mark.parametrize("line", ORDINARY)
def test_s05_code_that_only_speaks_of_secrets_passes(line: str) -> None:
    assert scan(line) == ()
    (message,) = without_secrets((Message(Role.USER, line),), [], OnSecret.REDACT)
    assert message.text == line
