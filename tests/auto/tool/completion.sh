#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# bash and zsh complete command lines of the tool, with an existing segment to name.
#
#     completion.sh TOOL COMPLETIONS PEER     the program, the folder of the completions, tests/peer
set -euo pipefail
tool=$1 completions=$2 peer=$3

work=$(mktemp -d)
export SHAREDSEGMENT_DIR=$work
PATH=$(dirname "$tool"):$PATH
coproc owner { exec "$peer" own zebra u64 8 automatic 0 one; }
stop_owner()
{
    kill "$owner_PID" $mirror 2>/dev/null || :
    wait "$owner_PID" $mirror 2>/dev/null || :
    # Its memory may have a name, which only the folder knows.
    "$tool" sweep >/dev/null
    rm -rf "$work"
}
mirror=
trap stop_owner EXIT
read -r -t 20 answer <&"${owner[0]}"
[ "$answer" = ready ] || { echo "The owner says: $answer"; exit 1; }
# Another name, of a mirror. Its owner lives until its input ends.
exec {input}> >(exec "$peer" own @yard/horse u64 8 automatic 0 one >/dev/null)
mirror=$!
until "$tool" list --names | grep -q '^@'; do kill -0 "$mirror" && sleep 0.05; done
failures=0

# expect SHELL LINE COMPLETED
expect()
{
    local completed
    completed=$("in_$1" "$2")
    [ "$completed" = "$3" ] || { echo "FAIL: $1 makes \"$completed\" of \"$2\", expected is \"$3\""; failures=$((failures + 1)); }
}

in_bash()
{
    # shellcheck disable=SC2016 # to be expanded by the other shell
    bash --norc -c 'source "$1"; words=($2); COMP_WORDS=(${2//@/ @ }); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE=$2
        COMP_POINT=${#2}; _sharedsegment sharedsegment "${words[-1]}" "${COMP_WORDS[-2]}"
        COMP_CWORD=$((${#words[@]} - 1)); echo "${words[*]:0:COMP_CWORD} ${COMPREPLY[*]}"' - "$completions/sharedsegment.bash" "$1"
}

# The line of an interactive shell after a tab: the shell prints it instead of running it.
in_zsh()
{
    zsh -f -c '
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell "fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -u -D; show() { print -r -- \"<\$BUFFER>\"; BUFFER=; };"
        zpty -w shell "zle -N show; bindkey ^X show; print READY=\$((1 + 1))"
        zpty -r shell line "*READY=2*"
        zpty -w -n shell "$2"$'"'\t\x18'"'
        zpty -r shell line "*<*>*"
        zpty -d shell
        line=${line##*<}
        print -r -- "${${line%%>*}%% }"
    ' - "$completions" "$1"
}

shells=(bash)
if command -v zsh >/dev/null; then
    shells+=(zsh)
else
    echo "zsh is not there: its completion was not run"
fi
for shell in "${shells[@]}"; do
    expect "$shell" "sharedsegment wat" "sharedsegment watch"
    expect "$shell" "sharedsegment dump ze" "sharedsegment dump zebra"
    expect "$shell" "sharedsegment dump zebra --form" "sharedsegment dump zebra --format"
    expect "$shell" "sharedsegment dump --format c" "sharedsegment dump --format csv"
    expect "$shell" "sharedsegment record zebra ze" "sharedsegment record zebra zebra"
    expect "$shell" "sharedsegment dump @yard/ho" "sharedsegment dump @yard/horse"
    expect "$shell" "sharedsegment record zebra @ya" "sharedsegment record zebra @yard/horse"
    expect "$shell" "sharedsegment record zebra --format m" "sharedsegment record zebra --format mcap"
done

# Names of others are not run, and do not control the terminal.
# shellcheck disable=SC2016 # no shell is to expand it
names=('$(touch ran)' '`touch ran`' 'two words' $'evil\e[2J' $'turned\u202e' $'high\u009b')
owners=()
for name in "${names[@]}"; do
    "$tool" create "$name" --layout u8 >/dev/null &
    owners+=($!)
    until "$tool" list --names | grep -qF -- "$name"; do kill -0 "${owners[-1]}" && sleep 0.05; done
done
cd "$work"
# shellcheck disable=SC2016 # as above
offered=$(bash --norc -c 'source "$1"; COMP_WORDS=(sharedsegment dump ""); COMP_CWORD=2; _sharedsegment; printf "%s\n" "${COMPREPLY[@]}"' - \
    "$completions/sharedsegment.bash" | LC_ALL=C sort)
wanted=$(printf '%q\n' '$(touch ran)' '`touch ran`' 'two words' zebra @yard/horse | LC_ALL=C sort)
[ "$offered" = "$wanted" ] || { echo "FAIL: offered are \"$offered\""; failures=$((failures + 1)); }
[ ! -e ran ] || { echo "FAIL: a name was run as a command"; failures=$((failures + 1)); }
kill "${owners[@]}"
wait "${owners[@]}" || :
[ "$failures" -eq 0 ] && echo "completed in ${shells[*]}"
