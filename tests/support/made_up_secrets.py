"""Secrets that never were: put together when a test runs, so that no scanner finds any in here.

How each looks is written down a second time, from the services' documentation, so that a mistake
in the product's own table is seen.
"""

import base64
import json
import random
import string

HEX = string.digits + "abcdef"
SMALL = string.ascii_lowercase + string.digits
LETTERS = string.ascii_letters + string.digits
URL = LETTERS + "_-"
BASE64 = LETTERS + "+/"
BASE32 = string.ascii_uppercase + "234567"


def made_up_secrets() -> dict[str, tuple[str, str]]:
    """Return for each kind a line of code or configuration, and the secret in it."""
    some = _Letters(random.Random(20_11))  # noqa: S311  # the same for everybody
    secrets = {
        "aws access key": ("aws_access_key_id = {}", "AK" + "IA" + some(BASE32, 16)),
        "aws secret key": ('AWS_SECRET_ACCESS_KEY="{}"', some(BASE64, 40)),
        "google api key": ('const key = "{}";', "AI" + "za" + some(URL, 35)),
        "google oauth secret": ("client: {}", "GOC" + "SPX-" + some(URL, 28)),
        "google service account": (
            '{{"type": "service_account", "private_key": "{}"}}',
            some.pem(),
        ),
        "azure storage key": (
            "DefaultEndpointsProtocol=https;AccountName=a;AccountKey={};EndpointSuffix=b",
            some(BASE64, 86) + "==",
        ),
        "azure client secret": ("    secret: {}", some(LETTERS, 3) + "8" + "Q~" + some(URL, 34)),
        "github token": ("git clone https://{}@github.com/a/b", "gh" + "p_" + some(LETTERS, 36)),
        "github app token": ("TOKEN={}", "gh" + "s_" + some(LETTERS, 36)),
        "github fine-grained": ("# {}", "github" + "_pat_" + some(LETTERS, 82)),
        "gitlab token": ("deploy('{}')", "gl" + "pat-" + some(URL, 20)),
        "bitbucket": ("bb {}", "AT" + "BB" + some(LETTERS, 32)),
        "slack bot token": (
            'client = WebClient("{}")',
            "xo"
            "xb-"
            + "-".join((some(string.digits, 12), some(string.digits, 12)))
            + "-"
            + some(LETTERS, 24),
        ),
        "slack webhook": (
            "curl {}",
            "https://hooks.slack"
            ".com/services/"
            f"T{some(BASE32, 8)}/B{some(BASE32, 8)}/" + some(LETTERS, 24),
        ),
        "stripe": ("stripe.api_key = '{}'", "sk" + "_live_" + some(LETTERS, 24)),
        "square": ("{}", "sq0" + "atp-" + some(URL, 22)),
        "shopify": ("X-Shopify: {}", "shp" + "at_" + some(HEX, 32)),
        "twilio": ("Client('{}')", "S" + "K" + some(HEX, 32)),
        "sendgrid": ("SG={}", "S" + "G." + some(URL, 22) + "." + some(URL, 43)),
        "mailgun": ("auth=('api', '{}')", "ke" + "y-" + some(HEX, 32)),
        "openai": ("openai.OpenAI(api_key='{}')", "sk-" + "proj-" + some(URL, 74) + some(URL, 74)),
        "openai, older": (
            "k = '{}'",
            "s" + "k-" + some(LETTERS, 20) + "T3Blbk" + "FJ" + some(LETTERS, 20),
        ),
        "anthropic": ("x-api-key: {}", "sk-" + "ant-api03-" + some(URL, 93) + "AA"),
        "groq": ("{}", "gs" + "k_" + some(LETTERS, 52)),
        "xai": ("{}", "xa" + "i-" + some(LETTERS, 80)),
        "hugging face": ("login('{}')", "h" + "f_" + some(string.ascii_letters, 34)),
        "databricks": ("token {}", "dap" + "i" + some(HEX, 32)),
        "npm": ("//packages.example/:_authToken={}", "np" + "m_" + some(LETTERS, 36)),
        "pypi": ("password = {}", "pyp" + "i-AgEIcHlwaS5vcmc" + some(URL, 120)),
        "docker": ("docker login -p {}", "dckr" + "_pat_" + some(URL, 27)),
        "vault": ("VAULT_TOKEN={}", "hv" + "s." + some(URL, 95)),
        "digitalocean": ("do: {}", "dop" + "_v1_" + some(HEX, 64)),
        "telegram": ("Bot('{}')", some("123456789", 10) + ":A" + "A" + some(URL, 33)),
        "discord": (
            "run('{}')",
            "M" + some(LETTERS, 23) + "." + some(URL, 6) + "." + some(URL, 38),
        ),
        "age": ("# secret {}", "AGE-SECRET" + "-KEY-1" + some(BASE32, 58)),
        "private key": ("{}", some.pem("RSA ").replace("\\n", "\n")),
        "encrypted key": (
            "{}",
            some.pem("EC ", "Proc-Type: 4,ENCRYPTED\\n\\n").replace("\\n", "\n"),
        ),
        "json web token": ("Authorization: Bearer {}", some.web_token()),
        "database address": (
            "DATABASE_URL=postgres://shop:{}@db.internal:5432/shop",
            some(LETTERS, 14),
        ),
        "address with password": (
            "pip install --index-url https://ci:{}@pypi.internal/",
            some(SMALL, 12),
        ),
        "authorization header": ('{{"Authorization": "Basic {}"}}', some(BASE64, 32)),
        "password in code": ("    password = '{}'", "Tr0ub4" + "dor&3"),
        "password in settings": ("db_password: {}", some(LETTERS, 24)),
        "generic api key": ('apiKey: "{}",', some(HEX, 32)),
        "key in an address": ("https://a.example/v1?token={}&x=1", some(SMALL, 32)),
        "client secret": ("CLIENT_SECRET={}", some(LETTERS, 40)),
    }
    return {kind: (line.format(secret), secret) for kind, (line, secret) in secrets.items()}


class _Letters:
    def __init__(self, source: random.Random) -> None:
        self._source = source

    def __call__(self, letters: str, count: int) -> str:
        return "".join(self._source.choices(letters, k=count))

    def pem(self, kind: str = "", headers: str = "") -> str:
        """Return a private key as one line of JSON has it."""
        lines = "".join(self(BASE64, 64) + "\\n" for _ in range(6))
        name = f"{kind}PRIVATE" + " KEY-----"
        return f"-----BEGIN {name}\\n{headers}{lines}-----END {name}\\n"

    def web_token(self) -> str:
        parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": self(HEX, 12), "iat": 1})
        coded = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=") for p in parts]
        return ".".join((*(part.decode() for part in coded), self(URL, 43)))
