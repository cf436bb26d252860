# Completion of confkit for bash 4.2 or newer. Put this file into a directory of bash-completion, as `confkit`:
# ~/.local/share/bash-completion/completions or /usr/share/bash-completion/completions; or source it.

_confkit() {
    local lines line
    mapfile -t lines < <(_CONFKIT_COMPLETE=bash "$1" "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
    COMPREPLY=()
    case ${lines[0]-} in
        words) COMPREPLY=("${lines[@]:1}") ;;
        files) compopt -o bashdefault -o default ;;
        directories) compopt -o dirnames ;;
        commands) mapfile -t COMPREPLY < <(compgen -c -- "${COMP_WORDS[COMP_CWORD]}") ;;
    esac
    # a value follows
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=:] ]]; then compopt -o nospace; fi
}

complete -F _confkit confkit
