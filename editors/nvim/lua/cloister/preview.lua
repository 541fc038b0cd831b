--- What the server is doing for a code action: shown below the action's place until it is done.
---
--- The buffer is never touched: these are virtual lines.

local clients = require('cloister.clients')

local M = {}

local NAMESPACE = vim.api.nvim_create_namespace('cloister.preview')
local MOST_LINES = 10

---@class cloister.Preview Parameters of the server's `cloister/preview`; `line` counts from 0.
---@field id string
---@field uri string
---@field line integer
---@field title string
---@field message string What is being done; empty when it is over.
---@field text string The end of what is written so far.

---@type table<string, {buf: integer, mark: integer}>
local shown = {}

--- Shows how far an action is, in place of what was shown of it before.
---@param preview cloister.Preview
function M.show(preview)
  local before = shown[preview.id]
  if before and vim.api.nvim_buf_is_valid(before.buf) then
    vim.api.nvim_buf_del_extmark(before.buf, NAMESPACE, before.mark)
  end
  shown[preview.id] = nil
  local buf = vim.uri_to_bufnr(preview.uri)
  if preview.message ~= '' and vim.api.nvim_buf_is_loaded(buf) then
    local row = math.min(preview.line, vim.api.nvim_buf_line_count(buf) - 1)
    local lines = M._lines(preview)
    local mark = vim.api.nvim_buf_set_extmark(buf, NAMESPACE, row, 0, { virt_lines = lines })
    shown[preview.id] = { buf = buf, mark = mark }
  end
end

--- Takes away what a server showed that is gone.
function M.clear()
  for _, it in pairs(shown) do
    if vim.api.nvim_buf_is_valid(it.buf) then
      vim.api.nvim_buf_del_extmark(it.buf, NAMESPACE, it.mark)
    end
  end
  shown = {}
end

--- Ends what the server is doing for a code action, or for anything else that shows progress.
function M.cancel()
  for _, client in ipairs(clients.get()) do
    for token in pairs(client.progress.pending) do
      clients.call(client, 'notify', 'window/workDoneProgress/cancel', { token = token })
    end
  end
end

---@private
---@param preview cloister.Preview
---@return table lines As for `virt_lines`.
function M._lines(preview)
  local lines = { { { ('%s: %s'):format(preview.title, preview.message), 'Comment' } } }
  local written = vim.split(vim.trim(preview.text), '\n', { plain = true })
  for i = math.max(1, #written - MOST_LINES + 1), #written do
    if preview.text ~= '' then
      table.insert(lines, { { '│ ' .. written[i]:gsub('\t', '    '), 'Comment' } })
    end
  end
  return lines
end

return M
