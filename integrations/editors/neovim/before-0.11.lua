-- Neovim 0.7 to 0.10: put this into init.lua, and the directory `vim` beside it on 'runtimepath' (it detects the files).
local function start(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  local config = { name = 'confkit', cmd = { 'confkit', 'lsp' }, root_dir = vim.fn.fnamemodify(name, ':p:h') }
  if vim.lsp.start then -- 0.8 and later: one server for all files of a directory
    vim.lsp.start(config, { bufnr = buffer })
  else
    vim.lsp.buf_attach_client(buffer, vim.lsp.start_client(config))
  end
end

vim.api.nvim_create_autocmd('FileType', {
  pattern = { 'chrystoki', 'yaml', 'dockerfile', 'systemd', 'sh' },
  callback = function(event)
    start(event.buf)
  end,
})
