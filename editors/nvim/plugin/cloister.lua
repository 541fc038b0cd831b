if vim.g.loaded_cloister then
  return
end
vim.g.loaded_cloister = true

if vim.fn.has('nvim-0.10') == 0 then
  vim.api.nvim_err_writeln('cloister needs Neovim 0.10 or newer: update Neovim or remove cloister.')
  return
end

vim.api.nvim_create_autocmd('LspAttach', {
  group = vim.api.nvim_create_augroup('cloister', { clear = true }),
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'cloister' then
      require('cloister').attach(client, event.buf)
    end
  end,
})

for name, run in pairs({
  accept = function() require('cloister').accept('all') end,
  ['accept-word'] = function() require('cloister').accept('word') end,
  ['accept-line'] = function() require('cloister').accept('line') end,
  dismiss = function() require('cloister').dismiss() end,
}) do
  vim.keymap.set('i', ('<Plug>(cloister-%s)'):format(name), run, { desc = 'cloister: ' .. name })
end

local subcommands = {
  cancel = function() require('cloister.preview').cancel() end,
  context = function() require('cloister.context').show() end,
  log = function() require('cloister.clients').open_log() end,
  restart = function() require('cloister.clients').restart() end,
  status = function() require('cloister.status').show() end,
  toggle = function() require('cloister').toggle() end,
}

vim.api.nvim_create_user_command('Cloister', function(command)
  local run = subcommands[command.args]
  if run then
    run()
  else
    vim.notify(
      ('cloister knows no %q: use cancel, context, log, restart, status or toggle.'):format(command.args),
      vim.log.levels.ERROR
    )
  end
end, {
  nargs = 1,
  desc = 'cloister: cancel, context, log, restart, status, toggle',
  complete = function(typed)
    return vim.tbl_filter(function(name)
      return vim.startswith(name, typed)
    end, vim.tbl_keys(subcommands))
  end,
})

vim.api.nvim_create_user_command('CloisterContext', subcommands.context, {
  desc = 'cloister: show what the model sees at the cursor',
})

require('cloister.config').report_problems()
require('cloister.clients').enable()
