--- Tells the server what the user does, which helps it to choose what the model is told.
---
--- What is on the screen and what other tools say about it; what is yanked only when the option
--- `clipboard` is on. The server keeps the latest of it in memory and writes none of it down.

local clients = require('cloister.clients')
local config = require('cloister.config')

local M = {}

local PAUSE_MS = 300
local MOST_DIAGNOSTICS = 200
local MOST_YANKED_BYTES = 16000

---@type table<integer, true> Buffers with new diagnostics.
local diagnosed = {}
local is_waiting = false

--- Begins to tell, in every buffer; another call changes nothing.
function M.follow()
  local group = vim.api.nvim_create_augroup('cloister.activity', { clear = true })
  vim.api.nvim_create_autocmd({ 'BufWinEnter', 'WinEnter', 'WinScrolled' }, {
    group = group,
    callback = M._tell_soon,
  })
  vim.api.nvim_create_autocmd('DiagnosticChanged', {
    group = group,
    callback = function(event)
      diagnosed[event.buf] = true
      M._tell_soon()
    end,
  })
  if config.read().clipboard then
    vim.api.nvim_create_autocmd('TextYankPost', { group = group, callback = M._tell_yanked })
  end
  M._tell_soon()
end

---@private
function M._tell_soon()
  if is_waiting then
    return
  end
  is_waiting = true
  vim.defer_fn(function()
    is_waiting = false
    M._tell_viewed(vim.api.nvim_get_current_buf())
    for buf in pairs(diagnosed) do
      M._tell_diagnosed(buf)
    end
    diagnosed = {}
  end, PAUSE_MS)
end

---@private
---@param buf integer
function M._tell_viewed(buf)
  if M._is_file(buf) then
    local first, last = vim.fn.line('w0') - 1, vim.fn.line('w$') - 1
    M._notify('didView', { uri = vim.uri_from_bufnr(buf), firstLine = first, lastLine = last })
  end
end

---@private
---@param buf integer
function M._tell_diagnosed(buf)
  if not M._is_file(buf) then
    return
  end
  local told = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(buf)) do
    if #told < MOST_DIAGNOSTICS then
      table.insert(told, {
        firstLine = diagnostic.lnum,
        lastLine = diagnostic.end_lnum or diagnostic.lnum,
        message = diagnostic.message,
      })
    end
  end
  M._notify('didDiagnose', { uri = vim.uri_from_bufnr(buf), diagnostics = told })
end

---@private
function M._tell_yanked()
  local event = vim.v.event
  if event.operator ~= 'y' then
    return
  end
  local text = table.concat(event.regcontents, '\n')
  -- Something longer is forgotten, as what was yanked before is.
  M._notify('didCopy', { text = #text <= MOST_YANKED_BYTES and text or '' })
end

---@private
---@param buf integer
---@return boolean
function M._is_file(buf)
  return vim.api.nvim_buf_is_loaded(buf)
    and vim.bo[buf].buftype == ''
    and vim.api.nvim_buf_get_name(buf) ~= ''
end

---@private
---@param name string
---@param params table
function M._notify(name, params)
  for _, client in ipairs(clients.get()) do
    clients.call(client, 'notify', 'cloister/' .. name, params)
  end
end

return M
