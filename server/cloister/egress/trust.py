"""Which servers are believed to be who they say they are.

The operating system's own store decides, as it does for browsers: what an administrator trusts or
withdraws counts here too. A user's file may add an authority, nothing can take the check away.
"""

import ssl
from pathlib import Path

import truststore

from cloister.egress.errors import EgressRefusedError
from cloister.egress.messages import RefusalKind
from cloister.settings.small_file import read_small_file


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Return a context that verifies chain and name; `ca_file` holds certificates in PEM form.

    Raises EgressRefusedError when that file cannot be used.
    """
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_file is not None:
        try:
            context.load_verify_locations(cadata=read_small_file(ca_file).decode("ascii"))
        except (OSError, ValueError) as error:
            raise EgressRefusedError(
                RefusalKind.REQUEST,
                f"The certificates in {ca_file} cannot be used; `ca-file` must name a PEM file.",
            ) from error
    return context
