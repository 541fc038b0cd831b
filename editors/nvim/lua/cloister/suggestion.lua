--- A suggestion and the text around it: what is still to be inserted, and inserting it.
---
--- A suggestion belongs to the line it was asked for. While the user types what it says, it
--- shrinks; after any other change it fits nowhere any more and is never inserted. Columns are byte
--- columns from 0.

local M = {}

---@class cloister.Place The line a suggestion is asked for, cut at the cursor.
---@field row integer
---@field before string
---@field after string

---@class cloister.Suggestion
---@field row integer
---@field head string The line's text before `text`.
---@field text string Whole new text after `head`; begins with what was typed already.
---@field n_covered integer Bytes after the cursor that `text` replaces.
---@field after string The line's text after the cursor.
---@field client_id integer
---@field command? lsp.Command What tells the server that all of it was accepted.

--- Returns the place of the cursor in the current window.
---@return cloister.Place
function M.place()
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local line = vim.api.nvim_get_current_line()
  return { row = row - 1, before = line:sub(1, column), after = line:sub(column + 1) }
end

---@class cloister.Item What the server answered: `text` for the columns from `first` up to `last`.
---@field first integer
---@field last integer
---@field text string
---@field client_id integer
---@field command? lsp.Command

--- Returns the suggestion of an item that was asked for at a place.
---@param place cloister.Place
---@param item cloister.Item
---@return cloister.Suggestion
function M.new(place, item)
  return {
    row = place.row,
    head = place.before:sub(1, item.first),
    text = item.text,
    n_covered = math.max(0, item.last - #place.before),
    after = place.after,
    client_id = item.client_id,
    command = item.command,
  }
end

--- Returns what is still to be inserted at the cursor; nil when the suggestion does not fit there.
---@param suggestion cloister.Suggestion
---@return string?
function M.left(suggestion)
  local place = M.place()
  if place.row ~= suggestion.row or place.after ~= suggestion.after then
    return nil
  end
  if not vim.startswith(place.before, suggestion.head) then
    return nil
  end
  local typed = place.before:sub(#suggestion.head + 1)
  if not vim.startswith(suggestion.text, typed) or typed == suggestion.text then
    return nil
  end
  return suggestion.text:sub(#typed + 1)
end

---@alias cloister.Amount 'all'|'word'|'line'

---@type table<cloister.Amount, fun(left: string): string?>
local first_part = {
  all = function(left)
    return left
  end,
  -- Bytes above 127 belong to letters of some script.
  word = function(left)
    return left:match('^%s*[%w_\128-\255]+') or left:match('^%s*[^%w_%s\128-\255]+')
  end,
  line = function(left)
    return left:match('^\n?[^\n]+')
  end,
}

--- Inserts a part of the suggestion at the cursor; returns the rest of it, nil when none is left.
---
--- Expects that the suggestion fits (`left`). The server is told when the whole was accepted.
---@param suggestion cloister.Suggestion
---@param amount cloister.Amount
---@return cloister.Suggestion?
function M.accept(suggestion, amount)
  local left = assert(M.left(suggestion))
  local part = first_part[amount](left) or left
  local is_whole = part == left
  M._insert(part, is_whole and suggestion.n_covered or 0)
  if is_whole then
    M._report(suggestion)
    return nil
  end
  local place = M.place()
  return vim.tbl_extend('force', suggestion, {
    row = place.row,
    head = place.before,
    text = left:sub(#part + 1),
  })
end

---@private
---@param text string
---@param n_covered integer
function M._insert(text, n_covered)
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local lines = vim.split(text, '\n', { plain = true })
  -- Setting the option, even to the same value, ends the undo step of what was typed.
  vim.bo.undolevels = vim.bo.undolevels
  vim.api.nvim_buf_set_text(0, row - 1, column, row - 1, column + n_covered, lines)
  local last_column = (#lines == 1 and column or 0) + #lines[#lines]
  vim.api.nvim_win_set_cursor(0, { row + #lines - 1, last_column })
end

---@private
---@param suggestion cloister.Suggestion
function M._report(suggestion)
  local client = vim.lsp.get_client_by_id(suggestion.client_id)
  local command = suggestion.command
  if not client or not command then
    return
  end
  local params = { command = command.command, arguments = command.arguments }
  -- Accepting has already happened: an error of the server is its own to log.
  local function ignore() end
  require('cloister.clients').call(client, 'request', 'workspace/executeCommand', params, ignore)
end

return M
