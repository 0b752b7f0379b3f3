// What laws and their texts are called, and where they are read.
import type { Expression, Law, LawStatus, LawType, Mapping_Degree, Provision } from "#gen/comity/v1/law_pb";
import { Expression_Kind, LawStatus as Status, Mapping_Degree as Degree } from "#gen/comity/v1/law_pb";
import { comma, formatDay, language, nameOfLanguage, pick } from "./i18n";
import { l } from "./library.messages";

/** `/laws/LTU/penal-code` of a law, and of all names that lie under it. */
export function lawPath(name: string): string {
  const [, state, , law] = name.split("/");
  return `/laws/${state}/${law}`;
}

/** `states/…/laws/…` of a name that lies under it. */
export function lawOf(name: string): string {
  return name.split("/").slice(0, 4).join("/");
}

/** `lt@2003-05-01` of an expression and of its provisions. */
export function textOf(name: string): string {
  return name.split("/")[5] ?? "";
}

/** `art-5` of a provision. */
export function provisionOf(name: string): string {
  return name.split("/")[7] ?? "";
}

type TypeKey =
  | "constitution"
  | "code"
  | "act"
  | "decree"
  | "judicial_interpretation"
  | "judgment"
  | "treaty"
  | "other";

const typeKeys: readonly TypeKey[] = [
  "constitution",
  "code",
  "act",
  "decree",
  "judicial_interpretation",
  "judgment",
  "treaty",
  "other",
];

/** `act`, as search writes it, in the language of the page. */
export function nameOfType(type: string): string {
  return typeKeys.includes(type as TypeKey) ? l(type as TypeKey) : type;
}

export function nameOfLawType(type: LawType): string {
  return type === 0 ? "" : l(typeKeys[type - 1] ?? "other");
}

export function nameOfStatus(status: LawStatus): string {
  switch (status) {
    case Status.IN_FORCE:
      return l("inForce");
    case Status.NOT_YET_IN_FORCE:
      return l("notYetInForce");
    case Status.REPEALED:
      return l("repealed");
    default:
      return "";
  }
}

export function nameOfDegree(degree: Mapping_Degree): string {
  switch (degree) {
    case Degree.FULL:
      return l("full");
    case Degree.PARTIAL:
      return l("partial");
    case Degree.RELATED:
      return l("related");
    default:
      return l("unstated");
  }
}

export function nameOfKind(expression: Expression): string {
  switch (expression.kind) {
    case Expression_Kind.TEXT:
      return l("text");
    case Expression_Kind.TRANSLATION:
      return l("translation");
    case Expression_Kind.ABSTRACT:
      return l("abstract");
    default:
      return l("kindUnknown");
  }
}

/** `Lithuanian, 1 May 2003`. */
export function nameOfText(expression: Expression): string {
  const [, date = ""] = textOf(expression.name).split("@");
  const day = date === "undated" || !date ? l("undated") : formatDay(date);
  return `${nameOfLanguage(expression.language)}${comma.value}${day}`;
}

/** The title in the language of the page, else in the law's own. */
export function titleOfLaw(law: Law) {
  return law.titles.find((one) => one.language === language.value) ?? law.titles[0] ?? pick(law.shortTitles);
}

/** `Art. 5. Definitions`, as printed. */
export function nameOfProvision(provision: Pick<Provision, "label" | "heading">): string {
  return [provision.label, provision.heading].filter(Boolean).join(" – ");
}

/** Of the language; "auto" where it does not say. */
export function directionOf(tag: string): "rtl" | "ltr" | "auto" {
  if (!tag || tag === "und") return "auto";
  return /^(ar|fa|ur|he|ps|dv|yi|ug|sd|ckb|prs)\b/.test(tag) ? "rtl" : "ltr";
}
