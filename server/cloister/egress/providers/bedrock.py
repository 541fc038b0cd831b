"""Amazon Bedrock, through its endpoint in OpenAI's form and with an API key of Bedrock's own.

Documented: https://docs.aws.amazon.com/bedrock/latest/userguide/bedrock-mantle.html. Not run here.
"""

from cloister.egress.provider import Provider

PROVIDER = Provider(
    name="bedrock",
    title="Amazon Bedrock",
    url_example="https://bedrock-mantle.REGION.api.aws/v1",
    context_tokens=32_000,
)
