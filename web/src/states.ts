// All States, fetched once, and what they are called.
import { signal } from "@preact/signals";
import { State_OtherName_Kind, type State } from "#gen/comity/v1/state_pb";
import { directoryService } from "./client";
import type { Choice } from "./components/combobox";
import { langOf, language, pick } from "./i18n";
import { once } from "./once";

/** Empty until `loadStates` has answered. */
export const states = signal<readonly State[]>([]);

export const loadStates = once(async () => {
  const found: State[] = [];
  let pageToken = "";
  do {
    const page = await (await directoryService()).listStates({ pageSize: 1000, pageToken });
    found.push(...page.states);
    pageToken = page.nextPageToken;
  } while (pageToken);
  states.value = found;
  return found;
});

/** `LTU` of `states/LTU`, and of any name that lies under it. */
export function codeOf(name: string): string {
  return name.split("/")[1] ?? name;
}

export function stateOf(nameOrCode: string): State | undefined {
  const name = nameOrCode.startsWith("states/") ? nameOrCode : `states/${nameOrCode}`;
  return states.value.find((one) => one.name === name);
}

/** The name in the language of the page; the code while States are not here. */
export function titleOfState(nameOrCode: string): string {
  const state = stateOf(nameOrCode);
  return (state && pick(state.shortNames)?.text) || nameOrCode.replace("states/", "");
}

/** Lower case without accents and punctuation, for comparing names. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

type Entry = { state: State; own: string; names: { folded: string; text: string }[] };

let entries: Entry[] = [];
let entriesOf: readonly State[] = [];
let entriesLanguage = "";

function allEntries(): Entry[] {
  if (entriesOf === states.value && entriesLanguage === language.value) return entries;
  entries = states.value.map((state) => {
    const texts = [
      ...state.shortNames.map((one) => one.text),
      ...state.formalNames.map((one) => one.text),
      ...state.otherNames.map((one) => one.text),
    ];
    return {
      state,
      own: fold(pick(state.shortNames)?.text ?? ""),
      names: texts.map((text) => ({ folded: fold(text), text })),
    };
  });
  const compare = new Intl.Collator(language.value).compare;
  entries.sort((a, b) => compare(titleOfState(a.state.name), titleOfState(b.state.name)));
  entriesOf = states.value;
  entriesLanguage = language.value;
  return entries;
}

/** How well what was typed fits; 0 is best, undefined not at all. */
function rank(entry: Entry, typed: string, word: string): { rank: number; by?: string } | undefined {
  const code = typed.trim().toUpperCase();
  if (code === codeOf(entry.state.name) || code === entry.state.alpha2) return { rank: 0 };
  if (entry.own === word) return { rank: 0 };
  if (entry.own.startsWith(word)) return { rank: 1 };
  const starting = entry.names.find((one) => one.folded.startsWith(word));
  if (starting) return { rank: 3, by: starting.text };
  if (` ${entry.own}`.includes(` ${word}`)) return { rank: 2 };
  const within = entry.names.find((one) => ` ${one.folded}`.includes(` ${word}`));
  if (within) return { rank: 4, by: within.text };
  // Chinese has no spaces between words.
  const anywhere = entry.names.find((one) => word.length > 1 && one.folded.includes(word));
  return anywhere ? { rank: 5, by: anywhere.text } : undefined;
}

export function choiceOfState(state: State, by?: string): Choice {
  const name = pick(state.shortNames);
  const code = codeOf(state.name);
  return {
    value: code,
    text: name?.text ?? code,
    lang: langOf(name),
    detail: by && by !== name?.text ? by : code,
  };
}

/** The States that fit, best first; of "" all, by their names. */
export function statesFor(typed: string): Choice[] {
  const word = fold(typed);
  if (!word) return allEntries().map(({ state }) => choiceOfState(state));
  return allEntries()
    .flatMap((entry) => {
      const found = rank(entry, typed, word);
      return found ? [{ entry, ...found }] : [];
    })
    .sort((a, b) => a.rank - b.rank)
        .map(({ entry, by }) => choiceOfState(entry.state, by));
}

/** The States that a misspelt name may mean. */
export async function statesMeant(typed: string, signal: AbortSignal): Promise<Choice[]> {
  const { candidates } = await (await directoryService()).resolveState(
    { query: typed.slice(0, 200), limit: 5 },
    { signal },
  );
  return candidates.flatMap(({ state, matched }) =>
    state ? [choiceOfState(state, matched?.text)] : [],
  );
}

export const isFormer = (kind: State_OtherName_Kind): boolean =>
  kind === State_OtherName_Kind.FORMER || kind === State_OtherName_Kind.FORMER_CODE;
