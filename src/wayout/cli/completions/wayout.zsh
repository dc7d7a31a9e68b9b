#compdef wayout
# Completion of wayout for zsh. tests/docs/settings.py holds the lists against `wayout COMMAND --help`.

_wayout_case() { _files -g '*.(toml|gmcr)' }

_wayout() {
  local -a commands common sanctions
  commands=(
    'answer:where it stands, what stops each goal, what holds, how to get there'
    'check:faults and suspicious spots in the file'
    'stability:which states are stable for whom, under which concept'
    'explain:one verdict with its witness'
    'paths:courses of events from today to a condition'
    'claims:the claims of the case, tested one by one'
    'room:what everybody at a table would rather have than the drift'
    'trust:how far the answer stands, and what it hinges on'
    'change:which sets of measures open a way out'
    'compare:versions of the dispute side by side'
    'risk:how likely catastrophes and goals are'
    'convert:from one format to another'
    'generate:a random conflict as a case file'
    'schema:the JSON Schema of case files'
  )
  common=(
    '--json[print the result as JSON]'
    '--under[variants]:variants'
    '--with[measures taken]:measures'
    '(--color)--colour[when to colour]:when:(auto always never)'
    '(--colour)--color[when to colour]:when:(auto always never)'
    '--time-limit[stop after so many seconds]:seconds'
    '--max-states[limit on the states one search may look at]:number'
    '(-q --quiet)'{-q,--quiet}'[no progress and no remarks]'
    '(-h --help)'{-h,--help}'[help]'
  )
  sanctions=('--sanctions[which answers count]:how:(legal once single)')
  local concepts='nash gmr smr seq sseq sim'

  if (( CURRENT == 2 )); then
    _describe -t commands command commands
    _wayout_case
    compadd -- --help --version
    return
  fi
  local command=$words[2]
  if (( ${commands[(I)$command:*]} )); then
    (( CURRENT-- ))
    shift words
  else
    command=answer
  fi
  case $command in
    answer) _arguments $common $sanctions '--from[start here instead of today]:state:(now)' '--goal[only these goals]:goals' \
      '--parts[only these parts]:parts:(goals room risk change claims trust)' '--as-perceived[every party acts on the dispute as it sees it]' '--samples[how many sampled profiles]:number' '--every-profile[every test of the claims in every profile]' '--seed[seed]:number' '--threads[how many threads]:number' '*:case:_wayout_case' ;;
    check) _arguments $common '*:case:_wayout_case' ;;
    stability)
      _arguments $common $sanctions "--concepts[which concepts]:concepts:_values -s , concept $concepts" \
        '--profile[a concept for each party]:profile' '--state[only this state]:state:(now)' \
        '--all-states[list every feasible state]' '--describe[sum up]' '--given[only states that meet this]:condition' \
        '--threads[how many threads]:number' '--memory[how much memory]:size' '--limit[how many equilibria to list]:number' \
        '--format[format]:format:(text csv ndjson json)' '--engine[engine]:engine:(auto full fly reference)' '*:case:_wayout_case'
      ;;
    explain)
      _arguments $common $sanctions '--state[the state]:state:(now)' '--party[whose verdict]:party' \
        "--concept[the concept]:concept:($concepts)" '--as-perceived[as the party sees it]' \
        '--limit[how many improvements to tell of]:number' '*:case:_wayout_case'
      ;;
    paths)
      _arguments $common '--to[a condition or goal]:condition' '--drift[where it goes by itself]' \
        '--from[start here instead of today]:state:(now)' '--avoid[what must not come about on the way]:condition' \
        '--moves[which moves]:kind:(willing not-worse any least-concession)' '--as-perceived[every mover acts on the dispute as it sees it]' '--legal[nobody moves twice in a row]' \
        '--max-options[how many options one move may change]:number' '--without[parties that make no move]:parties' \
        '--limit[how many places to list]:number' '*:case:_wayout_case'
      ;;
    claims)
      _arguments $common $sanctions '--claim[only these claims]:claims' '--all-tests[the evidence of every test]' \
        '--samples[how many sampled profiles]:number' '--every-profile[every test in every profile]' '--seed[the same seed, the same bytes]:number' '--threads[how many threads]:number' \
        '*:case:_wayout_case'
      ;;
    room)
      _arguments $common '--table[only these tracks]:tracks' '--than[what outcomes are compared with]:what:(drift worst-drift now)' \
        '--from[deals start here]:state:(now)' '--linkage[other ways of grouping the issues]' \
        '--issues[options to regroup]:options' '--max-groupings[how many groupings to look at]:number' \
        '--limit[how many outcomes or groupings to list]:number' '*:case:_wayout_case'
      ;;
    trust)
      _arguments $common '--samples[how many profiles]:number' '--seed[seed]:number' '--goal[only these goals]:goals' \
        '--of[what is asked about]:what:(answer risk)' '--by[with --of, the horizon]:time' \
        '--below[with --of, the level the risk is to pass]:probability' \
        '--hinges[what each answer hinges on]' '--precision[stop when shares are known so well]:per cent' \
        '--threads[how many threads]:number' '*:case:_wayout_case'
      ;;
    change)
      _arguments $common $sanctions '--goal[only these goals]:goals' '--most[measures in one set at most]:number' \
        '--cheapest[the cheapest set of any size]' '--fewest[the fewest measures, of any size]' \
        '--as-perceived[every party acts on the dispute as it sees it]' \
        '--limit[how many sets to tell in full]:number' '*:case:_wayout_case'
      ;;
    compare)
      _arguments $common $sanctions '--claims[also the claims]' '--risk[also the chance of each catastrophe]' \
        '*:case:_wayout_case'
      ;;
    risk)
      _arguments $common '--by[the horizon]:time' '--from[start here instead of today]:state:(now)' \
        '--rationality[of every mover]:number:(inf)' '--behaviour[stated or unknown]:how:(stated unknown)' \
        '--below[what would have to be true]:probability' '--as-perceived[every party acts on the dispute as it sees it]' '--any-options[a move may change any number of options]' \
        '--derivatives[also of each alone and of times]' '--measures[rank the measures]' '--limit[how much to list]:number' '*:case:_wayout_case'
      ;;
    convert)
      _arguments $common $sanctions '--format[output format]:format:(toml gmcr dot csv ndjson json tra drn prism)' \
        "--concepts[which concepts]:concepts:_values -s , concept $concepts" '1:case:_wayout_case' '2:output:_files'
      ;;
    generate)
      _arguments '--parties[how many parties]:number' '--options[how many options]:number' \
        '--graded[share of options with more than two levels]:share' '--most-levels[levels of a graded option]:number' \
        '--density[share of feasible combinations]:share' '--one-way[share of options that only go one way]:share' \
        '--joint[share of agreements]:share' '--binding[share of agreements that nobody leaves]:share' \
        '--preference[kind of preference]:kind:(weights priorities additive ranking mixed)' \
        '--statements[statements of each party]:number' '--interaction[options of others that a statement names]:number' \
        '--tracks[how many tracks]:number' '--forbids[how many rules that forbid moves]:number' \
        '--third[chance of a third party]:share' '--seed[seed]:number' '(-o --output)'{-o,--output}'[file to write]:file:_files' \
        '--json[print what was made as JSON]' '(-q --quiet)'{-q,--quiet}'[no remarks]' '(-h --help)'{-h,--help}'[help]'
      ;;
    schema) _arguments '(-h --help)'{-h,--help}'[help]' ;;
  esac
}

_wayout "$@"
