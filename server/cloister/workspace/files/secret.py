"""Files that hold secrets by their name: never indexed, in no prompt, whatever ignore files say.

A name is enough, in any part of a path and in any case of letters. `id_*`, `secrets*` and
`credentials*` would take `id_map.go`, `secretsmanager/` and `CredentialsProvider.java` as well, so
keys are named one by one, and the other two words in full.
"""

import re

_NAMES = """
    .env*  *.pem  *.key  *.p12  *.pfx  *.jks  *.keystore  *.ppk  *.gpg  *.kdbx
    id_rsa*  id_dsa*  id_ecdsa*  id_ed25519*
    .netrc  _netrc  .npmrc  .pypirc  .pgpass  .htpasswd  .git-credentials  .dev.vars
    .git  .aws  .ssh  .gnupg  .kube  .docker  .azure  secrets  .secrets
    secrets.*  credentials  .credentials  credentials.*  *.tfstate  *.tfstate.*  *.tfvars
    *.tfvars.json
"""
# Made to be read: they say which variables there are, without values.
_EXCEPTIONS = frozenset({".env.example", ".env.sample", ".env.template"})

_SECRET = re.compile(
    "|".join(re.escape(name).replace(r"\*", r"[^/]*") for name in _NAMES.split()), re.IGNORECASE
)


def is_secret(path: str) -> bool:
    """Return whether any part of a path, which is separated by slashes, is a secret's name."""
    return secret_part(path) is not None


def secret_part(path: str) -> str | None:
    """Return the first part of a path that is a secret's name; None when there is none."""
    return next(filter(is_secret_name, path.split("/")), None)


def is_secret_name(name: str) -> bool:
    """Return whether a file or folder of this name is taken for a secret."""
    return bool(_SECRET.fullmatch(name)) and name.lower() not in _EXCEPTIONS
