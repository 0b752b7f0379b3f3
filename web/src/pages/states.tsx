// All States: who has designated an authority, on a map and in a table.
import { useEffect, useState } from "preact/hooks";
import type { Participation } from "#gen/comity/v1/participation_pb";
import type { State } from "#gen/comity/v1/state_pb";
import { announce } from "../announce";
import {
  functions,
  loadFunctions,
  loadTreaties,
  slugOf,
  titleOfFunction,
  titleOfTreaty,
  treaties,
} from "../catalogue";
import { PageTitle } from "../components/page_title";
import { ParticipationLine } from "../components/participation";
import { Answer } from "../components/views";
import { allDesignations, allParticipations } from "../directory";
import { d } from "../directory.messages";
import { formatNumber, langOf, pick } from "../i18n";
import { useLoad } from "../load";
import { here, Link, navigate, href, setQuery } from "../router";
import { codeOf, loadStates, statesFor, titleOfState } from "../states";

type Row = {
  state: State;
  designations: number;
  participation: Participation | undefined;
  kind: Kind;
};
type Kind = "designated" | "partyOnly" | "nothing";

const kinds: readonly Kind[] = ["designated", "partyOnly", "nothing"];

async function rowsFor(treaty: string, task: string, signal: AbortSignal): Promise<Row[]> {
  const [all, designations, participations] = await Promise.all([
    loadStates(),
    allDesignations(
      "states/-",
      { treaty: treaty && `treaties/${treaty}`, function: task && `functions/${task}` },
      signal,
    ),
    treaty ? allParticipations(`treaties/${treaty}`, "", signal) : [],
    loadTreaties(),
    loadFunctions(),
  ]);
  const counts = new Map<string, number>();
  for (const { name } of designations) {
    counts.set(codeOf(name), (counts.get(codeOf(name)) ?? 0) + 1);
  }
  const taking = new Map(participations.map((one) => [slugOf(one.name), one]));
  return all.map((state) => {
    const code = codeOf(state.name);
    const count = counts.get(code) ?? 0;
    const participation = taking.get(code);
    const kind = count > 0 ? "designated" : participation?.periods.length ? "partyOnly" : "nothing";
    return { state, designations: count, participation, kind };
  });
}

export default function States() {
  const { query } = here.value;
  const treaty = query.get("treaty") ?? "";
  const task = query.get("for") ?? "";
  const [loaded, retry] = useLoad(`${treaty}|${task}|`, (signal) => rowsFor(treaty, task, signal));
  return (
    <>
      <PageTitle title={d("states")}>
        <p class="lead">{d("statesLead")}</p>
      </PageTitle>
      <Filters />
      <Answer loaded={loaded} retry={retry}>
        {(rows) => (
          <>
            <WorldMap rows={rows} />
            <Table rows={rows} treaty={treaty} />
          </>
        )}
      </Answer>
    </>
  );
}

function Filters() {
  const { query } = here.value;
  const show = query.get("show") ?? "";
  return (
    <form class="ask" role="search" aria-label={d("states")} onSubmit={(event) => event.preventDefault()}>
      <div class="field">
        <label for="q">{d("filter")}</label>
        <input
          id="q"
          type="search"
          value={query.get("q") ?? ""}
          onInput={(event) => setQuery({ q: event.currentTarget.value }, { replace: true })}
        />
      </div>
      <Choice id="treaty" label={d("treaty")} value={query.get("treaty") ?? ""} any={d("anyTreaty")}>
        {treaties.value.map(({ name }) => ({ value: slugOf(name), text: titleOfTreaty(name) }))}
      </Choice>
      <Choice id="for" label={d("task")} value={query.get("for") ?? ""} any={d("any")}>
        {functions.value.map(({ name }) => ({ value: slugOf(name), text: titleOfFunction(name) }))}
      </Choice>
      <Choice id="show" label={d("show")} value={show} any={d("showAll")}>
        {kinds
          .filter((kind) => kind !== "partyOnly" || query.has("treaty"))
          .map((kind) => ({ value: kind, text: d(kind) }))}
      </Choice>
    </form>
  );
}

function Choice({
  id,
  label,
  value,
  any,
  children,
}: {
  id: string;
  label: string;
  value: string;
  any: string;
  children: { value: string; text: string }[];
}) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={(event) => setQuery({ [id]: event.currentTarget.value })}
      >
        <option value="">{any}</option>
        {children.map((one) => (
          <option key={one.value} value={one.value} selected={one.value === value}>
            {one.text}
          </option>
        ))}
      </select>
    </div>
  );
}

type World = typeof import("../../gen/world.json");

function WorldMap({ rows }: { rows: readonly Row[] }) {
  const [world, setWorld] = useState<World>();
  useEffect(() => {
    import("../../gen/world.json").then(
      (module) => setWorld(module.default as World),
      () => {},
    );
  }, []);
  const byNumber = new Map(rows.map((row) => [row.state.m49, row]));
  const designated = rows.filter((row) => row.kind === "designated").length;
  const shown = kinds.filter((kind) => rows.some((row) => row.kind === kind));
  const size = world ?? { width: 960, height: 470 };
  const properties = (number: string) => {
    const row = byNumber.get(number);
    return {
      class: `land land-${row?.kind ?? "nothing"}`,
      onClick: row ? () => navigate(href(`/states/${codeOf(row.state.name)}`)) : undefined,
      title: row ? `${titleOfState(row.state.name)}: ${d(row.kind)}` : "",
    };
  };
  return (
    <figure class="map no-print">
      <svg
        viewBox={`0 0 ${size.width} ${size.height}`}
        role="img"
        aria-label={d("mapName", { count: designated })}
      >
        {world && <path class="sea" d={world.outline} />}
        {world &&
          Object.entries(world.shapes).map(([number, path]) => {
            const { title, ...rest } = properties(number);
            return (
              <path key={number} d={path} {...rest}>
                {title && <title>{title}</title>}
              </path>
            );
          })}
        {world &&
          Object.entries(world.dots).map(([number, [x, y]]) => {
            const { title, ...rest } = properties(number);
            return (
              <circle key={number} cx={x} cy={y} r="2.6" {...rest}>
                {title && <title>{title}</title>}
              </circle>
            );
          })}
      </svg>
      <figcaption>
        <ul class="legend">
          {shown.map((kind) => (
            <li key={kind}>
              <svg viewBox="0 0 16 16" aria-hidden="true">
                <rect width="16" height="16" class={`land land-${kind}`} />
              </svg>
              {d(kind)} ({formatNumber(rows.filter((row) => row.kind === kind).length)})
            </li>
          ))}
        </ul>
        <p class="muted small">{d("mapNote")}</p>
      </figcaption>
    </figure>
  );
}

function Table({ rows, treaty }: { rows: readonly Row[]; treaty: string }) {
  const { query } = here.value;
  const show = query.get("show") ?? "";
  const typed = query.get("q") ?? "";
  const byCode = new Map(rows.map((row) => [codeOf(row.state.name), row]));
  const wanted = statesFor(typed)
    .flatMap(({ value }) => byCode.get(value) ?? [])
    .filter((row) => !show || row.kind === show);
  useEffect(() => {
    if (typed || show) announce(d("count", { count: wanted.length }));
  }, [typed, show, wanted.length]);
  if (wanted.length === 0) return <p class="notice">{d("nothingFits")}</p>;
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label={d("states")}>
      <table>
        <caption>{d("count", { count: wanted.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{d("state")}</th>
            <th scope="col">{d("code")}</th>
            <th scope="col">{d("designations")}</th>
            {treaty && <th scope="col">{d("inTreaty", { treaty: titleOfTreaty(treaty) })}</th>}
          </tr>
        </thead>
        <tbody>
          {wanted.map((row) => (
            <tr key={row.state.name}>
              <th scope="row">
                <StateLink state={row.state} />
              </th>
              <td class="code">{codeOf(row.state.name)}</td>
              <td>
                {row.designations > 0 ? (
                  formatNumber(row.designations)
                ) : (
                  <span class="muted">{d("none")}</span>
                )}
              </td>
              {treaty && (
                <td>
                  <ParticipationLine participation={row.participation} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function StateLink({ state }: { state: State }) {
  const name = pick(state.shortNames);
  return (
    <Link to={`/states/${codeOf(state.name)}`}>
      <span lang={langOf(name)}>{name?.text ?? codeOf(state.name)}</span>
    </Link>
  );
}
