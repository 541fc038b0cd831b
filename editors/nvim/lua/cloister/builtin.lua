--- Suggestions by Neovim's own inline completion (0.12 and newer): it asks and shows, we insert.
---
--- Neovim would insert an item over the range it had when it was asked for, also when the user has
--- typed on since. So we remember the place of every request and insert what is left at the cursor.

local suggestions = require('cloister.suggestion')

local M = {}

local METHOD = 'textDocument/inlineCompletion'

---@type table<integer, cloister.Place> By buffer: where the item was asked for that Neovim holds.
local places = {}

--- Shows suggestions in a buffer that the server is attached to.
---@param client vim.lsp.Client
---@param buf integer
function M.attach(client, buf)
  ---@type table<integer, cloister.Place> By request, while the answer is awaited.
  local asked = {}
  vim.api.nvim_create_autocmd('LspRequest', {
    group = vim.api.nvim_create_augroup('cloister.builtin.' .. buf, { clear = true }),
    buffer = buf,
    callback = function(event)
      local id, request = event.data.request_id, event.data.request
      if event.data.client_id ~= client.id or request.method ~= METHOD then
        return
      elseif request.type == 'pending' then
        asked[id] = suggestions.place()
        return
      elseif request.type == 'complete' then
        places[buf] = asked[id] or places[buf]
      end
      asked[id] = nil
    end,
  })
  vim.lsp.inline_completion.enable(true, { bufnr = buf })
end

--- Returns whether suggestions appear in the buffer.
---@param buf integer
---@return boolean
function M.is_attached(buf)
  return vim.lsp.inline_completion.is_enabled({ bufnr = buf })
end

--- Inserts a part of what is shown, as soon as Neovim hands it out; returns whether anything is.
---@param amount cloister.Amount
---@param otherwise fun() Called instead when the text has changed and the suggestion fits no more.
---@return boolean
function M.accept(amount, otherwise)
  local buf = vim.api.nvim_get_current_buf()
  return vim.lsp.inline_completion.get({
    on_accept = function(item)
      local suggestion = M._suggestion(item, buf)
      if not suggestion then
        return item -- Another server's: Neovim inserts it.
      elseif suggestions.left(suggestion) then
        suggestions.accept(suggestion, amount)
      else
        otherwise()
      end
    end,
  })
end

--- Hides what is shown; returns whether anything was.
---@return boolean
function M.dismiss()
  return vim.lsp.inline_completion.get({
    on_accept = function() end,
  })
end

--- Asks again at the cursor; what is shown stays until the answer comes.
---@param buf integer
function M.ask_again(buf)
  -- Neovim has no word for it: it asks when the cursor moves.
  for _, autocmd in ipairs(vim.api.nvim_get_autocmds({ event = 'CursorMovedI', buffer = buf })) do
    if vim.startswith(autocmd.group_name or '', 'nvim.lsp.inline_completion') then
      local only = { buffer = buf, group = autocmd.group, modeline = false }
      vim.api.nvim_exec_autocmds('CursorMovedI', only)
    end
  end
end

---@private
---@param item vim.lsp.inline_completion.Item
---@param buf integer
---@return cloister.Suggestion?
function M._suggestion(item, buf)
  local client = vim.lsp.get_client_by_id(item.client_id)
  if not client or client.name ~= 'cloister' or not places[buf] then
    return nil
  end
  local _, first, _, last = item.range:to_extmark()
  return suggestions.new(places[buf], {
    first = first,
    last = last,
    text = item.insert_text --[[@as string]],
    client_id = item.client_id,
    command = item.command,
  })
end

return M
