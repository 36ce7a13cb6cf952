import type { CompletedCommand } from "./completion.ts";

type Commands = readonly CompletedCommand[];

/** For bash: a function that finds the command that was typed so far and offers what may follow. */
export function bashCompletion(commands: Commands): string {
  return `# mosaik completion for bash: source <(mosaik completion bash)
_mosaik() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path=mosaik words= at
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "$path \${COMP_WORDS[at]}" in
${steps(commands)}
    esac
  done
  case "$path" in
${offers(commands)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _mosaik mosaik
`;
}

/** For zsh: the same by its own means. */
export function zshCompletion(commands: Commands): string {
  return `#compdef mosaik
# mosaik completion for zsh: source <(mosaik completion zsh)
_mosaik() {
  local path_=mosaik words_= at
  for ((at = 2; at < CURRENT; at++)); do
    case "$path_ \${words[at]}" in
${steps(commands).replaceAll("path=", "path_=")}
    esac
  done
  case "$path_" in
${offers(commands).replaceAll("words=", "words_=")}
  esac
  compadd -- \${=words_}
}
if (( ! $+functions[compdef] )); then autoload -Uz compinit && compinit -u; fi
compdef _mosaik mosaik
`;
}

/** For fish: a line for each thing that may follow, under the condition of the command before it. */
export function fishCompletion(commands: Commands): string {
  const lines = commands.flatMap(({ path, subcommands, options }) => {
    const when = `-n '__mosaik_at "${path}"'`;
    return [
      ...subcommands.map(
        ({ name, about }) => `complete -c mosaik -f ${when} -a ${name} -d ${quoted(about)}`,
      ),
      ...options.map(
        ({ long, about }) => `complete -c mosaik ${when} -l ${long.slice(2)} -d ${quoted(about)}`,
      ),
    ];
  });
  const known = commands.filter(({ path }) => path !== "mosaik");
  const cases = known.map(
    ({ typed, path }) =>
      `      case ${typed.map((each) => `'${each}'`).join(" ")}\n        set path '${path}'`,
  );
  return `# mosaik completion for fish: mosaik completion fish | source
function __mosaik_at
  set -l path mosaik
  for word in (commandline -opc)[2..-1]
    switch "$path $word"
${cases.join("\n")}
    end
  end
  test "$path" = "$argv[1]"
end
${lines.join("\n")}
`;
}

/** From the path so far and the next word to the longer path. */
function steps(commands: Commands): string {
  return commands
    .filter(({ path }) => path !== "mosaik")
    .map(
      ({ typed, path }) =>
        `      ${typed.map((each) => `"${each}"`).join(" | ")}) path="${path}" ;;`,
    )
    .join("\n");
}

/** What may follow each path. */
function offers(commands: Commands): string {
  return commands
    .map(({ path, subcommands, options }) => {
      const words = [...subcommands.map(({ name }) => name), ...options.map(({ long }) => long)];
      return `    "${path}") words="${words.join(" ")}" ;;`;
    })
    .join("\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
}
