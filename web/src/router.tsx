// Pages by path, and the URL as the state of a page.
import { batch, signal } from "@preact/signals";
import type { ComponentChildren, ComponentType } from "preact";
import { followUrlLanguage, keep, language, type Language } from "./i18n";

export type PageProps = {
  /** What stood in place of `:names` of the path; of `*` under `rest`. */
  params: Record<string, string>;
};

export type PageEntry = {
  /** `/states/:state`; `*` at the end takes all that follows. */
  path: string;
  load: () => Promise<{ default: ComponentType<PageProps> }>;
};

export type Location = { path: string; query: URLSearchParams };

function readLocation(): Location {
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}

export const here = signal<Location>(readLocation());
/** Grows with every step to another page, not with changes of its state. */
export const visits = signal(0);

function follow(): void {
  const before = here.value.path;
  batch(() => {
    here.value = readLocation();
    followUrlLanguage();
    if (here.value.path !== before) visits.value += 1;
  });
}

addEventListener("popstate", follow);

/** Goes to a path of these pages. */
export function navigate(to: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  follow();
  if (!replace && !location.hash) scrollTo(0, 0);
}

export type Query = Record<string, string | readonly string[] | undefined>;

function withQuery(path: string, query: URLSearchParams, changes: Query): string {
  const next = new URLSearchParams(query);
  for (const [key, value] of Object.entries(changes)) {
    next.delete(key);
    for (const one of typeof value === "string" ? [value] : (value ?? [])) {
      if (one) next.append(key, one);
    }
  }
  // Slashes and commas stay legible.
  const text = next.toString().replace(/%2F/g, "/").replace(/%2C/g, ",");
  return text ? `${path}?${text}` : path;
}

/**
 * Changes the state of the present page; an empty value leaves a key out.
 * `replace` where a step back should not undo it, as while typing.
 */
export function setQuery(changes: Query, { replace = false } = {}): void {
  const { path, query } = here.value;
  const to = withQuery(path, query, changes);
  if (to === location.pathname + location.search) return;
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  follow();
}

/** The address of a page; the language stays if the URL has it. */
export function href(path: string, query: Query = {}): string {
  const kept = new URLSearchParams();
  const lang = here.value.query.get("lang");
  if (lang) kept.set("lang", lang);
  const [before, hash] = path.split("#");
  return withQuery(before!, kept, query) + (hash ? `#${hash}` : "");
}

export function setLanguage(chosen: Language): void {
  keep("language", chosen);
  language.value = chosen;
  setQuery({ lang: chosen }, { replace: true });
}

type LinkProps = {
  to: string;
  query?: Query;
  class?: string;
  id?: string;
  lang?: string | undefined;
  "aria-current"?: "page" | undefined;
  "aria-label"?: string;
  children?: ComponentChildren;
};

/** A link to one of these pages. */
export function Link({ to, query, children, ...rest }: LinkProps) {
  const address = href(to, query);
  return (
    <a
      {...rest}
      href={address}
      onClick={(event: MouseEvent) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
          return;
        event.preventDefault();
        navigate(address);
      }}
    >
      {children}
    </a>
  );
}

/** Which page has this path, and what its `:names` are. */
export function match(
  pages: readonly PageEntry[],
  path: string,
): { page: PageEntry; params: Record<string, string> } | undefined {
  for (const page of pages) {
    const params = paramsOf(page.path, path);
    if (params) return { page, params };
  }
  return undefined;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function paramsOf(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/").filter(Boolean);
  const given = path.split("/").filter(Boolean).map(decode);
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    if (part === "*") {
      params["rest"] = given.slice(at).join("/");
      return given.length > at ? params : undefined;
    }
    const value = given[at];
    if (value === undefined) return undefined;
    if (part.startsWith(":")) params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return given.length === wanted.length ? params : undefined;
}
