# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# Completion of the command sharedsegment for bash.

_sharedsegment()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]-} index=$COMP_CWORD
    # Readline completes a name with a leading @ as a whole, but parts it into two words here.
    if [[ $before == @ && ${COMP_LINE:0:COMP_POINT} == *[[:blank:]]"${2-}" ]]; then
        word=$2 before=${COMP_WORDS[COMP_CWORD - 2]} index=$((COMP_CWORD - 1))
    fi
    local creating='--layout --capacity --variable --stream --metadata --unit --buffers --backend --multiple-writers'
    local options
    COMPREPLY=()
    if [ "$index" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W 'list info dump watch publish record replay create write sweep doctor bench --help --version' -- "$word")
        return
    fi
    case $before in
        --format) [ "$command" != record ] || { mapfile -t COMPREPLY < <(compgen -W 'csv mcap' -- "$word"); return; } ;;&
        --encoding) mapfile -t COMPREPLY < <(compgen -W 'json raw' -- "$word"); return ;;
        --format) mapfile -t COMPREPLY < <(compgen -W 'csv json jsonl raw' -- "$word"); return ;;
        --backend) mapfile -t COMPREPLY < <(compgen -W 'automatic memfd posix' -- "$word"); return ;;
        --layout) mapfile -t COMPREPLY < <(compgen -W 'i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 bool' -- "$word"); return ;;
        --from | --to | --metadata) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        --registry) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
        --delimiter) mapfile -t COMPREPLY < <(compgen -W 'tab' -- "$word"); return ;;
        --capacity | --unit | --buffers | --first | --count | --last | --interval | --field | --decimal | --missing | --comment | --speed)
            return ;;
    esac
    case $command in
        list) options='--json --names' ;;
        info | doctor | bench) options='--json' ;;
        dump) options='--format --field --first --count --last --delimiter --decimal' ;;
        watch) options='--rate --lines --count' ;;
        publish) options="$creating --from --format --delimiter --decimal --missing --comment --interval --hold" ;;
        record) options='--to --format --encoding --oldest --count' ;;
        replay) options='--speed --hold' ;;
        create) options=$creating ;;
        write) options='--field' ;;
        sweep) options='' ;;
        *) return ;;
    esac
    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options --registry --help" -- "$word")
    elif [[ $command == replay ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    elif [[ $command == record || ( $command == @(info|dump|watch|write) && $index -eq 2 ) ]]; then
        # Without compgen -W, which would run parts of a name as commands. Names that would control the terminal are left out.
        local name
        while IFS= read -r name; do
            [[ $name == "$word"* ]] && COMPREPLY+=("$(printf '%q' "$name")")
        done < <(sharedsegment list --names 2>/dev/null | LC_ALL=C grep -av $'[\x01-\x1f\x7f]\\|\xc2[\x80-\x9f\xad]\\|\xd8\x9c\\|\xe2\x80[\x8b-\x8f\xa8-\xae]\\|\xe2\x81[\xa0-\xaf]\\|\xef\xbb\xbf')
    fi
}

complete -F _sharedsegment sharedsegment
