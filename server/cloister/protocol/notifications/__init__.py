"""One file per notification: from_lsp, one call."""
