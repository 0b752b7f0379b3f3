// Treaties and functions, each list fetched once, and what they are called.
import { signal } from "@preact/signals";
import type { Function as Task } from "#gen/comity/v1/function_pb";
import type { Treaty } from "#gen/comity/v1/treaty_pb";
import { directoryService, treatyService } from "./client";
import type { Choice } from "./components/combobox";
import { langOf, language, pick } from "./i18n";
import { once } from "./once";
import { fold } from "./states";

/** Empty until their loaders have answered. */
export const functions = signal<readonly Task[]>([]);
export const treaties = signal<readonly Treaty[]>([]);

export const loadFunctions = once(async () => {
  const found: Task[] = [];
  let pageToken = "";
  do {
    const page = await (await directoryService()).listFunctions({ pageSize: 1000, pageToken });
    found.push(...page.functions);
    pageToken = page.nextPageToken;
  } while (pageToken);
  functions.value = found;
  return found;
});

export const loadTreaties = once(async () => {
  const found: Treaty[] = [];
  let pageToken = "";
  do {
    const page = await (await treatyService()).listTreaties({ pageSize: 1000, pageToken });
    found.push(...page.treaties);
    pageToken = page.nextPageToken;
  } while (pageToken);
  treaties.value = found;
  return found;
});

/** `mla` of `functions/mla`. */
export function slugOf(name: string): string {
  return name.split("/").at(-1) ?? name;
}

export function functionOf(nameOrSlug: string): Task | undefined {
  return functions.value.find((one) => slugOf(one.name) === slugOf(nameOrSlug));
}

export function treatyOf(nameOrSlug: string): Treaty | undefined {
  return treaties.value.find((one) => slugOf(one.name) === slugOf(nameOrSlug));
}

export function titleOfFunction(name: string): string {
  return pick(functionOf(name)?.titles ?? [])?.text ?? slugOf(name);
}

/** The short title; the slug while treaties are not here. */
export function titleOfTreaty(name: string): string {
  const treaty = treatyOf(name);
  return pick(treaty?.shortTitles ?? [])?.text ?? pick(treaty?.titles ?? [])?.text ?? slugOf(name);
}

/** The functions that fit what was typed; of "" all, by their titles. */
export function functionsFor(typed: string): Choice[] {
  const word = fold(typed);
  const compare = new Intl.Collator(language.value).compare;
  return functions.value
    .flatMap((one) => {
      const title = pick(one.titles);
      const own = fold(title?.text ?? "");
      const others = [
        slugOf(one.name),
        ...one.aliases,
        ...one.titles.map(({ text }) => text),
      ].filter((text) => fold(text).includes(word));
      const rank = own.startsWith(word) ? 0 : own.includes(word) ? 1 : others.length > 0 ? 2 : 3;
      const choice: Choice = {
        value: slugOf(one.name),
        text: title?.text ?? slugOf(one.name),
        lang: langOf(title),
        detail: rank === 2 ? others[0]! : "",
      };
      return rank < 3 ? [{ rank, choice }] : [];
    })
    .sort((a, b) => a.rank - b.rank || compare(a.choice.text, b.choice.text))
    .map(({ choice }) => choice);
}
