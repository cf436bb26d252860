" The configuration file of the Thales Luna HSM client, in either form and any letter case.
autocmd BufRead,BufNewFile *.conf,*.ini
      \ if expand('<afile>:t') =~? '^ch\?rystoki\.\%(conf\|ini\)$' | set filetype=chrystoki | endif
