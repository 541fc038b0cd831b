local M = {}

function M.before(a)
  return a
end

function M.unfinished(a
  local value = a.

function M.after()
  return 1
end

M.last = 3
