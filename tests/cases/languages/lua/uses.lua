local M = {}

function M.sum(probes, start, ...)
  local total, count = start, 0
  local limit
  for i = 1, #probes do
    total = total + probes[i].value
  end
  for index, probe in ipairs(probes) do
    probe:read(index)
  end
  local scale = function(value) return value * M.factor end
  local options = { limit = limit, run = scale }
  if total > LIMIT then
    print("a" .. total)
  elseif util.state.ready then
    util.state.stop { total }
  end
  while count < 3 do count = count + 1 end
  repeat local late = 1 until late
  self.total = total
  return M.sum(options, ...)
end
