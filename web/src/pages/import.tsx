// The import desk: a file is tried, corrected, applied, and taken back.
import { useEffect, useRef, useState } from "preact/hooks";
import { ImportResult_Outcome as Outcome, type ImportJob, type ImportResult } from "#gen/comity/v1/import_service_pb";
import { announce } from "../announce";
import { PageTitle } from "../components/page_title";
import { corrected, type Correction } from "../csv";
import { formatNumber } from "../i18n";
import { importFile, ImportFailed, type ImportSettings } from "../import_file";
import { here, setQuery } from "../router";
import { Jobs } from "./import.jobs";
import { t } from "./import.messages";
import { Results } from "./import.results";

const bytesMax = 2 ** 30;
// Larger tables are corrected in the file.
const editableMax = 8 * 2 ** 20;
// So many results of each outcome are kept to be shown.
const keptMax = 5000;

const kinds = ["designations", "laws", "participations", "treaties", "states", "records"] as const;
type Kind = (typeof kinds)[number];

export type Kept = {
  rejected: ImportResult[];
  changed: ImportResult[];
  added: ImportResult[];
  noticed: ImportResult[];
};

export type Run =
  | { state: "idle" }
  | { state: "sending"; percent: number }
  | { state: "reading"; records: number }
  | { state: "failed"; kind: ImportFailed["kind"]; text: string }
  | {
      state: "done";
      job: ImportJob;
      kept: Kept;
      dry: boolean;
      /** What was sent, where it can be corrected here. */
      sent: string | undefined;
    };

function kindOf(query: URLSearchParams): Kind {
  const asked = query.get("kind") as Kind;
  return kinds.includes(asked) ? asked : "designations";
}

/** What a file of this name holds, most likely. */
function guess(name: string, kind: Kind): Kind {
  if (/\.(xml|html?|akn|pdf|docx?|rtf|md|txt)(\.gz|\.zst)?$/i.test(name)) return "laws";
  for (const one of kinds) {
    if (name.toLowerCase().includes(one.slice(0, -1))) return one;
  }
  return kind;
}

export default function ImportDesk() {
  const kind = kindOf(here.value.query);
  const [file, setFile] = useState<File>();
  const [text, setText] = useState<string>();
  const [settings, setSettings] = useState<ImportSettings>({});
  const [corrections, setCorrections] = useState<Correction[]>([]);
  const [run, setRun] = useState<Run>({ state: "idle" });
  const [jobsSeen, setJobsSeen] = useState(0);
  const abort = useRef<AbortController>(undefined);

  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    if (corrections.length > 0) addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [corrections.length]);
  useEffect(() => () => abort.current?.abort(), []);

  const start = async (chosen: File, now: string | undefined, of: Kind, dry: boolean, partial: boolean) => {
    abort.current?.abort();
    abort.current = new AbortController();
    const { signal } = abort.current;
    const kept: Kept = { rejected: [], changed: [], added: [], noticed: [] };
    let job: ImportJob | undefined;
    setRun({ state: "sending", percent: 0 });
    const body = now === undefined ? chosen : new Blob([now]);
    try {
      await importFile(
        body,
        {
          ...settings,
          kind: `IMPORT_KIND_${of.toUpperCase()}`,
          fileName: chosen.name,
          validateOnly: dry,
          partial,
        },
        (bytes) => {
          const percent = body.size ? Math.floor((bytes / body.size) * 100) : 100;
          setRun(percent < 100 ? { state: "sending", percent } : { state: "reading", records: 0 });
        },
        ({ response }) => {
          if (response.case === "progress") {
            setRun({ state: "reading", records: Number(response.value.recordsRead) });
          } else if (response.case === "results") {
            response.value.results.forEach((one) => keep(one, kept));
          } else if (response.case === "job") {
            job = response.value;
          }
        },
        signal,
      );
      setRun({ state: "done", job: job!, kept, dry, sent: now });
      announce(dry ? t("tried") : t("applied"));
      if (!dry) {
        setCorrections([]);
        setJobsSeen((count) => count + 1);
      }
    } catch (error) {
      if (signal !== abort.current.signal) return;
      const failed = error instanceof ImportFailed ? error : new ImportFailed("lost", "");
      setRun({ state: "failed", kind: failed.kind, text: failed.message });
      setJobsSeen((count) => count + 1);
    }
  };

  const take = async (chosen: File) => {
    const of = guess(chosen.name, kind);
    setQuery({ kind: of }, { replace: true });
    setCorrections([]);
    setFile(chosen);
    setText(undefined);
    if (chosen.size > bytesMax) return;
    const isTable = /\.(csv|tsv|txt)$/i.test(chosen.name) && of !== "laws" && chosen.size <= editableMax;
    const now = isTable && !settings["encoding"] ? await utf8Of(chosen) : undefined;
    setText(now);
    await start(chosen, now, of, true, false);
  };

  const now = text === undefined ? undefined : corrected(text, corrections);
  const busy = run.state === "sending" || run.state === "reading";
  return (
    <>
      <PageTitle title={t("title")}>
        <p class="lead">{t("lead")}</p>
      </PageTitle>
      <Chooser
        kind={kind}
        file={file}
        settings={settings}
        busy={busy}
        onFile={take}
        onSettings={setSettings}
        onAgain={() => file && start(file, now, kind, true, false)}
      />
      <Progress run={run} onCancel={() => abort.current?.abort()} />
      {run.state === "done" && file && (
        <Results
          run={run}
          text={text}
          corrections={corrections}
          onCorrect={setCorrections}
          onAgain={() => start(file, now, kind, true, false)}
          onApply={(partial) => start(file, now, kind, false, partial)}
          fileName={file.name}
          corrected={now}
        />
      )}
      <Jobs key={jobsSeen} />
    </>
  );
}

function keep(result: ImportResult, kept: Kept): void {
  const add = (list: ImportResult[]) => {
    if (list.length < keptMax) list.push(result);
  };
  if (result.outcome === Outcome.REJECTED) add(kept.rejected);
  if (result.outcome === Outcome.CHANGED) add(kept.changed);
  if (result.outcome === Outcome.ADDED) add(kept.added);
  if (result.notices.length > 0) add(kept.noticed);
}

/** Undefined if it is in another encoding, which the server finds out. */
async function utf8Of(file: File): Promise<string | undefined> {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
  } catch {
    return undefined;
  }
}

function Chooser({
  kind,
  file,
  settings,
  busy,
  onFile,
  onSettings,
  onAgain,
}: {
  kind: Kind;
  file: File | undefined;
  settings: ImportSettings;
  busy: boolean;
  onFile: (file: File) => void;
  onSettings: (settings: ImportSettings) => void;
  onAgain: () => void;
}) {
  const [over, setOver] = useState(false);
  const tooLarge = file !== undefined && file.size > bytesMax;
  return (
    <form
      class={over ? "ask drop drop-over" : "ask drop"}
      aria-label={t("title")}
      onSubmit={(event) => {
        event.preventDefault();
        onAgain();
      }}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const dropped = event.dataTransfer?.files[0];
        if (dropped) onFile(dropped);
      }}
    >
      <div class={tooLarge ? "field field-error" : "field"}>
        <label for="file">{t("file")}</label>
        <p class="hint" id="file-hint">
          {t("drop")}
        </p>
        {tooLarge && (
          <p class="error" id="file-error" role="alert">
            {t("tooLarge", { name: file.name, size: formatNumber(file.size) })}
          </p>
        )}
        <input
          id="file"
          type="file"
          aria-describedby={tooLarge ? "file-hint file-error" : "file-hint"}
          onChange={(event) => {
            const chosen = event.currentTarget.files?.[0];
            if (chosen) onFile(chosen);
          }}
        />
      </div>
      <div class="field">
        <label for="kind">{t("kind")}</label>
        <select
          id="kind"
          onChange={(event) => setQuery({ kind: event.currentTarget.value }, { replace: true })}
        >
          {kinds.map((one) => (
            <option key={one} value={one} selected={one === kind}>
              {t(one)}
            </option>
          ))}
        </select>
      </div>
      <HowWritten kind={kind} settings={settings} onSettings={onSettings} />
      <div>
        <button type="submit" class="button-primary" disabled={busy || !file || tooLarge}>
          {t("check")}
        </button>
      </div>
    </form>
  );
}

const tableOptions = ["sourceSystem", "encoding", "delimiter", "sheet"] as const;
const lawOptions = ["sourceSystem", "encoding", "lawState", "lawLanguage"] as const;
// Where the contract has another name than the texts.
const namesOfOptions: Record<string, string> = { lawState: "state", lawLanguage: "language" };

/** `Kontaktstelle = authority_name`, one a line, as settings. */
function columnsOf(lines: string): ImportSettings {
  const columns: ImportSettings = {};
  for (const line of lines.split("\n")) {
    const at = line.lastIndexOf("=");
    const [header, field] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    if (at > 0 && header && field) columns[`columns.${header}`] = field;
  }
  return columns;
}

function HowWritten({
  kind,
  settings,
  onSettings,
}: {
  kind: Kind;
  settings: ImportSettings;
  onSettings: (settings: ImportSettings) => void;
}) {
  const [lines, setLines] = useState("");
  const set = (name: string, value: string) => onSettings({ ...settings, [name]: value });
  const isLaws = kind === "laws";
  return (
    <details class="ask-more-options">
      <summary>{t("options")}</summary>
      <p class="hint">{t("foundOut")}</p>
      <div class="search-how">
        {(isLaws ? lawOptions : tableOptions).map((one) => {
          const name = namesOfOptions[one] ?? one;
          return (
            <div class="field" key={one}>
              <label for={one}>{t(one)}</label>
              <input
                id={one}
                dir="ltr"
                value={String(settings[name] ?? "")}
                onChange={(event) => set(name, event.currentTarget.value)}
              />
            </div>
          );
        })}
        {!isLaws && (
          <div class="field">
            <label for="dateOrder">{t("dateOrder")}</label>
            <select id="dateOrder" onChange={(event) => set("dateOrder", event.currentTarget.value)}>
              <option value="">{t("dateError")}</option>
              <option value="DATE_ORDER_DAY_FIRST">{t("dayFirst")}</option>
              <option value="DATE_ORDER_MONTH_FIRST">{t("monthFirst")}</option>
            </select>
          </div>
        )}
      </div>
      {!isLaws && (
        <div class="field">
          <label for="columns">{t("columns")}</label>
          <p class="hint" id="columns-hint">
            {t("columnsHint")}
          </p>
          <textarea
            id="columns"
            dir="auto"
            rows={3}
            spellcheck={false}
            aria-describedby="columns-hint"
            value={lines}
            onChange={(event) => {
              setLines(event.currentTarget.value);
              const others = Object.entries(settings).filter(([name]) => !name.startsWith("columns."));
              onSettings({ ...Object.fromEntries(others), ...columnsOf(event.currentTarget.value) });
            }}
          />
        </div>
      )}
    </details>
  );
}

function Progress({ run, onCancel }: { run: Run; onCancel: () => void }) {
  if (run.state === "failed") {
    return (
      <div class={run.kind === "cancelled" ? "notice notice-warn" : "notice notice-error"} role="alert">
        <p>
          <strong>{t(run.kind)}</strong>
        </p>
        {run.kind === "refused" && (
          <p lang="en" dir="ltr">
            {run.text}
          </p>
        )}
      </div>
    );
  }
  if (run.state !== "sending" && run.state !== "reading") return null;
  const said =
    run.state === "sending"
      ? t("sending", { percent: run.percent })
      : t("reading", { count: run.records });
  return (
    <div class="notice" aria-busy="true">
      <p role="status">{said}</p>
      <progress
        max={100}
        aria-label={said}
        {...(run.state === "sending" ? { value: run.percent } : {})}
      />
      <p>
        <button type="button" onClick={onCancel}>
          {t("cancel")}
        </button>
      </p>
    </div>
  );
}
