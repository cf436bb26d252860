-- Neovim 0.11 and later: put this into init.lua.
vim.filetype.add({
  pattern = { ['.*/[cC][hH]?[rR][yY][sS][tT][oO][kK][iI]%.conf'] = 'chrystoki' },
  filename = { ['crystoki.ini'] = 'chrystoki', ['Chrystoki.conf'] = 'chrystoki' },
})

vim.lsp.config('confkit', {
  cmd = { 'confkit', 'lsp' },
  filetypes = { 'chrystoki', 'yaml', 'dockerfile', 'systemd', 'sh' },
  root_markers = { 'confkit.toml', 'pyproject.toml', '.git' },
})
vim.lsp.enable('confkit')
