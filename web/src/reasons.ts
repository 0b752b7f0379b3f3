// What the server gives as a code with values, in the language of the page.
// In English, and where a code has no translation, the server's own words.
import { BindingAct, type ParticipationStatus } from "#gen/comity/v1/participation_pb";
import { ReasonCode, type Parameter } from "#gen/comity/v1/reason_pb";
import type { TreatyStatus } from "#gen/comity/v1/treaty_service_pb";
import { titleOfTreaty } from "./catalogue";
import { formatDay, language, nameOfLanguage, type Parameters as Values } from "./i18n";
import { why } from "./reasons.messages";
import { r } from "./records.messages";
import { titleOfState } from "./states";

/** A text, and its language where that is not the page's. */
export type Said = { text: string; lang?: string | undefined };

export type Context = { from: string; to: string; treaty: string; on: string };

function english(text: string): Said {
  const sentence = text && !/[.!?]$/.test(text) ? `${text}.` : text;
  return { text: sentence, lang: language.value === "en" ? undefined : "en" };
}

const actKeys = {
  [BindingAct.UNSPECIFIED]: "instrument",
  [BindingAct.RATIFICATION]: "ratification",
  [BindingAct.ACCEPTANCE]: "acceptance",
  [BindingAct.APPROVAL]: "approval",
  [BindingAct.ACCESSION]: "accession",
  [BindingAct.SUCCESSION]: "succession",
  [BindingAct.FORMAL_CONFIRMATION]: "formalConfirmation",
  [BindingAct.DEFINITIVE_SIGNATURE]: "definitiveSignature",
} as const;

export function nameOfAct(act: BindingAct): string {
  return r(actKeys[act] ?? "instrument");
}

type WhyKey = Parameters<typeof why>[0];

/** Why a treaty binds one State, or does not. */
export function sayParticipation(status: ParticipationStatus, treaty: string): Said {
  if (language.value === "en") return english(status.reason);
  const period = status.period;
  const act = nameOfAct(period?.act ?? BindingAct.UNSPECIFIED);
  const values: Values = {
    treaty: titleOfTreaty(treaty),
    state: titleOfState(status.state),
    day: formatDay(status.entryIntoForce),
    complete: formatDay(status.completeAsOf),
    act: period?.depositDate ? why("deposited", { act, day: formatDay(period.depositDate) }) : act,
    end: period?.end?.bound.case === "date" ? formatDay(period.end.bound.value) : "",
  };
  const keys: Partial<Record<ReasonCode, WhyKey>> = {
    [ReasonCode.PARTY]: status.entryIntoForce ? "party" : "partyDayUnknown",
    [ReasonCode.DEPOSITED_LATER]: "depositedLater",
    [ReasonCode.NO_RECORD]: "noRecord",
    [ReasonCode.ENDED_UNKNOWN_DAY]: "endedUnknownDay",
    [ReasonCode.SUCCESSION_DAY_UNKNOWN]: "successionDayUnknown",
    [ReasonCode.DEPOSIT_UNKNOWN]: "depositUnknown",
    [ReasonCode.NOT_A_PARTICIPANT]: "notAParticipant",
    [ReasonCode.TREATY_DATES_NOT_KNOWN]: "datesNotKnown",
  };
  // These say nothing without their day.
  if (status.entryIntoForce) keys[ReasonCode.NOT_YET_IN_FORCE] = "notYetInForce";
  if (status.completeAsOf) keys[ReasonCode.SIGNED_ONLY] = "signedOnly";
  if (status.completeAsOf) keys[ReasonCode.AFTER_DATA] = "afterData";
  if (values["end"]) keys[ReasonCode.WITHDRAWN] = "withdrawn";
  const key = keys[status.code];
  if (!key) return english(status.reason);
  const tail =
    status.beyondData && status.completeAsOf && key === "party"
      ? `; ${why("noChangeAfter", { complete: formatDay(status.completeAsOf) })}`
      : "";
  return { text: why(key, values) + tail };
}

/** Why a treaty is in force between the two States, or is not. */
export function sayStatus(status: TreatyStatus, context: Context): Said {
  if (language.value === "en") return english(status.reason);
  const days = status.participations.map((one) => one.entryIntoForce);
  const since = days.every(Boolean) ? days.sort().at(-1)! : "";
  const values: Values = {
    treaty: titleOfTreaty(status.treaty),
    from: titleOfState(context.from),
    to: titleOfState(context.to),
    day: formatDay(since),
  };
  switch (status.code) {
    case ReasonCode.BOTH_PARTIES:
      return { text: why(since ? "bothPartiesSince" : "bothParties", values) };
    case ReasonCode.ONE_NOT_PARTY:
      return { text: why("oneNotParty", values) };
    case ReasonCode.ONE_NOT_KNOWN:
      return { text: why("oneNotKnown", values) };
    case ReasonCode.TREATY_NOT_YET_IN_FORCE:
      return status.treatyEntryIntoForce
        ? {
            text: why("treatyNotYetInForce", {
              ...values,
              day: formatDay(status.treatyEntryIntoForce),
            }),
          }
        : english(status.reason);
    default:
      return english(status.reason);
  }
}

type Coded = { code: ReasonCode; text: string; parameters?: readonly Parameter[] };

/** Codes that need no more than their values. */
const plain: Partial<Record<ReasonCode, WhyKey>> = {
  [ReasonCode.LANGUAGE_SHARED]: "languageShared",
  [ReasonCode.LANGUAGE_TRANSLATE]: "languageTranslate",
  [ReasonCode.LANGUAGES_NOT_STATED]: "languagesNotStated",
  [ReasonCode.END_UNKNOWN]: "endUnknown",
  [ReasonCode.NEVER_VERIFIED]: "neverVerified",
  [ReasonCode.SOURCE_IS_COPY]: "sourceIsCopy",
  [ReasonCode.SOURCE_IS_NATIONAL_LAW]: "sourceIsLaw",
  [ReasonCode.SOURCE_IS_DRAFT]: "sourceIsDraft",
  [ReasonCode.UNUSUAL_ARTICLE]: "unusualArticle",
  [ReasonCode.ARTICLE_NOT_STATED]: "articleNotStated",
  [ReasonCode.AUTHORITY_NOT_NAMED]: "authorityNotNamed",
  [ReasonCode.NO_CHANGE_KNOWN_AFTER]: "participantsNoChangeAfter",
  [ReasonCode.STATED_DIFFERS_FROM_DERIVED]: "differs",
  [ReasonCode.SYNTHETIC]: "synthetic",
  [ReasonCode.NO_TREATY]: "noTreaty",
  [ReasonCode.NO_AUTHORITY_ON_RECORD]: "noAuthorityOnRecord",
  [ReasonCode.NO_AUTHORITY_ON_DAY]: "noAuthorityOnDay",
};

/** A step of a route, or a remark on it. */
export function say(one: Coded, context: Context): Said {
  if (language.value === "en") return english(one.text);
  const given = Object.fromEntries((one.parameters ?? []).map(({ name, value }) => [name, value]));
  const values: Values = {
    ...given,
    from: titleOfState(context.from),
    to: titleOfState(context.to),
    treaty: titleOfTreaty(context.treaty),
    on: formatDay(context.on),
    day: formatDay(given["date"] ?? ""),
    stated: formatDay(given["stated"] ?? ""),
    derived: formatDay(given["derived"] ?? ""),
    language: nameOfLanguage(given["language"] || "und"),
  };
  if (one.code === ReasonCode.DESIGNATED && given["authority"] && given["article"]) {
    return { text: why("designated", values) };
  }
  // With a day it says more than the code.
  if (one.code === ReasonCode.START_UNKNOWN && !given["date"]) return { text: why("startUnknown") };
  const key = plain[one.code];
  return key ? { text: why(key, values) } : english(one.text);
}

/** A way that remains. */
export function sayAlternative(
  one: { code: ReasonCode; text: string; treaty: string },
): Said {
  if (language.value === "en") return english(one.text);
  const values = { treaty: titleOfTreaty(one.treaty) };
  switch (one.code) {
    case ReasonCode.DIPLOMATIC_CHANNEL:
      return { text: one.treaty ? why("diplomaticUnder", values) : why("diplomatic") };
    case ReasonCode.ONE_NOT_KNOWN:
      return { text: why("askDepositary", values) };
    default:
      return english(one.text);
  }
}
