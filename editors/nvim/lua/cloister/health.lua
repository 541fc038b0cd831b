--- `:checkhealth cloister`: each check that fails says what to do.

local clients = require('cloister.clients')
local config = require('cloister.config')
local status = require('cloister.status')

local M = {}

local TIMEOUT_MS = 5000

function M.check()
  vim.health.start('cloister')
  M._check_neovim()
  M._check_options()
  if M._check_executable() then
    M._check_clients()
  end
end

---@private
function M._check_neovim()
  local version = tostring(vim.version())
  if vim.lsp.inline_completion then
    vim.health.ok(('Neovim %s has inline completion'):format(version))
  else
    vim.health.ok(('Neovim %s: cloister shows ghost text of its own'):format(version))
  end
end

---@private
function M._check_options()
  local _, problems = config.read()
  for _, problem in ipairs(problems) do
    vim.health.warn(problem)
  end
  if #problems == 0 then
    vim.health.ok('vim.g.cloister is valid')
  end
end

---@private
---@return boolean
function M._check_executable()
  local cmd = clients.config().cmd
  if type(cmd) ~= 'table' then
    vim.health.info('the server is started by a function')
    return true
  end
  if vim.fn.executable(cmd[1]) == 0 then
    vim.health.error(('%s is not executable'):format(cmd[1]), {
      'Install the server: see :help cloister-install.',
      "Or set vim.g.cloister = { cmd = { '/path/to/cloister', 'lsp' } }.",
    })
    return false
  end
  local done = vim.system({ cmd[1], '--version' }, { text = true }):wait(TIMEOUT_MS)
  if done.code ~= 0 then
    local advice = ('Run `%s --version` in a terminal and follow what it says.'):format(cmd[1])
    vim.health.error(('`%s --version` failed'):format(cmd[1]), { advice })
    return false
  end
  vim.health.ok(('%s: %s'):format(vim.trim(done.stdout), vim.fn.exepath(cmd[1])))
  return true
end

---@private
function M._check_clients()
  local attached = clients.get()
  if #attached == 0 then
    vim.health.warn('the server is not attached to any buffer', {
      'Open a file of a supported language, then run :checkhealth cloister again.',
      'If it stays detached, :Cloister log shows what the server wrote.',
    })
  end
  for _, client in ipairs(attached) do
    M._check_buffers(client)
    M._check_status(client)
  end
end

---@private
---@param client vim.lsp.Client
function M._check_buffers(client)
  local cloister = require('cloister')
  for buf in pairs(client.attached_buffers) do
    local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buf), ':~:.')
    if not cloister.is_enabled() then
      vim.health.info(('%s: suggestions are switched off, :Cloister toggle'):format(name))
    elseif cloister.is_attached(buf) then
      vim.health.ok(('%s: suggestions are on'):format(name))
    else
      vim.health.warn(('%s: inline completion was switched off'):format(name), {
        'Run :lua vim.lsp.inline_completion.enable(true, { bufnr = 0 }) there.',
      })
    end
  end
end

---@private
---@param client vim.lsp.Client
function M._check_status(client)
  local found, message = status.wait(client, TIMEOUT_MS)
  if not found then
    vim.health.error('the server gives no status: ' .. message, { ':Cloister restart' })
    return
  end
  vim.health.ok(('server is %s, model: %s'):format(found.state, found.model))
  for _, outcome in ipairs(found.outcomes) do
    vim.health.info('request: ' .. status.outcome(outcome))
  end
end

return M
