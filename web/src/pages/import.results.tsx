// What a file would change, or has changed, and what is wrong with it.
import { useEffect, useState } from "preact/hooks";
import { ImportJob_State as JobState, type ImportProblem, type ImportResult } from "#gen/comity/v1/import_service_pb";
import { Differences } from "../components/history";
import { delimiterOf, rowsOf, type Correction, type Row } from "../csv";
import { formatNumber } from "../i18n";
import { Link } from "../router";
import { t } from "./import.messages";
import type { Kept, Run } from "./import";

const shownMin = 50;

type Done = Extract<Run, { state: "done" }>;

/** The page of a record; undefined: it has none. */
export function pageOf(name: string): string | undefined {
  const parts = name.split("/");
  if (parts[0] === "states" && parts[2] === "authorities") return `/authorities/${parts[1]}/${parts[3]}`;
  if (parts[0] === "states" && parts[2] === "laws") return `/laws/${parts[1]}/${parts[3]}`;
  if (parts[0] === "states") return `/states/${parts[1]}`;
  if (parts[0] === "treaties") return `/treaties/${parts[1]}`;
  return undefined;
}

export function countsOf(job: Done["job"]): string {
  const counts = job.counts;
  return t("counts", {
    records: Number(counts?.records ?? 0),
    added: Number(counts?.added ?? 0),
    changed: Number(counts?.changed ?? 0),
    unchanged: Number(counts?.unchanged ?? 0),
    rejected: Number(counts?.rejected ?? 0),
  });
}

export function Results({
  run,
  text,
  corrections,
  onCorrect,
  onAgain,
  onApply,
  fileName,
  corrected,
}: {
  run: Done;
  /** The table, where it can be corrected here. */
  text: string | undefined;
  corrections: readonly Correction[];
  onCorrect: (corrections: Correction[]) => void;
  onAgain: () => void;
  onApply: (partial: boolean) => void;
  fileName: string;
  corrected: string | undefined;
}) {
  const { job, kept, dry } = run;
  const written = job.state === JobState.APPLIED || job.state === JobState.RUNNING;
  const tabs = (["rejected", "changed", "added", "noticed"] as const).filter((one) => kept[one].length > 0);
  const [tab, setTab] = useState<keyof Kept>();
  const shown = tab && kept[tab].length > 0 ? tab : tabs[0];
  return (
    <section class="answer" aria-label={dry ? t("tried") : t("applied")}>
      <h2>{written ? t("applied") : t("tried")}</h2>
      <p>
        <strong>{countsOf(job)}</strong>
      </p>
      {dry && (
        <Apply run={run} pending={corrected !== run.sent} onApply={onApply} />
      )}
      {corrections.length > 0 && corrected !== undefined && (
        <div class="actions">
          {corrected !== run.sent && (
            <button type="button" class="button-primary" onClick={onAgain}>
              {t("checkAgain")}
            </button>
          )}
          <Download text={corrected} name={fileName} />
        </div>
      )}
      {tabs.length > 0 && (
        <div class="actions" role="group">
          {tabs.map((one) => (
            <button key={one} type="button" aria-pressed={one === shown} onClick={() => setTab(one)}>
              {t(one)} ({formatNumber(kept[one].length)})
            </button>
          ))}
        </div>
      )}
      {shown && (
        <List
          key={shown}
          tab={shown}
          results={kept[shown]}
          text={text}
          corrections={corrections}
          onCorrect={onCorrect}
        />
      )}
    </section>
  );
}

function Download({ text, name }: { text: string; name: string }) {
  const [url, setUrl] = useState("");
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [text]);
  return (
    <a class="button" href={url} download={name}>
      {t("download")}
    </a>
  );
}

/** What stands in the way of it, or how to go on. */
function Apply({
  run: { job },
  pending,
  onApply,
}: {
  run: Done;
  /** Corrections were made that were not tried. */
  pending: boolean;
  onApply: (partial: boolean) => void;
}) {
  const [partial, setPartial] = useState(false);
  const [asked, setAsked] = useState(false);
  const added = Number(job.counts?.added ?? 0);
  const changed = Number(job.counts?.changed ?? 0);
  const rejected = Number(job.counts?.rejected ?? 0);
  const isLaws = job.options?.kind === 6;
  const blocked = rejected > 0 && !partial && !isLaws;
  if (pending) return null;
  if (added + changed === 0 && rejected === 0) return <p class="notice">{t("nothingToApply")}</p>;
  return (
    <>
      {rejected > 0 && !isLaws && (
        <div class="notice notice-warn">
          <p>{t("mayNot")}</p>
          {added + changed > 0 && (
            <p>
              <label class="check">
                <input
                  type="checkbox"
                  checked={partial}
                  onChange={(event) => setPartial(event.currentTarget.checked)}
                />
                {t("partial")}
              </label>
            </p>
          )}
        </div>
      )}
      {!asked ? (
        <p class="actions">
          <button
            type="button"
            class="button-primary"
            disabled={blocked || added + changed === 0}
            onClick={() => setAsked(true)}
          >
            {t("apply", { added, changed })}
          </button>
        </p>
      ) : (
        <div class="notice" role="alert">
          <p>{t("sure")}</p>
          <p class="actions">
            <button type="button" class="button-primary" onClick={() => onApply(partial)}>
              {t("yes")}
            </button>
            <button type="button" onClick={() => setAsked(false)}>
              {t("cancel")}
            </button>
          </p>
        </div>
      )}
    </>
  );
}

function List({
  tab,
  results,
  text,
  corrections,
  onCorrect,
}: {
  tab: keyof Kept;
  results: readonly ImportResult[];
  text: string | undefined;
  corrections: readonly Correction[];
  onCorrect: (corrections: Correction[]) => void;
}) {
  const [count, setCount] = useState(shownMin);
  const rows = text === undefined ? [] : rowsOf(text, delimiterOf(text));
  const header = rows[0]?.cells.map(({ value }) => value) ?? [];
  return (
    <>
      <ul class="plain import-results">
        {results.slice(0, count).map((one, at) => (
          <li key={`${one.resource} ${one.line} ${at}`}>
            <p>
              <RecordName result={one} /> <span class="muted">{t("line", { line: Number(one.line) })}</span>
            </p>
            {tab === "changed" && one.differences.length > 0 && (
              <Differences differences={one.differences} />
            )}
            {(tab === "rejected" || tab === "noticed") && (
              <Problems
                problems={tab === "rejected" ? one.problems : one.notices}
                rows={tab === "rejected" ? rows : []}
                header={header}
                corrections={corrections}
                onCorrect={onCorrect}
              />
            )}
          </li>
        ))}
      </ul>
      {results.length > count && (
        <button type="button" onClick={() => setCount(count * 2)}>
          {t("more")}
        </button>
      )}
      {results.length >= 5000 && <p class="muted">{t("onlyFirst", { count: results.length })}</p>}
    </>
  );
}

function RecordName({ result }: { result: ImportResult }) {
  if (!result.resource) return null;
  const page = pageOf(result.resource);
  const name = <bdi class="code">{result.resource}</bdi>;
  return page ? <Link to={page}>{name}</Link> : name;
}

/** Each by its cell; a cell of a table can be corrected where it is shown. */
function Problems({
  problems,
  rows,
  header,
  corrections,
  onCorrect,
}: {
  problems: readonly ImportProblem[];
  rows: readonly Row[];
  header: readonly string[];
  corrections: readonly Correction[];
  onCorrect: (corrections: Correction[]) => void;
}) {
  const row = rows.find(({ line }) => line === Number(problems[0]?.line));
  return (
    <>
      <div class="table-scroll" tabIndex={0} role="group" aria-label={t("rejected")}>
        <table class="problems">
          <thead>
            <tr>
              <th scope="col">{t("field")}</th>
              <th scope="col">{t("value")}</th>
              <th scope="col">{t("rule")}</th>
            </tr>
          </thead>
          <tbody>
            {problems.map((problem, at) => (
              <tr key={at}>
                <th scope="row">
                  <bdi>{problem.field}</bdi>
                </th>
                <td>
                  {row && problem.column > 0 ? (
                    <Correctable
                      problem={problem}
                      cell={row.cells[problem.column - 1]?.value ?? ""}
                      corrections={corrections}
                      onCorrect={onCorrect}
                    />
                  ) : (
                    <bdi>{problem.value}</bdi>
                  )}
                </td>
                <td lang="en" dir="ltr">
                  {problem.rule}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {row ? (
        <details>
          <summary>{t("row")}</summary>
          <dl class="facts">
            {row.cells.map(({ value }, at) => (
              <div key={at}>
                <dt>
                  <bdi>{header[at] ?? at + 1}</bdi>
                </dt>
                <dd class={problems.some(({ column }) => column === at + 1) ? "bad-cell" : undefined}>
                  <bdi>{value}</bdi>
                </dd>
              </div>
            ))}
          </dl>
        </details>
      ) : (
        problems[0]?.field && rows.length === 0 && <p class="muted small">{t("correctElsewhere")}</p>
      )}
    </>
  );
}

function Correctable({
  problem,
  cell,
  corrections,
  onCorrect,
}: {
  problem: ImportProblem;
  cell: string;
  corrections: readonly Correction[];
  onCorrect: (corrections: Correction[]) => void;
}) {
  const line = Number(problem.line);
  const { column } = problem;
  const made = corrections.find((one) => one.line === line && one.column === column);
  return (
    <input
      type="text"
      dir="auto"
      aria-label={t("correction", { field: problem.field, line: String(line) })}
      value={made?.value ?? cell}
      onInput={(event) => {
        const { value } = event.currentTarget;
        const others = corrections.filter((one) => one !== made);
        onCorrect(value === cell ? others : [...others, { line, column, value }]);
      }}
    />
  );
}
