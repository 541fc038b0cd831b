--- How Neovim starts the server. `vim.lsp.config('cloister', {...})` may change any of it.
local options = require('cloister.config').read()

---@type vim.lsp.Config
return {
  cmd = options.cmd,
  filetypes = {
    'bash', 'c', 'cpp', 'cs', 'css', 'elixir', 'go', 'haskell', 'hcl', 'html', 'java',
    'javascript', 'javascriptreact', 'json', 'jsonc', 'kotlin', 'lua', 'php', 'python', 'ruby',
    'rust', 'scala', 'sh', 'sql', 'swift', 'terraform', 'toml', 'typescript', 'typescriptreact',
    'yaml', 'zig',
  },
  root_markers = {
    '.cloister.toml', 'pyproject.toml', 'setup.cfg', 'package.json', 'go.mod', 'Cargo.toml', '.git',
  },
  settings = { cloister = options.settings },
  -- Neovim 0.12 says this itself; before it, ghost.lua is what makes it true.
  capabilities = { textDocument = { inlineCompletion = { dynamicRegistration = false } } },
}
