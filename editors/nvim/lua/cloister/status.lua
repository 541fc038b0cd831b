--- What the server says about itself: the same for the command and for the health check.

local clients = require('cloister.clients')

local M = {}

local COMMAND = { command = 'cloister.status' }

---@class cloister.Outcome
---@field kind string
---@field reason string

---@class cloister.Status
---@field state string
---@field model string
---@field hardware string What the model runs on and how fast; empty until it is known.
---@field outcomes cloister.Outcome[] How the last requests ended, newest first.

--- Shows the status of the buffer's server in one line.
function M.show()
  local client = clients.get(vim.api.nvim_get_current_buf())[1]
  if not client then
    vim.notify('cloister is not attached to this buffer: :checkhealth cloister says why.')
    return
  end
  clients.call(client, 'request', 'workspace/executeCommand', COMMAND, function(err, status)
    vim.notify(err and ('cloister gives no status: ' .. err.message) or M.sentence(status))
  end)
end

--- Returns the status, waiting for it at most `timeout_ms`; nil and a message when none comes.
---@param client vim.lsp.Client
---@param timeout_ms integer
---@return cloister.Status? status
---@return string? message
function M.wait(client, timeout_ms)
  local method = 'workspace/executeCommand'
  local answer, err = clients.call(client, 'request_sync', method, COMMAND, timeout_ms)
  if answer and not answer.err then
    return answer.result
  end
  return nil, answer and answer.err.message or err
end

--- Says the status in one sentence.
---@param status cloister.Status
---@return string
function M.sentence(status)
  local last = status.outcomes[1]
  local about_last = last and ('; last request: ' .. M.outcome(last)) or ''
  local where = status.hardware == '' and '' or ' ' .. status.hardware
  return ('cloister: %s, model %s%s%s'):format(status.state, status.model, where, about_last)
end

--- Says how one request ended.
---@param outcome cloister.Outcome
---@return string
function M.outcome(outcome)
  return outcome.reason == '' and outcome.kind or ('%s (%s)'):format(outcome.kind, outcome.reason)
end

return M
