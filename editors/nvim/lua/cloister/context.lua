--- What the model sees at the cursor: a report in a scratch buffer, with places to jump to.

local clients = require('cloister.clients')

local M = {}

local BUFFER_NAME = 'cloister://context'

---@class cloister.Snippet Lines count from 1, the last one is included.
---@field path string
---@field start_line integer
---@field end_line integer
---@field source string
---@field score number
---@field reason string
---@field tokens integer
---@field text string

---@class cloister.Context
---@field prompt string
---@field tokens integer
---@field ms number
---@field snippets cloister.Snippet[]

---@class cloister.Report
---@field lines string[]
---@field jumps table<integer, cloister.Snippet> By line, the snippet that stands there.

--- Asks the buffer's server what the model sees at the cursor, and shows it in a split.
function M.show()
  local buf, window = vim.api.nvim_get_current_buf(), vim.api.nvim_get_current_win()
  local client = clients.get(buf)[1]
  if not client then
    vim.notify('cloister is not attached to this buffer: :checkhealth cloister says why.')
    return
  end
  local place = vim.lsp.util.make_position_params(0, client.offset_encoding)
  local params = {
    command = 'cloister.showContext',
    arguments = { { uri = place.textDocument.uri, position = place.position } },
  }
  local title = ('%s:%d'):format(vim.fn.expand('%:t'), place.position.line + 1)
  local root = M._root(client, vim.api.nvim_buf_get_name(buf))
  clients.call(client, 'request', 'workspace/executeCommand', params, function(err, context)
    if context then
      M._open(M.report(title, context), root, window)
    else
      vim.notify(err and err.message or 'cloister does not know the text of this buffer.')
    end
  end, buf)
end

--- Writes the report in Markdown.
---@param title string
---@param context cloister.Context
---@return cloister.Report
function M.report(title, context)
  local report = { lines = {}, jumps = {} }
  M._add(report, { '# What the model sees at ' .. title, '', M._summary(context) })
  for _, snippet in ipairs(context.snippets) do
    local first = #report.lines + 2
    M._add(report, { '', M._heading(snippet), '', M._provenance(snippet), '' })
    M._add_code(report, snippet.text, vim.filetype.match({ filename = snippet.path }))
    for line = first, #report.lines do
      report.jumps[line] = snippet
    end
  end
  M._add(report, { '', '## The whole prompt', '' })
  M._add_code(report, context.prompt)
  return report
end

---@private
---@param context cloister.Context
---@return string
function M._summary(context)
  local n_tokens = 0
  for _, snippet in ipairs(context.snippets) do
    n_tokens = n_tokens + snippet.tokens
  end
  local sums = ('%d tokens, gathered in %.0f ms. '):format(context.tokens, context.ms)
  if #context.snippets == 0 then
    return sums .. 'Nothing of other places: `:help cloister-context` says why that can be.'
  end
  local parts = '%d tokens are from %d other places: `gf` or Enter goes to the one at the cursor.'
  return sums .. parts:format(n_tokens, #context.snippets)
end

---@private
---@param snippet cloister.Snippet
---@return string
function M._heading(snippet)
  local format = snippet.start_line == snippet.end_line and '## %s:%d' or '## %s:%d-%d'
  return format:format(snippet.path, snippet.start_line, snippet.end_line)
end

---@private
---@param snippet cloister.Snippet
---@return string
function M._provenance(snippet)
  local format = '%s: %s (score %.4f, %d tokens)'
  return format:format(snippet.source, snippet.reason, snippet.score, snippet.tokens)
end

---@private
---@param report cloister.Report
---@param lines string[]
function M._add(report, lines)
  vim.list_extend(report.lines, lines)
end

--- Adds a block of code, in a fence that is longer than any in the code.
---@private
---@param report cloister.Report
---@param text string
---@param filetype? string
function M._add_code(report, text, filetype)
  local fence = '```'
  while text:find(fence, 1, true) do
    fence = fence .. '`'
  end
  -- A line of a buffer cannot hold what other systems end lines with.
  local code = text:gsub('\r\n?', '\n'):gsub('\n$', '')
  M._add(report, { fence .. (filetype or '') })
  M._add(report, vim.split(code, '\n', { plain = true }))
  M._add(report, { fence })
end

---@private
---@param report cloister.Report
---@param root string
---@param window integer Where the cursor was, and where places are opened.
function M._open(report, root, window)
  local buf = M._buffer()
  vim.bo[buf].modifiable = true
  vim.api.nvim_buf_set_lines(buf, 0, -1, true, report.lines)
  vim.bo[buf].modifiable = false
  for _, key in ipairs({ 'gf', '<CR>' }) do
    vim.keymap.set('n', key, function()
      M._jump(report.jumps[vim.api.nvim_win_get_cursor(0)[1]], root, window)
    end, { buffer = buf, desc = 'cloister: go to the snippet at the cursor' })
  end
end

--- Returns the buffer of the report, in a window that has the cursor then.
---@private
---@return integer
function M._buffer()
  local buf = vim.fn.bufnr(('^%s$'):format(BUFFER_NAME))
  local window = vim.fn.bufwinid(buf)
  if window ~= -1 then
    vim.api.nvim_set_current_win(window)
    vim.api.nvim_win_set_cursor(window, { 1, 0 })
    return buf
  end
  vim.cmd.vnew({ mods = { split = 'belowright' } })
  buf = vim.api.nvim_get_current_buf()
  vim.api.nvim_buf_set_name(buf, BUFFER_NAME)
  vim.bo[buf].buftype, vim.bo[buf].bufhidden = 'nofile', 'wipe'
  vim.bo[buf].swapfile, vim.bo[buf].filetype = false, 'markdown'
  vim.wo[0][0].linebreak = true
  return buf
end

---@private
---@param snippet? cloister.Snippet
---@param root string
---@param window integer
function M._jump(snippet, root, window)
  if not snippet then
    vim.notify('No snippet stands in this line.')
    return
  end
  local path = vim.fs.joinpath(root, snippet.path)
  if not vim.uv.fs_stat(path) then
    vim.notify(('%s is not a file of this workspace.'):format(snippet.path))
    return
  end
  if vim.api.nvim_win_is_valid(window) then
    vim.api.nvim_set_current_win(window)
  end
  local start = { line = snippet.start_line - 1, character = 0 }
  local location = { uri = vim.uri_from_fname(path), range = { start = start, ['end'] = start } }
  vim.lsp.util.show_document(location, 'utf-8', { focus = true, reuse_win = true })
end

--- Returns the innermost folder of the server that holds the file; empty without one.
---@private
---@param client vim.lsp.Client
---@param file string
---@return string
function M._root(client, file)
  local root = ''
  for _, folder in ipairs(client.workspace_folders or {}) do
    local path = vim.uri_to_fname(folder.uri)
    if vim.startswith(file, path .. '/') and #path > #root then
      root = path
    end
  end
  return root
end

return M
