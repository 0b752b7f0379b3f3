// What a State did with a treaty, as its record says.
import {
  DateBasis,
  type Participation,
  type Participation_Period as Period,
} from "#gen/comity/v1/participation_pb";
import { d } from "../directory.messages";
import { formatDay } from "../i18n";
import { nameOfAct } from "../reasons";
import { r } from "../records.messages";

/** `, derived` for a day that no source states. */
export function BasisOf({ basis }: { basis: DateBasis }) {
  if (basis === DateBasis.DERIVED) return <span class="muted"> ({r("derived")})</span>;
  if (basis === DateBasis.INFERRED) return <span class="muted"> ({r("inferred")})</span>;
  return null;
}

export function EndOf({ period }: { period: Period }) {
  const end = period.end?.bound;
  if (end?.case === "date") return <>, {d("ended", { day: formatDay(end.value) })}</>;
  if (end?.case === "unknown") return <>, {d("endedUnknown")}</>;
  return null;
}

function PeriodLine({ period }: { period: Period }) {
  return (
    <span class="line">
      {nameOfAct(period.act)}
      {period.depositDate && ` ${formatDay(period.depositDate)}`}
      <BasisOf basis={period.depositBasis} />
      <EndOf period={period} />
    </span>
  );
}

/** In few words; a State without a record is not known. */
export function ParticipationLine({ participation }: { participation: Participation | undefined }) {
  if (!participation) return <span class="unknown">{d("noRecord")}</span>;
  if (participation.periods.length === 0) {
    return participation.signatureDate ? (
      <>{d("signed", { day: formatDay(participation.signatureDate) })}</>
    ) : (
      <span class="unknown">{d("noRecord")}</span>
    );
  }
  return (
    <>
      {participation.periods.map((period, at) => (
        <PeriodLine key={at} period={period} />
      ))}
    </>
  );
}
