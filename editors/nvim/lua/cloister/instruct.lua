--- Asks the person what is to be done, for the server.

local M = {}

--- Answers the server's request `cloister/instruct`; waits without keeping the editor busy.
---@param params table
---@return { text: string? }
function M.answer(params)
  local waiting = coroutine.running()
  -- Neovim's own prompt calls back before it returns, when nobody waits yet.
  vim.schedule(function()
    vim.ui.input({ prompt = params.title .. ' ' }, function(text)
      coroutine.resume(waiting, text)
    end)
  end)
  return { text = coroutine.yield() }
end

return M
