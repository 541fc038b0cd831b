--- How Neovim starts the server. `vim.lsp.config('cloister', {...})` may change any of it.
local options = require('cloister.config').read()

---@type vim.lsp.Config
return {
  cmd = options.cmd,
  filetypes = {
    'bash', 'c', 'cpp', 'cs', 'css', 'elixir', 'gitcommit', 'go', 'haskell', 'hcl', 'html', 'java',
    'javascript', 'javascriptreact', 'json', 'jsonc', 'kotlin', 'lua', 'php', 'python', 'ruby',
    'rust', 'scala', 'sh', 'sql', 'swift', 'terraform', 'toml', 'typescript', 'typescriptreact',
    'yaml', 'zig',
  },
  root_markers = {
    '.cloister.toml', 'pyproject.toml', 'setup.cfg', 'package.json', 'go.mod', 'Cargo.toml', '.git',
  },
  settings = { cloister = options.settings },
  init_options = {
    completionNotifications = true,
    previewNotifications = true,
    renameRequests = true,
    instructionRequests = true,
  },
  handlers = {
    ['cloister/completionReady'] = function(_, params, context)
      require('cloister.ready').answer(params, context)
    end,
    ['cloister/instruct'] = function(_, params)
      return require('cloister.instruct').answer(params)
    end,
    ['cloister/preview'] = function(_, params)
      require('cloister.preview').show(params)
    end,
    ['cloister/rename'] = function(_, params, context)
      return require('cloister.rename').answer(params, context)
    end,
  },
  on_exit = vim.schedule_wrap(function()
    require('cloister.preview').clear()
  end),
  capabilities = {
    -- Neovim 0.12 says this itself; before it, ghost.lua is what makes it true.
    textDocument = { inlineCompletion = { dynamicRegistration = false } },
    -- Neovim never says it: it refuses edits of an older version then, and asks about large ones.
    workspace = { workspaceEdit = { documentChanges = true } },
  },
}
