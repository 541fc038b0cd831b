"""Names that are taken for secrets, and names that only look like them."""

import pytest

from cloister.workspace.files.secret import is_secret

SECRETS = """
.env .env.local .envrc x/.env/y.py server.pem deploy.KEY id_rsa id_rsa.pub id_ed25519_work
.npmrc .pypirc .netrc _netrc .pgpass .git-credentials .aws/config .ssh/known_hosts
.kube/config .docker/config.json credentials credentials.json Credentials.py x/.credentials
.git/config x/.git/COMMIT_EDITMSG
secrets.yml x/secrets/prod.py .secrets/a.py SECRETS.PY passwords.kdbx a.p12 a.tfstate
a.tfstate.backup prod.tfvars prod.tfvars.json .dev.vars
"""
PUBLIC = """
.env.example .env.sample environment.py env.py id_map.go identity.py secretsmanager/client.py
secret.py CredentialsProvider.java credentials_store.ts keys.py monkey.py key.py pem.py npmrc.py
x.keynote docker/config.json .gitignore .github/workflows/ci.yml
"""


@pytest.mark.parametrize("path", SECRETS.split())
def test_secrets(path: str) -> None:
    assert is_secret(path)


@pytest.mark.parametrize("path", PUBLIC.split())
def test_no_secrets(path: str) -> None:
    assert not is_secret(path)
