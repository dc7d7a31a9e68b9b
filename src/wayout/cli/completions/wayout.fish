# Completion of wayout for fish. tests/docs/settings.py holds the lists against `wayout COMMAND --help`.

function __wayout_in
    set -l command answer
    set -l words (commandline -opc)
    if set -q words[2]; and contains -- $words[2] answer check stability explain paths claims room convert generate schema
        set command $words[2]
    end
    contains -- $command $argv
end

complete -c wayout -n __fish_use_subcommand -a answer -d 'Where it stands, what stops each goal, what holds'
complete -c wayout -n __fish_use_subcommand -a check -d 'Faults and suspicious spots in the file'
complete -c wayout -n __fish_use_subcommand -a stability -d 'Which states are stable for whom'
complete -c wayout -n __fish_use_subcommand -a explain -d 'One verdict with its witness'
complete -c wayout -n __fish_use_subcommand -a paths -d 'Courses of events from today to a condition'
complete -c wayout -n __fish_use_subcommand -a claims -d 'The claims of the case, tested one by one'
complete -c wayout -n __fish_use_subcommand -a room -d 'What everybody would rather have than the drift'
complete -c wayout -n __fish_use_subcommand -a convert -d 'From one format to another'
complete -c wayout -n __fish_use_subcommand -a generate -d 'A random conflict as a case file'
complete -c wayout -n __fish_use_subcommand -a schema -d 'The JSON Schema of case files'
complete -c wayout -n __fish_use_subcommand -l version -d 'Print the version'
complete -c wayout -s h -l help -d Help

set -l every '__wayout_in answer check stability explain paths claims room convert'
complete -c wayout -n $every -l json -d 'Print the result as JSON'
complete -c wayout -n $every -x -l under -d Variants
complete -c wayout -n $every -x -l with -d 'Measures taken'
complete -c wayout -n $every -x -l colour -a 'auto always never' -d 'When to colour'
complete -c wayout -n $every -x -l color -a 'auto always never' -d 'When to colour'
complete -c wayout -n $every -x -l time-limit -d 'Stop after so many seconds'
complete -c wayout -n $every -x -l max-states -d 'Limit on the states one search may look at'
complete -c wayout -n $every -s q -l quiet -d 'No progress and no remarks'
complete -c wayout -n '__wayout_in answer stability explain claims convert' -x -l sanctions -a 'legal once single' -d 'Which answers count'
complete -c wayout -n '__wayout_in answer paths room' -x -l from -a now -d 'Start here instead of today'
complete -c wayout -n '__wayout_in answer' -x -l goal -d 'Only these goals'
complete -c wayout -n '__wayout_in stability convert' -x -l concepts -a 'nash gmr smr seq sseq sim' -d 'Which concepts'
complete -c wayout -n '__wayout_in stability' -x -l profile -d 'A concept for each party'
complete -c wayout -n '__wayout_in stability explain' -x -l state -a now -d 'The state'
complete -c wayout -n '__wayout_in stability' -l describe -d 'Sum up'
complete -c wayout -n '__wayout_in stability' -x -l given -d 'Only states that meet this'
complete -c wayout -n '__wayout_in stability' -x -l threads -d 'How many threads'
complete -c wayout -n '__wayout_in stability' -x -l memory -d 'How much memory'
complete -c wayout -n '__wayout_in stability' -l all-states -d 'List every feasible state'
complete -c wayout -n '__wayout_in stability explain paths room' -x -l limit -d 'How many to list'
complete -c wayout -n '__wayout_in stability' -x -l format -a 'text csv ndjson json' -d Format
complete -c wayout -n '__wayout_in convert' -x -l format -a 'toml gmcr dot csv ndjson json' -d 'Output format'
complete -c wayout -n '__wayout_in stability' -x -l engine -a 'auto full fly reference' -d Engine
complete -c wayout -n '__wayout_in explain' -x -l party -d 'Whose verdict'
complete -c wayout -n '__wayout_in explain' -x -l concept -a 'nash gmr smr seq sseq sim' -d 'The concept'
complete -c wayout -n '__wayout_in explain' -l as-perceived -d 'As the party sees it'
complete -c wayout -n '__wayout_in paths' -x -l to -d 'A condition or goal'
complete -c wayout -n '__wayout_in paths' -l drift -d 'Where it goes by itself'
complete -c wayout -n '__wayout_in paths' -x -l avoid -d 'What must not come about on the way'
complete -c wayout -n '__wayout_in paths' -x -l moves -a 'willing not-worse any least-concession' -d 'Which moves'
complete -c wayout -n '__wayout_in paths' -l legal -d 'Nobody moves twice in a row'
complete -c wayout -n '__wayout_in paths' -x -l max-options -d 'How many options one move may change'
complete -c wayout -n '__wayout_in paths' -x -l without -d 'Parties that make no move'
complete -c wayout -n '__wayout_in room' -x -l table -a everybody -d 'Only these tracks'
complete -c wayout -n '__wayout_in room' -x -l than -a 'drift worst-drift now' -d 'What outcomes are compared with'
complete -c wayout -n '__wayout_in generate' -x -l parties -d 'How many parties'
complete -c wayout -n '__wayout_in generate' -x -l options -d 'How many options'
complete -c wayout -n '__wayout_in generate' -x -l graded -d 'Share of options with more than two levels'
complete -c wayout -n '__wayout_in generate' -x -l most-levels -d 'Levels of a graded option'
complete -c wayout -n '__wayout_in generate' -x -l density -d 'Share of feasible combinations'
complete -c wayout -n '__wayout_in generate' -x -l one-way -d 'Share of options that only go one way'
complete -c wayout -n '__wayout_in generate' -x -l joint -d 'Share of agreements'
complete -c wayout -n '__wayout_in generate' -x -l binding -d 'Share of agreements that nobody leaves'
complete -c wayout -n '__wayout_in generate' -x -l statements -d 'Statements of each party'
complete -c wayout -n '__wayout_in generate' -x -l interaction -d 'Options of others that a statement names'
complete -c wayout -n '__wayout_in generate' -x -l tracks -d 'How many tracks'
complete -c wayout -n '__wayout_in generate' -x -l forbids -d 'How many rules that forbid moves'
complete -c wayout -n '__wayout_in generate' -x -l third -d 'Chance of a third party'
complete -c wayout -n '__wayout_in generate' -x -l seed -d 'The same seed, the same bytes'
complete -c wayout -n '__wayout_in generate' -x -l preference -a 'weights priorities additive ranking mixed' -d 'Kind of preference'
complete -c wayout -n '__wayout_in generate' -r -s o -l output -d 'The file to write'
complete -c wayout -n '__wayout_in generate' -l json -d 'Print what was made as JSON'
complete -c wayout -n '__wayout_in generate' -s q -l quiet -d 'No remarks'
complete -c wayout -n '__wayout_in claims' -x -l claim -d 'Only these claims'
complete -c wayout -n '__wayout_in claims' -l all-tests -d 'The evidence of every test'
