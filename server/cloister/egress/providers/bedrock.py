"""Amazon Bedrock, through its endpoint in OpenAI's form and with an API key of Bedrock's own.

Some models are served at https://bedrock-mantle.REGION.api.aws/v1 only.
Documented: https://docs.aws.amazon.com/bedrock/latest/userguide/endpoints.html. Not run here.
"""

from cloister.egress.provider import Provider

PROVIDER = Provider(
    name="bedrock",
    title="Amazon Bedrock",
    url_example="https://bedrock-runtime.REGION.amazonaws.com/openai/v1",
    context_tokens=32_000,
)
