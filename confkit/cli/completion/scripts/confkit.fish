# Completion of confkit for fish 3 or newer. Put this file into ~/.config/fish/completions, or
# /usr/share/fish/vendor_completions.d.

function __confkit_complete
    set -l words (commandline -opc)
    set -l token (commandline -ct)
    set -l lines (_CONFKIT_COMPLETE=fish $words[1] $words[2..-1] (string unescape -- "$token") 2>/dev/null)
    # --option=PATH: the shell completes what follows the sign
    set -l option (string match -r -- '^-[^=]*=' "$token")
    set -l path (string replace -r -- '^-[^=]*=' '' "$token")
    switch "$lines[1]"
        case files
            printf '%s\n' "$option"(__fish_complete_path "$path")
        case directories
            printf '%s\n' "$option"(__fish_complete_directories "$path")
        case commands
            __fish_complete_command
        case words
            printf '%s\n' $lines[2..-1]
    end
end

complete -c confkit -f -k -a '(__confkit_complete)'
