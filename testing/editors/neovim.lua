-- Neovim without a terminal: open the file in argv, wait for its findings, hover, make all safe fixes, save.
-- Writes what was seen as JSON into the file that $CONFKIT_SEEN names.
local seen = { version = vim.fn.execute('version'):match('NVIM v(%S+)') }

local ok, reason = pcall(function()
  vim.cmd('edit ' .. vim.fn.fnameescape(vim.env.CONFKIT_FILE))
  seen.filetype = vim.bo.filetype
  local found = vim.wait(60000, function()
    return #vim.diagnostic.get(0) > 0
  end, 50)
  assert(found, 'no findings after 60 s')
  seen.diagnostics = {}
  for _, each in ipairs(vim.diagnostic.get(0)) do
    local code = each.code or (each.user_data and each.user_data.lsp and each.user_data.lsp.code)
    table.insert(seen.diagnostics, { line = each.lnum + 1, column = each.col, code = code, message = each.message })
  end
  seen.syntax = {}
  for line = 1, vim.api.nvim_buf_line_count(0) do
    local first = vim.fn.match(vim.fn.getline(line), '\\S') + 1
    local group = vim.fn.synIDattr(vim.fn.synID(line, math.max(first, 1), 1), 'name')
    table.insert(seen.syntax, group)
  end
  local uri = vim.uri_from_bufnr(0)
  local function ask(method, params)
    params.textDocument = { uri = uri }
    local answers = assert(vim.lsp.buf_request_sync(0, method, params, 60000), method)
    for _, answer in pairs(answers) do
      return answer.result
    end
  end
  local line = vim.fn.search('statusTimeout\\|ReceiveTimeout\\|RemoteCommand\\|LibUNIX64', 'nw') - 1
  local hover = ask('textDocument/hover', { position = { line = line, character = 4 } })
  seen.hover = hover and hover.contents.value
  local whole = { start = { line = 0, character = 0 }, ['end'] = { line = vim.fn.line('$'), character = 0 } }
  local context = { diagnostics = {}, only = { 'source.fixAll.confkit' } }
  local actions = ask('textDocument/codeAction', { range = whole, context = context }) or {}
  seen.actions = #actions
  for _, action in ipairs(actions) do
    vim.lsp.util.apply_workspace_edit(action.edit, 'utf-16')
  end
  vim.cmd('write')
end)

if not ok then
  seen.error = tostring(reason)
end
local out = assert(io.open(vim.env.CONFKIT_SEEN, 'w'))
out:write((vim.json and vim.json.encode or vim.fn.json_encode)(seen))
out:close()
vim.cmd('qall!')
