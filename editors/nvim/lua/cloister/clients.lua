--- The running servers: starting, stopping and calling them the same way in every Neovim.

local M = {}

local STOP_TIMEOUT_MS = 5000

--- Starts the server for every buffer of its file types, now and later.
function M.enable()
  if vim.lsp.enable then
    vim.lsp.enable('cloister')
    return
  end
  local config = M.config()
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('cloister.start', { clear = true }),
    pattern = config.filetypes,
    callback = function(event)
      M._start(config, event.buf)
    end,
  })
  if vim.v.vim_did_enter == 1 then
    vim.cmd.doautoall('cloister.start FileType')
  end
end

--- Returns the configuration with what the user changed through `vim.lsp.config`.
---@return table config
function M.config()
  if vim.lsp.enable then
    return vim.lsp.config.cloister
  end
  return dofile(vim.api.nvim_get_runtime_file('lsp/cloister.lua', false)[1])
end

--- Returns the running servers, of one buffer when it is given.
---@param buf? integer
---@return vim.lsp.Client[]
function M.get(buf)
  return vim.lsp.get_clients({ name = 'cloister', bufnr = buf })
end

--- Calls a method of a client: a method since Neovim 0.11, a plain function before.
---@param client vim.lsp.Client
---@param method string
---@param ... any
function M.call(client, method, ...)
  if vim.fn.has('nvim-0.11') == 1 then
    return client[method](client, ...)
  end
  return client[method](...)
end

--- Gives a buffer that nobody has edited yet a version, which an edit of the server then carries.
---
--- Neovim refuses edits of a version that is not the text's any more, but none of version 0.
---@param client vim.lsp.Client
---@param buf integer
function M.give_version(client, buf)
  local versions = vim.lsp.util.buf_versions
  if (versions[buf] or 0) == 0 then
    versions[buf] = vim.api.nvim_buf_get_changedtick(buf)
    M.call(client, 'notify', 'textDocument/didChange', {
      textDocument = { uri = vim.uri_from_bufnr(buf), version = versions[buf] },
      contentChanges = {},
    })
  end
end

--- Stops every server and starts new ones for the same buffers.
function M.restart()
  local stopping = M.get()
  for _, client in ipairs(stopping) do
    M.call(client, 'stop')
  end
  local function all_stopped()
    return #M.get() == 0
  end
  if not vim.wait(STOP_TIMEOUT_MS, all_stopped, 20) then
    for _, client in ipairs(stopping) do
      M.call(client, 'stop', true)
    end
    vim.wait(STOP_TIMEOUT_MS, all_stopped, 20)
  end
  M.enable()
end

--- Shows Neovim's log of language servers, which holds what the server writes.
function M.open_log()
  vim.cmd.tabnew({ args = { vim.fn.fnameescape(require('vim.lsp.log').get_filename()) } })
  vim.cmd.normal({ args = { 'G' }, bang = true })
end

---@private
---@param config table
---@param buf integer
function M._start(config, buf)
  if vim.bo[buf].buftype ~= '' then
    return
  end
  local own = {
    name = 'cloister',
    root_dir = vim.fs.root(buf, config.root_markers),
    capabilities = vim.tbl_deep_extend(
      'force',
      vim.lsp.protocol.make_client_capabilities(),
      config.capabilities
    ),
  }
  vim.lsp.start(vim.tbl_extend('force', config, own), { bufnr = buf })
end

return M
