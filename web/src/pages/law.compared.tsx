// Two texts side by side, provision by provision, with what differs.
import { diffWordsWithSpace } from "diff";
import { useState } from "preact/hooks";
import type { Expression, Provision } from "#gen/comity/v1/law_pb";
import {
  ProvisionComparison_Outcome as Outcome,
  type CompareExpressionsResponse,
  type ProvisionComparison,
} from "#gen/comity/v1/library_service_pb";
import { libraryService } from "../client";
import { Answer } from "../components/views";
import { directionOf, nameOfProvision, nameOfText, provisionOf } from "../library";
import { useLoad } from "../load";
import { here, setQuery } from "../router";
import { t } from "./law.messages";

const pageSize = 100;
// Longer texts are shown as a whole: comparing their words takes too long.
const comparedMax = 20_000;

type Found = {
  first: CompareExpressionsResponse;
  comparisons: ProvisionComparison[];
  more: boolean;
};

async function compare(
  from: string,
  to: string,
  changesOnly: boolean,
  count: number,
  signal: AbortSignal,
): Promise<Found> {
  const comparisons: ProvisionComparison[] = [];
  let first: CompareExpressionsResponse | undefined;
  let pageToken = "";
  do {
    const page = await (await libraryService()).compareExpressions(
      { from, to, changesOnly, pageSize, pageToken },
      { signal },
    );
    first ??= page;
    comparisons.push(...page.comparisons);
    pageToken = page.nextPageToken;
  } while (pageToken && comparisons.length < count);
  return { first, comparisons, more: pageToken !== "" };
}

export function Compared({ from, to }: { from: Expression; to: Expression }) {
  const sameLanguage = from.language === to.language;
  const changesOnly = sameLanguage && here.value.query.has("changes");
  const [count, setCount] = useState(pageSize);
  const [loaded, retry] = useLoad(`${from.name} ${to.name} ${changesOnly} ${count}`, (signal) =>
    compare(from.name, to.name, changesOnly, count, signal),
  );
  return (
    <Answer loaded={loaded} retry={retry}>
      {({ first, comparisons, more }) => (
        <>
          <p role="status">
            {sameLanguage
              ? t("compared", {
                  changed: first.changed,
                  added: first.added,
                  removed: first.removed,
                  same: first.same,
                })
              : t("paired", { both: first.changed + first.same, one: first.added + first.removed })}
          </p>
          {sameLanguage && (
            <p class="no-print">
              <label class="check">
                <input
                  type="checkbox"
                  checked={changesOnly}
                  onChange={(event) =>
                    setQuery({ changes: event.currentTarget.checked ? "1" : "" })
                  }
                />
                {t("changesOnly")}
              </label>
            </p>
          )}
          <div class="table-scroll" tabIndex={0} role="group" aria-label={t("beside")}>
            <table class="pairs differences">
              <thead>
                <tr>
                  <th scope="col">{nameOfText(from)}</th>
                  <th scope="col">{nameOfText(to)}</th>
                </tr>
              </thead>
              <tbody>
                {comparisons.map((one) => (
                  <Pair
                    key={(one.to ?? one.from)?.name}
                    pair={one}
                    texts={[from, to]}
                    marks={sameLanguage}
                  />
                ))}
              </tbody>
            </table>
          </div>
          {more && (
            <button type="button" onClick={() => setCount(count + pageSize)}>
              {t("further")}
            </button>
          )}
        </>
      )}
    </Answer>
  );
}

const outcomes = {
  [Outcome.CHANGED]: "outcomeChanged",
  [Outcome.ADDED]: "outcomeAdded",
  [Outcome.REMOVED]: "outcomeRemoved",
  [Outcome.SAME]: undefined,
  [Outcome.UNSPECIFIED]: undefined,
} as const;

function Pair({
  pair,
  texts: [left, right],
  marks,
}: {
  pair: ProvisionComparison;
  texts: [Expression, Expression];
  /** Whether words are compared. */
  marks: boolean;
}) {
  const { from, to, outcome } = pair;
  const differs = marks && outcome === Outcome.CHANGED && from && to;
  const short = (from?.text.length ?? 0) + (to?.text.length ?? 0) < comparedMax;
  const pieces = differs && short ? diffWordsWithSpace(from.text, to.text) : undefined;
  const key = marks ? outcomes[outcome] : undefined;
  return (
    <tr id={provisionOf((to ?? from)?.name ?? "")}>
      <td lang={left.language} dir={directionOf(left.language)} data-text={nameOfText(left)}>
        <Side provision={from}>
          {pieces?.map((one, at) =>
            one.added ? null : one.removed ? <del key={at}>{one.value}</del> : one.value,
          )}
        </Side>
      </td>
      <td lang={right.language} dir={directionOf(right.language)} data-text={nameOfText(right)}>
        {key && <span class="tag tag-warn">{t(key)}</span>}
        <Side provision={to}>
          {pieces?.map((one, at) =>
            one.removed ? null : one.added ? <ins key={at}>{one.value}</ins> : one.value,
          )}
        </Side>
      </td>
    </tr>
  );
}

function Side({
  provision,
  children,
}: {
  provision: Provision | undefined;
  /** The text with its differences; undefined: as it is. */
  children: preact.ComponentChildren;
}) {
  if (!provision) return <span class="unknown">{t("notInText")}</span>;
  const name = nameOfProvision(provision);
  return (
    <>
      {name && (
        <p>
          <strong>{name}</strong>
        </p>
      )}
      <div class="side-text">{children ?? provision.text}</div>
    </>
  );
}
