# Completion of wayout for bash. tests/docs/settings.py holds the lists against `wayout COMMAND --help`.

# The ids of one kind of part in the case file on the command line.
_wayout_ids() {
  local word
  for word in "${COMP_WORDS[@]:1}"; do
    [[ $word == *.toml && -r $word ]] || continue
    awk -v kind="[[$1]]" '
      /^[ \t]*\[/ { on = index($0, kind) > 0; next }
      on && /^[ \t]*id[ \t]*=/ { split($0, quoted, "\""); print quoted[2]; on = 0 }' "$word" 2>/dev/null
    return
  done
}

# Completes with the words given; of a list with commas, its last item.
_wayout_words() {
  local before=
  [[ $cur == *,* ]] && before=${cur%,*},
  mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "${cur##*,}")
}

_wayout() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
  local commands="answer check stability explain paths claims compare room trust change risk convert generate schema"
  local common="--json --under --with --colour --color --time-limit --max-states --quiet -q --help -h"
  local command=answer settings
  [[ " $commands " == *" ${COMP_WORDS[1]} "* ]] && command=${COMP_WORDS[1]}
  case $command in
    answer) settings="$common --sanctions --from --goal --parts --as-perceived --samples --every-profile --seed --threads" ;;
    check) settings="$common" ;;
    stability) settings="$common --sanctions --concepts --profile --state --all-states --describe --given --threads --memory --limit --format --engine" ;;
    explain) settings="$common --sanctions --state --party --concept --as-perceived --limit" ;;
    paths) settings="$common --to --drift --from --avoid --moves --legal --as-perceived --max-options --without --limit" ;;
    claims) settings="$common --sanctions --claim --all-tests --samples --every-profile --seed --threads" ;;
    trust) settings="$common --samples --seed --of --by --below --goal --hinges --precision --threads" ;;
    room) settings="$common --table --than --from --linkage --issues --max-groupings --limit" ;;
    change) settings="$common --sanctions --goal --most --cheapest --fewest --as-perceived --limit" ;;
    compare) settings="$common --sanctions --claims --risk" ;;
    risk) settings="$common --as-perceived --by --from --rationality --behaviour --below --any-options --derivatives --measures --limit" ;;
    convert) settings="$common --sanctions --format --concepts" ;;
    generate) settings="--parties --options --graded --most-levels --density --one-way --joint --binding --preference --statements --interaction --tracks --forbids --third --seed --output -o --json --quiet -q --help -h" ;;
    schema) settings="--help -h" ;;
  esac
  COMPREPLY=()
  case $prev in
    --under) _wayout_words "$(_wayout_ids variant)" && return ;;
    --with) _wayout_words "$(_wayout_ids measure)" && return ;;
    --claim) _wayout_words "$(_wayout_ids claim)" && return ;;
    --goal) _wayout_words "$(_wayout_ids goal)" && return ;;
    --to) _wayout_words "$(_wayout_ids goal)" && return ;;
    --party | --without) _wayout_words "$(_wayout_ids party)" && return ;;
    --colour | --color) _wayout_words "auto always never" && return ;;
    --sanctions) _wayout_words "legal once single" && return ;;
    --concept | --concepts) _wayout_words "nash gmr smr seq sseq sim" && return ;;
    --preference) _wayout_words "weights priorities additive ranking mixed" && return ;;
    --issues) _wayout_words "$(_wayout_ids option)" && return ;;
    --max-groupings) return ;;
    --table) _wayout_words "everybody $(_wayout_ids track)" && return ;;
    --than) _wayout_words "drift worst-drift now" && return ;;
    --engine) _wayout_words "auto full fly reference" && return ;;
    --moves) _wayout_words "willing not-worse any least-concession" && return ;;
    --state | --from) _wayout_words "now" && return ;;
    --format)
      if [[ $command == convert ]]; then
        _wayout_words "toml gmcr dot csv ndjson json tra drn prism"
      else
        _wayout_words "text csv ndjson json"
      fi
      return
      ;;
    -o | --output) return ;;
    --parties | --options | --graded | --most-levels | --density | --one-way | --joint | --binding) return ;;
    --statements | --interaction | --tracks | --forbids | --third | --seed) return ;;
    --time-limit | --max-states | --max-options | --limit | --avoid | --profile | --given | --threads | --memory) return ;;
  esac
  if [[ $cur == -* ]]; then
    ((COMP_CWORD == 1)) && settings+=" --version"
    _wayout_words "$settings"
    return
  fi
  if [[ $command != schema && $command != generate ]]; then
    local IFS=$'\n'
    mapfile -t COMPREPLY < <(compgen -d -S / -- "$cur"; compgen -f -X '!*.@(toml|gmcr)' -- "$cur")
    [[ ${COMPREPLY[0]} == */ ]] && compopt -o nospace 2>/dev/null
  fi
  ((COMP_CWORD == 1)) && mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$commands" -- "$cur")
  return 0
}

complete -F _wayout wayout
