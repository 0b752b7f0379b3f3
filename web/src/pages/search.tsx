// Search over the library and the directory, as one types.
import type { MessageInitShape } from "@bufbuild/protobuf";
import { useEffect, useRef, useState } from "preact/hooks";
import {
  SearchRequest_Match,
  SearchRequest_Order,
  type SearchRequestSchema,
  SuggestResponse_Suggestion_Kind as SuggestionKind,
  type SearchResponse,
  type SearchResult,
  type SuggestResponse_Suggestion,
} from "#gen/comity/v1/search_service_pb";
import { announce } from "../announce";
import { loadTreaties } from "../catalogue";
import { searchService } from "../client";
import { DateField, isDay } from "../components/date_field";
import { PageTitle } from "../components/page_title";
import { Answer } from "../components/views";
import { formatNumber } from "../i18n";
import { lawPath } from "../library";
import { useLoad } from "../load";
import { here, Link, navigate, href, setQuery } from "../router";
import { codeOf, loadStates } from "../states";
import { ActiveLimits, fields, Limits } from "./search.facets";
import { t } from "./search.messages";
import { QueryHelp, Result, Understood } from "./search.results";

const pageSize = 10;
// What is typed is asked for after so many milliseconds of rest.
const restMs = 180;

type Found = { pages: SearchResponse[]; results: SearchResult[]; more: boolean };

function requestOf(query: URLSearchParams): MessageInitShape<typeof SearchRequestSchema> {
  const from = query.get("from") ?? "";
  const until = query.get("until") ?? "";
  const filter: Record<string, string[] | string> = {
    from: isDay(from) ? from : "",
    until: isDay(until) ? until : "",
  };
  for (const { key, filter: name } of fields) filter[name] = query.getAll(key);
  const orders: Record<string, SearchRequest_Order> = {
    newest: SearchRequest_Order.NEWEST,
    oldest: SearchRequest_Order.OLDEST,
  };
  return {
    query: query.get("q") ?? "",
    match: query.has("all") ? SearchRequest_Match.ALL : SearchRequest_Match.ANY,
    filter,
    order: orders[query.get("order") ?? ""] ?? SearchRequest_Order.UNSPECIFIED,
    hitsPerLaw: 3,
    facets: fields.flatMap(({ field }) => field ?? []),
    facetValuesMax: query.has("values") ? 1000 : 8,
    withoutConcepts: query.has("own"),
    pageSize,
  };
}

/** The first pages, one after another: their tokens are of one state of data. */
async function find(query: URLSearchParams, signal: AbortSignal): Promise<Found> {
  const count = Math.max(1, Math.min(100, Number(query.get("pages")) || 1));
  const request = requestOf(query);
  const pages: SearchResponse[] = [];
  do {
    const page = await (await searchService()).search(request, { signal });
    pages.push(page);
    request.pageToken = page.nextPageToken;
  } while (request.pageToken && pages.length < count);
  await loadStates();
  await loadTreaties();
  return { pages, results: pages.flatMap((page) => page.results), more: request.pageToken !== "" };
}

function isAsked(query: URLSearchParams): boolean {
  return query.has("q") || fields.some(({ key }) => query.has(key)) || query.has("from") || query.has("until");
}

function datesAreWrong(query: URLSearchParams): boolean {
  const [from, until] = [query.get("from") ?? "", query.get("until") ?? ""];
  return isDay(from) && isDay(until) && from >= until;
}

export default function Search() {
  const { query } = here.value;
  const asked = isAsked(query) && !datesAreWrong(query);
  const key = new URLSearchParams(query);
  key.delete("lang");
  const [loaded, retry] = useLoad(asked ? `?${key.toString()}` : "", (signal) => find(query, signal));
  return (
    <>
      <PageTitle title={t("title")}>
        <p class="lead">{t("lead")}</p>
      </PageTitle>
      <Box />
      <QueryHelp />
      {!asked && !datesAreWrong(query) && <p class="notice">{t("empty")}</p>}
      {(asked || datesAreWrong(query)) && (
        <div class="search-page">
          <Limits facets={loaded.answer?.pages[0]?.facets ?? []}>
            <How />
          </Limits>
          <section class="search-results" aria-label={t("results")}>
            <Answer loaded={loaded} retry={retry}>
              {(found) => <Results found={found} />}
            </Answer>
          </section>
        </div>
      )}
    </>
  );
}

/** The field, what is meant, and how to search. */
function Box() {
  const { query } = here.value;
  const held = query.get("q") ?? "";
  const [typed, setTyped] = useState(held);
  const timer = useRef(0);
  // Steps back and links change what is searched for.
  useEffect(() => setTyped(held), [held]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const ask = (text: string, replace: boolean) => {
    clearTimeout(timer.current);
    setQuery({ q: text, pages: "" }, { replace });
  };
  return (
    <form
      class="search-box"
      role="search"
      aria-label={t("title")}
      onSubmit={(event) => {
        event.preventDefault();
        ask(typed, false);
      }}
    >
      <div class="field search-field">
        <label for="q">{t("query")}</label>
        <div class="search-line">
          <input
            id="q"
            type="search"
            dir="auto"
            autoComplete="off"
            spellcheck={false}
            maxLength={2000}
            value={typed}
            onInput={(event) => {
              const text = event.currentTarget.value;
              setTyped(text);
              clearTimeout(timer.current);
              timer.current = window.setTimeout(() => ask(text, true), restMs);
            }}
          />
          <button type="submit" class="button-primary">
            {t("search")}
          </button>
        </div>
      </div>
      <Suggestions typed={held} />
    </form>
  );
}

/** Laws, authorities, States and terms that begin as what was typed. */
function Suggestions({ typed }: { typed: string }) {
  const text = typed.trim().slice(0, 200);
  const [loaded] = useLoad(text.length > 1 ? text : "", async (signal) =>
    (await searchService()).suggest({ text, limit: 3 }, { signal }),
  );
  const found = (loaded.answer?.suggestions ?? []).filter(
    (one) => one.kind !== SuggestionKind.CONCEPT || one.text.toLowerCase() !== text.toLowerCase(),
  );
  if (text.length < 2) return null;
  // The line is there before what stands in it, so that nothing jumps.
  if (found.length === 0) return <div class="suggestions" />;
  return (
    <nav class="suggestions" aria-label={t("goTo")}>
      <span class="muted" aria-hidden="true">
        {t("goTo")}
      </span>
      <ul>
        {found.map((one) => (
          <li key={`${one.kind} ${one.name} ${one.text}`}>
            <Suggestion one={one} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Suggestion({ one }: { one: SuggestResponse_Suggestion }) {
  const text = <bdi>{one.text}</bdi>;
  switch (one.kind) {
    case SuggestionKind.LAW:
      return <Link to={lawPath(one.name)}>{text}</Link>;
    case SuggestionKind.AUTHORITY:
      return <Link to={`/authorities/${codeOf(one.name)}/${one.name.split("/").at(-1)}`}>{text}</Link>;
    case SuggestionKind.STATE:
      return <Link to={`/states/${codeOf(one.name)}`}>{text}</Link>;
    default:
      return (
        <Link to="/search" query={{ q: `"${one.text}"` }}>
          {text}
        </Link>
      );
  }
}

function How() {
  const { query } = here.value;
  const again = { pages: "" };
  return (
    <div class="search-how">
      <div class="field">
        <label for="order">{t("order")}</label>
        <select
          id="order"
          value={query.get("order") ?? ""}
          onChange={(event) => setQuery({ order: event.currentTarget.value, ...again })}
        >
          {(["relevance", "newest", "oldest"] as const).map((one) => (
            <option
              key={one}
              value={one === "relevance" ? "" : one}
              selected={one === (query.get("order") ?? "relevance")}
            >
              {t(one)}
            </option>
          ))}
        </select>
      </div>
      <DateField
        id="from"
        label={t("from")}
        value={query.get("from") ?? ""}
        error={datesAreWrong(query) ? t("wrongDates") : undefined}
        onChange={(from) => setQuery({ from, ...again })}
      />
      <DateField
        id="until"
        label={t("until")}
        value={query.get("until") ?? ""}
        onChange={(until) => setQuery({ until, ...again })}
      />
      <div class="checks">
        <label class="check">
          <input
            type="checkbox"
            checked={query.has("all")}
            onChange={(event) => setQuery({ all: event.currentTarget.checked ? "1" : "", ...again })}
          />
          {t("allWords")}
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={!query.has("own")}
            onChange={(event) => setQuery({ own: event.currentTarget.checked ? "" : "1", ...again })}
          />
          {t("concepts")}
        </label>
      </div>
    </div>
  );
}

function totalOf(first: SearchResponse): string {
  const hits = t("total", { count: Number(first.totalSize) });
  return first.totalIsEstimate ? t("about", { hits }) : hits;
}

function Results({ found }: { found: Found }) {
  const first = found.pages[0]!;
  const total = totalOf(first);
  useEffect(() => announce(total), [first]);
  return (
    <>
      <h2>{total}</h2>
      <ActiveLimits />
      <Understood answer={first} />
      {found.results.length === 0 && <Nothing answer={first} />}
      <ol class="results">
        {found.results.map((result) => (
          <Result key={`${result.name} ${result.hits[0]?.name}`} result={result} />
        ))}
      </ol>
      {found.more && (
        <button
          type="button"
          class="button"
          onClick={() => setQuery({ pages: String(found.pages.length + 1) }, { replace: true })}
        >
          {t("more")}
        </button>
      )}
      <Searched answer={first} />
    </>
  );
}

function Nothing({ answer }: { answer: SearchResponse }) {
  const { query } = here.value;
  return (
    <div class="notice">
      <p>
        <strong>{t("nothing")}</strong>
      </p>
      {answer.suggestion && (
        <p>
          <button
            type="button"
            class="link-button"
            onClick={() => navigate(href("/search", { q: answer.suggestion }))}
          >
            {t("didYouMean", { text: answer.suggestion })}
          </button>
        </p>
      )}
      {query.has("all") && (
        <p>
          <button type="button" class="link-button" onClick={() => setQuery({ all: "" })}>
            {t("anyOfWords")}
          </button>
        </p>
      )}
      {query.has("own") && (
        <p>
          <button type="button" class="link-button" onClick={() => setQuery({ own: "" })}>
            {t("concepts")}
          </button>
        </p>
      )}
      <p>{t("nothingHelp")}</p>
    </div>
  );
}

function Searched({ answer }: { answer: SearchResponse }) {
  const coverage = answer.coverage;
  if (!coverage) return null;
  return (
    <p class="muted small searched">
      {t("searched", {
        laws: Number(coverage.laws),
        provisions: Number(coverage.provisions),
        states: coverage.states,
        languages: coverage.languages,
        authorities: Number(coverage.authorities),
        sequence: formatNumber(answer.sequence),
      })}
    </p>
  );
}
