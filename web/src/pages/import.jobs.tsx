// Imports that were made, each to be taken back.
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { useState } from "preact/hooks";
import { ImportJob_State as JobState, ImportKind, type ImportJob } from "#gen/comity/v1/import_service_pb";
import { announce } from "../announce";
import { failureOf, importService } from "../client";
import { Answer } from "../components/views";
import { formatTime } from "../i18n";
import { useLoad } from "../load";
import { t } from "./import.messages";
import { countsOf } from "./import.results";

const kindKeys = {
  [ImportKind.UNSPECIFIED]: "records",
  [ImportKind.RECORDS]: "records",
  [ImportKind.STATES]: "states",
  [ImportKind.TREATIES]: "treaties",
  [ImportKind.PARTICIPATIONS]: "participations",
  [ImportKind.DESIGNATIONS]: "designations",
  [ImportKind.LAWS]: "laws",
} as const;

function stateOf(job: ImportJob): string {
  switch (job.state) {
    case JobState.UNDONE:
      return t("undone");
    case JobState.RUNNING:
      return t("running");
    default:
      return t("applied");
  }
}

export function Jobs() {
  const [count, setCount] = useState(20);
  const [times, setTimes] = useState(0);
  const [loaded, retry] = useLoad(`${count} ${times}`, async (signal) =>
    (await importService()).listImportJobs({ pageSize: count }, { signal }),
  );
  return (
    <>
      <h2>{t("past")}</h2>
      <Answer loaded={loaded} retry={retry}>
        {({ importJobs, nextPageToken }) =>
          importJobs.length === 0 ? (
            <p class="notice">{t("none")}</p>
          ) : (
            <>
              <div class="table-scroll" tabIndex={0} role="group" aria-label={t("past")}>
                <table>
                  <thead>
                    <tr>
                      <th scope="col">{t("when")}</th>
                      <th scope="col">{t("file")}</th>
                      <th scope="col">{t("kind")}</th>
                      <th scope="col">{t("state")}</th>
                      <th scope="col">{t("undo")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {importJobs.map((job) => (
                      <tr key={job.name}>
                        <td>{job.time && formatTime(timestampDate(job.time))}</td>
                        <td>
                          <bdi>{job.options?.fileName}</bdi>
                          <span class="line muted small">{countsOf(job)}</span>
                        </td>
                        <td>{t(kindKeys[job.options?.kind ?? ImportKind.UNSPECIFIED])}</td>
                        <td>{stateOf(job)}</td>
                        <td>
                          {job.state !== JobState.UNDONE && !job.undoes && (
                            <Undo job={job} onUndone={() => setTimes(times + 1)} />
                          )}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              {nextPageToken && (
                <button type="button" onClick={() => setCount(Math.min(1000, count * 2))}>
                  {t("more")}
                </button>
              )}
            </>
          )
        }
      </Answer>
    </>
  );
}

type Step =
  | { at: "start" }
  | { at: "asked"; counts: string }
  | { at: "failed"; text: string };

/** Tries it first, so that what it would do can be told, or why it cannot. */
function Undo({ job, onUndone }: { job: ImportJob; onUndone: () => void }) {
  const [step, setStep] = useState<Step>({ at: "start" });
  const ask = async (validateOnly: boolean) => {
    try {
      const undone = await (await importService()).undoImport({ name: job.name, validateOnly });
      if (validateOnly) {
        setStep({ at: "asked", counts: countsOf(undone) });
      } else {
        announce(t("undone"));
        onUndone();
      }
    } catch (error) {
      setStep({ at: "failed", text: failureOf(error).text });
    }
  };
  if (step.at === "start") {
    return (
      <button
        type="button"
        aria-label={t("undoOf", { name: job.options?.fileName ?? job.name })}
        onClick={() => ask(true)}
      >
        {t("undo")}
      </button>
    );
  }
  return (
    <div role="alert">
      {step.at === "failed" ? (
        <p class="error" lang="en" dir="ltr">
          {step.text}
        </p>
      ) : (
        <p>{t("undoSure", { counts: step.counts })}</p>
      )}
      <p class="actions">
        {step.at === "asked" && (
          <button type="button" class="button-primary" onClick={() => ask(false)}>
            {t("undoYes")}
          </button>
        )}
        <button type="button" onClick={() => setStep({ at: "start" })}>
          {t("cancel")}
        </button>
      </p>
    </div>
  );
}
