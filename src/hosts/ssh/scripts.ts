/**
 * What is run on the other side: POSIX sh, with stat, base64, sha256sum and head of coreutils or busybox.
 *
 * A script comes whole or not at all: it is one function, and the call of it is the last byte. It comes through
 * stdin, so that neither paths nor contents are in a process list; `printf` is a builtin of every sh.
 */
import type { Group, Step } from '../plan-write.ts';
import { parent } from '../paths.ts';
import { shellWord, shellWords } from './quote.ts';

export function script(lines: readonly string[], nonce: string): string {
  return [
    'k() {',
    `echo 'kubetls ${nonce}'`,
    's=',
    ...lines,
    'echo',
    `echo "end ${nonce} $s"`,
    '}',
    'k',
  ].join('\n');
}

/** Messages in English, tools where cron and a plain login do not look. */
const SETTING = ['LC_ALL=C; export LC_ALL', 'PATH=$PATH:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];

/**
 * `real PATH` sets r to where it leads: links followed as far as it exists, 40 at most, as Linux does. Fails with
 * 1 for more, 2 where a directory on the way may not be entered. Without a fork where there is no link.
 */
const REAL = String.raw`real() {
r= left=${'${1#/}'}/ links=0
while [ -n "$left" ]; do
name=${'${left%%/*}'} left=${'${left#*/}'}
case $name in
''|.) continue ;;
..) r=${'${r%/*}'}; continue ;;
esac
if [ -d "$r/" ] && [ ! -x "$r/" ]; then return 2; fi
if [ -L "$r/$name" ]; then
links=$((links + 1))
[ $links -le 40 ] || return 1
to=$(readlink "$r/$name") || return 1
case $to in /*) r= ;; esac
left=$to/$left
else
r=$r/$name
fi
done
}`;

/** One line a path: kind and where it leads. */
const KIND = String.raw`kind() {
real "/$1"
case $? in
1) kind=L r= ;;
2) kind=X ;;
*) if [ -f "$r" ]; then kind=F; elif [ -e "$r/." ] || [ -e "$r" ]; then kind=O; else kind=M; fi ;;
esac
}`;

export function lookScript(paths: readonly string[]): string[] {
  return eachPath(paths, 'set -- "$@" "$r"', 'stat -c "%a %u %g %s" "$@"; sha256sum "$@"');
}

export function readScript(paths: readonly string[], limit: number): string[] {
  const onFile = `set -- "$@" "$r"; head -c ${limit + 1} "$r" | base64; echo .`;
  return eachPath(paths, onFile, 'stat -c "%a %s" "$@"');
}

/** Of the file, then of what its name is, which may be a link. */
export function timesScript(paths: readonly string[]): string[] {
  return eachPath(paths, 'set -- "$@" "$r" "/$path"', 'stat -c "%Y %Z" "$@"');
}

/** The kind of each path; `onFile` collects those that are files, of which `ofAll` tells. */
function eachPath(paths: readonly string[], onFile: string, ofAll: string): string[] {
  return [
    ...SETTING,
    REAL,
    KIND,
    `for path in ${shellWords(paths)}; do`,
    'kind "$path"',
    'printf "%s %s\\n" "$kind" "$r"',
    `if [ $kind = F ]; then ${onFile}; fi`,
    'done',
    `if [ $# -gt 0 ]; then ${ofAll}; fi`,
  ];
}

/** The timeout is a guard against what we leave behind: ours ends first. Seconds. */
export function runScript(command: readonly string[], timeout: number): string[] {
  return [
    't=',
    `if timeout 1 true 2>/dev/null; then t='timeout -k 5 ${timeout + 5}'; fi`,
    `$t ${shellWords(command)} </dev/null`,
    's=$?',
  ];
}

/**
 * D directory mode        makes it, and what is missing above it
 * P temporary umask mode owner  a new file: owner and mode before the content, which is base64; `mode` is
 *                         empty where the umask makes it, as it does for all that nobody executes
 * why directory            says that there is no space, which base64 does not
 * K n target backup       keeps what stands there
 * M n k target temporary  renames; R n k target removes: k is the step that kept what stood there, or nothing
 * E set                   the set stands whole
 * U                       takes back what M and R have done since the last E
 */
const HANDS = String.raw`
D() {
[ -z "$1" ] || [ -d "$1" ] || { D "${'${1%/*}'}" 755 && mkdir -m "$2" "$1" && flush "${'${1%/*}'}/"; }
}
P() {
{ D "${'${1%/*}'}" 755 && umask "$2" && {
umask 077
{ [ -z "$4" ] || chown "$4" "$1"; } && { [ -z "$3" ] || chmod "$3" "$1"; } && printf %s "$5" | base64 -d >&3
} 3>"$1"; } || { umask 077; why "${'${1%/*}'}"; return 1; }
}
why() {
df -Pk "$1" 2>/dev/null | {
read -r heads; read -r system size used free rest
if [ "${'${free:-9999}'}" -lt 64 ]; then echo "no space is left on the device below $1" >&2; fi
}
}
flush() { sync "$@" 2>/dev/null || sync; }
K() {
kept=$3 number=2
while [ -e "$kept" ]; do kept=$3.~$number~ number=$((number + 1)); done
rm -f "$kept.tmp" && cp -p "$2" "$kept.tmp" && mv -f "$kept.tmp" "$kept" && eval "K$1=\$kept"
}
done_() { eval "T$1=\$3"; undo="$1:$2 $undo"; }
M() { [ ! -d "$3" ] && mv -f "$4" "$3" && done_ "$@"; }
R() { rm -f "$3" && done_ "$@"; }
E() { undo=; printf 'done %s\n' "$1"; }
U() {
for step in $undo; do
eval "target=\$T${'${step%:*}'}"
kept=; [ -z "${'${step#*:}'}" ] || eval "kept=\$K${'${step#*:}'}"
back=${'${target%/*}'}/.kubetls-back
if [ -z "$kept" ]; then rm -f "$target"; else rm -f "$back"; cp -p "$kept" "$back" && mv -f "$back" "$target"; fi
done
}
sweep() {
for at in "$@"; do for file in "$at"/.kubetls-*; do
if [ -f "$file" ] && [ ! -L "$file" ]; then rm -f "$file"; fi
done; done
}
lock() {
tries=0
until ln -s $$ "$1" 2>/dev/null; do
[ -L "$1" ] || { ln -s $$ "$1"; return; }
holder=$(readlink "$1")
if [ -n "$holder" ] && kill -0 "$holder" 2>/dev/null; then
tries=$((tries + 1))
[ $tries -lt 30 ] || { echo "$1 is held by process $holder" >&2; return 1; }
sleep 1
else
rm -f "$1"
fi
done
}`;

/**
 * A group: see directory/write-group.ts. Once it has begun it goes on without us, so a second one waits for it.
 * Prints `done SET` for each set, and `all` at the end.
 */
export function writeScript(group: Group, backup: string): string[] {
  const steps = group.flatMap((set) => set.steps);
  const numbers = new Map(steps.map((step, i) => [step, i]));
  const puts = steps.flatMap(({ put, stood }) => (put ? [{ put, stood }] : []));
  const lock = path(`${parent(backup) === '' ? '' : `${parent(backup)}/`}.kubetls-lock`);
  const places = [...new Set(steps.map(({ target }) => shellWord(`/${parent(target)}`)))];
  const kept = steps.flatMap((step) =>
    step.backup === undefined ? [] : [{ ...step, backup: step.backup, step }],
  );
  const closed = [...new Set(kept.map((step) => shellWord(`/${parent(step.backup)}`)))];
  const first = (steps_: readonly Step[], { target }: Step): Step | undefined =>
    steps_.find((step) => step.target === target && step.backup !== undefined);
  const work = [
    ...(kept.length > 0 ? [`D ${shellWord(`/${backup}`)} 700`] : []),
    ...closed.map((directory) => `closed ${directory}`),
    ...puts.map(({ put, stood }) => {
      const owner = stood?.owner ? `${stood.owner.uid}:${stood.owner.gid}` : '';
      const content = Buffer.from(put.bytes).toString('base64');
      const [umask, mode] = put.mode & 0o7111 ? ['077', put.mode.toString(8)] : [maskOf(put.mode), ''];
      return `P ${path(put.temporary)} ${umask} '${mode}' '${owner}' '${content}'`;
    }),
    ...(puts.length > 0 ? [`flush ${puts.map(({ put }) => path(put.temporary)).join(' ')}`] : []),
    ...kept.map(({ target, backup: name, step }) => `K ${numbers.get(step)} ${path(target)} ${path(name)}`),
    ...(kept.length > 0 ? [`flush ${closed.join(' ')}`] : []),
    ...group.flatMap((set, i) => [
      ...set.steps.map((step) => {
        const keeper = first(set.steps, step);
        const head = `${numbers.get(step)} '${keeper ? numbers.get(keeper) : ''}' ${path(step.target)}`;
        return step.put ? `M ${head} ${path(step.put.temporary)}` : `R ${head}`;
      }),
      `E ${i}`,
    ]),
    `flush ${places.join(' ')}`,
  ];
  return [
    ...SETTING,
    // Ours may be gone by now, and the set is finished all the same.
    "trap '' HUP PIPE",
    'umask 077; set -C',
    HANDS,
    CLOSED,
    'undo=',
    `if D ${shellWord(parent(backup) === '' ? '' : `/${parent(backup)}`)} 755 && lock ${lock}; then`,
    `sweep ${places.join(' ')}`,
    `if ${work.join(' &&\n')}`,
    `then echo all; else U; sweep ${places.join(' ')}; flush ${places.join(' ')}; fi`,
    `rm -f ${lock}`,
    'fi',
  ];
}

/** What is missing of the directories of a backup is closed to others. */
const CLOSED = String.raw`closed() { [ -d "$1" ] || { closed "${'${1%/*}'}" && mkdir -m 700 "$1"; }; }`;

function maskOf(mode: number): string {
  return (0o777 & ~mode).toString(8).padStart(3, '0');
}

function path(relative: string): string {
  return shellWord(`/${relative}`);
}
