--- What users and key maps call: accepting, dismissing and switching suggestions.

local activity = require('cloister.activity')
local clients = require('cloister.clients')
local config = require('cloister.config')
local surface = vim.lsp.inline_completion and require('cloister.builtin')
  or require('cloister.ghost')

local M = {}

local ACCEPT_DESCRIPTION = 'cloister: accept the suggestion, or what the key did before'
local FALLTHROUGH = '<Plug>(cloister-fallthrough)'

---@type boolean? What `toggle` chose; nil while the configuration decides.
local chosen

--- Makes suggestions appear in a buffer that the server was attached to.
---@param client vim.lsp.Client
---@param buf integer
function M.attach(client, buf)
  clients.give_version(client, buf)
  surface.attach(client, buf)
  activity.follow()
  if chosen ~= nil then
    M._send_enabled(client, chosen)
  end
  local key = config.read().accept_key
  if key then
    M._map_accept(key, buf)
  end
end

--- Accepts the suggestion or its next word or line; returns whether anything is shown.
---@param amount? cloister.Amount
---@param otherwise? fun() Called instead when nothing is shown, or what is shown fits no more.
---@return boolean
function M.accept(amount, otherwise)
  otherwise = otherwise or function() end
  local accepts = surface.accept(amount or 'all', otherwise)
  if not accepts then
    otherwise()
  end
  return accepts
end

--- Hides the suggestion until the text changes; returns whether anything was shown.
---@return boolean
function M.dismiss()
  return surface.dismiss()
end

--- Asks again at the cursor; what is shown stays until the answer comes.
---@param buf integer The current buffer.
function M.ask_again(buf)
  surface.ask_again(buf)
end

--- Switches suggestions off or on again, in every buffer.
function M.toggle()
  chosen = not M.is_enabled()
  for _, client in ipairs(clients.get()) do
    M._send_enabled(client, chosen)
  end
  if not chosen then
    surface.dismiss()
  end
  vim.notify('cloister is ' .. (chosen and 'on.' or 'off: :Cloister toggle switches it on again.'))
end

--- Returns whether suggestions are switched on.
---@return boolean
function M.is_enabled()
  if chosen ~= nil then
    return chosen
  end
  return clients.config().settings.cloister.enabled ~= false
end

--- Returns whether suggestions appear in the buffer while they are switched on.
---@param buf integer
---@return boolean
function M.is_attached(buf)
  return surface.is_attached(buf)
end

---@private
---@param client vim.lsp.Client
---@param enabled boolean
function M._send_enabled(client, enabled)
  client.settings.cloister.enabled = enabled
  local method = 'workspace/didChangeConfiguration'
  clients.call(client, 'notify', method, { settings = client.settings })
end

---@private
---@param key string
---@param buf integer
function M._map_accept(key, buf)
  local before = M._mapping(vim.api.nvim_buf_get_keymap(buf, 'i'), key)
  if before and before.desc == ACCEPT_DESCRIPTION then
    return -- The server was restarted.
  end
  vim.keymap.set('i', key, function()
    M.accept('all', function()
      M._fall_through(key, before)
    end)
  end, { buffer = buf, desc = ACCEPT_DESCRIPTION })
end

--- Does what the key did before, including what other plugins mapped it to since.
---@private
---@param key string
---@param before? table The mapping of the buffer that ours replaced.
function M._fall_through(key, before)
  local mapping = before or M._mapping(vim.api.nvim_get_keymap('i'), key)
  if mapping then
    mapping.lhs, mapping.lhsraw, mapping.lhsrawalt = FALLTHROUGH, vim.keycode(FALLTHROUGH), nil
    mapping.buffer = 0
    vim.fn.mapset('i', false, mapping)
    M._feed(FALLTHROUGH, 'mi')
  else
    M._feed(key, 'ni')
  end
end

---@private
---@param mappings table[]
---@param key string
---@return table?
function M._mapping(mappings, key)
  local raw = vim.keycode(key)
  for _, mapping in ipairs(mappings) do
    if mapping.lhsraw == raw or mapping.lhsrawalt == raw then
      return mapping
    end
  end
end

---@private
---@param keys string
---@param mode string As for |nvim_feedkeys()|.
function M._feed(keys, mode)
  vim.api.nvim_feedkeys(vim.keycode(keys), mode, false)
end

return M
