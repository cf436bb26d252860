" Vim syntax file
" Language: Chrystoki.conf and crystoki.ini, the configuration of the Thales Luna HSM client

if exists('b:current_syntax')
  finish
endif

syntax case match

" `Section = {` and `[Section]`
syntax match chrystokiSection /^\s*[^ \t#;=[{][^=;{}]*\ze\s*=\s*{/
syntax match chrystokiSection /^\s*\[[^]]*\]/
syntax match chrystokiBrace /[{}]/

" `entry = value;` and `entry=value`
syntax match chrystokiEntry /^\s*[^ \t#;=[{/][^=;{}]*\ze\s*=\s*\%([^ \t{]\|$\)/ nextgroup=chrystokiEquals skipwhite
syntax match chrystokiEquals /=/ contained nextgroup=chrystokiNumber,chrystokiString,chrystokiValue skipwhite
syntax match chrystokiValue /[^;]*/ contained
syntax match chrystokiNumber /-\?\d\+\ze\s*\%(;\|$\)/ contained
syntax region chrystokiString start=/"/ end=/"/ oneline contained

" Secrets: what confkit never shows either
syntax match chrystokiSecret /^\s*\zs\%(AuthTokenClientSecret\|CVAppSpecificData\)\ze\s*=/ nextgroup=chrystokiEquals skipwhite

syntax match chrystokiComment /^\s*\%(#\|\/\/\|;\).*$/
syntax region chrystokiComment start=/^\s*\/\*/ end=/\*\//

highlight default link chrystokiSection Type
highlight default link chrystokiBrace Delimiter
highlight default link chrystokiEntry Identifier
highlight default link chrystokiEquals Operator
highlight default link chrystokiValue Constant
highlight default link chrystokiNumber Number
highlight default link chrystokiString String
highlight default link chrystokiSecret WarningMsg
highlight default link chrystokiComment Comment

let b:current_syntax = 'chrystoki'
