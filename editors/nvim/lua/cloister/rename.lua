--- Renames for the server: through another language server that is attached to the buffer.

local clients = require('cloister.clients')

local M = {}

local METHOD = 'textDocument/rename'
local CHANGED = 'the document has changed since'

---@class cloister.RenameAnswer
---@field done boolean Whether the name was changed wherever it is known.
---@field reason? string Why not, if somebody said so.

--- Answers the server's request `cloister/rename`; waits without keeping the editor busy.
---@param params table
---@param context lsp.HandlerContext
---@return cloister.RenameAnswer
function M.answer(params, context)
  local document = params.textDocument
  local buf = vim.uri_to_bufnr(document.uri)
  local ours, peer = vim.lsp.get_client_by_id(context.client_id), M._peer(buf)
  if not ours or not peer then
    return { done = false }
  end
  local line, encoding = params.position.line, peer.offset_encoding
  local byte =
    vim.lsp.util._get_line_byte_from_position(buf, params.position, ours.offset_encoding)
  if not M._stands_at(buf, line, byte, params.name) then
    return { done = false, reason = CHANGED }
  end
  local tick = vim.api.nvim_buf_get_changedtick(buf)
  local character = vim.lsp.util.character_offset(buf, line, byte, encoding)
  local failure, edit = M._request(peer, buf, {
    textDocument = { uri = document.uri },
    position = { line = line, character = character },
    newName = params.newName,
  })
  if failure then
    return { done = false, reason = failure.message }
  end
  if not edit or not (next(edit.changes or {}) or next(edit.documentChanges or {})) then
    return { done = false }
  end
  if vim.api.nvim_buf_get_changedtick(buf) ~= tick then
    return { done = false, reason = CHANGED }
  end
  vim.lsp.util.apply_workspace_edit(edit, encoding)
  return { done = true }
end

--- Returns another client of the buffer that renames.
---@private
---@param buf integer
---@return vim.lsp.Client?
function M._peer(buf)
  for _, client in ipairs(vim.lsp.get_clients({ bufnr = buf })) do
    if client.name ~= 'cloister' and clients.call(client, 'supports_method', METHOD) then
      return client
    end
  end
end

--- Sends a rename and waits for the answer.
---@private
---@param peer vim.lsp.Client
---@param buf integer
---@param params table
---@return lsp.ResponseError? failure
---@return lsp.WorkspaceEdit? edit
function M._request(peer, buf, params)
  local waiting = coroutine.running()
  local function answered(failure, edit)
    vim.schedule(function()
      coroutine.resume(waiting, failure, edit)
    end)
  end
  if not clients.call(peer, 'request', METHOD, params, answered, buf) then
    return nil, nil
  end
  return coroutine.yield()
end

--- Returns whether a name still stands where the server saw it: versions of a document are not
--- the same for all clients of Neovim 0.10.
---@private
---@param buf integer
---@param line integer
---@param byte integer
---@param name string
---@return boolean
function M._stands_at(buf, line, byte, name)
  local text = vim.api.nvim_buf_get_lines(buf, line, line + 1, false)[1] or ''
  return text:sub(byte + 1, byte + #name) == name
end

return M
