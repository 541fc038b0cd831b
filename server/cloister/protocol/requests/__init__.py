"""One file per request: from_lsp, one call, to_lsp."""
