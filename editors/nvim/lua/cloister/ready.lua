--- Asks again where a service has written a completion after the one that is shown.

local M = {}

---@class cloister.Ready Parameters of the server's `cloister/completionReady`.
---@field uri string
---@field version integer
---@field position lsp.Position
---@field source string The service.

--- Has the suggestion replaced, unless the user went on since.
---@param ready cloister.Ready
---@param context lsp.HandlerContext
function M.answer(ready, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  local buf = vim.api.nvim_get_current_buf()
  local is_here = client
    and vim.startswith(vim.fn.mode(), 'i')
    and vim.uri_from_bufnr(buf) == ready.uri
    and vim.lsp.util.buf_versions[buf] == ready.version
  if not is_here then
    return
  end
  local place = vim.lsp.util.make_position_params(0, client.offset_encoding).position
  if vim.deep_equal(place, ready.position) then
    require('cloister').ask_again(buf)
  end
end

return M
