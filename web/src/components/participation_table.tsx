// Participations as a table with every day and how it is known.
import type { Participation } from "#gen/comity/v1/participation_pb";
import { d } from "../directory.messages";
import { formatDay } from "../i18n";
import { nameOfAct } from "../reasons";
import { Link } from "../router";
import { BasisOf, EndOf } from "./participation";
import { Sources } from "./sources";

export type ParticipationRow = {
  key: string;
  path: string;
  title: string;
  participation: Participation | undefined;
};

export function ParticipationTable({
  rows,
  label,
  first,
}: {
  rows: readonly ParticipationRow[];
  label: string;
  /** Heading of the first column. */
  first: string;
}) {
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            <th scope="col">{d("signature")}</th>
            <th scope="col">{d("deposit")}</th>
            <th scope="col">{d("inForceSince")}</th>
            <th scope="col">{d("dataUntil")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">
                <Link to={row.path}>{row.title}</Link>
              </th>
              <Cells participation={row.participation} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cells({ participation }: { participation: Participation | undefined }) {
  if (!participation) {
    return (
      <td colSpan={4}>
        <span class="unknown">{d("noRecord")}</span>
      </td>
    );
  }
  const { periods, signatureDate, completeAsOf, statements } = participation;
  return (
    <>
      <td>{signatureDate && formatDay(signatureDate)}</td>
      <td>
        {periods.map((period, at) => (
          <span key={at} class="line">
            {period.depositDate && formatDay(period.depositDate)}
            <BasisOf basis={period.depositBasis} />
            <span class="muted">, {nameOfAct(period.act)}</span>
          </span>
        ))}
      </td>
      <td>
        {periods.map((period, at) => (
          <span key={at} class="line">
            {period.entryIntoForce && formatDay(period.entryIntoForce)}
            {period.entryIntoForce && <BasisOf basis={period.entryIntoForceBasis} />}
            <EndOf period={period} />
          </span>
        ))}
      </td>
      <td>
        {completeAsOf && formatDay(completeAsOf)}
        {statements.length > 0 && (
          <details>
            <summary>{d("statements")}</summary>
            {statements.map((one, at) => (
              <p key={at} class="small">
                <span lang={one.text?.language}>{one.text?.text}</span>
              </p>
            ))}
          </details>
        )}
        <Sources sources={participation.sources} />
      </td>
    </>
  );
}
