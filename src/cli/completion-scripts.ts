import type { SHELLS } from './completion.ts';
import { COMPLETE_WORD } from './options.ts';

const BASH = `# aggregate: completion for bash. For every shell to come:
#   aggregate completion bash > ~/.local/share/bash-completion/completions/aggregate
_aggregate() {
  local line current=\${COMP_WORDS[COMP_CWORD]}
  [[ $current == = ]] && current=
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :file) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2> /dev/null ;;
      :directory) mapfile -t COMPREPLY < <(compgen -d -- "$current"); compopt -o filenames 2> /dev/null ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <("\${COMP_WORDS[0]}" ${COMPLETE_WORD} "\${COMP_WORDS[@]:1:COMP_CWORD-1}" "$current" 2> /dev/null)
}
complete -F _aggregate aggregate
`;

const ZSH = `#compdef aggregate
# aggregate: completion for zsh. For every shell to come, in a folder of $fpath:
#   aggregate completion zsh > ~/.zsh/completions/_aggregate
_aggregate() {
  local -a candidates
  local line
  while IFS= read -r line; do
    case $line in
      :file) _files; return ;;
      :directory) _files -/; return ;;
      *) candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done < <("\${words[1]}" ${COMPLETE_WORD} "\${(@)words[2,CURRENT]}" 2> /dev/null)
  _describe aggregate candidates
}
if [ "$funcstack[1]" = _aggregate ]; then
  _aggregate "$@"
else
  compdef _aggregate aggregate
fi
`;

const FISH = `# aggregate: completion for fish. For every shell to come:
#   aggregate completion fish > ~/.config/fish/completions/aggregate.fish
function __aggregate_complete
  set -l words (commandline -opc)
  set -l program $words[1]
  set -e words[1]
  set -l current (commandline -ct)
  for line in ($program ${COMPLETE_WORD} $words "$current" 2> /dev/null)
    switch $line
      case :file
        __fish_complete_path "$current"
      case :directory
        __fish_complete_directories "$current"
      case '*'
        echo $line
    end
  end
end
complete -c aggregate -f -a '(__aggregate_complete)'
`;

/** The script for a shell. */
export const completionScript = (shell: (typeof SHELLS)[number]): string =>
  ({ bash: BASH, zsh: ZSH, fish: FISH })[shell];
