--- How Neovim starts the server. `vim.lsp.config('cloister', {...})` may change any of it.
local options = require('cloister.config').read()

---@type vim.lsp.Config
return {
  cmd = options.cmd,
  filetypes = { 'python' },
  root_markers = { '.cloister.toml', 'pyproject.toml', 'setup.cfg', '.git' },
  settings = { cloister = options.settings },
  -- Neovim 0.12 says this itself; before it, ghost.lua is what makes it true.
  capabilities = { textDocument = { inlineCompletion = { dynamicRegistration = false } } },
}
