--- Suggestions as ghost text of our own, for Neovim 0.10 and 0.11, which have no inline completion.
---
--- One request per buffer is under way at most; whatever the user does cancels it, so an answer
--- that arrives is for the text on the screen. What is shown stays and shrinks while it is typed.

local clients = require('cloister.clients')
local suggestions = require('cloister.suggestion')

local M = {}

local METHOD = 'textDocument/inlineCompletion'
local TRIGGER_AUTOMATIC = 2
local PAUSE_MS = 75

local namespace = vim.api.nvim_create_namespace('cloister.ghost')
vim.api.nvim_set_hl(0, 'CloisterGhost', { default = true, link = 'Comment' })

---@class cloister.ghost.State
---@field client vim.lsp.Client
---@field timer? uv.uv_timer_t Runs during the pause before a request.
---@field request_id? integer The request under way.
---@field shown? cloister.Suggestion

---@type table<integer, cloister.ghost.State> By buffer.
local states = {}

--- Shows suggestions in a buffer that the server is attached to.
---@param client vim.lsp.Client
---@param buf integer
function M.attach(client, buf)
  states[buf] = { client = client }
  local group = vim.api.nvim_create_augroup('cloister.ghost.' .. buf, { clear = true })
  local function on(events, run)
    vim.api.nvim_create_autocmd(events, { group = group, buffer = buf, callback = run })
  end
  on({ 'InsertEnter', 'CursorMovedI', 'TextChangedI', 'TextChangedP' }, function()
    M._follow(buf)
  end)
  on('InsertLeave', function()
    M._clear(buf)
  end)
  on('LspDetach', function(event)
    if event.data.client_id == client.id then
      M._clear(buf)
      states[buf] = nil
      vim.api.nvim_del_augroup_by_id(group)
    end
  end)
end

--- Returns whether suggestions appear in the buffer.
---@param buf integer
---@return boolean
function M.is_attached(buf)
  return states[buf] ~= nil
end

--- Inserts a part of what is shown; returns whether anything was.
---@param amount cloister.Amount
---@return boolean
function M.accept(amount)
  local buf = vim.api.nvim_get_current_buf()
  local shown = M._shown(buf)
  if not shown then
    return false
  end
  M._clear(buf)
  M._show(buf, suggestions.accept(shown, amount))
  return true
end

--- Hides what is shown; returns whether anything was.
---@return boolean
function M.dismiss()
  local buf = vim.api.nvim_get_current_buf()
  local was_shown = M._shown(buf) ~= nil
  if states[buf] then
    M._clear(buf)
  end
  return was_shown
end

--- Asks again at the cursor; what is shown stays until the answer comes.
---@param buf integer
function M.ask_again(buf)
  M._request(buf)
end

--- Lays out what is still to be inserted before `after`, of which it replaces `n_covered` bytes.
---
--- Text that stays behind the cursor is moved by inline text where that shows exactly the result of
--- accepting; otherwise the ghost covers it and repeats it at its own end.
---@param left string
---@param n_covered integer
---@param after string
---@return 'inline'|'overlay' position
---@return [string, string?][][] lines Each a list of chunks: text and highlight group.
function M.layout(left, n_covered, after)
  local lines = {}
  for line in vim.gsplit(left, '\n', { plain = true }) do
    table.insert(lines, { { line, 'CloisterGhost' } })
  end
  local covered, kept = after:sub(1, n_covered), after:sub(n_covered + 1)
  if after == '' then
    return 'inline', lines
  elseif #lines == 1 and vim.endswith(left, covered) then
    lines[1][1][1] = left:sub(1, #left - #covered)
    return 'inline', lines
  end
  table.insert(lines[#lines], { kept })
  local n_blanks = vim.fn.strdisplaywidth(after) - vim.fn.strdisplaywidth(lines[1][1][1])
  table.insert(lines[1], { (' '):rep(n_blanks) })
  return 'overlay', lines
end

---@private
---@param buf integer
---@return cloister.Suggestion? shown Only when it still fits.
function M._shown(buf)
  local shown = states[buf] and states[buf].shown
  return shown and suggestions.left(shown) and shown
end

---@private
---@param buf integer
function M._follow(buf)
  local shown = M._shown(buf)
  if shown then
    M._show(buf, shown)
    return
  end
  M._clear(buf)
  states[buf].timer = vim.defer_fn(function()
    M._request(buf)
  end, PAUSE_MS)
end

---@private
---@param buf integer
function M._clear(buf)
  local state = states[buf]
  vim.api.nvim_buf_clear_namespace(buf, namespace, 0, -1)
  if state.timer and not state.timer:is_closing() then
    state.timer:stop()
    state.timer:close()
  end
  if state.request_id then
    clients.call(state.client, 'cancel_request', state.request_id)
  end
  states[buf] = { client = state.client }
end

---@private
---@param buf integer
function M._request(buf)
  local state = states[buf]
  if not state or not M._is_inserting(buf) then
    return
  end
  local place = suggestions.place()
  local params = vim.lsp.util.make_position_params(0, state.client.offset_encoding)
  params.context = { triggerKind = TRIGGER_AUTOMATIC }
  local function answer(err, result)
    if states[buf] ~= state then
      return -- The user went on since.
    end
    state.request_id = nil
    if err then
      require('vim.lsp.log').error('cloister', err)
      return
    end
    local item = result and (result.items or result)[1]
    if item and M._is_inserting(buf) then
      M._show(buf, M._suggestion(state.client, place, item))
    end
  end
  local _, id = clients.call(state.client, 'request', METHOD, params, answer, buf)
  state.request_id = id
end

---@private
---@param buf integer
---@return boolean
function M._is_inserting(buf)
  return buf == vim.api.nvim_get_current_buf() and vim.startswith(vim.fn.mode(), 'i')
end

---@private
---@param client vim.lsp.Client
---@param place cloister.Place
---@param item lsp.InlineCompletionItem
---@return cloister.Suggestion
function M._suggestion(client, place, item)
  local line = place.before .. place.after
  local range = item.range
  return suggestions.new(place, {
    first = M._byte_column(line, range.start.character, client.offset_encoding),
    last = M._byte_column(line, range['end'].character, client.offset_encoding),
    text = item.insertText,
    client_id = client.id,
    command = item.command,
  })
end

---@private
---@param line string
---@param character integer
---@param encoding string
---@return integer
function M._byte_column(line, character, encoding)
  if encoding == 'utf-8' then
    return character
  end
  return vim.str_byteindex(line, character, encoding == 'utf-16')
end

---@private
---@param buf integer
---@param suggestion? cloister.Suggestion
function M._show(buf, suggestion)
  local left = suggestion and suggestions.left(suggestion)
  if not left then
    return
  end
  states[buf].shown = suggestion
  local position, lines = M.layout(left, suggestion.n_covered, suggestion.after)
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  vim.api.nvim_buf_set_extmark(buf, namespace, row - 1, column, {
    id = 1,
    virt_text = lines[1],
    virt_text_pos = position,
    virt_lines = { unpack(lines, 2) },
    hl_mode = 'combine',
  })
end

return M
