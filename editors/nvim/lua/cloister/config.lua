--- What `vim.g.cloister` may hold, checked and completed by defaults.
---
--- The server checks what stands below `settings`: it knows those keys and reports them itself.

local M = {}

---@class cloister.Options
---@field accept_key? string Key that accepts a suggestion in attached buffers; none by default.
---@field clipboard boolean Whether the server is told what is yanked.
---@field cmd string[] The command that starts the server.
---@field settings table What the server is told, see |cloister-settings|.

---@type cloister.Options
local defaults = { clipboard = false, cmd = { 'cloister', 'lsp' }, settings = {} }

local types = { accept_key = 'string', clipboard = 'boolean', cmd = 'table', settings = 'table' }

--- Returns the options to use and, for people, one sentence for each key that cannot be used.
---@return cloister.Options options
---@return string[] problems
function M.read()
  local options, problems = vim.deepcopy(defaults), {}
  local given = vim.g.cloister or {}
  if type(given) ~= 'table' then
    return options, { 'vim.g.cloister must be a table: see :help cloister-options.' }
  end
  for key, value in pairs(given) do
    if not types[key] then
      table.insert(problems, M._unknown_key(key))
    elseif type(value) ~= types[key] then
      local complaint = 'vim.g.cloister.%s must be a %s: see :help cloister-options.'
      table.insert(problems, complaint:format(key, types[key]))
    else
      options[key] = value
    end
  end
  if vim.tbl_isempty(options.settings) then
    options.settings = vim.empty_dict() -- An empty Lua table would be sent as a JSON array.
  end
  table.sort(problems)
  return options, problems
end

--- Tells the user about every key of `vim.g.cloister` that cannot be used.
function M.report_problems()
  local _, problems = M.read()
  for _, problem in ipairs(problems) do
    vim.notify(problem, vim.log.levels.WARN)
  end
end

--- Says which known key was probably meant.
---@private
---@param key any
---@return string sentence
function M._unknown_key(key)
  local known = vim.tbl_keys(types)
  table.sort(known, function(a, b)
    return M._distance(a, tostring(key)) < M._distance(b, tostring(key))
  end)
  return ('vim.g.cloister has no key %q: did you mean %q?'):format(tostring(key), known[1])
end

--- Counts the single-byte edits between two names.
---@private
---@param a string
---@param b string
---@return integer
function M._distance(a, b)
  local row = {}
  for j = 0, #b do
    row[j] = j
  end
  for i = 1, #a do
    local diagonal = row[0]
    row[0] = i
    for j = 1, #b do
      local substituted = diagonal + (a:byte(i) == b:byte(j) and 0 or 1)
      diagonal = row[j]
      row[j] = math.min(substituted, row[j] + 1, row[j - 1] + 1)
    end
  end
  return row[#b]
end

return M
