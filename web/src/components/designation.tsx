// Since when a designation holds, who said so, and how old that is.
import {
  Notification_Basis,
  type Designation,
  type Notification,
} from "#gen/comity/v1/designation_pb";
import { common } from "../common";
import { ageOf, formatDay, today } from "../i18n";
import { r } from "../records.messages";
import { Fact, newestDay, TextList } from "./office";
import { Age, isOld, Sources } from "./sources";

function validity({ validFrom, validUntil }: Designation): string {
  const from = validFrom?.bound;
  const until = validUntil?.bound;
  const start =
    from?.case === "date"
      ? r("from", { day: formatDay(from.value) })
      : from?.case === "open"
        ? r("startOpen")
        : r("startUnknown");
  const end =
    until?.case === "date"
      ? r("until", { day: formatDay(until.value) })
      : until?.case === "unknown"
        ? r("endUnknown")
        : r("noEndKnown");
  return `${start}; ${end}`;
}

function notified(notification: Notification | undefined): string {
  if (!notification?.date) return r("dayUnknown");
  const day = formatDay(notification.date);
  switch (notification.basis) {
    case Notification_Basis.DEPOSIT:
      return r("withDeposit", { day });
    case Notification_Basis.NATIONAL_LAW:
      return r("nationalLawOf", { day });
    case Notification_Basis.REGISTRATION:
      return r("registeredOn", { day });
    default:
      return notification.basisAsStated ? `${notification.basisAsStated}: ${day}` : day;
  }
}

/** The newest day on which anybody said that the designation holds; "" if none. */
export function lastSaid(designation: Designation): string {
  const days = [
    designation.notification?.date ?? "",
    designation.verifiedOn,
    newestDay(designation.sources),
  ];
  return days.sort().at(-1) ?? "";
}

/** Whether a reader must be warned that nobody lately said that it holds. */
export function needsWarning(designation: Designation): boolean {
  return !designation.verifiedOn || isOld(lastSaid(designation));
}

/** Lines for a list of facts. */
export function StandingFacts({ designation }: { designation: Designation }) {
  const { notification } = designation;
  const age = notification?.date ? ageOf(notification.date, today()) : "";
  return (
    <>
      <Fact name={r("competence")}>
        {designation.competence && <span lang="en">{designation.competence}</span>}
      </Fact>
      <Fact name={r("timeLimits")}>
        {designation.timeLimits && <span lang="en">{designation.timeLimits}</span>}
      </Fact>
      <Fact name={r("validity")}>{validity(designation)}</Fact>
      <Fact name={r("notified")}>
        {notified(notification)}
        {age && ` (${common("ago", { age })})`}
        {notification?.reference && `, ${notification.reference}`}
        {"; "}
        <Age day={newestDay(designation.sources)} />
        <Sources sources={designation.sources} />
      </Fact>
      <Fact name={r("verified")}>
        {designation.verifiedOn ? (
          <>
            <Age day={designation.verifiedOn} />
            {designation.verifiedBy && (
              <>
                {", "}
                <span lang="en">{designation.verifiedBy}</span>
              </>
            )}
          </>
        ) : (
          <span class="age-old">{r("neverVerified")}</span>
        )}
      </Fact>
      <Fact name={r("notes")}>
        {designation.notes.length > 0 && <TextList items={designation.notes} lang="en" />}
      </Fact>
    </>
  );
}
